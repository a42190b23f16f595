// Evaluators of operators that only move elements: the same for floats and integers.
#pragma once

#include <span>

#include "ops/evaluate.h"
#include "ops/operator.h"
#include "support/check.h"

namespace thimble::ops {

// output[to(i)] = input[from(i)] for i in [0, count), whatever the type.
template <class From, class To>
void move_elements(const Tensor &input, Tensor &output, std::int64_t count, From from, To to) {
  allocate(output);
  if (output.type.dtype == ir::DType::kI8) {
    CHECK(input.type.quant == output.type.quant, "moved elements keep their quantization");
    for (std::int64_t i = 0; i < count; ++i) output.i8[to(i)] = input.i8[from(i)];
  } else {
    for (std::int64_t i = 0; i < count; ++i) output.f32[to(i)] = input.f32[from(i)];
  }
}

// An evaluator that needs no numbers, as eval_float and as eval_int.
using Move = void(const ir::Graph &, const ir::Node &, std::span<const Tensor *const> inputs,
                  std::span<Tensor> outputs);
template <Move F>
void move_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  F(graph, node, inputs, outputs);
}
template <Move F>
void move_int(const ir::Graph &graph, const ir::Node &node, const Numbers &,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  F(graph, node, inputs, outputs);
}

inline std::int64_t same_place(std::int64_t i) { return i; }

}  // namespace thimble::ops

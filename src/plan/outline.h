// A network's outline: which operator reads and writes tensors of which shapes, without weights or
// numbers. Enough to plan its memory: how each operator goes over rows follows from its type, its
// window and the shapes. What the type does not tell is taken at its worst: every output row needs
// all of the input.
//
// Tensors are planned at one byte an element. At `n` bytes an element every plan is `n` times as
// large: nothing in it is of another unit (sums take four elements, as int32 do of int8).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "plan/behaviour.h"
#include "support/diagnostic.h"

namespace thimble::plan {

struct Outline {
  // An image [1, C, H, W] (or [1, G, C, H, W]), a signal [1, C, L], a sequence [T, ...], a vector
  // [1, F]; at most 2^31 - 1 elements.
  struct Tensor {
    std::string id;  // unique
    std::vector<int> dims;
    std::int64_t elements() const;
  };
  struct Op {
    std::string type;          // as ONNX calls it
    std::vector<int> in, out;  // tensors
    // Windows: one entry a spatial dimension; pads: all befores, then all afters. Empty: 1, 0.
    std::vector<int> kernel, strides, pads, dilations;
    int axis = 1;  // Concat, Softmax; from the end if negative
  };
  std::string name;
  std::vector<Tensor> tensors;
  std::vector<Op> ops;  // each after those that make what it reads; every tensor made at most once
  std::vector<int> inputs, outputs;
};

// The outline as a graph that the planner takes: values named as the tensors; one node for each
// output of an operator, named as it; operators of any type.
struct Outlined {
  ir::Graph graph;
  Behaviours behaviours;
};

// A Concat that begins like an earlier one reads that one: the whole grows in one place.
// Errors: windows that contradict the shapes, all of them.
Result<Outlined> outlined(const Outline &outline);

}  // namespace thimble::plan

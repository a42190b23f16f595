// A network as its file has it, in neutral words: what frontends hand to the operators' importers.
//
// ONNX: `op` is the operator's name ("Conv"), `domain` "onnx", inputs by position ("" where
// absent), `version` the opset. torch.export: `op` is the ATen name with overload
// ("conv2d.default"), `domain` "aten", inputs by position in schema order with defaults filled in;
// non-tensor arguments are attributes by their schema names. TensorFlow Lite: `op` is the name of
// the builtin operator ("CONV_2D"), `domain` "tflite", inputs by position, attributes by the
// schema's names. Dimensions are the file's own (NCHW, of TensorFlow Lite NHWC), batch bound to 1.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "ir/graph.h"

namespace thimble::ops {

enum class ForeignType { kF32, kF64, kF16, kBF16, kI8, kU8, kI16, kI32, kI64, kBool, kOther };

// A constant array: floats in `f32` (f16, bf16, f64 are converted), everything else in `i64`.
struct ForeignTensor {
  ForeignType type = ForeignType::kF32;
  std::vector<std::int64_t> dims;  // empty: a scalar
  std::vector<float> f32;
  std::vector<std::int64_t> i64;
  // Floats that a file stores as integers: what each is a whole multiple of, one for all or one an
  // output channel; else empty.
  std::vector<float> scales = {};
  // Those multiples, of 32-bit biases some of which a float cannot hold; else empty.
  std::vector<std::int32_t> multiples = {};
  bool is_float() const {
    return type == ForeignType::kF32 || type == ForeignType::kF64 || type == ForeignType::kF16 ||
           type == ForeignType::kBF16;
  }
  std::int64_t elements() const;
};

struct ForeignNone {};
using ForeignAttribute =
    std::variant<ForeignNone, std::int64_t, double, std::string, std::vector<std::int64_t>,
                 std::vector<double>, std::vector<std::string>,
                 ForeignTensor>;  // bools are integers

struct ForeignNode {
  std::string name;    // unique; made up where the file has none
  std::string domain;  // "onnx", "aten" or "tflite"
  std::string op;
  int version = 0;
  std::vector<std::string> inputs;  // value names; "" where an optional input is absent
  std::vector<std::string> outputs;
  std::map<std::string, ForeignAttribute> attributes;

  bool has(std::string_view key) const;  // present and not None
  std::int64_t integer(std::string_view key, std::int64_t otherwise) const;
  double real(std::string_view key, double otherwise) const;
  std::string text(std::string_view key, std::string otherwise) const;
  std::vector<std::int64_t> integers(std::string_view key,
                                     std::vector<std::int64_t> otherwise = {}) const;
  std::vector<double> reals(std::string_view key, std::vector<double> otherwise = {}) const;
  std::vector<std::string> texts(std::string_view key) const;  // empty when absent
};

struct ForeignPort {
  std::string name;
  std::vector<std::int64_t> dims;  // -1 where symbolic and not bound
  ForeignType type = ForeignType::kF32;
};

struct ForeignGraph {
  std::string file;  // for diagnostics
  std::string name;
  std::vector<ForeignPort> inputs, outputs;
  std::map<std::string, ForeignTensor> constants;  // by value name
  std::vector<ForeignNode> nodes;                  // topological order
  ir::AxisOrder axes = ir::AxisOrder::kChannelsFirst;
  // Of a file that says for each value how its integers relate to real numbers: those that have
  // int8 ones.
  std::map<std::string, ir::Quant> quants = {};
  // Values that are neither floats nor such integers, and what the file says they are.
  std::map<std::string, std::string> odd_types = {};
  std::string requant = {};  // as ir::Graph's
};

}  // namespace thimble::ops

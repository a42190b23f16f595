// The one representation of a network. Every use of it is a reading of this graph.
//
// A tensor is a stack of rows: Shape{rows, cols, channels}, stored row, column, channel (HWC).
// A plain vector is one row of one pixel with F channels; a 1-D signal of length L has L rows of
// one column; arrays of other ranks, or with a batch, lie as layout.h says. Nodes stand in an order
// in which every input is made before it is read. Whatever layout a file had is gone: importers
// write explicit Permute nodes, passes absorb them into weights.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace thimble::ir {

struct Shape {
  int rows = 1;      // H, the length of a signal, time
  int cols = 1;      // W
  int channels = 1;  // C, or the elements of a plain vector
  std::int64_t elements() const { return std::int64_t{rows} * cols * channels; }
  bool operator==(const Shape &) const = default;
};

enum class DType { kF32, kI8, kI32 };
int element_bytes(DType dtype);
std::string_view to_string(DType dtype);  // "f32", "i8", "i32"

// real = scale * (integer - zero_point), one pair a tensor.
struct Quant {
  float scale = 1;
  // -128..127; to +-32000 for a network output that no node reads: then zero is not among its
  // levels.
  int zero_point = 0;
  bool operator==(const Quant &) const = default;
};

struct Type {
  Shape shape;
  DType dtype = DType::kF32;
  std::optional<Quant> quant;  // set exactly when dtype is kI8
  std::int64_t pixel_bytes() const { return std::int64_t{shape.channels} * element_bytes(dtype); }
  std::int64_t row_bytes() const { return shape.cols * pixel_bytes(); }
  std::int64_t bytes() const { return shape.rows * row_bytes(); }
  bool operator==(const Type &) const = default;
};

using ValueId = int;     // index into Graph::values()
using NodeId = int;      // index into Graph::nodes()
using ConstantId = int;  // index into Graph::constants()

// A tensor that the network reads or computes.
struct Value {
  std::string name;  // unique among values
  Type type;
};

// Weights. Convolutions: [out][kernel_h][kernel_w][in / groups]; Linear: [out][in], both sides flat
// in stored (row, column, channel) order; biases: [out].
struct Constant {
  std::string name;       // unique among constants
  std::vector<int> dims;  // C order
  std::variant<std::vector<float>, std::vector<std::int8_t>, std::vector<std::int32_t>> data;
  // One per dims[0], or one for all: of int8 weights, and of f32 ones that are whole multiples of
  // them (absorb-qdq makes those integers). Else empty.
  std::vector<float> scales;
  // Those multiples, where some is too large for a float to hold (biases). Else empty.
  std::vector<std::int32_t> multiples = {};
  std::int64_t elements() const;
  DType dtype() const { return static_cast<DType>(data.index()); }
};

using Attribute = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>>;
using Attributes = std::map<std::string, Attribute>;

struct Node {
  std::string name;  // unique among nodes; the name the file gave it where there was one
  std::string op;    // a name in ops/families.h
  std::vector<ValueId> inputs;
  std::vector<ConstantId> constants;  // weights, bias, ... as the operator's file says
  std::vector<ValueId> outputs;
  Attributes attributes;

  std::int64_t integer(std::string_view key, std::int64_t otherwise) const;
  double real(std::string_view key, double otherwise) const;
  std::vector<std::int64_t> integers(std::string_view key,
                                     std::vector<std::int64_t> otherwise = {}) const;
  std::string text(std::string_view key, std::string otherwise) const;
};

// Where a file's pictures and signals have their channels: PyTorch and ONNX write [1,C,H,W],
// TensorFlow Lite [1,H,W,C]. layout.h says what follows.
enum class AxisOrder { kChannelsFirst, kChannelsLast };

// An input or output of the network: a value, and the dimensions its file gave it (batch included),
// so that arrays can be given and returned as the file's framework does: [1,C,H,W], [1,C,L], [1,F],
// or any other.
struct Port {
  ValueId value = -1;
  std::vector<int> dims;
  AxisOrder axes = AxisOrder::kChannelsFirst;
};

// Invariant: names unique, ids in range, nodes in topological order, each value made once. Methods
// that change keep it; `verify` (verify.h) proves it.
class Graph {
 public:
  std::string name;
  // The requantization (ops/requant.h) whose bits a quantized file promises: "q31"; empty: any.
  std::string requant;

  ValueId add_value(std::string name, Type type);  // a taken name gets a suffix
  ConstantId add_constant(Constant constant);      // likewise
  NodeId add_node(Node node);  // at the end; a taken or empty name gets a suffix
  void add_input(ValueId value, std::vector<int> dims, AxisOrder axes = AxisOrder::kChannelsFirst);
  void add_output(ValueId value, std::vector<int> dims, AxisOrder axes = AxisOrder::kChannelsFirst);

  const std::vector<Value> &values() const { return values_; }
  const std::vector<Node> &nodes() const { return nodes_; }
  const std::vector<Constant> &constants() const { return constants_; }
  const std::vector<Port> &inputs() const { return inputs_; }
  const std::vector<Port> &outputs() const { return outputs_; }
  Value &value(ValueId id) { return values_.at(id); }
  const Value &value(ValueId id) const { return values_.at(id); }
  Node &node(NodeId id) { return nodes_.at(id); }
  const Node &node(NodeId id) const { return nodes_.at(id); }
  Constant &constant(ConstantId id) { return constants_.at(id); }
  const Constant &constant(ConstantId id) const { return constants_.at(id); }

  std::optional<NodeId> producer(ValueId value) const;  // none: an input
  std::vector<NodeId> consumers(ValueId value) const;   // in order, each once
  bool is_input(ValueId value) const;
  bool is_output(ValueId value) const;

  // Every reader of `from` (nodes and network outputs) reads `to` instead.
  void replace_uses(ValueId from, ValueId to);
  // Removes nodes whose outputs nobody reads, then values and constants nobody names; ids change.
  void remove_dead();
  // Puts the nodes into topological order (stable); ids of nodes change.
  void sort();

 private:
  std::vector<Value> values_;
  std::vector<Node> nodes_;
  std::vector<Constant> constants_;
  std::vector<Port> inputs_, outputs_;
};

// Element order of a port's array -> stored order (layout.h): result[i] is the index in the file's
// array of the i-th stored element.
std::vector<std::int64_t> stored_order(const Port &port, const Shape &shape);

}  // namespace thimble::ir

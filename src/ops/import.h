// From a foreign network to a Graph: the importers of all operators, driven by one loop
// (import.cpp).
//
// An importer of a foreign operator gets a Builder (values by foreign name, constants, diagnostics)
// and the foreign node, and either adds nodes or reports. Errors are collected over all nodes: an
// importer that reports but knows its output's dimensions still binds it, so that the nodes behind
// it are looked at too; nothing is added to the graph for a node that reported, nor for any that
// reads it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ir/graph.h"
#include "ops/foreign.h"
#include "ops/layout.h"
#include "support/diagnostic.h"

namespace thimble::ops {

class Builder;
struct Strided;      // strided.h
struct StridedView;  // strided_view.h

struct ImportRule {
  std::string_view domain;  // "onnx", "aten" or "tflite"
  std::string_view op;      // "Conv", "conv2d.default", "CONV_2D"
  // Adds nodes for `node`, or reports through the builder.
  void (*import)(Builder &, const ForeignNode &);
};

inline constexpr ir::ValueId kConstantValue = -1;  // of an Imported: see Builder::constant
inline constexpr ir::ValueId kFailedValue = -2;    // dimensions known, but no node makes it

// A foreign value as far as it is known: dimensions as in the file, and where it lives in the
// graph, stored as Builder::layout_of(dims) says. (A constant's dimensions are not checked yet.)
struct Imported {
  Dims dims;  // the file's (batch first), all known
  ir::ValueId value = kConstantValue;
};

class Builder {
 public:
  Builder(const ForeignGraph &foreign, ir::Graph &graph);

  const Imported *find(const std::string &foreign_name) const;           // null: unknown or absent
  const ForeignTensor *constant(const std::string &foreign_name) const;  // null: not a constant

  // The activation behind the i-th input (a Constant where the file has a constant of floats);
  // reports and returns null if there is none. (Null without a report where an earlier error hides
  // what it is.)
  const Imported *activation(const ForeignNode &node, std::size_t index);
  // The float constant behind the i-th input; reports and returns null if it is not one.
  const ForeignTensor *weights(const ForeignNode &node, std::size_t index);
  bool has_input(const ForeignNode &node, std::size_t index) const;
  // Some node, or the network's caller, reads it.
  bool is_read(const std::string &foreign_name) const;
  bool is_output(const std::string &foreign_name) const;  // of the network
  // Where the file has its channels, and what follows for arrays and values of it.
  ir::AxisOrder axes() const { return foreign_.axes; }
  Result<Layout> layout_of(const Dims &dims) const { return ops::layout_of(dims, axes()); }
  StridedView view_of(const Imported &input) const;
  // How the file quantizes a value; null where it does not.
  const ir::Quant *quant(const std::string &foreign_name) const;
  // False, with a report, where an operator that works on one sample at a time is given a batch.
  bool one_sample(const ForeignNode &node, const Dims &dims);

  // Adds a graph node named after the foreign one with one output of inferred type, named after the
  // foreign output. Bind the foreign output yourself. kFailedValue after an error of this node, or
  // when an input is kFailedValue.
  ir::ValueId add(const ForeignNode &node, std::string op, std::vector<ir::ValueId> inputs,
                  std::vector<ir::ConstantId> constants, ir::Attributes attributes);
  // `value` is stored as layout_of(dims) says, or kFailedValue. Where the file quantizes what is
  // bound, a FakeQuantize follows.
  void bind(const std::string &foreign_name, ir::ValueId value, Dims dims);
  // Binds the node's output to the elements of a view: to its value where nothing moves, else to a
  // Reshape, a Permute between Reshapes (which passes absorb), or an AsStrided.
  void bind_view(const ForeignNode &node, const StridedView &view, std::size_t output = 0);
  // The elements `strided` of a value as one of this shape, by the same nodes.
  ir::ValueId add_strided(const ForeignNode &node, ir::ValueId value, const Strided &strided,
                          const ir::Shape &shape, std::size_t output = 0);
  // `data` has as many elements as `dims` say.
  ir::ConstantId add_constant(const std::string &name, std::vector<int> dims,
                              std::vector<float> data);

  // A flat vector {1, 1, F} in the file's element order.
  ir::ValueId to_file_order(const ForeignNode &node, const Imported &input);
  // And back: a flat vector in the file's order as the stored tensor of these dimensions, which
  // layout_of accepts.
  ir::ValueId from_file_order(const ForeignNode &node, ir::ValueId flat, const Dims &dims);

  void error(const ForeignNode &node, std::string what, std::string why = {}, std::string fix = {});
  ir::Graph &graph() { return graph_; }
  const Diagnostics &diagnostics() const { return diagnostics_; }

  // For the loop over all nodes: before and after each importer.
  void start(const ForeignNode &node);
  void finish(const ForeignNode &node);
  // For the loop: what is wrong with a network input or output.
  void error(Diagnostic diagnostic);

 private:
  ir::ValueId add_quantized(const std::string &name, ir::ValueId value);
  ir::ValueId add_named(const ForeignNode &node, const std::string &suffix, std::size_t output,
                        std::string op, std::vector<ir::ValueId> inputs,
                        std::vector<ir::ConstantId> constants, ir::Attributes attributes);
  ir::ValueId add_reshape(const ForeignNode &node, ir::ValueId value, const ir::Shape &shape,
                          const std::string &suffix, std::size_t output);

  const ForeignGraph &foreign_;
  ir::Graph &graph_;
  std::set<std::string> read_;             // by nodes or as network outputs
  std::map<std::string, Imported> bound_;  // constants included
  std::set<std::string> unknown_;          // made by nodes that reported and could not be bound
  bool node_failed_ = false;               // the node being imported has reported
  Diagnostics diagnostics_;
};

// All nodes that an output needs, through the table. Errors: every node that is unknown or
// unsupported, at once.
Result<ir::Graph> import_graph(const ForeignGraph &foreign);

}  // namespace thimble::ops

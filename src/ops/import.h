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
#include "support/diagnostic.h"

namespace thimble::ops {

class Builder;

struct ImportRule {
  std::string_view domain;  // "onnx" or "aten"
  std::string_view op;      // "Conv", "conv2d.default"
  // Adds nodes for `node`, or reports through the builder.
  void (*import)(Builder &, const ForeignNode &);
};

inline constexpr ir::ValueId kConstantValue = -1;  // of an Imported: see Builder::constant
inline constexpr ir::ValueId kFailedValue = -2;    // dimensions known, but no node makes it

// A foreign value as far as it is known: dimensions as in the file, and where it lives in the
// graph.
struct Imported {
  std::vector<std::int64_t> dims;  // the file's (batch first), all known
  ir::ValueId value = kConstantValue;
};

class Builder {
 public:
  Builder(const ForeignGraph &foreign, ir::Graph &graph);

  const Imported *find(const std::string &foreign_name) const;           // null: unknown or absent
  const ForeignTensor *constant(const std::string &foreign_name) const;  // null: not a constant

  // The activation behind the i-th input; reports and returns null if it is absent or a constant.
  // (Null without a report where an earlier error hides what it is.)
  const Imported *activation(const ForeignNode &node, std::size_t index);
  // The float constant behind the i-th input; reports and returns null if it is not one.
  const ForeignTensor *weights(const ForeignNode &node, std::size_t index);
  bool has_input(const ForeignNode &node, std::size_t index) const;

  // Adds a graph node named after the foreign one with one output of inferred type, named after the
  // foreign output. Bind the foreign output yourself. kFailedValue after an error of this node, or
  // when an input is kFailedValue.
  ir::ValueId add(const ForeignNode &node, std::string op, std::vector<ir::ValueId> inputs,
                  std::vector<ir::ConstantId> constants, ir::Attributes attributes);
  void bind(const std::string &foreign_name, ir::ValueId value, std::vector<std::int64_t> dims);
  // `data` has as many elements as `dims` say.
  ir::ConstantId add_constant(const std::string &name, std::vector<int> dims,
                              std::vector<float> data);

  // A flat vector {1, 1, F} in the file's element order, from a stored (HWC) tensor: a Permute
  // where the order changes, and a Reshape.
  ir::ValueId to_file_order(const ForeignNode &node, const Imported &input);
  // And back: a flat vector in the file's order as the stored tensor of these dimensions.
  ir::ValueId from_file_order(const ForeignNode &node, ir::ValueId flat,
                              const std::vector<std::int64_t> &dims);

  void error(const ForeignNode &node, std::string what, std::string why = {}, std::string fix = {});
  ir::Graph &graph() { return graph_; }
  const Diagnostics &diagnostics() const { return diagnostics_; }

  // For the loop over all nodes: before and after each importer.
  void start(const ForeignNode &node);
  void finish(const ForeignNode &node);
  // For the loop: what is wrong with a network input or output.
  void error(Diagnostic diagnostic);

 private:
  ir::ValueId add_named(const ForeignNode &node, const std::string &suffix, std::string op,
                        std::vector<ir::ValueId> inputs, std::vector<ir::ConstantId> constants,
                        ir::Attributes attributes);
  ir::ValueId add_reshape(const ForeignNode &node, ir::ValueId input, const ir::Shape &shape);

  const ForeignGraph &foreign_;
  ir::Graph &graph_;
  std::map<std::string, Imported> bound_;  // constants included
  std::set<std::string> unknown_;          // made by nodes that reported and could not be bound
  bool node_failed_ = false;               // the node being imported has reported
  Diagnostics diagnostics_;
};

// The stored shape of an activation of these dimensions: [1,C,H,W] -> {H,W,C}, [1,C,L] -> {L,1,C},
// [1,F] -> {1,1,F}, [1] and [] -> {1,1,1}. Errors: batch other than 1, more than four dimensions,
// more elements than kMaxElements (infer.h).
Result<ir::Shape> stored_shape(const std::vector<std::int64_t> &dims);

// All nodes that an output needs, through the table. Errors: every node that is unknown or
// unsupported, at once.
Result<ir::Graph> import_graph(const ForeignGraph &foreign);

}  // namespace thimble::ops

// From a foreign network to a Graph: the importers of all operators, driven by one loop (import.cpp).
//
// An importer of a foreign operator gets a Builder (values by foreign name, constants, diagnostics) and
// the foreign node, and either adds nodes or reports. Errors are collected over all nodes.
#pragma once

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

// A foreign value as far as it is known: dimensions as in the file, and where it lives in the graph.
struct Imported {
  std::vector<std::int64_t> dims;  // the file's (batch first), all known
  ir::ValueId value = -1;          // -1: a constant (Builder::constant)
};

class Builder {
 public:
  Builder(const ForeignGraph &foreign, ir::Graph &graph);

  const Imported *find(const std::string &foreign_name) const;      // null: unknown or absent
  const ForeignTensor *constant(const std::string &foreign_name) const;  // null: not a constant

  // The activation behind the i-th input; reports and returns null if it is absent or a constant.
  const Imported *activation(const ForeignNode &node, std::size_t index);
  // The float constant behind the i-th input; reports and returns null if it is not one.
  const ForeignTensor *weights(const ForeignNode &node, std::size_t index);
  bool has_input(const ForeignNode &node, std::size_t index) const;

  // Adds a graph node named after the foreign one with one output of inferred type; binds the foreign
  // output name when `dims` is given.
  ir::ValueId add(const ForeignNode &node, std::string op, std::vector<ir::ValueId> inputs,
                  std::vector<ir::ConstantId> constants, ir::Attributes attributes);
  void bind(const std::string &foreign_name, ir::ValueId value, std::vector<std::int64_t> dims);
  ir::ConstantId add_constant(const std::string &name, std::vector<int> dims,
                              std::vector<float> data);

  // Stored (HWC) -> the file's element order, as a Permute where it changes anything, and back.
  ir::ValueId to_file_order(const ForeignNode &node, const Imported &input);
  ir::ValueId from_file_order(const ForeignNode &node, ir::ValueId flat,
                              const std::vector<std::int64_t> &dims);

  void error(const ForeignNode &node, std::string what, std::string why = {}, std::string fix = {});
  ir::Graph &graph() { return graph_; }
  const Diagnostics &diagnostics() const { return diagnostics_; }

 private:
  const ForeignGraph &foreign_;
  ir::Graph &graph_;
  std::vector<std::pair<std::string, Imported>> bound_;
  Diagnostics diagnostics_;
};

// The stored shape of an activation of these dimensions: [1,C,H,W] -> {H,W,C}, [1,C,L] -> {L,1,C},
// [1,F] -> {1,1,F}. Errors: batch other than 1, more than four dimensions.
Result<ir::Shape> stored_shape(const std::vector<std::int64_t> &dims);

// All nodes through the table. Errors: every node that is unknown or unsupported, at once.
Result<ir::Graph> import_graph(const ForeignGraph &foreign);

}  // namespace thimble::ops

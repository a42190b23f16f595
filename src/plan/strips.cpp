// Backwards from the cut each strip asks for columns of every value, the hull of what its readers
// want of it; forwards the nodes are made for these (see strips.h).
#include "plan/strips.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "ops/operator.h"
#include "support/check.h"

namespace thimble::plan {
namespace {

using ops::Range;

// Of each input: columns read by each output column. Nothing: it cannot be run by columns.
std::optional<std::vector<std::vector<Range>>> windows_of(const ir::Graph &graph,
                                                          const ir::Node &node) {
  const ops::Operator &op = ops::operator_of(node);
  if (node.outputs.size() != 1 || op.modes == nullptr || (op.view && op.view(graph, node)))
    return std::nullopt;
  const ops::Mode mode = op.modes(graph, node)[0];
  if (mode.state_bytes > 0) return std::nullopt;
  const int cols = graph.value(node.outputs[0]).type.shape.cols;
  std::vector<std::vector<Range>> windows;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const ops::Access &access = mode.inputs[i];
    if (access.kind != ops::AccessKind::kWindow || static_cast<int>(access.cols.size()) != cols)
      return std::nullopt;
    const bool same_width = graph.value(node.inputs[i]).type.shape.cols == cols;
    for (int x = 0; x < cols; ++x)
      if (!op.sliding && (!same_width || access.cols[x] != Range{x, x + 1})) return std::nullopt;
    windows.push_back(access.cols);
  }
  return windows;
}

Range hull(Range a, Range b) {
  if (a.lo >= a.hi) return b;
  if (b.lo >= b.hi) return a;
  return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)};
}

// Nodes that the cut is computed from, in order.
std::vector<ir::NodeId> nodes_before(const ir::Graph &graph, ir::ValueId cut) {
  std::vector<bool> wanted(graph.values().size(), false);
  wanted[cut] = true;
  std::vector<ir::NodeId> nodes;
  for (auto id = static_cast<ir::NodeId>(graph.nodes().size()) - 1; id >= 0; --id) {
    const ir::Node &node = graph.node(id);
    if (std::none_of(node.outputs.begin(), node.outputs.end(),
                     [&](ir::ValueId value) { return wanted[value]; }))
      continue;
    for (const ir::ValueId input : node.inputs) wanted[input] = true;
    nodes.push_back(id);
  }
  std::reverse(nodes.begin(), nodes.end());
  return nodes;
}

bool can_be_cut(const ir::Graph &graph, ir::ValueId cut) {
  const std::vector<ir::NodeId> nodes = nodes_before(graph, cut);
  if (nodes.empty() || graph.is_output(cut) || graph.value(cut).type.shape.cols < 2) return false;
  for (const ir::NodeId id : nodes) {
    const ir::Node &node = graph.node(id);
    if (!windows_of(graph, node)) return false;
    if (node.outputs[0] == cut) continue;
    if (graph.is_output(node.outputs[0])) return false;
    for (const ir::NodeId reader : graph.consumers(node.outputs[0]))
      if (!std::binary_search(nodes.begin(), nodes.end(), reader)) return false;
  }
  return true;
}

// What is computed by columns: the nodes that the cut comes from, and the columns that they read.
class Region {
 public:
  Region(const ir::Graph &graph, ir::ValueId cut)
      : graph_(graph), cut_(cut), nodes_(nodes_before(graph, cut)) {
    for (const ir::NodeId id : nodes_) windows_.push_back(*windows_of(graph, graph.node(id)));
  }

  const ir::Graph &graph() const { return graph_; }
  ir::ValueId cut() const { return cut_; }
  const std::vector<ir::NodeId> &nodes() const { return nodes_; }  // ascending
  bool has(ir::NodeId id) const { return std::binary_search(nodes_.begin(), nodes_.end(), id); }

  // Columns of its input `input` that the node at `index` of nodes() reads for `cols` of its
  // output.
  Range reach(std::size_t index, std::size_t input, Range cols) const {
    Range all;
    for (int x = cols.lo; x < cols.hi; ++x) all = hull(all, windows_[index][input][x]);
    return all;
  }

  // By value: the columns that a strip with `cols` of the cut needs.
  std::vector<Range> wanted(Range cols) const {
    std::vector<Range> wanted(graph_.values().size());
    wanted[cut_] = cols;
    for (std::size_t i = nodes_.size(); i-- > 0;) {
      const ir::Node &node = graph_.node(nodes_[i]);
      for (std::size_t input = 0; input < node.inputs.size(); ++input)
        wanted[node.inputs[input]] =
            hull(wanted[node.inputs[input]], reach(i, input, wanted[node.outputs[0]]));
    }
    return wanted;
  }

 private:
  const ir::Graph &graph_;
  const ir::ValueId cut_;
  const std::vector<ir::NodeId> nodes_;
  std::vector<std::vector<std::vector<Range>>> windows_;  // of each of them, by input
};

// Ends of strips, by the columns that each needs of what it computes: inner strips have a halo on
// both sides, outer ones on one.
class Division {
 public:
  Division(const ir::Graph &graph, ir::ValueId cut) : region_(graph, cut) {}

  // The widest strip as narrow as can be.
  std::vector<int> run(int count) {
    const int cols = region_.graph().value(region_.cut()).type.shape.cols;
    if (count > cols || cols > kMostColumns) return by_width(cols, count);
    std::vector<std::vector<std::int64_t>> bytes(cols, std::vector<std::int64_t>(cols + 1));
    for (int begin = 0; begin < cols; ++begin)
      for (int end = begin + 1; end <= cols; ++end) bytes[begin][end] = row_bytes({begin, end});
    // least[k][end]: of k strips up to there, the widest; from[k][end]: where the last begins.
    std::vector least(count + 1, std::vector<std::int64_t>(cols + 1, kUnknown));
    std::vector from(count + 1, std::vector<int>(cols + 1, 0));
    least[0][0] = 0;
    for (int k = 1; k <= count; ++k)
      for (int end = k; end <= cols; ++end)
        for (int begin = k - 1; begin < end; ++begin) {
          const std::int64_t widest = std::max(least[k - 1][begin], bytes[begin][end]);
          if (widest >= least[k][end]) continue;
          least[k][end] = widest;
          from[k][end] = begin;
        }
    std::vector<int> ends(count);
    for (int k = count, end = cols; k > 0; end = from[k][end], --k) ends[k - 1] = end;
    return ends;
  }

 private:
  static constexpr int kMostColumns = 48;
  static constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();

  static std::vector<int> by_width(int cols, int count) {
    std::vector<int> ends;
    for (int i = 1; i <= count; ++i)
      ends.push_back(static_cast<int>((std::int64_t{cols} * i + count / 2) / count));
    return ends;
  }

  // Of one row of each value that the strip computes.
  std::int64_t row_bytes(Range cols) const {
    const std::vector<Range> wanted = region_.wanted(cols);
    std::int64_t bytes = 0;
    for (const ir::NodeId id : region_.nodes()) {
      const ir::ValueId made = region_.graph().node(id).outputs[0];
      bytes += (wanted[made].hi - wanted[made].lo) * region_.graph().value(made).type.pixel_bytes();
    }
    return bytes;
  }

  const Region region_;
};

class Stripper {
 public:
  Stripper(const ir::Graph &graph, ir::ValueId cut)
      : graph_(graph), cut_(cut), region_(graph, cut) {
    out_.name = graph.name;
    out_.requant = graph.requant;
    for (const ir::Value &value : graph.values()) out_.add_value(value.name, value.type);
    for (const ir::Constant &constant : graph.constants()) out_.add_constant(constant);
    for (const ir::Port &port : graph.inputs()) out_.add_input(port.value, port.dims, port.axes);
  }

  std::optional<ir::Graph> run(const std::vector<int> &ends) {
    if (std::adjacent_find(ends.begin(), ends.end(), std::greater_equal<>()) != ends.end())
      return std::nullopt;
    std::vector<ir::ValueId> parts;
    int begin = 0;
    for (const int end : ends) {
      const ir::ValueId part = add_strip({begin, end}, static_cast<int>(parts.size()));
      if (part < 0) return std::nullopt;
      parts.push_back(part);
      begin = end;
    }
    out_.add_node({graph_.value(cut_).name + "_strips",
                   "Concat",
                   parts,
                   {},
                   {cut_},
                   {{"axis", std::int64_t{1}}}});
    for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph_.nodes().size()); ++id)
      if (!region_.has(id)) out_.add_node(graph_.node(id));
    for (const ir::Port &port : graph_.outputs()) out_.add_output(port.value, port.dims, port.axes);
    out_.remove_dead();
    return std::move(out_);
  }

 private:
  // A value as a strip has it.
  struct Held {
    ir::ValueId value = -1;
    Range cols;
  };

  // The strip of the cut; -1: a window lies in the padding alone.
  ir::ValueId add_strip(Range cols, int index) {
    const std::vector<Range> wanted = region_.wanted(cols);
    const std::string suffix = "_strip" + std::to_string(index);
    std::vector<Held> held(graph_.values().size());
    for (const ir::Port &port : graph_.inputs())
      held[port.value] = {port.value, {0, graph_.value(port.value).type.shape.cols}};
    for (std::size_t at = 0; at < region_.nodes().size(); ++at) {
      ir::Node node = graph_.node(region_.nodes()[at]);
      const ir::ValueId output = node.outputs[0];
      for (std::size_t i = 0; i < node.inputs.size(); ++i)
        node.inputs[i] = columns_of(held[node.inputs[i]], region_.reach(at, i, wanted[output]));
      node.name += suffix;
      pad_strip(node, wanted[output], graph_.value(output).type.shape.cols);
      ir::Type type = graph_.value(output).type;
      type.shape.cols = wanted[output].hi - wanted[output].lo;
      const ir::ValueId made = out_.add_value(graph_.value(output).name + suffix, type);
      node.outputs = {made};
      const ir::Node &added = out_.node(out_.add_node(node));
      const auto types = ops::operator_of(added).infer(out_, added);
      if (!types.ok() || (*types)[0].shape != type.shape) return -1;
      held[output] = {made, wanted[output]};
    }
    return held[cut_].value;
  }

  ir::ValueId columns_of(const Held &held, Range cols) {
    if (held.cols == cols) return held.value;
    ir::Type type = out_.value(held.value).type;
    type.shape.cols = cols.hi - cols.lo;
    const ir::ValueId some = out_.add_value(out_.value(held.value).name + "_columns", type);
    out_.add_node({out_.value(some).name,
                   "Columns",
                   {held.value},
                   {},
                   {some},
                   {{"begin", std::int64_t{cols.lo - held.cols.lo}},
                    {"end", std::int64_t{cols.hi - held.cols.lo}}}});
    return some;
  }

  // Padding, and what counts of it, is beside the outer strips, and as far as their neighbours'
  // windows reach.
  static void pad_strip(ir::Node &node, Range cols, int width) {
    const auto stride = node.integers("stride", node.integers("kernel", {1, 1}));
    for (const char *key : {"pad", "counted"}) {
      std::vector<std::int64_t> pad = node.integers(key);
      if (pad.empty()) continue;
      pad[1] = std::max<std::int64_t>(0, pad[1] - cols.lo * stride[1]);
      if (cols.hi < width) pad[3] = 0;
      node.attributes[key] = pad;
    }
  }

  const ir::Graph &graph_;
  const ir::ValueId cut_;
  const Region region_;
  ir::Graph out_;
};

}  // namespace

std::vector<ir::ValueId> strip_cuts(const ir::Graph &graph) {
  std::vector<ir::ValueId> cuts;
  for (const ir::Node &node : graph.nodes())
    if (node.outputs.size() == 1 && can_be_cut(graph, node.outputs[0]))
      cuts.push_back(node.outputs[0]);
  return cuts;
}

std::vector<int> even_strips(const ir::Graph &graph, ir::ValueId cut, int count) {
  return Division(graph, cut).run(count);
}

std::optional<ir::Graph> in_strips(const ir::Graph &graph, ir::ValueId cut,
                                   const std::vector<int> &ends) {
  CHECK(!ends.empty() && ends.back() == graph.value(cut).type.shape.cols, "strips cover the value");
  return Stripper(graph, cut).run(ends);
}

}  // namespace thimble::plan

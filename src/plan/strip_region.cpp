// Backwards from the cut each strip asks for columns of every value, the hull of what its readers
// want of it (see strip_region.h).
#include "plan/strip_region.h"

#include <algorithm>
#include <utility>

#include "ops/operator.h"

namespace thimble::plan {
namespace {

using ops::Range;

Range hull(Range a, Range b) {
  if (a.lo >= a.hi) return b;
  if (b.lo >= b.hi) return a;
  return {std::min(a.lo, b.lo), std::max(a.hi, b.hi)};
}

}  // namespace

std::optional<std::vector<std::vector<Range>>> column_windows(const ir::Graph &graph,
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

int longest(const std::vector<Range> &ranges) {
  int most = 0;
  for (const Range &range : ranges) most = std::max(most, range.hi - range.lo);
  return most;
}

std::vector<ir::NodeId> nodes_before(const ir::Graph &graph, ir::ValueId value) {
  std::vector<bool> wanted(graph.values().size(), false);
  wanted[value] = true;
  std::vector<ir::NodeId> nodes;
  for (auto id = static_cast<ir::NodeId>(graph.nodes().size()) - 1; id >= 0; --id) {
    const ir::Node &node = graph.node(id);
    if (std::none_of(node.outputs.begin(), node.outputs.end(),
                     [&](ir::ValueId output) { return wanted[output]; }))
      continue;
    for (const ir::ValueId input : node.inputs) wanted[input] = true;
    nodes.push_back(id);
  }
  std::reverse(nodes.begin(), nodes.end());
  return nodes;
}

StripRegion::StripRegion(const ir::Graph &graph, ir::ValueId cut, std::vector<ir::ValueId> kept)
    : graph_(graph), cut_(cut), kept_(std::move(kept)), nodes_(nodes_before(graph, cut)) {
  for (const ir::NodeId id : nodes_) windows_.push_back(*column_windows(graph, graph.node(id)));
}

bool StripRegion::has(ir::NodeId id) const {
  return std::binary_search(nodes_.begin(), nodes_.end(), id);
}

bool StripRegion::keeps(ir::ValueId value) const {
  return std::find(kept_.begin(), kept_.end(), value) != kept_.end();
}

Range StripRegion::reach(std::size_t index, std::size_t input, Range cols) const {
  Range all;
  for (int x = cols.lo; x < cols.hi; ++x) all = hull(all, windows_[index][input][x]);
  return all;
}

StripColumns StripRegion::columns(Range cols) const {
  StripColumns found;
  if (kept_.empty() || cols.lo == 0) {
    found.read = found.made = pull(cols, nullptr, nullptr);
    return found;
  }
  const std::vector<Range> before = pull({0, cols.lo}, nullptr, nullptr);
  found.read = pull(cols, &before, &found.made);
  return found;
}

// Columns read of every value; those made of kept ones begin behind what strips before have read.
std::vector<Range> StripRegion::pull(Range cols, const std::vector<Range> *before,
                                     std::vector<Range> *made) const {
  std::vector<Range> read(graph_.values().size());
  read[cut_] = cols;
  if (made != nullptr) *made = std::vector<Range>(read.size());
  for (std::size_t i = nodes_.size(); i-- > 0;) {
    const ir::Node &node = graph_.node(nodes_[i]);
    const ir::ValueId output = node.outputs[0];
    Range own = read[output];
    if (before != nullptr && keeps(output))
      own.lo = std::min(own.hi, std::max(own.lo, (*before)[output].hi));
    if (made != nullptr) (*made)[output] = own;
    for (std::size_t input = 0; input < node.inputs.size(); ++input)
      read[node.inputs[input]] = hull(read[node.inputs[input]], reach(i, input, own));
  }
  return read;
}

}  // namespace thimble::plan

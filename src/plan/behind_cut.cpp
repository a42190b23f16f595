// The nodes behind the cut in segments, each run by rows: it needs what lies before or behind it,
// of which the one grows over the other, and what its windows hold. The cuts between segments are
// those whose dearest segment is cheapest (see behind_cut.h).
#include "plan/behind_cut.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "ops/operator.h"
#include "plan/strip_region.h"

namespace thimble::plan {
namespace {

class Behind {
 public:
  Behind(const ir::Graph &graph, ir::ValueId cut) : graph_(graph), made_(graph.values().size(), 0) {
    const std::vector<ir::NodeId> before = nodes_before(graph, cut);
    for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id)
      if (!std::binary_search(before.begin(), before.end(), id)) nodes_.push_back(id);
    find_crossing(cut);
  }

  std::int64_t run() const {
    const int count = static_cast<int>(nodes_.size());
    std::vector<std::int64_t> least(count + 1, std::numeric_limits<std::int64_t>::max());
    least[0] = 0;
    for (int first = 0; first < count; ++first) {
      std::int64_t held = 0;
      for (int last = first + 1; last <= count; ++last) {
        held += held_bytes(graph_.node(nodes_[last - 1]), first);
        const std::int64_t cost = std::max(crossing_[first], crossing_[last]) + held;
        least[last] = std::min(least[last], std::max(least[first], cost));
      }
    }
    return least[count];
  }

 private:
  // crossing_[i]: of values made before node i, and read from there on.
  void find_crossing(ir::ValueId cut) {
    const int count = static_cast<int>(nodes_.size());
    std::vector<int> last_read(graph_.values().size(), 0);
    for (int i = 0; i < count; ++i) {
      for (const ir::ValueId input : graph_.node(nodes_[i]).inputs) last_read[input] = i + 1;
      for (const ir::ValueId output : graph_.node(nodes_[i]).outputs) made_[output] = i + 1;
    }
    crossing_.assign(count + 1, 0);
    const auto add = [&](ir::ValueId value) {
      for (int i = made_[value]; i < last_read[value]; ++i)
        crossing_[i] += graph_.value(value).type.bytes();
    };
    add(cut);
    for (const ir::NodeId id : nodes_)
      for (const ir::ValueId output : graph_.node(id).outputs) add(output);
  }

  // Of what a node reads, in the segment that begins with node `first`. A row less of what is there
  // before: it dies as the output grows over it.
  std::int64_t held_bytes(const ir::Node &node, int first) const {
    const ops::Operator &op = ops::operator_of(node);
    if (op.modes == nullptr || (op.view && op.view(graph_, node))) return 0;
    const ops::Mode mode = op.modes(graph_, node)[0];
    std::int64_t bytes = mode.state_bytes;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const ir::Type &type = graph_.value(node.inputs[i]).type;
      const bool is_inside = made_[node.inputs[i]] > first;
      const int rows = longest(mode.inputs[i].rows), cols = longest(mode.inputs[i].cols);
      const int held = is_inside ? rows - 1 : rows - 2;
      if (rows > 1) bytes += held * type.row_bytes() + cols * type.pixel_bytes();
      if (rows == 1 && is_inside) bytes += type.pixel_bytes();
      if (mode.inputs[i].kind == ops::AccessKind::kWhole && is_inside) bytes += type.bytes();
    }
    return bytes;
  }

  const ir::Graph &graph_;
  std::vector<ir::NodeId> nodes_;
  std::vector<int> made_;               // by ValueId: behind how many of nodes_; 0: before them
  std::vector<std::int64_t> crossing_;  // by index into nodes_
};

}  // namespace

std::int64_t bytes_behind(const ir::Graph &graph, ir::ValueId cut) {
  return Behind(graph, cut).run();
}

}  // namespace thimble::plan

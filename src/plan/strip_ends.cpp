// What a strip needs: between kept values, which are there whole, the rows and pixels that windows
// hold of what it computes; and of the cut all, or the strips that are there (see strip_ends.h).
#include "plan/strip_ends.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "ops/operator.h"

namespace thimble::plan {
namespace {

using ops::Range;

constexpr int kMostColumns = 48;
constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max();

std::vector<int> by_width(int cols, int count) {
  std::vector<int> ends;
  for (int i = 1; i <= count; ++i)
    ends.push_back(static_cast<int>((std::int64_t{cols} * i + count / 2) / count));
  return ends;
}

std::vector<ir::ValueId> in_order(const StripRegion &region) {
  std::vector<ir::ValueId> kept;
  for (const ir::NodeId id : region.nodes())
    if (region.keeps(region.graph().node(id).outputs[0]))
      kept.push_back(region.graph().node(id).outputs[0]);
  return kept;
}

}  // namespace

StripEnds::StripEnds(const ir::Graph &graph, ir::ValueId cut, std::vector<ir::ValueId> kept)
    : region_(graph, cut, std::move(kept)),
      kept_(in_order(region_)),
      cols_(graph.value(cut).type.shape.cols),
      column_bytes_(graph.value(cut).type.bytes() / cols_),
      needs_(cols_, std::vector<std::optional<Need>>(cols_ + 1)) {
  for (const ir::NodeId id : region_.nodes()) costs_.push_back(cost_of(graph, id));
}

StripEnds::NodeCost StripEnds::cost_of(const ir::Graph &graph, ir::NodeId id) {
  const ir::Node &node = graph.node(id);
  NodeCost cost;
  cost.macs = ops::macs(graph, node) / graph.value(node.outputs[0]).type.shape.cols;
  const ops::Mode mode = ops::operator_of(node).modes(graph, node)[0];
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const std::int64_t pixel = graph.value(node.inputs[i]).type.pixel_bytes();
    const int rows = longest(mode.inputs[i].rows);
    if (graph.is_input(node.inputs[i]))
      cost.inputs.push_back({0, 0});
    else if (rows < 2)
      cost.inputs.push_back({0, pixel});
    else
      cost.inputs.push_back({(rows - 1) * pixel, longest(mode.inputs[i].cols) * pixel});
  }
  return cost;
}

Strips StripEnds::find(int count) {
  const ir::ValueId cut = region_.cut();
  if (count > cols_ || cols_ > kMostColumns) return {cut, by_width(cols_, count), kept_, false};
  Strips together{cut, find(count, false), kept_, false};
  Strips apart{cut, find(count, true), kept_, true};
  return bytes(apart) < bytes(together) ? apart : together;
}

std::int64_t StripEnds::macs(const Strips &strips) {
  std::int64_t sum = 0;
  int begin = 0;
  for (const int end : strips.ends) {
    sum += need({begin, end}).macs;
    begin = end;
  }
  return sum;
}

// Copied into the cut, the strips are there twice.
std::int64_t StripEnds::bytes(const Strips &strips) {
  std::int64_t most = strips.apart ? 2 * cols_ * column_bytes_ : 0;
  int begin = 0;
  for (const int end : strips.ends) {
    most = std::max(most, bytes({begin, end}, strips.apart));
    begin = end;
  }
  return most;
}

std::int64_t StripEnds::bytes(Range cols, bool apart) {
  const Need &found = need(cols);
  if (!apart) return std::max(found.beside, found.with_part) + cols_ * column_bytes_;
  return std::max(found.beside + cols.lo * column_bytes_,
                  found.with_part + cols.hi * column_bytes_);
}

const StripEnds::Need &StripEnds::need(Range cols) {
  std::optional<Need> &known = needs_[cols.lo][cols.hi];
  if (!known) known = work_out(cols);
  return *known;
}

StripEnds::Need StripEnds::work_out(Range cols) const {
  const ir::Graph &graph = region_.graph();
  const StripColumns columns = region_.columns(cols);
  const auto column_bytes = [&](ir::ValueId value) {
    return graph.value(value).type.bytes() / graph.value(value).type.shape.cols;
  };
  // Kept values: those made later as far as they are copied, the others whole.
  std::int64_t beside = 0;
  for (const ir::ValueId value : kept_)
    beside += (columns.made[value].lo - columns.read[value].lo) * column_bytes(value);
  Need need;
  std::int64_t held = 0;
  for (std::size_t at = 0; at < region_.nodes().size(); ++at) {
    const ir::Node &node = graph.node(region_.nodes()[at]);
    const ir::ValueId output = node.outputs[0];
    const Range made = columns.made[output];
    need.macs += costs_[at].macs * (made.hi - made.lo);
    for (std::size_t input = 0; input < node.inputs.size() && made.lo < made.hi; ++input) {
      const Range read = region_.reach(at, input, made);
      const auto &[column, window] = costs_[at].inputs[input];
      held += (read.hi - read.lo) * column + window;
    }
    if (!region_.keeps(output)) continue;
    beside += (made.hi - made.lo) * column_bytes(output);
    need.beside = std::max(need.beside, beside + held);
    held = 0;
  }
  need.with_part = beside + held;
  return need;
}

std::vector<int> StripEnds::find(int count, bool apart) {
  // least[k][end]: of k strips up to there, what the one that needs most does.
  std::vector least(count + 1, std::vector<std::int64_t>(cols_ + 1, kUnknown));
  least[0][0] = 0;
  for (int k = 1; k <= count; ++k)
    for (int end = k; end <= cols_; ++end)
      for (int begin = k - 1; begin < end; ++begin)
        if (least[k - 1][begin] != kUnknown)
          least[k][end] =
              std::min(least[k][end], std::max(least[k - 1][begin], bytes({begin, end}, apart)));
  return least_work(count, apart, least[count][cols_]);
}

// Of strips of which none needs more than `most`.
std::vector<int> StripEnds::least_work(int count, bool apart, std::int64_t most) {
  std::vector least(count + 1, std::vector<std::int64_t>(cols_ + 1, kUnknown));
  std::vector from(count + 1, std::vector<int>(cols_ + 1, 0));
  least[0][0] = 0;
  for (int k = 1; k <= count; ++k)
    for (int end = k; end <= cols_; ++end)
      for (int begin = k - 1; begin < end; ++begin) {
        if (least[k - 1][begin] == kUnknown || bytes({begin, end}, apart) > most) continue;
        const std::int64_t macs = least[k - 1][begin] + need({begin, end}).macs;
        if (macs >= least[k][end]) continue;
        least[k][end] = macs;
        from[k][end] = begin;
      }
  std::vector<int> ends(count);
  for (int k = count, end = cols_; k > 0; end = from[k][end], --k) ends[k - 1] = end;
  return ends;
}

}  // namespace thimble::plan

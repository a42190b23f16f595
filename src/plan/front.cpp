// The estimate of a cut: all of it, and of what comes before, by strips, the rows that windows
// hold. It ranks; it need not be right. See front.h.
#include "plan/front.h"

#include <algorithm>

#include "plan/strips.h"

namespace thimble::plan {
namespace {

constexpr double kMostWork = 2.0;  // times that of the network
constexpr int kMostStrips = 8;
constexpr std::size_t kMostPlans = 8;  // with strips

struct Candidate {
  FrontPoint point;
  std::int64_t estimate = 0;
};

// Rows of its inputs that a node's windows overlap in, in bytes.
std::int64_t held_bytes(const ir::Graph &graph, const ir::Node &node) {
  const ops::Operator &op = ops::operator_of(node);
  if (op.modes == nullptr || (op.view && op.view(graph, node))) return 0;
  const ops::Mode mode = op.modes(graph, node)[0];
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (graph.is_input(node.inputs[i])) continue;
    int rows = 0;
    for (const ops::Range &window : mode.inputs[i].rows)
      rows = std::max(rows, window.hi - window.lo);
    if (rows > 1) bytes += (rows - 1) * graph.value(node.inputs[i]).type.row_bytes();
  }
  return bytes;
}

// The most that is held at a time: strips come one after the other.
std::int64_t estimate(const ir::Graph &strips, const ir::Graph &graph, ir::ValueId cut) {
  std::int64_t most = 0, held = 0;
  for (const ir::Node &node : strips.nodes()) {
    held += held_bytes(strips, node);
    const bool ends_strip =
        strips.value(node.outputs[0]).name.rfind(graph.value(cut).name + "_strip", 0) == 0;
    if (!ends_strip) continue;
    most = std::max(most, held);
    held = 0;
  }
  return graph.value(cut).type.bytes() + most;
}

// Of those that are estimated best for their work, the first ones.
std::vector<Candidate> candidates(const ir::Graph &graph) {
  const auto most_work =
      static_cast<std::int64_t>(kMostWork * static_cast<double>(ops::macs(graph)));
  std::vector<Candidate> all;
  for (const ir::ValueId cut : strip_cuts(graph)) {
    const int most = std::min(kMostStrips, graph.value(cut).type.shape.cols);
    for (int count = 2; count <= most; ++count) {
      const auto strips = in_strips(graph, cut, even_strips(graph, cut, count));
      if (!strips) break;
      Candidate candidate;
      candidate.point.lines = Lines::kChosen;
      candidate.point.cut = cut;
      candidate.point.strips = count;
      candidate.point.macs = ops::macs(*strips);
      candidate.estimate = estimate(*strips, graph, cut);
      if (candidate.point.macs > most_work) break;
      all.push_back(candidate);
    }
  }
  std::stable_sort(all.begin(), all.end(), [](const Candidate &a, const Candidate &b) {
    return a.point.macs < b.point.macs;
  });
  std::vector<Candidate> best;
  for (const Candidate &candidate : all)
    if (best.empty() || candidate.estimate < best.back().estimate) best.push_back(candidate);
  return best;
}

// As many as there is time for, those far apart.
std::vector<Candidate> thinned(std::vector<Candidate> all) {
  while (all.size() > kMostPlans) {
    std::size_t closest = 1;
    const auto gap = [&](std::size_t i) { return all[i - 1].estimate - all[i].estimate; };
    for (std::size_t i = 2; i < all.size(); ++i)
      if (gap(i) < gap(closest)) closest = i;
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(closest));
  }
  return all;
}

std::vector<FrontPoint> without_dominated(std::vector<FrontPoint> points) {
  std::stable_sort(points.begin(), points.end(), [](const FrontPoint &a, const FrontPoint &b) {
    return a.macs != b.macs ? a.macs < b.macs : a.arena_bytes < b.arena_bytes;
  });
  std::vector<FrontPoint> front;
  for (const FrontPoint &point : points)
    if (front.empty() || point.arena_bytes < front.back().arena_bytes) front.push_back(point);
  return front;
}

}  // namespace

Result<std::vector<FrontPoint>> find_front(const ir::Graph &graph, const Options &options,
                                           const FrontProgress &progress) {
  std::vector<Candidate> wanted(2);
  wanted[0].point.lines = Lines::kNever;
  wanted[1].point.lines = Lines::kChosen;
  for (Candidate &candidate : wanted) candidate.point.macs = ops::macs(graph);
  if (!options.stream_in) {
    const std::vector<Candidate> strips = thinned(candidates(graph));
    wanted.insert(wanted.end(), strips.begin(), strips.end());
  }
  std::vector<FrontPoint> points;
  for (const auto &[point, estimated] : wanted) {
    Options planning = options;
    planning.lines = point.lines;
    const ir::Graph planned =
        point.cut < 0 ? graph
                      : *in_strips(graph, point.cut, even_strips(graph, point.cut, point.strips));
    TRY(const Plan plan, make_plan(planned, planning));
    points.push_back(point);
    points.back().arena_bytes = plan.arena_bytes;
    points.back().placement_proven = plan.placement_proven;
    progress(static_cast<int>(points.size()), static_cast<int>(wanted.size()));
  }
  return without_dominated(std::move(points));
}

}  // namespace thimble::plan

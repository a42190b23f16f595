// Candidates are all cuts in all numbers of strips, with no value kept, or one: those that are
// estimated best for their work, by what strips need (strip_ends.h), and what comes behind
// (behind_cut.h). See front.h.
#include "plan/front.h"

#include <algorithm>
#include <utility>

#include "plan/behind_cut.h"
#include "plan/describe_plan.h"
#include "plan/strip_ends.h"
#include "plan/strips.h"

namespace thimble::plan {
namespace {

constexpr double kMostWork = 2.0;  // times that of the network
constexpr int kMostStrips = 8;
constexpr std::size_t kMostPlans = 8;  // with strips
constexpr double kShare = 0.02;        // of the time limit: for the placements of each, if quick

struct Estimated {
  FrontPoint point;
  std::int64_t estimate = 0;
};

// Up to the cut, in all numbers of strips.
void add_candidates(const ir::Graph &graph, ir::ValueId cut, std::vector<ir::ValueId> kept,
                    std::vector<Estimated> &all) {
  const auto work = static_cast<double>(ops::macs(graph));
  StripEnds ends(graph, cut, std::move(kept));
  const int cols = graph.value(cut).type.shape.cols;
  const std::int64_t whole = ends.macs(ends.find(1)), behind = bytes_behind(graph, cut);
  for (int count = 2; count <= std::min(kMostStrips, cols); ++count) {
    Estimated candidate;
    candidate.point.lines = Lines::kChosen;
    candidate.point.strips = ends.find(count);
    candidate.point.macs = ops::macs(graph) + ends.macs(candidate.point.strips) - whole;
    candidate.estimate = std::max(ends.bytes(candidate.point.strips), behind);
    if (static_cast<double>(candidate.point.macs) > kMostWork * work) break;
    all.push_back(std::move(candidate));
  }
}

// Of those that are estimated best for their work, the first ones.
std::vector<Estimated> candidates(const ir::Graph &graph) {
  std::vector<Estimated> all;
  const std::vector<ir::ValueId> cuts = strip_cuts(graph);
  for (const ir::ValueId cut : cuts) {
    add_candidates(graph, cut, {}, all);
    for (const ir::ValueId kept : cuts)
      if (kept < cut) add_candidates(graph, cut, {kept}, all);
  }
  std::stable_sort(all.begin(), all.end(), [](const Estimated &a, const Estimated &b) {
    return a.point.macs < b.point.macs;
  });
  std::vector<Estimated> best;
  for (const Estimated &candidate : all)
    if (best.empty() || candidate.estimate < best.back().estimate) best.push_back(candidate);
  return best;
}

// As many as there is time for, those far apart.
std::vector<Estimated> thinned(std::vector<Estimated> all) {
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
                                           const FrontProgress &progress, Effort effort) {
  std::vector<Estimated> wanted(2);
  wanted[0].point.lines = Lines::kNever;
  wanted[1].point.lines = Lines::kChosen;
  for (Estimated &candidate : wanted) candidate.point.macs = ops::macs(graph);
  if (!options.stream_in) {
    const std::vector<Estimated> strips = thinned(candidates(graph));
    wanted.insert(wanted.end(), strips.begin(), strips.end());
  }
  std::vector<FrontPoint> points;
  for (const auto &[point, estimated] : wanted) {
    Options planning = options;
    planning.lines = point.lines;
    const auto planned = point.strips.cut < 0 ? graph : in_strips(graph, point.strips);
    if (!planned) continue;  // windows in the padding alone
    const bool is_quick = point.strips.cut >= 0 && effort == Effort::kQuick;
    if (is_quick) planning.time_limit_seconds *= kShare;
    TRY(const Plan plan, make_plan(*planned, behaviours_of(*planned), planning,
                                   is_quick ? Effort::kQuick : Effort::kFull));
    points.push_back(point);
    points.back().macs = ops::macs(*planned);
    points.back().arena_bytes = plan.arena_bytes;
    points.back().placement_proven = plan.placement_proven;
    progress(static_cast<int>(points.size()), static_cast<int>(wanted.size()));
  }
  return without_dominated(std::move(points));
}

}  // namespace thimble::plan

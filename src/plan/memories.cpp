// Choose, place both memories, check them as one: see memories.h.
#include "plan/memories.h"

#include <algorithm>
#include <ctime>

#include "plan/check_plan.h"
#include "plan/describe_plan.h"
#include "plan/fast_memory.h"
#include "plan/live.h"
#include "plan/search_orders.h"
#include "support/check.h"

namespace thimble::plan {
namespace {

// Whether two objects never share a byte: by object, those.
std::vector<std::vector<bool>> kept_apart(const PlaceProblem &problem) {
  const std::size_t count = problem.objects.size();
  std::vector<std::vector<bool>> apart(count, std::vector<bool>(count, false));
  for (const PlaceProblem::Pair &pair : problem.pairs) {
    const std::int64_t above = problem.objects[pair.b].size, below = problem.objects[pair.a].size;
    const bool is_whole = pair.forbidden.size() == 1 && pair.forbidden[0].lo <= 1 - below &&
                          pair.forbidden[0].hi >= above;
    apart[pair.a][pair.b] = apart[pair.b][pair.a] = is_whole;
  }
  return apart;
}

FastProblem fast_problem(const Network &network, const Candidate &candidate,
                         const std::vector<Traffic> &traffic, std::int64_t capacity) {
  FastProblem problem;
  problem.place = candidate.problem;
  problem.capacity = capacity;
  for (const Traffic &of_one : traffic) problem.worth.push_back(of_one.total());
  const std::vector<std::vector<bool>> apart = kept_apart(candidate.problem);
  walk_live(network, candidate.trace, candidate.objects, [&](const LiveBytes &live) {
    std::vector<FastProblem::Share> &moment = problem.moments.emplace_back();
    for (const LiveBytes::Part &part : live.parts) {
      // Rows that died leave bytes to those alone that may share them.
      const bool is_alone =
          std::all_of(live.parts.begin(), live.parts.end(), [&](const LiveBytes::Part &other) {
            return other.object == part.object || apart[part.object][other.object];
          });
      const std::int64_t size = candidate.problem.objects[part.object].size;
      moment.push_back({part.object, is_alone ? size : part.bytes});
    }
  });
  return problem;
}

// One arena of both: the slow memory begins at `base`.
PlaceSolution joined(const FastChoice &choice, const PlaceSolution &slow, std::int64_t base) {
  PlaceSolution both;
  both.offsets = choice.offsets;
  both.bytes = base + slow.bytes;
  std::size_t at = 0;
  for (std::size_t i = 0; i < both.offsets.size(); ++i)
    if (!choice.is_fast[i]) both.offsets[i] = base + slow.offsets[at++];
  return both;
}

std::int64_t aligned_end(const PlaceProblem &problem, std::int64_t bytes) {
  std::int64_t alignment = 1;
  for (const PlaceProblem::Object &object : problem.objects)
    alignment = std::max(alignment, object.alignment);
  return (bytes + alignment - 1) / alignment * alignment;
}

Traffic sum_of(const TwoMemories &memories, bool slow_only) {
  Traffic sum;
  for (const TwoMemories::Object &object : memories.objects) {
    if (slow_only && object.is_fast) continue;
    sum.read += object.traffic.read;
    sum.written += object.traffic.written;
  }
  return sum;
}

TwoMemories described(const Plan &plan, const FastChoice &choice,
                      const std::vector<Traffic> &traffic, std::int64_t base) {
  TwoMemories memories;
  for (std::size_t i = 0; i < traffic.size(); ++i) {
    const Buffer &buffer = plan.buffers[i];
    const bool is_fast = choice.is_fast[i];
    memories.objects.push_back(
        {buffer.name, is_fast, buffer.offset - (is_fast ? 0 : base), buffer.bytes, traffic[i]});
  }
  memories.fast_bytes = choice.bytes;
  memories.slow_bytes = plan.arena_bytes - base;
  memories.traffic = sum_of(memories, false);
  memories.slow_traffic = sum_of(memories, true);
  memories.least_slow_traffic = memories.traffic.total() - choice.most_worth;
  memories.layer_by_layer = plan.options.layer_by_layer;
  return memories;
}

// The schedule that was found, its objects shared out.
TwoMemories share_out(const ir::Graph &graph, const Behaviours &behaviours, Searched searched,
                      const Options &options, std::int64_t capacity) {
  Candidate &candidate = searched.found.best;
  const std::vector<Traffic> traffic = find_traffic(searched.network, candidate);
  const FastChoice choice = choose_fast(
      fast_problem(searched.network, candidate, traffic, capacity), options.time_limit_seconds / 2);
  std::vector<bool> is_slow = choice.is_fast;
  is_slow.flip();
  const PlaceProblem slow_problem = part_of(candidate.problem, is_slow);
  PlaceSolution slow;
  if (!slow_problem.objects.empty()) slow = place(slow_problem, options.time_limit_seconds / 2);
  const std::int64_t base = aligned_end(candidate.problem, choice.bytes);
  candidate.solution = joined(choice, slow, base);
  const Plan plan = describe_plan(graph, searched.network, candidate, options);
  const Diagnostics findings = check_plan(graph, behaviours, plan.program);
  CHECK(findings.empty(), "check_plan: " + to_string(findings.front()));
  return described(plan, choice, traffic, base);
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

Result<TwoMemories> plan_memories(const ir::Graph &graph, const Behaviours &behaviours,
                                  const Options &options, std::int64_t fast_capacity) {
  const double start = cpu_seconds();
  TRY(Searched rows, search_orders(graph, behaviours, options));
  TwoMemories best = share_out(graph, behaviours, std::move(rows), options, fast_capacity);
  if (best.slow_traffic.total() > 0 && !options.layer_by_layer) {
    Options plain = options;
    plain.layer_by_layer = true;
    TRY(Searched layers, search_orders(graph, behaviours, plain));
    TwoMemories other = share_out(graph, behaviours, std::move(layers), plain, fast_capacity);
    if (other.slow_traffic.total() < best.slow_traffic.total()) best = std::move(other);
  }
  best.seconds = cpu_seconds() - start;
  return best;
}

}  // namespace thimble::plan

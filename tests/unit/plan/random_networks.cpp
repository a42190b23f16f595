// Random networks under every option: each plan passes check_plan (make_plan insists on it), is
// placed validly, and breaks when one of its rings is a row shorter or one of its addresses is off.
#include <algorithm>

#include "networks.h"
#include "plan/candidate.h"
#include "plan/live.h"
#include "plan/lower.h"
#include "plan/search.h"
#include "plan/segments.h"

namespace thimble::plan {
namespace {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  int draw(int low, int high) {  // both included
    state_ = state_ * 1664525u + 1013904223u;
    return low + static_cast<int>((state_ >> 8) % static_cast<std::uint32_t>(high - low + 1));
  }

 private:
  std::uint32_t state_;
};

ir::ValueId random_layer(NetworkBuilder &net, Dice &dice, ir::ValueId from) {
  const ir::Shape shape = net.shape(from);
  const int least = std::min(shape.rows, shape.cols);
  const int kernel = dice.draw(1, std::min(5, least)), pad = dice.draw(0, kernel / 2);
  switch (dice.draw(0, 7)) {
    case 0:
    case 1:
      return net.conv(from, dice.draw(1, 4), kernel, dice.draw(1, 2), pad);
    case 2:
      if (least > 12) return net.relu(from);
      return net.conv_transpose(from, dice.draw(1, 3), std::max(2, kernel), 2, 0, dice.draw(0, 1));
    case 3:
      if (least > 2 && dice.draw(0, 1)) return net.pool(from, 3, 2, 1);
      return least < 2 ? from : net.pool(from, 2, 2);
    case 4:
      return least > 8 ? net.sigmoid(from) : net.resize(from, 2);
    case 5: {  // a skip over one or two layers of odd kernels
      ir::ValueId branch = net.conv(from, shape.channels, 3, 1, 1);
      if (dice.draw(0, 1)) branch = net.conv(net.relu(branch), shape.channels, 5, 1, 2);
      return net.sum(from, branch);
    }
    case 6: {  // two branches of unequal length, side by side
      const ir::ValueId a = net.conv(from, dice.draw(1, 3), 1, 1, 0);
      const ir::ValueId b = net.conv(net.conv(from, 2, 3, 1, 1), dice.draw(1, 3), 3, 1, 1);
      return net.concat({a, b}, dice.draw(0, 1) && net.shape(a) == net.shape(b) ? 0 : 2);
    }
    default:
      return net.relu(from);
  }
}

ir::Graph random_network(std::uint32_t seed) {
  Dice dice(seed);
  NetworkBuilder net;
  ir::ValueId value = net.input(dice.draw(4, 13), dice.draw(3, 11), dice.draw(1, 3));
  for (int layers = dice.draw(1, 6); layers > 0; --layers) value = random_layer(net, dice, value);
  if (dice.draw(0, 2) == 0) {
    const ir::ValueId head = net.linear(value, 1, 1, dice.draw(2, 9));
    net.output(dice.draw(0, 1) ? net.softmax(head) : head);
  }
  if (net.graph().outputs().empty() || dice.draw(0, 2) == 0) net.output(net.relu(value));
  return net.graph();
}

std::vector<Options> all_options() {
  std::vector<Options> options(12);
  options[1].stream_in = true;
  options[2].stream_out = true;
  options[3].stream_in = options[3].stream_out = true;
  options[4].keep_input = true;
  options[5].layer_by_layer = true;
  options[6].keep_all = true;
  for (int i = 7; i < 12; ++i) options[i].borrow_input = true;
  options[8].stream_out = true;
  options[9].lines = Lines::kChosen;
  options[10].layer_by_layer = true;
  options[11].keep_all = true;
  for (Options &each : options) each.time_limit_seconds = 1;
  return options;
}

// No buffer is the input's, and every call that reads it does so where the caller has it.
void expect_input_is_lent(const ir::Graph &graph, const Plan &plan) {
  const ir::ValueId input = graph.inputs()[0].value;
  EXPECT_EQ(plan.residencies[input].kind, ResidencyKind::kBorrowed);
  EXPECT_EQ(plan.program.input_offsets, std::vector<std::int64_t>{-1});
  for (const Buffer &buffer : plan.buffers) EXPECT_NE(buffer.value, input);
  for (const Call &call : plan.program.calls)
    for (std::size_t i = 0; i < call.inputs.size(); ++i)
      EXPECT_EQ(call.inputs[i].port, call.input_values[i] == input ? 0 : -1);
}

TEST(RandomNetworks, EveryPlanIsSound) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    const ir::Graph graph = random_network(seed);
    std::int64_t layer_by_layer = 0, least = 0;
    for (const Options &options : all_options()) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      const Result<Plan> plan = make_plan(graph, options);
      ASSERT_TRUE(plan.ok()) << messages(plan.diagnostics());
      EXPECT_LE(plan->lower_bound, plan->arena_bytes);
      EXPECT_LE(plan->peak.live_bytes, plan->arena_bytes) << describe(*plan);
      if (options.borrow_input) expect_input_is_lent(graph, *plan);
      if (options.layer_by_layer && !options.borrow_input) layer_by_layer = plan->arena_bytes;
      if (least == 0) least = plan->arena_bytes;  // the first: no option
    }
    EXPECT_LE(least, layer_by_layer) << seed;
  }
}

// One stage, or one pair of neighbours, a region; each that can be in a direction by chance.
std::vector<Region> turned_by_chance(const Network &network, Dice &dice) {
  std::vector<Region> regions;
  const int count = static_cast<int>(network.stages.size());
  for (int i = 0; i < count;) {
    const Stage &stage = network.stages[i];
    const bool is_pair = stage.fused_with == i + 1 && dice.draw(0, 1) == 0;
    const int pair = static_cast<int>(stage.alone.size());
    regions.push_back(is_pair ? region_of(network, {i, i + 2}, {pair, kInPair})
                              : region_of(network, {i, i + 1}, {0}));
    regions.back().mirrored = can_be_mirrored(regions.back()) && dice.draw(0, 1) == 0;
    i += is_pair ? 2 : 1;
  }
  return regions;
}

// What the totals say at once is what a walk through the events finds.
void expect_peak_is_walked(const Network &network, const Candidate &candidate) {
  std::int64_t most = 0;
  walk_live(network, candidate.trace, candidate.objects,
            [&](const LiveBytes &live) { most = std::max(most, live.total); });
  EXPECT_EQ(peak_bytes(network, candidate.trace, candidate.objects), most);
  EXPECT_EQ(find_peak(network, candidate.trace, candidate.objects).total, most);
}

TEST(RandomNetworks, ThePeakIsTheWalked) {
  for (std::uint32_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const ir::Graph graph = random_network(seed);
    for (const Options &options : all_options()) {
      const Network network = *make_network(graph, behaviours_of(graph), options);
      expect_peak_is_walked(network, search(network, options).best);
    }
  }
}

TEST(RandomNetworks, AnyRegionOfOneTaskMayRunMirrored) {
  int mirrored = 0;
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    const ir::Graph graph = random_network(seed);
    const Network network = *make_network(graph, behaviours_of(graph), {});
    Dice dice(seed);
    Candidate candidate =
        work_out(network, turned_by_chance(network, dice), network_boundary(network));
    for (const Region &region : candidate.regions) mirrored += region.mirrored ? 1 : 0;
    expect_peak_is_walked(network, candidate);
    candidate.solution = place(candidate.problem, 0.2);
    EXPECT_EQ(messages(check_plan(graph, lower(graph, network, candidate))), "") << seed;
  }
  EXPECT_GT(mirrored, 60);
}

// Calls `change` on every address of the buffer in the program.
template <class Change>
Program with_changed_buffer(const Plan &plan, int buffer, Change change) {
  Program program = plan.program;
  for (Call &call : program.calls) {
    for (std::size_t i = 0; i < call.inputs.size(); ++i)
      if (plan.residencies[call.input_values[i]].buffer == buffer) change(call.inputs[i]);
    if (call.output_value >= 0 && plan.residencies[call.output_value].buffer == buffer)
      change(call.output);
  }
  return program;
}

void expect_rings_are_shortest(const ir::Graph &graph, const Plan &plan) {
  for (int value = 0; value < static_cast<int>(plan.residencies.size()); ++value) {
    const Residency &residency = plan.residencies[value];
    const int rows = graph.value(value).type.shape.rows;
    if (residency.buffer < 0 || residency.rows < 2 || residency.rows >= rows ||
        residency.kind == ResidencyKind::kTile || residency.kind == ResidencyKind::kView)
      continue;
    const Program shorter =
        with_changed_buffer(plan, residency.buffer, [](Address &address) { --address.row_slots; });
    EXPECT_FALSE(check_plan(graph, shorter).empty()) << graph.value(value).name;
  }
}

TEST(RandomNetworks, NoRingCanBeARowShorter) {
  Options options;
  options.stream_in = options.stream_out = true;
  for (const ir::Graph &graph : {lenet5(), die_929(), die_3889()})
    expect_rings_are_shortest(graph, *make_plan(graph, options));
  for (std::uint32_t seed = 100; seed < 130; ++seed) {
    const ir::Graph graph = random_network(seed);
    expect_rings_are_shortest(graph, *make_plan(graph, options));
  }
}

TEST(RandomNetworks, NoAddressCanBeOff) {
  for (std::uint32_t seed = 200; seed < 215; ++seed) {
    const ir::Graph graph = random_network(seed);
    const Plan plan = *make_plan(graph, {});
    for (std::size_t call = 0; call < plan.program.calls.size(); ++call) {
      const Phase phase = plan.program.calls[call].phase;
      if (phase == Phase::kBegin || phase == Phase::kEnd) continue;  // these read accumulators
      for (std::size_t input = 0; input < plan.program.calls[call].inputs.size(); ++input) {
        Program program = plan.program;
        program.calls[call].inputs[input].offset += 1;
        EXPECT_FALSE(check_plan(graph, program).empty()) << seed << " call " << call;
      }
    }
  }
}

}  // namespace
}  // namespace thimble::plan

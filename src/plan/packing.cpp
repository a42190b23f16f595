// The simple ways, and the planner's: see packing.h. A plan's rules are taken off by giving the
// planner less: other options, or behaviours in which views are copies.
#include "plan/packing.h"

#include <algorithm>

#include "plan/order.h"
#include "plan/place.h"
#include "plan/plan.h"

namespace thimble::plan {
namespace {

struct Life {  // steps, both included
  std::int64_t bytes = 0;
  int first = 0, last = 0;
  bool meets(const Life &other) const { return first <= other.last && other.first <= last; }
};

OrderProblem order_problem(const Outline &outline) {
  OrderProblem problem;
  for (const Outline::Tensor &tensor : outline.tensors)
    problem.tensors.push_back({tensor.elements(), false});
  for (int output : outline.outputs) problem.tensors[output].kept = true;
  for (const Outline::Op &op : outline.ops) problem.nodes.push_back({op.in, op.out, {}});
  return problem;
}

// Of the tensors that are made or read, by when they are made.
std::vector<Life> lives(const OrderProblem &problem, const std::vector<int> &order) {
  constexpr int kNever = -1;
  std::vector<Life> all(problem.tensors.size());
  for (std::size_t t = 0; t < all.size(); ++t)
    all[t] = {problem.tensors[t].bytes, 0, problem.tensors[t].kept ? 1 << 30 : kNever};
  for (int step = 0; step < static_cast<int>(order.size()); ++step) {
    const OrderProblem::Node &node = problem.nodes[order[step]];
    for (int t : node.writes) all[t].first = step;
    for (const auto *tensors : {&node.reads, &node.writes})
      for (int t : *tensors) all[t].last = std::max(all[t].last, step);
  }
  std::erase_if(all, [](const Life &life) { return life.last == kNever; });
  std::stable_sort(all.begin(), all.end(),
                   [](const Life &a, const Life &b) { return a.first < b.first; });
  return all;
}

std::vector<Life> largest_first(std::vector<Life> lives) {
  std::stable_sort(lives.begin(), lives.end(),
                   [](const Life &a, const Life &b) { return a.bytes > b.bytes; });
  return lives;
}

std::int64_t sum_of(const std::vector<Life> &lives) {
  std::int64_t sum = 0;
  for (const Life &life : lives) sum += life.bytes;
  return sum;
}

std::int64_t first_fit_pool(const std::vector<Life> &lives) {
  std::vector<Life> buffers;  // alive as long as the tensor in it is
  for (const Life &life : lives) {
    const auto free = std::find_if(buffers.begin(), buffers.end(), [&](const Life &buffer) {
      return buffer.last < life.first && buffer.bytes >= life.bytes;
    });
    if (free == buffers.end()) {
      buffers.push_back(life);
    } else {
      free->last = life.last;
    }
  }
  return sum_of(buffers);
}

std::int64_t shared_by_size(const std::vector<Life> &lives) {
  std::vector<std::vector<Life>> buffers;  // the first tensor of each is its largest
  for (const Life &life : largest_first(lives)) {
    const auto free = std::find_if(buffers.begin(), buffers.end(), [&](const auto &buffer) {
      return std::none_of(buffer.begin(), buffer.end(),
                          [&](const Life &other) { return other.meets(life); });
    });
    (free == buffers.end() ? buffers.emplace_back() : *free).push_back(life);
  }
  std::int64_t bytes = 0;
  for (const auto &buffer : buffers) bytes += buffer[0].bytes;
  return bytes;
}

std::int64_t greedy_offsets(const std::vector<Life> &lives) {
  struct Placed {
    Life life;
    std::int64_t offset;
  };
  std::vector<Placed> placed;  // by offset
  std::int64_t bytes = 0;
  for (const Life &life : largest_first(lives)) {
    std::int64_t offset = 0;
    for (const Placed &other : placed) {
      if (!other.life.meets(life)) continue;
      if (other.offset >= offset + life.bytes) break;
      offset = std::max(offset, other.offset + other.life.bytes);
    }
    const auto above = std::find_if(placed.begin(), placed.end(),
                                    [&](const Placed &other) { return other.offset > offset; });
    placed.insert(above, {life, offset});
    bytes = std::max(bytes, offset + life.bytes);
  }
  return bytes;
}

Packed exact_offsets(const std::vector<Life> &lives, double seconds) {
  PlaceProblem problem;
  for (const Life &life : lives) {
    problem.objects.push_back({life.bytes, 1, std::nullopt});
    std::int64_t alive = 0;  // when it is made: `lives` is sorted by that
    for (const Life &other : lives)
      if (other.first <= life.first && life.first <= other.last) alive += other.bytes;
    problem.lower_bound = std::max(problem.lower_bound, alive);
  }
  for (int a = 0; a < static_cast<int>(lives.size()); ++a)
    for (int b = a + 1; b < static_cast<int>(lives.size()); ++b)
      if (lives[a].meets(lives[b]))
        problem.pairs.push_back({a, b, {{1 - lives[a].bytes, lives[b].bytes}}});
  const PlaceSolution solution = place(problem, seconds);
  return {solution.bytes, solution.lower_bound, solution.proven};
}

Packed in_given_order(const OrderProblem &problem, double seconds) {
  return exact_offsets(lives(problem, given_order(problem).nodes), seconds);
}

// `given`: what the given order needs, where no other needs less.
Packed in_order(const OrderProblem &problem, const Order &order, const Packed &given,
                double seconds) {
  if (order.nodes == given_order(problem).nodes) return given;
  const Packed other = exact_offsets(lives(problem, order.nodes), seconds);
  return other.bytes < given.bytes ? other : given;
}

Result<Packed> planned(const ir::Graph &graph, const Behaviours &behaviours, Options options,
                       double seconds) {
  options.time_limit_seconds = seconds;
  TRY(const Plan plan, make_plan(graph, behaviours, options));
  return Packed{plan.arena_bytes, plan.lower_bound, plan.placement_proven};
}

// --- the rules of a plan ---

// A node's accumulators and workspace are a tensor that it writes and nobody reads.
OrderProblem order_problem(const ir::Graph &graph, const Behaviours &behaviours,
                           const Options &options) {
  OrderProblem problem;
  for (const ir::Value &value : graph.values())
    problem.tensors.push_back({value.type.bytes(), false});
  for (const ir::Port &output : graph.outputs()) problem.tensors[output.value].kept = true;
  for (const ir::Port &input : graph.inputs())
    problem.tensors[input.value].kept |= options.keep_input;
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    OrderProblem::Node node{graph.nodes()[i].inputs, graph.nodes()[i].outputs, {}};
    if (!behaviours[i].modes.empty()) {
      const ops::Mode &mode = behaviours[i].modes[0];  // in which a layer by itself is run
      node.writes.push_back(static_cast<int>(problem.tensors.size()));
      problem.tensors.push_back({mode.state_bytes + mode.workspace_bytes, false});
    }
    problem.nodes.push_back(std::move(node));
  }
  return problem;
}

// Rows of `from` that hold the bytes of row `row` of `to`.
ops::Range rows_under(const ir::Type &from, const ir::Type &to, int row) {
  const std::int64_t lo = row * to.row_bytes(), hi = lo + to.row_bytes();
  return {static_cast<int>(lo / from.row_bytes()),
          static_cast<int>((hi + from.row_bytes() - 1) / from.row_bytes())};
}

ops::Range clipped(int row, int rows) {
  return {std::clamp(row, 0, rows), std::clamp(row + 1, 0, rows)};
}

// The view made row by row, without a promise of the order within a row.
ops::Mode copy_mode(const ir::Graph &graph, const ir::Node &node, const ops::View &view) {
  ops::Mode mode;
  mode.name = "copy";
  const ir::Type &to = graph.value(node.outputs[0]).type;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const ir::Type &from = graph.value(node.inputs[i]).type;
    ops::Access access;
    for (int row = 0; row < to.shape.rows; ++row)
      access.rows.push_back(view.kind == ops::View::Kind::kReshape ? rows_under(from, to, row)
                            : view.kind == ops::View::Kind::kConcatRows
                                ? clipped(row - view.offsets[i], from.shape.rows)
                                : clipped(row, from.shape.rows));
    mode.inputs.push_back(std::move(access));
  }
  return mode;
}

Behaviours with_copies(const ir::Graph &graph, Behaviours behaviours) {
  for (std::size_t i = 0; i < behaviours.size(); ++i) {
    Behaviour &behaviour = behaviours[i];
    if (!behaviour.view) continue;
    if (behaviour.modes.empty())
      behaviour.modes.push_back(copy_mode(graph, graph.nodes()[i], *behaviour.view));
    behaviour.view.reset();
  }
  return behaviours;
}

bool has_views(const Behaviours &behaviours) {
  return std::any_of(behaviours.begin(), behaviours.end(),
                     [](const Behaviour &behaviour) { return behaviour.view.has_value(); });
}

// `options` without what the rules behind `rule` bring.
Options up_to(Rule rule, Options options) {
  if (rule < Rule::kPorts) options.stream_in = options.stream_out = options.borrow_input = false;
  if (rule < Rule::kLines) options.lines = Lines::kNever;
  options.layer_by_layer |= rule < Rule::kRows;
  return options;
}

// Of the rules that need the planner.
std::vector<Rule> planned_rules(const Behaviours &behaviours, const Options &options) {
  std::vector<Rule> rules = {Rule::kInPlace};
  if (has_views(behaviours)) rules.push_back(Rule::kViews);
  if (!options.layer_by_layer) rules.push_back(Rule::kRows);
  if (!options.layer_by_layer && options.lines != Lines::kNever) rules.push_back(Rule::kLines);
  if (options.stream_in || options.stream_out || options.borrow_input)
    rules.push_back(Rule::kPorts);
  return rules;
}

}  // namespace

Result<Packing> pack(const Outline &outline, double seconds) {
  TRY(const Outlined graph, outlined(outline));
  const OrderProblem problem = order_problem(outline);
  const Order order = least_peak_order(problem);
  const std::vector<Life> tensors = lives(problem, given_order(problem).nodes);

  Packing packing;
  packing.name = outline.name;
  packing.order_proven = order.proven;
  const auto at = [&](Way way) -> Packed & { return packing.ways[static_cast<std::size_t>(way)]; };
  at(Way::kApart).bytes = sum_of(tensors);
  at(Way::kPool).bytes = first_fit_pool(tensors);
  at(Way::kBySize).bytes = shared_by_size(tensors);
  at(Way::kGreedy).bytes = greedy_offsets(tensors);
  at(Way::kOffsets) = in_given_order(problem, seconds);
  at(Way::kOrder) = in_order(problem, order, at(Way::kOffsets), seconds);
  TRY(at(Way::kMerged), planned(graph.graph, graph.behaviours, {.layer_by_layer = true}, seconds));
  TRY(at(Way::kRows), planned(graph.graph, graph.behaviours, {}, seconds));
  return packing;
}

Result<std::vector<Saving>> savings(const ir::Graph &graph, const Options &options,
                                    const Plan &plan, double seconds) {
  const Behaviours behaviours = behaviours_of(graph);
  const OrderProblem problem = order_problem(graph, behaviours, options);
  const Packed given = in_given_order(problem, seconds);
  const Packed ordered = in_order(problem, least_peak_order(problem), given, seconds);
  std::vector<Saving> all = {{Rule::kApart, sum_of(lives(problem, given_order(problem).nodes))},
                             {Rule::kLives, given.bytes}};
  if (ordered.bytes < given.bytes) all.push_back({Rule::kOrder, ordered.bytes});
  const std::vector<Rule> rules = planned_rules(behaviours, options);
  for (const Rule rule : rules) {
    Packed packed{plan.arena_bytes};
    if (rule == Rule::kInPlace && rules.size() > 1) {
      TRY(packed, planned(graph, with_copies(graph, behaviours), up_to(rule, options), seconds));
    } else if (rule != rules.back()) {
      TRY(packed, planned(graph, behaviours, up_to(rule, options), seconds));
    }
    all.push_back({rule, packed.bytes});
  }
  return all;
}

}  // namespace thimble::plan

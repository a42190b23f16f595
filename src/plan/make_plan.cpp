// make_plan: the network's tasks, the best schedule found, its Program, and the check of it. Fills
// in what reports want to know: residencies, buffers, the peak.
#include <ctime>

#include "plan/check_plan.h"
#include "plan/describe_plan.h"
#include "plan/halved_channels.h"
#include "plan/live.h"
#include "plan/lower.h"
#include "plan/search_orders.h"
#include "support/check.h"

namespace thimble::plan {
namespace {

Buffer describe(const ir::Graph &graph, const Network &network, const Candidate &candidate,
                int index) {
  const Object &object = candidate.objects.list[index];
  Buffer buffer;
  buffer.bytes = object.bytes;
  buffer.offset = candidate.solution.offsets[index];
  buffer.alignment = object.alignment;
  buffer.rows = object.role == Role::kBlock ? std::max(object.slots, 1) : 0;
  buffer.first_step = object.first;
  buffer.last_step = object.last;
  switch (object.role) {
    case Role::kBlock:
      buffer.value = network.storage.blocks[object.block].values[0];
      break;
    case Role::kTile:
      buffer.value = network.storage.tensors[object.task->tile_tensor].value;
      buffer.rows = object.task->tile_rows;
      break;
    case Role::kSaved:
      buffer.kind = BufferKind::kWorkspace;
      buffer.node = object.task->sink;
      buffer.name = graph.node(buffer.node).name + " saved pixels";
      break;
    case Role::kState:
      buffer.kind = BufferKind::kState;
      buffer.node = object.task->sink;
      buffer.name =
          graph.node(buffer.node).name + (object.task->carries ? " state" : " accumulators");
      break;
    case Role::kSinkWorkspace:
    case Role::kProducerWorkspace:
      buffer.kind = BufferKind::kWorkspace;
      buffer.node = object.role == Role::kSinkWorkspace ? object.task->sink : object.task->producer;
      buffer.name = graph.node(buffer.node).name + " workspace";
      break;
  }
  if (buffer.value >= 0) buffer.name = graph.value(buffer.value).name;
  return buffer;
}

ResidencyKind kind_of(const ir::Graph &graph, const Network &network, ir::ValueId value,
                      const Object &object, const Options &options) {
  const auto producer = graph.producer(value);
  const Block &block = network.storage.blocks[object.block];
  if (!producer && options.stream_in) return ResidencyKind::kStreamed;
  if (producer && network.storage.is_view[*producer]) return ResidencyKind::kView;
  if (block.values[0] != value) return ResidencyKind::kView;  // lies in a Concat
  if (graph.is_output(value) && options.stream_out) return ResidencyKind::kStreamed;
  if (object.slots == 0) return ResidencyKind::kTile;
  return object.slots < block.rows ? ResidencyKind::kRing : ResidencyKind::kWhole;
}

// Of a value that is not in the arena: a borrowed input, or a view of one.
void set_borrowed(const ir::Graph &graph, const Network &network, ir::ValueId value,
                  Residency &residency) {
  if (network.storage.blocks[network.storage.layouts[value].block].port < 0) return;
  residency.kind = graph.is_input(value) ? ResidencyKind::kBorrowed : ResidencyKind::kView;
  residency.rows = graph.value(value).type.shape.rows;
}

std::vector<Residency> find_residencies(const ir::Graph &graph, const Network &network,
                                        const Candidate &candidate, const Options &options) {
  std::vector<Residency> residencies(graph.values().size());
  for (int value = 0; value < static_cast<int>(residencies.size()); ++value) {
    Residency &residency = residencies[value];
    residency.network_input = graph.is_input(value);
    residency.network_output = graph.is_output(value);
    residency.buffer = candidate.objects.of_block[network.storage.layouts[value].block];
    if (residency.buffer < 0) {
      set_borrowed(graph, network, value, residency);
      continue;
    }
    const Object &object = candidate.objects.list[residency.buffer];
    residency.kind = kind_of(graph, network, value, object, options);
    residency.rows = std::max(object.slots, 1);
    if (object.slots == 0) residency.cols = 1;
  }
  for (const auto &[task, own] : candidate.objects.of_task)
    if (own.saved >= 0) {
      Residency &residency = residencies[network.storage.tensors[task->output].value];
      residency.kind = ResidencyKind::kLine;
      residency.cols = static_cast<int>(candidate.objects.list[own.saved].bytes /
                                        network.storage.tensors[task->output].pixel_bytes);
    }
  for (const auto &[task, own] : candidate.objects.of_task)
    if (own.tile >= 0)
      residencies[network.storage.tensors[task->tile_tensor].value] = {
          ResidencyKind::kTile, task->tile_rows, task->tile_cols, own.tile, false, false};
  return residencies;
}

void find_modes_and_regions(const ir::Graph &graph, const Candidate &candidate, Plan &plan) {
  plan.modes.assign(graph.nodes().size(), -1);
  plan.region_of.assign(graph.nodes().size(), -1);
  for (int region = 0; region < static_cast<int>(candidate.regions.size()); ++region) {
    for (const Task *task : candidate.regions[region].tasks) {
      if (task->kind != Task::Kind::kNode) continue;
      plan.modes[task->sink] = task->sink_mode;
      plan.region_of[task->sink] = region;
      if (task->producer < 0) continue;
      plan.modes[task->producer] = task->producer_mode;
      plan.region_of[task->producer] = region;
    }
  }
  for (int node = 0; node < static_cast<int>(graph.nodes().size()); ++node) {
    if (plan.region_of[node] >= 0) continue;  // a view: where its first input is made
    const auto producer = graph.producer(graph.node(node).inputs[0]);
    plan.region_of[node] = producer ? plan.region_of[*producer] : 0;
  }
}

Peak describe_peak(const Network &network, const Candidate &candidate) {
  const LiveBytes live = find_peak(network, candidate.trace, candidate.objects);
  Peak peak;
  peak.step = live.event;
  peak.live_bytes = live.total;
  for (const LiveBytes::Part &part : live.parts)
    peak.parts.push_back({part.object, part.bytes, part.first_row, part.last_row});
  return peak;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

Plan describe_plan(const ir::Graph &graph, const Network &network, const Candidate &candidate,
                   const Options &options) {
  Plan plan;
  plan.options = options;
  find_modes_and_regions(graph, candidate, plan);
  plan.residencies = find_residencies(graph, network, candidate, options);
  for (int i = 0; i < static_cast<int>(candidate.objects.list.size()); ++i)
    plan.buffers.push_back(describe(graph, network, candidate, i));
  plan.peak = describe_peak(network, candidate);
  plan.arena_bytes = candidate.solution.bytes;
  plan.lower_bound = candidate.solution.lower_bound;
  plan.placement_proven = candidate.solution.proven;
  plan.program = lower(graph, network, candidate);
  return plan;
}

std::string to_string(ResidencyKind kind) {
  switch (kind) {
    case ResidencyKind::kWhole:
      return "whole";
    case ResidencyKind::kRing:
      return "ring";
    case ResidencyKind::kLine:
      return "line";
    case ResidencyKind::kTile:
      return "tile";
    case ResidencyKind::kStreamed:
      return "streamed";
    case ResidencyKind::kBorrowed:
      return "borrowed";
    case ResidencyKind::kView:
      return "view";
    case ResidencyKind::kConstant:
      return "constant";
  }
  return "";
}

Result<Plan> make_plan(const ir::Graph &graph, const Options &options) {
  return make_plan(graph, behaviours_of(graph), options);
}

Result<Plan> make_plan(const ir::Graph &graph, const Behaviours &behaviours,
                       const Options &options) {
  return make_plan(graph, behaviours, options, Effort::kFull);
}

Result<Plan> make_plan(const ir::Graph &graph, const Behaviours &behaviours, const Options &options,
                       Effort effort) {
  if (options.borrow_input && options.stream_in)
    return usage_error(
        "--borrow-input contradicts --stream-in",
        "a borrowed input stays with the caller and is read in any order; a streamed "
        "one is handed over row by row",
        "leave one of them out");
  const double start = cpu_seconds();
  TRY(const Searched searched, search_orders(graph, behaviours, options, effort));
  const auto &[network, found, order] = searched;
  Plan plan = describe_plan(graph, network, found.best, options);
  plan.peak.halved = halve_channels(graph, behaviours, network, found.best);
  plan.schedule_proven = found.schedule_proven;
  plan.order = order;
  const Diagnostics findings = check_plan(graph, behaviours, plan.program);
  CHECK(findings.empty(), "check_plan: " + to_string(findings.front()));
  plan.seconds = cpu_seconds() - start;
  return plan;
}

}  // namespace thimble::plan

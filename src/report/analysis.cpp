// Collects an Analysis: every number comes from the graph, the plan or the emitted files; the words
// say in terms of rows why bytes are alive.
#include "report/analysis.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/forecast.h"

namespace thimble::report {
namespace {

using plan::ResidencyKind;

// The tables of all phases that count as weights.
std::vector<ops::Table> weight_tables(const ir::Graph &graph, const ops::Numbers &numbers,
                                      const plan::Plan &plan, ir::NodeId id) {
  const ops::Operator &op = ops::operator_of(graph.node(id));
  if (plan.modes[id] < 0 || !op.kernels) return {};
  const ops::Kernels kernels = op.kernels(graph, graph.node(id), numbers, plan.modes[id]);
  std::vector<ops::Table> tables;
  for (const auto &phase : {kernels.row, kernels.begin, kernels.fold, kernels.end}) {
    if (!phase) continue;
    for (const ops::Table &table : phase->tables)
      if (table.is_weight) tables.push_back(table);
  }
  return tables;
}

std::string residency_text(const plan::Residency &residency, const plan::Plan &plan) {
  std::string text;
  switch (residency.kind) {
    case ResidencyKind::kWhole:
      text = "whole";
      break;
    case ResidencyKind::kRing:
      text = fmt::format("ring of {} rows", residency.rows);
      break;
    case ResidencyKind::kLine:
      text = fmt::format("line: {} rows and {} pixels", residency.rows, residency.cols);
      break;
    case ResidencyKind::kTile:
      text = fmt::format("tile of {}x{}", residency.rows, residency.cols);
      break;
    case ResidencyKind::kStreamed:
      text = "streamed";
      break;
    case ResidencyKind::kBorrowed:
      text = "borrowed";
      break;
    case ResidencyKind::kView:
      text = residency.buffer < 0 ? "view" : "in " + plan.buffers[residency.buffer].name;
      break;
    case ResidencyKind::kConstant:
      text = "constant";
      break;
  }
  return text;
}

Layer layer_of(const ir::Graph &graph, const ops::Numbers &numbers, const plan::Plan &plan,
               ir::NodeId id) {
  const ir::Node &node = graph.node(id);
  const ir::ValueId output = node.outputs.at(0);
  Layer layer;
  layer.name = node.name;
  layer.op = node.op;
  layer.shape = graph.value(output).type.shape;
  layer.macs = ops::macs(graph, node);
  for (const ops::Table &table : weight_tables(graph, numbers, plan, id)) {
    layer.weight_bytes += table.bytes();
    if (!table.code.empty()) layer.weight_code = table.code;
  }
  layer.residency = residency_text(plan.residencies[output], plan);
  layer.buffer = plan.residencies[output].buffer;
  return layer;
}

// Who computes with the value: its readers, and those of its views.
std::vector<std::string> readers(const ir::Graph &graph, const plan::Plan &plan,
                                 ir::ValueId value) {
  std::vector<std::string> names;
  for (const ir::NodeId id : graph.consumers(value)) {
    if (plan.modes[id] >= 0) {
      names.push_back(graph.node(id).name);
      continue;
    }
    for (const ir::ValueId output : graph.node(id).outputs) {
      for (std::string &name : readers(graph, plan, output)) names.push_back(std::move(name));
    }
  }
  return names;
}

const plan::Call &sink_call(const plan::Plan &plan, int step) {
  const plan::Program &program = plan.program;
  return program.calls[program.groups[program.steps[step].group].sink];
}

std::string during_text(const ir::Graph &graph, const plan::Plan &plan, int step) {
  const plan::Call &call = sink_call(plan, step);
  const int row = plan.program.steps[step].row;
  const std::string node = call.node < 0 ? "" : "'" + graph.node(call.node).name + "'";
  switch (call.phase) {
    case plan::Phase::kRow:
      return fmt::format("{} makes row {}", node, row);
    case plan::Phase::kBegin:
      return fmt::format("{} clears its sums or state", node);
    case plan::Phase::kFold:
      return fmt::format("{} takes in row {}", node, row);
    case plan::Phase::kEnd:
      return fmt::format("{} finishes row {}", node, row);
    case plan::Phase::kFill:
      return fmt::format("input row {} is handed in", row);
    case plan::Phase::kEmit:
      return fmt::format("output row {} is handed out", row);
  }
  return {};
}

bool is_made_by(const plan::Call &call, ir::ValueId value) {
  return call.output_value == value && call.output_value >= 0;
}

std::string why_alive(const ir::Graph &graph, const plan::Plan &plan, const plan::Buffer &buffer) {
  if (buffer.kind == plan::BufferKind::kState) {
    return fmt::format("'{}' sums in them until its last input row", graph.node(buffer.node).name);
  }
  if (buffer.kind == plan::BufferKind::kWorkspace) {
    return fmt::format("'{}' works in them during this step", graph.node(buffer.node).name);
  }
  std::vector<std::string> names = readers(graph, plan, buffer.value);
  std::string why;
  for (const std::string &name : std::set<std::string>(names.begin(), names.end())) {
    why += (why.empty() ? "'" : ", '") + name + "'";
  }
  if (!why.empty()) why = "to be read by " + why;
  if (is_made_by(sink_call(plan, plan.peak.step), buffer.value)) {
    why = "being made now" + (why.empty() ? "" : ", " + why);
  }
  return why.empty() ? "kept for the caller" : why;
}

// Those that are alive at the peak first.
Estimate estimate_of(const ir::Graph &graph, const Peak &peak, const plan::Peak::Halved &halved) {
  Estimate estimate{{}, halved.live_bytes};
  const auto is_at_peak = [&](const std::string &name) {
    return std::any_of(peak.parts.begin(), peak.parts.end(),
                       [&](const PeakPart &part) { return part.tensor == name; });
  };
  for (const ir::ValueId value : halved.values) estimate.tensors.push_back(graph.value(value).name);
  std::stable_partition(estimate.tensors.begin(), estimate.tensors.end(), is_at_peak);
  return estimate;
}

Peak peak_of(const ir::Graph &graph, const plan::Plan &plan) {
  Peak peak;
  peak.step = plan.peak.step;
  peak.step_count = static_cast<int>(plan.program.steps.size());
  peak.live_bytes = plan.peak.live_bytes;
  if (peak.step < peak.step_count) peak.during = during_text(graph, plan, peak.step);
  for (const plan::Peak::Part &part : plan.peak.parts) {
    const plan::Buffer &buffer = plan.buffers[part.buffer];
    peak.parts.push_back(
        {buffer.name, part.bytes, part.first_row, part.last_row, why_alive(graph, plan, buffer)});
  }
  std::stable_sort(peak.parts.begin(), peak.parts.end(),
                   [](const PeakPart &a, const PeakPart &b) { return a.bytes > b.bytes; });
  for (const plan::Peak::Halved &halved : plan.peak.halved)
    peak.estimates.push_back(estimate_of(graph, peak, halved));
  return peak;
}

}  // namespace

Analysis analyze(const ir::Graph &graph, const ops::Numbers &numbers, const plan::Plan &plan,
                 const codegen::Emitted &emitted, Labels labels) {
  Analysis analysis;
  analysis.labels = std::move(labels);
  analysis.parameters = ops::parameter_count(graph);
  analysis.flash_weights = emitted.weight_bytes;
  analysis.flash_constants = emitted.constant_bytes;
  analysis.arena_bytes = plan.arena_bytes;
  analysis.arena_lower_bound = plan.lower_bound;
  for (const ir::Port &port : graph.inputs())
    if (plan.program.borrows_inputs)
      analysis.borrowed_bytes += graph.value(port.value).type.bytes();
  analysis.placement_proven = plan.placement_proven;
  analysis.schedule_proven = plan.schedule_proven;
  for (int id = 0; id < static_cast<int>(graph.nodes().size()); ++id) {
    analysis.layers.push_back(layer_of(graph, numbers, plan, id));
    analysis.macs += analysis.layers.back().macs;
  }
  for (const plan::Buffer &buffer : plan.buffers) {
    analysis.buffers.push_back({buffer.name, buffer.offset, buffer.bytes, buffer.rows,
                                buffer.first_step, buffer.last_step});
  }
  analysis.peak = peak_of(graph, plan);
  return analysis;
}

Predicted predicted(const emulate::RunResult &run, const targets::Target &target) {
  return {run.bill.flash_total, run.bill.ram_total, run.count_per_run, target.count_unit};
}

std::optional<Predicted> foretold(const emulate::Bill &bill, const codegen::Emitted &emitted,
                                  const targets::Target &target, targets::Requant requant) {
  if (!bill.ram_stack_bound) return {};
  const Forecast time = forecast(emitted.work, targets::kernel_times(target, requant));
  return Predicted{bill.flash_total, bill.ram_total + *bill.ram_stack_bound,
                   time.unknown.empty() ? time.count : 0, target.count_unit, false};
}

}  // namespace thimble::report

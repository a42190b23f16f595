// A network that is too large for the UNO is measured on its twin, an ATmega1284P: the same
// instructions with more memory, so the RAM that it would need is known as exactly.
#include "sweep/cost.h"

#include <fmt/format.h>

#include <algorithm>

#include "codegen/emit.h"
#include "die/decoder.h"
#include "die/models.h"
#include "emulate/run.h"
#include "ops/operator.h"
#include "plan/plan.h"
#include "report/numbers.h"
#include "targets/target.h"

namespace thimble::sweep {
namespace {

// Beyond it the twin would need another instruction to read its weights.
constexpr std::int64_t kTwinDataBytes = 60000;

targets::Target twin_of(targets::Target uno) {
  uno.machine = "atmega1284p";
  for (std::string &flag : uno.flags) {
    if (flag.starts_with("-mmcu=")) flag = "-mmcu=" + uno.machine;
  }
  uno.flash_bytes = 128 << 10;
  uno.ram_bytes = 16 << 10;
  return uno;
}

// The slowest counts.
std::vector<emulate::RawSample> samples_of(const ir::Graph &quantized) {
  std::vector<emulate::RawSample> samples;
  for (int face = 1; face <= die::kFaces; face += 2) {
    const ops::Tensor input =
        die::decoder_input(quantized, face, die::kLatentLimit * (face - 3) / 2);
    samples.push_back({{input.i8.begin(), input.i8.end()}});
  }
  return samples;
}

std::string misfit_of(const Cost &cost, const targets::Target &uno) {
  std::string needs;
  if (cost.ram_bytes > uno.ram_bytes) needs = report::grouped(cost.ram_bytes) + " B of RAM";
  if (cost.flash_bytes > uno.flash_bytes) {
    needs += (needs.empty() ? "" : " and ") + report::grouped(cost.flash_bytes) + " B of flash";
  }
  return needs.empty() ? "" : "needs " + needs;
}

void note_bill(const emulate::Bill &bill, Cost &cost) {
  cost.ram_bytes = bill.ram_total;
  cost.flash_bytes = bill.flash_total;
}

// On the UNO, or on its twin what the UNO lacks.
Status measure(const codegen::Emitted &emitted, const ir::Graph &quantized,
               const targets::Target &uno, Cost &cost) {
  const std::vector<emulate::RawSample> samples = samples_of(quantized);
  const auto on_uno = emulate::build_and_run(emitted, uno, samples);
  if (on_uno.ok()) {
    note_bill(on_uno->bill, cost);
    cost.cycles = on_uno->count_per_run;
    cost.seconds = static_cast<double>(cost.cycles) / static_cast<double>(uno.clock_hz);
    return Unit{};
  }
  TRY(const emulate::RunResult on_twin,
      emulate::build_and_run(emitted, twin_of(uno), {samples.front()}));
  note_bill(on_twin.bill, cost);
  cost.misfit = misfit_of(cost, uno);
  if (cost.misfit.empty()) return on_uno.diagnostics();
  return Unit{};
}

Status plan_and_measure(const die::Model &model, Cost &cost) {
  TRY(const targets::Target uno, targets::find_target("atmega328p"));
  TRY(const ir::Graph quantized, die::quantize_decoder(model));
  plan::Options rows;
  rows.stream_out = true;
  rows.lines = plan::Lines::kChosen;
  TRY(const plan::Plan plan, plan::make_plan(quantized, rows));
  cost.arena_bytes = plan.arena_bytes;
  codegen::Options options;
  options.name = "decoder";
  options.target = uno;
  options.numbers = {uno.requant};
  TRY(const codegen::Emitted emitted, codegen::emit(quantized, plan, options));
  const std::int64_t data = emitted.weight_bytes + emitted.constant_bytes;
  if (data <= kTwinDataBytes) return measure(emitted, quantized, uno, cost);
  cost.misfit = fmt::format("needs {} B of flash for its weights", report::grouped(data));
  return Unit{};
}

}  // namespace

std::int64_t layer_by_layer_bytes(const ir::Graph &graph) {
  std::int64_t most = 0;
  for (const ir::Node &node : graph.nodes()) {
    if (ops::operator_of(node).elementwise) continue;  // overwrites its input, element by element
    std::int64_t bytes = 0;                            // an int8 element is a byte
    for (ir::ValueId value : node.inputs) bytes += graph.value(value).type.shape.elements();
    for (ir::ValueId value : node.outputs) bytes += graph.value(value).type.shape.elements();
    most = std::max(most, bytes);
  }
  return most;
}

Result<Cost> cost_on_uno(const std::filesystem::path &decoder) {
  TRY(const die::Model model, die::load_model(decoder));
  Cost cost;
  cost.layer_bytes = layer_by_layer_bytes(model.graph);
  const Status measured = plan_and_measure(model, cost);
  if (!measured.ok()) cost.misfit = measured.diagnostics().front().what;
  return cost;
}

}  // namespace thimble::sweep

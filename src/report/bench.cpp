// A measured bill in words and as JSON; what was not measured is the analysis, less its lists.
#include "report/bench.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/numbers.h"
#include "support/files.h"

namespace thimble::report {
namespace {

std::string outputs_sha256(const std::vector<emulate::RawSample> &outputs) {
  Bytes all;
  for (const emulate::RawSample &sample : outputs) {
    for (const auto &port : sample) all.insert(all.end(), port.begin(), port.end());
  }
  return sha256_hex(all.data(), all.size());
}

// A layer may be several groups: its accumulators are cleared, added to, read.
std::string group_name(const ir::Graph &graph, const plan::Program &program,
                       const plan::Group &group) {
  const auto name = [&](int call) -> std::string {
    if (program.calls[call].phase == plan::Phase::kFill) return "rows handed in";
    if (program.calls[call].phase == plan::Phase::kEmit) return "rows handed out";
    return graph.node(program.calls[call].node).name;
  };
  return (group.producer < 0 ? "" : name(group.producer) + " + ") + name(group.sink);
}

std::string a_mac(const Bench &bench, std::int64_t count) {
  if (bench.analysis.macs == 0) return {};
  return fmt::format(" ({:.1f} a MAC)", double(count) / double(bench.analysis.macs));
}

std::optional<double> milliseconds(const Bench &bench) {
  if (bench.unit != "cycles" || bench.clock_hz <= 0) return std::nullopt;
  return 1e3 * double(bench.count) / double(bench.clock_hz);
}

std::string time_text(const Bench &bench) {
  if (bench.unit.empty()) return "time   not counted on " + bench.emulator + "\n";
  std::string text =
      fmt::format("time   {} {}{}", grouped(bench.count), bench.unit, a_mac(bench, bench.count));
  if (bench.model_cycles) {
    text += fmt::format(", {} model cycles{}", grouped(*bench.model_cycles),
                        a_mac(bench, *bench.model_cycles));
  }
  if (const auto time = milliseconds(bench)) text += fmt::format(", {:.1f} ms", *time);
  text += " on " + bench.emulator + "\n";
  if (bench.has_cycle_model && !bench.model_cycles) {
    text += "       no model cycles: this QEMU does not run the plugin that counts them\n";
  }
  return text;
}

std::string layers_text(const Bench &bench) {
  const bool cycles = bench.layers.front().model_cycles.has_value();
  std::vector<std::vector<std::string>> lines = {{"layer", bench.unit, "share"}};
  if (cycles) lines.front().push_back("model cycles");
  for (const LayerCount &layer : bench.layers) {
    lines.push_back({layer.name, grouped(layer.count),
                     fmt::format("{:.1f} %", 100.0 * double(layer.count) / double(bench.count))});
    if (cycles) lines.back().push_back(grouped(layer.model_cycles.value_or(0)));
  }
  return table(lines, 1);
}

Json work_json(const codegen::Work &work) {
  return {{"kernel", work.kernel},   {"runs", work.runs},       {"pixels", work.pixels},
          {"outputs", work.outputs}, {"windows", work.windows}, {"reads", work.reads},
          {"macs", work.macs},       {"weights", work.weights}, {"vectors", work.vectors},
          {"borders", work.borders}, {"starts", work.starts}};
}

}  // namespace

Bench bench(Analysis analysis, const emulate::RunResult &run, const targets::Target &target) {
  return {std::move(analysis),
          run.bill,
          target.emulator,
          target.count_unit,
          run.count_per_run,
          target.cycle_model.has_value(),
          run.model_cycles,
          target.clock_hz,
          outputs_sha256(run.outputs),
          {}};
}

std::vector<LayerCount> layer_counts(const ir::Graph &graph, const plan::Plan &plan,
                                     const std::vector<std::vector<codegen::Work>> &work,
                                     const emulate::RunResult &run) {
  std::vector<LayerCount> layers;
  for (std::size_t i = 0; i < run.group_counts.size() && i < plan.program.groups.size(); ++i) {
    const std::string name = group_name(graph, plan.program, plan.program.groups[i]);
    auto layer = std::find_if(layers.begin(), layers.end(),
                              [&](const LayerCount &one) { return one.name == name; });
    if (layer == layers.end()) layer = layers.insert(layers.end(), {name});
    layer->count += run.group_counts[i];
    if (i < run.group_model_cycles.size())
      layer->model_cycles = layer->model_cycles.value_or(0) + run.group_model_cycles[i];
    codegen::add(layer->work, work[i]);
  }
  return layers;
}

std::string to_text(const Bench &bench) {
  const emulate::Bill &bill = bench.bill;
  std::string text = fmt::format(
      "{} for {}, {}\n"
      "flash  {} B (weights {}, constants {}, code {})\n"
      "RAM    {} B (arena {}, static {}, stack {}){}\n",
      bench.analysis.labels.model, bench.analysis.labels.target, bench.analysis.labels.numbers,
      grouped(bill.flash_total), grouped(bill.flash_weights), grouped(bill.flash_constants),
      grouped(bill.flash_code), grouped(bill.ram_total), grouped(bill.ram_arena),
      grouped(bill.ram_static), grouped(bill.ram_stack), borrowed_text(bench.analysis));
  text += time_text(bench);
  return bench.layers.empty() ? text : text + "\n" + layers_text(bench);
}

Json to_json(const Bench &bench) {
  const emulate::Bill &bill = bench.bill;
  Json json = to_json(bench.analysis);
  for (const char *list : {"layers", "buffers", "peak", "savings", "predicted"}) json.erase(list);
  json["flash"] = {{"weights", bill.flash_weights},
                   {"constants", bill.flash_constants},
                   {"code", bill.flash_code},
                   {"total", bill.flash_total}};
  json["ram"] = {{"arena", bill.ram_arena},
                 {"static", bill.ram_static},
                 {"stack", bill.ram_stack},
                 {"total", bill.ram_total}};
  if (bench.analysis.borrowed_bytes > 0)
    json["ram"]["borrowed_input"] = bench.analysis.borrowed_bytes;
  if (bill.ram_stack_bound) json["ram"]["stack_bound"] = *bill.ram_stack_bound;
  json["emulator"] = bench.emulator;
  if (!bench.unit.empty()) json[bench.unit] = bench.count;
  if (const auto time = milliseconds(bench)) json["milliseconds"] = *time;
  if (bench.model_cycles) json["model_cycles"] = *bench.model_cycles;
  for (const LayerCount &layer : bench.layers) {
    Json work = Json::array();
    for (const codegen::Work &one : layer.work) work.push_back(work_json(one));
    Json json_layer = {{"name", layer.name}, {bench.unit, layer.count}, {"work", std::move(work)}};
    if (layer.model_cycles) json_layer["model_cycles"] = *layer.model_cycles;
    json["per_layer"].push_back(std::move(json_layer));
  }
  json["output_sha256"] = bench.output_sha256;
  return json;
}

}  // namespace thimble::report

// The page is a template (web/die.html) whose places {{style}}, {{script}}, {{plan}} and {{module}}
// are filled: the plan as JSON, the module as base64. The C is emitted with its steps announced, so
// that the script knows at every moment which step of the plan the network is at.
#include "die/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/emit.h"
#include "die/decoder.h"
#include "die/firmware.h"
#include "die/network.h"
#include "die/parts.h"
#include "emulate/webassembly.h"
#include "plan/arena_log.h"
#include "support/base64.h"
#include "support/check.h"
#include "support/files.h"

namespace thimble::die {

std::string_view embedded_web(std::string_view file_name);  // generated, see room.cmake

namespace {

namespace fs = std::filesystem;

// Every C file of the firmware that is not another part's, and the network's.
Result<Bytes> build_module(const codegen::Emitted &network) {
  const TemporaryDirectory build;
  Part page{};
  TRY([[maybe_unused]] const Unit written, write_firmware(network, page, build.path()));
  for (const char *name : {"port_web.c", "string.h"}) {
    TRY([[maybe_unused]] const Unit port, write_file(build.path() / name, embedded_web(name)));
  }
  std::vector<std::string> sources;
  for (const auto &entry : fs::directory_iterator(build.path()))
    if (entry.path().extension() == ".c") sources.push_back(entry.path().filename().string());
  std::sort(sources.begin(), sources.end());
  return emulate::build_webassembly(build.path(), sources);
}

std::string_view word(plan::Phase phase) {
  switch (phase) {
    case plan::Phase::kRow:
      return "makes";
    case plan::Phase::kBegin:
      return "begins";
    case plan::Phase::kFold:
      return "folds in";
    case plan::Phase::kEnd:
      return "ends";
    case plan::Phase::kFill:
      return "asks for";
    case plan::Phase::kEmit:
      return "hands out";
  }
  return "";
}

// By group: what its call does, of which node, to rows of which tensor.
Json groups_json(const ir::Graph &graph, const plan::Program &program) {
  Json groups = Json::array();
  for (const plan::Group &group : program.groups) {
    const plan::Call &call = program.calls[group.sink];
    const bool reads = call.phase == plan::Phase::kEmit || call.phase == plan::Phase::kFold;
    const ir::ValueId value = reads ? call.input_values[0] : call.output_value;
    groups.push_back({{"does", word(call.phase)},
                      {"node", call.node < 0 ? "" : graph.node(call.node).name},
                      {"value", value}});
  }
  return groups;
}

// Rows as arrays: kind, owner (value or node), row, offset, bytes, first and last step.
Json lives_json(const plan::ArenaLog &log) {
  Json lives = Json::array();
  for (const plan::Life &life : log.lives) {
    const bool of_value = life.value >= 0;
    lives.push_back({static_cast<int>(life.kind), of_value ? life.value : life.node, life.row,
                     life.offset, life.bytes, life.born, life.dies});
  }
  return lives;
}

Json plan_json(const Decoder &decoder, const plan::Plan &plan, const codegen::Emitted &network,
               std::int64_t module_bytes) {
  const ir::Graph &graph = decoder.quantized;
  const ir::Quant quant = *graph.value(graph.inputs()[0].value).type.quant;
  Json values = Json::array(), nodes = Json::array(), steps = Json::array();
  for (const ir::Value &value : graph.values())
    values.push_back({{"name", value.name},
                      {"rows", value.type.shape.rows},
                      {"cols", value.type.shape.cols},
                      {"channels", value.type.shape.channels}});
  for (const ir::Node &node : graph.nodes()) nodes.push_back(node.name);
  for (const plan::Step &step : plan.program.steps) steps.push_back({step.group, step.row});
  return Json{{"model", decoder.model.name},
              {"arena_bytes", plan.arena_bytes},
              {"weight_bytes", network.weight_bytes},
              {"module_bytes", module_bytes},
              {"latent", {{"scale", quant.scale}, {"zero_point", quant.zero_point}}},
              {"values", std::move(values)},
              {"nodes", std::move(nodes)},
              {"groups", groups_json(graph, plan.program)},
              {"steps", std::move(steps)},
              {"lives", lives_json(plan::arena_log(graph, plan.program))}};
}

// Within a script element: no name of a tensor ends it.
std::string script_text(const Json &json) {
  std::string text;
  for (const char c : json.dump(-1, ' ', true, Json::error_handler_t::replace)) {
    if (c == '<')
      text += "\\u003c";
    else
      text += c;
  }
  return text;
}

std::string fill(std::string_view page, std::string_view place, std::string_view text) {
  const std::string marked = fmt::format("{{{{{}}}}}", place);
  const std::size_t at = page.find(marked);
  CHECK(at != std::string_view::npos, "the page has no place for " + marked);
  return std::string(page.substr(0, at)).append(text).append(page.substr(at + marked.size()));
}

std::string page_text(const Json &plan, const Bytes &module) {
  std::string page = fill(embedded_web("die.html"), "style", embedded_web("die.css"));
  page = fill(page, "script", embedded_web("die.js"));
  page = fill(page, "module", base64(module));
  return fill(page, "plan", script_text(plan));  // last: it has words of the model
}

}  // namespace

Result<PageReport> make_page(const PageOptions &options, const Log &log) {
  const targets::Target target = emulate::webassembly_target();
  const ops::Numbers numbers{target.requant, options.weights, {}, 0};
  TRY(Model model, load_decoder(options.model));
  TRY(const Decoder decoder, make_decoder(std::move(model), numbers));
  log("quantized " + decoder.model.name + " to int8");

  TRY(const targets::Target board, targets::find_target("atmega328p"));
  TRY(const Part *const part, part_of(board));
  TRY(const plan::Plan plan, plan_network(decoder, board.ram_bytes - part->firmware_bytes));
  log(fmt::format("planned {}: arena {} bytes, rows streamed to the display", decoder.model.name,
                  plan.arena_bytes));
  codegen::Options emit;
  emit.name = kNetworkName;
  emit.target = target;
  emit.numbers = numbers;
  emit.model_sha256 = decoder.model.sha256;
  emit.command_options = "die --web";
  emit.announce_steps = true;
  TRY(const codegen::Emitted network, codegen::emit(decoder.quantized, plan, emit));
  TRY(const Bytes module, build_module(network));
  log(fmt::format("built firmware and network as WebAssembly: {} bytes", module.size()));

  const auto module_bytes = static_cast<std::int64_t>(module.size());
  const std::string page = page_text(plan_json(decoder, plan, network, module_bytes), module);
  TRY([[maybe_unused]] const Unit written, write_file(options.output, page));
  return PageReport{decoder.model.name, options.output,   static_cast<std::int64_t>(page.size()),
                    module_bytes,       plan.arena_bytes, network.weight_bytes};
}

Json to_json(const PageReport &report) {
  return Json{{"model", report.model},
              {"page", report.page.string()},
              {"page_bytes", report.page_bytes},
              {"module_bytes", report.module_bytes},
              {"arena_bytes", report.arena_bytes},
              {"weight_bytes", report.weight_bytes}};
}

}  // namespace thimble::die

// `thimble plan`: memory planning alone, of a model or of a table of buffers.
#include <fmt/core.h>

#include <ctime>
#include <filesystem>

#include "api/build.h"
#include "cli/buffer_csv.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/memories.h"
#include "cli/options.h"
#include "cli/outline_json.h"
#include "cli/packing.h"
#include "plan/place.h"
#include "support/files.h"

namespace thimble::cli {

using namespace api;

namespace {

struct Options {
  ModelOptions model;
  PlanOptions plan;
  std::optional<std::int64_t> capacity;
  double time_limit = 10;
  int element_bytes = 1;
  std::string layout, output, memory;
  bool as_json = false;
};

struct Placed {
  std::int64_t bytes = 0, lower_bound = 0;
  bool proven = false;
  double seconds = 0;  // CPU
  struct Buffer {
    std::string id;
    std::int64_t offset = 0, bytes = 0;
  };
  std::vector<Buffer> buffers;
  std::optional<plan::OrderFound> order;
  std::optional<std::int64_t> macs;  // of a model, its strips included
};

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Result<Placed> place_table(const Options &options) {
  TRY(const std::string text, read_text(options.model.model));
  TRY(const BufferTable table, parse_buffer_csv(text, options.model.model));
  const double start = cpu_seconds();
  const plan::PlaceSolution solution =
      plan::place(table.problem, options.time_limit, 0, options.capacity.value_or(0));
  Placed placed{
      solution.bytes, solution.lower_bound, solution.proven, cpu_seconds() - start, {}, {}, {}};
  for (std::size_t i = 0; i < table.ids.size(); ++i) {
    placed.buffers.push_back({table.ids[i], solution.offsets[i], table.problem.objects[i].size});
  }
  return placed;
}

Placed placed_of(const plan::Plan &plan, int element_bytes) {
  Placed placed{plan.arena_bytes * element_bytes,
                plan.lower_bound * element_bytes,
                plan.placement_proven,
                plan.seconds,
                {},
                plan.order,
                {}};
  placed.order->peak *= element_bytes;
  placed.order->lower_bound *= element_bytes;
  for (const plan::Buffer &buffer : plan.buffers) {
    placed.buffers.push_back(
        {buffer.name, buffer.offset * element_bytes, buffer.bytes * element_bytes});
  }
  return placed;
}

plan::Options planning_of(const Options &options) {
  plan::Options planning = planning_of(options.plan);
  planning.time_limit_seconds = options.time_limit;
  return planning;
}

Result<Placed> place_outline(const Options &options) {
  TRY(const plan::Outline outline, read_outline(options.model.model));
  TRY(const plan::Outlined outlined, outlined_of(outline, options.model.model));
  TRY(const plan::Plan plan,
      plan::make_plan(outlined.graph, outlined.behaviours, planning_of(options)));
  return placed_of(plan, options.element_bytes);
}

Result<Placed> place_model(const Options &options) {
  TRY(const targets::Target target, targets::find_target(options.plan.target));
  TRY(const Network network,
      prepare(
          load_network(options.model, target, Calibration::kRandomWhenAbsent, print_diagnostics),
          options.plan));
  TRY(const plan::Plan plan, plan::make_plan(network.model.graph, planning_of(options)));
  Placed placed = placed_of(plan, 1);
  placed.macs = ops::macs(network.model.graph);
  return placed;
}

Result<plan::TwoMemories> share_outline(const Options &options, std::int64_t fast_bytes) {
  TRY(const plan::Outline outline, read_outline(options.model.model));
  TRY(const plan::Outlined outlined, outlined_of(outline, options.model.model));
  TRY(plan::TwoMemories memories,
      plan::plan_memories(outlined.graph, outlined.behaviours, planning_of(options),
                          fast_bytes / options.element_bytes));
  return scaled(std::move(memories), options.element_bytes);
}

Result<plan::TwoMemories> share_model(const Options &options, std::int64_t fast_bytes) {
  TRY(const targets::Target target, targets::find_target(options.plan.target));
  TRY(const Network network,
      prepare(
          load_network(options.model, target, Calibration::kRandomWhenAbsent, print_diagnostics),
          options.plan));
  const ir::Graph &graph = network.model.graph;
  return plan::plan_memories(graph, plan::behaviours_of(graph), planning_of(options), fast_bytes);
}

Json to_json(const Placed &placed) {
  Json json = {{"bytes", placed.bytes},
               {"lower_bound", placed.lower_bound},
               {"placement_proven", placed.proven},
               {"seconds", placed.seconds},
               {"buffers", Json::array()}};
  for (const Placed::Buffer &buffer : placed.buffers) {
    json["buffers"].push_back(
        {{"id", buffer.id}, {"offset", buffer.offset}, {"size", buffer.bytes}});
  }
  if (placed.macs) json["macs"] = *placed.macs;
  if (placed.order)
    json["order"] = {{"changed", placed.order->changed},
                     {"peak", placed.order->peak},
                     {"lower_bound", placed.order->lower_bound},
                     {"proven", placed.order->proven}};
  return json;
}

std::string order_text(const plan::OrderFound &order) {
  const std::string bound =
      order.proven ? "" : fmt::format(" known (at least {})", order.lower_bound);
  return fmt::format("one operator after the other, no order{} has fewer than {} bytes alive\n",
                     bound, order.peak);
}

std::string to_text(const Placed &placed) {
  std::string text = fmt::format("{:>10} {:>10}  buffer\n", "offset", "bytes");
  for (const Placed::Buffer &buffer : placed.buffers) {
    text += fmt::format("{:>10} {:>10}  {}\n", buffer.offset, buffer.bytes, buffer.id);
  }
  if (placed.order) text += order_text(*placed.order);
  return text + fmt::format(
                    "{} bytes, {} ({:.3f} s)\n", placed.bytes,
                    placed.proven ? "proven least" : fmt::format("at least {}", placed.lower_bound),
                    placed.seconds);
}

std::string layout_csv(const Placed &placed) {
  std::string text = "id,offset,size\n";
  for (const Placed::Buffer &buffer : placed.buffers) {
    text += fmt::format("{},{},{}\n", buffer.id, buffer.offset, buffer.bytes);
  }
  return text;
}

Diagnostic too_much(const Options &options, std::int64_t bytes, std::int64_t capacity,
                    const std::string &who, const std::string &why) {
  Diagnostic error = usage_error(
      fmt::format("needs {} bytes, {} {}: {} too many", bytes, who, capacity, bytes - capacity),
      why);
  error.error_class = ErrorClass::kBudget;
  error.file = options.model.model;
  return error;
}

Status share_file(const Options &options, const std::string &ending) {
  TRY(const MemoryPair pair, parse_memories(options.memory));
  if (options.capacity) return usage_error("--memory says how much there is, --capacity, too");
  if (ending == ".csv")
    return usage_error("--memory is for a model or a .json of a graph",
                       "a table of buffers does not say what is read and written");
  if (ending.empty()) return usage_error("--memory is for one network, not for a folder of them");
  TRY(const plan::TwoMemories memories, ending == ".json" ? share_outline(options, *pair.fast.bytes)
                                                          : share_model(options, *pair.fast.bytes));
  if (!options.layout.empty()) TRY_STATUS(write_file(options.layout, layout_csv(pair, memories)));
  options.as_json ? print_result(to_json(pair, memories)) : print_result(to_text(pair, memories));
  if (!pair.slow.bytes || memories.slow_bytes <= *pair.slow.bytes) return Unit{};
  return too_much(options, memories.slow_bytes, *pair.slow.bytes, pair.slow.name + " has",
                  "what least is read and written of lies there");
}

Status place_file(const Options &options) {
  const std::string ending = std::filesystem::path(options.model.model).extension();
  const bool is_folder = std::filesystem::is_directory(options.model.model);
  if (!is_folder && !options.output.empty())
    return usage_error("--output is for a folder of graphs", "", "--layout C.csv, or --json");
  if (!options.memory.empty()) return share_file(options, is_folder ? "" : ending);
  if (is_folder)
    return compare_packings(options.model.model, options.time_limit, options.output,
                            options.as_json);
  TRY(const Placed placed, ending == ".csv"    ? place_table(options)
                           : ending == ".json" ? place_outline(options)
                                               : place_model(options));
  if (!options.layout.empty()) {
    TRY_STATUS(write_file(options.layout, layout_csv(placed)));
  }
  options.as_json ? print_result(to_json(placed)) : print_result(to_text(placed));
  if (!options.capacity || placed.bytes <= *options.capacity) return Unit{};
  return too_much(
      options, placed.bytes, *options.capacity, "--capacity allows",
      placed.proven ? "no placement needs less" : "no better one was found in the time");
}

}  // namespace

Command plan_command(App root) {
  App app = root.add_subcommand("plan",
                                "Memory planning alone: a model, a .json of a graph, a "
                                "folder of those, or a .csv of buffers");
  auto options = std::make_shared<Options>();
  add_model_options(app, options->model);
  app->add_option("--capacity", options->capacity, "Bytes that there are; more: exit code 3");
  app->add_option("--time-limit", options->time_limit, "Seconds; default: 10")->check(positive());
  app->add_option("--element-bytes", options->element_bytes, "Of a .json; default: 1")
      ->check(between(1, 8));
  app->add_option("-o,--output", options->output,
                  "Of a folder: directory for packing.md, packing.json, packing.svg");
  app->add_option("--memory", options->memory,
                  "FAST:SIZE,SLOW[:SIZE], as in sram:2M,ext: what is read and written most lies in "
                  "the fast one");
  app->add_option("--layout", options->layout, "C.csv: id, offset, size");
  add_layout_options(app, options->plan);
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return place_file(*options); }};
}

}  // namespace thimble::cli

// `thimble plan`: memory planning alone, of a model or of a table of buffers.
#include <fmt/core.h>

#include <ctime>
#include <filesystem>

#include "cli/buffer_csv.h"
#include "cli/build.h"
#include "cli/command.h"
#include "cli/console.h"
#include "plan/place.h"
#include "support/files.h"

namespace thimble::cli {
namespace {

struct Options {
  ModelOptions model;
  PlanOptions plan;
  std::optional<std::int64_t> capacity;
  double time_limit = 10;
  std::string layout;
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
};

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

Result<Placed> place_table(const Options &options) {
  TRY(const std::string text, read_text(options.model.model));
  TRY(const BufferTable table, parse_buffer_csv(text, options.model.model));
  const double start = cpu_seconds();
  const plan::PlaceSolution solution = plan::place(table.problem, options.time_limit);
  Placed placed{solution.bytes, solution.lower_bound, solution.proven, cpu_seconds() - start, {}};
  for (std::size_t i = 0; i < table.ids.size(); ++i) {
    placed.buffers.push_back({table.ids[i], solution.offsets[i], table.problem.objects[i].size});
  }
  return placed;
}

Result<Placed> place_model(const Options &options) {
  TRY(const targets::Target target, targets::find_target(options.plan.target));
  TRY(const Network network, load_network(options.model, target, Calibration::kRandomWhenAbsent));
  plan::Options planning = planning_of(options.plan);
  planning.time_limit_seconds = options.time_limit;
  const double start = cpu_seconds();
  TRY(const plan::Plan plan, plan::make_plan(network.model.graph, planning));
  Placed placed{
      plan.arena_bytes, plan.lower_bound, plan.placement_proven, cpu_seconds() - start, {}};
  for (const plan::Buffer &buffer : plan.buffers) {
    placed.buffers.push_back({buffer.name, buffer.offset, buffer.bytes});
  }
  return placed;
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
  return json;
}

std::string to_text(const Placed &placed) {
  std::string text = fmt::format("{:>10} {:>10}  buffer\n", "offset", "bytes");
  for (const Placed::Buffer &buffer : placed.buffers) {
    text += fmt::format("{:>10} {:>10}  {}\n", buffer.offset, buffer.bytes, buffer.id);
  }
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

Status place_file(const Options &options) {
  const bool table = std::filesystem::path(options.model.model).extension() == ".csv";
  TRY(const Placed placed, table ? place_table(options) : place_model(options));
  if (!options.layout.empty()) {
    TRY_STATUS(write_file(options.layout, layout_csv(placed)));
  }
  options.as_json ? print_result(to_json(placed)) : print_result(to_text(placed));
  if (!options.capacity || placed.bytes <= *options.capacity) return Unit{};
  Diagnostic error = usage_error(
      fmt::format("needs {} bytes, --capacity allows {}: {} too many", placed.bytes,
                  *options.capacity, placed.bytes - *options.capacity),
      placed.proven ? "no placement needs less" : "no better one was found in the time");
  error.error_class = ErrorClass::kBudget;
  error.file = options.model.model;
  return error;
}

}  // namespace

Command plan_command(CLI::App &root) {
  CLI::App *app =
      root.add_subcommand("plan", "Memory planning alone: a model or a .csv of buffers");
  auto options = std::make_shared<Options>();
  add_model_options(*app, options->model);
  app->add_option("--capacity", options->capacity, "Bytes that there are; more: exit code 3");
  app->add_option("--time-limit", options->time_limit, "Seconds; default: 10")
      ->check(CLI::PositiveNumber);
  app->add_option("--layout", options->layout, "C.csv: id, offset, size");
  add_layout_options(*app, options->plan);
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return place_file(*options); }};
}

}  // namespace thimble::cli

// One line a size; the first number of several is the best run's.
#include "sweep/table.h"

#include <fmt/format.h>

#include "report/numbers.h"

namespace thimble::sweep {
namespace {

using report::grouped;

std::string name_text(const Config &config) {
  return fmt::format("{}", fmt::join(config.channels, ","));
}

// What the channels and the hires column do not say: "4-4-4-4-latent2" is not "4,4,4,4".
std::string other_text(const Config &config) {
  std::string text;
  if (config.method != Config().method) text += ", " + config.method;
  if (config.latent != 1) text += fmt::format(", latent {}", config.latent);
  return text;
}

std::string loss_text(const Size &size) {
  std::string text = fmt::format("**{:.5f}**", size.best().loss);
  for (std::size_t i = 1; i < size.runs.size(); ++i) {
    text += fmt::format("{}{:.5f}", i == 1 ? " (" : ", ", size.runs[i].loss);
  }
  return text + (size.runs.size() > 1 ? ")" : "");
}

std::string bytes_text(std::int64_t bytes) { return bytes > 0 ? grouped(bytes) : "-"; }

std::string rows_text(const Cost &cost) {
  if (cost.ram_bytes > 0) return grouped(cost.ram_bytes);
  return cost.arena_bytes > 0 ? "over " + grouped(cost.arena_bytes) : "-";
}

std::string time_text(const Cost &cost) {
  if (cost.cycles == 0) return "- (" + cost.misfit + ")";
  return fmt::format("{:.2f} M / {:.2f} s", static_cast<double>(cost.cycles) / 1e6, cost.seconds);
}

std::string line_text(const Row &row) {
  const TrainedRun &best = row.size.best();
  const Config &config = row.size.config;
  return fmt::format("| {}{} | {} | {} + {} = {} | {} | {:.3f} | {:.1f} % / {:.1f} % | {} | {} | {} |\n",
                     name_text(config), other_text(config), config.hires,
                     grouped(best.parameters_cnn), grouped(best.parameters_fc),
                     grouped(best.parameters), loss_text(row.size), best.loss / best.variance,
                     100 * best.recognised, 100 * best.recognised_by_evaluator,
                     bytes_text(row.cost.layer_bytes), rows_text(row.cost),
                     time_text(row.cost));
}

std::string law_text(const std::vector<Row> &rows) {
  const auto law = law_of(rows);
  if (!law) return "";
  return fmt::format(
      "\nLog-log, the loss falls with the parameters at slope {:.3f} ± {:.3f} (standard error; "
      "best "
      "runs, without layers at full resolution).\n",
      law->slope, law->slope_error);
}

Json run_json(const TrainedRun &run, const Cost &cost) {
  Json json = {{"name", run.run.name},
               {"config", run.run.config.json},
               {"seed", run.run.seed},
               {"parameters", run.parameters},
               {"parameters_cnn", run.parameters_cnn},
               {"parameters_fc", run.parameters_fc},
               {"loss", run.loss},
               {"variance", run.variance},
               {"accuracy", run.recognised},
               {"accuracy_by_evaluator", run.recognised_by_evaluator},
               {"layer_by_layer_bytes", cost.layer_bytes},
               {"arena_bytes", cost.arena_bytes},
               {"ram_bytes", cost.ram_bytes > 0 ? Json(cost.ram_bytes) : Json()},
               {"flash_bytes", cost.flash_bytes > 0 ? Json(cost.flash_bytes) : Json()},
               {"seconds", run.seconds}};
  if (cost.cycles > 0) {
    json["cycles"] = cost.cycles;
    json["seconds_per_face"] = cost.seconds;
  }
  if (!cost.misfit.empty()) json["misfit"] = cost.misfit;
  return json;
}

}  // namespace

std::optional<PowerLaw> law_of(const std::vector<Row> &rows) {
  std::vector<Sample> samples;
  for (const Row &row : rows) {
    const TrainedRun &best = row.size.best();
    if (row.size.config.hires == 0 && best.parameters > 0) {
      samples.push_back({static_cast<double>(best.parameters), best.loss});
    }
  }
  return fit_line(samples);
}

std::string to_markdown(const std::vector<Row> &rows) {
  std::string text =
      "| channels | hires | parameters: CNN + FC | loss: best (other seeds) | loss / variance | "
      "recognised by eval_small / evaluator | RAM layer by layer | RAM by rows | UNO: cycles / a face |\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  for (const Row &row : rows) text += line_text(row);
  return text + law_text(rows);
}

Json to_json(const std::vector<Row> &rows) {
  Json runs = Json::array();
  for (const Row &row : rows) {
    for (const TrainedRun &run : row.size.runs) runs.push_back(run_json(run, row.cost));
  }
  const auto law = law_of(rows);
  return Json{{"runs", std::move(runs)},
              {"slope", law ? Json(law->slope) : Json()},
              {"slope_error", law ? Json(law->slope_error) : Json()}};
}

}  // namespace thimble::sweep

// The whole way, a function a stage: directories, training, results, costs, files.
#include "sweep/sweep.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/check.h"
#include "support/files.h"
#include "support/progress.h"
#include "sweep/failures.h"
#include "sweep/pictures.h"
#include "sweep/work.h"

namespace thimble::sweep {
namespace {

namespace fs = std::filesystem;

Result<Outcome> train(const std::vector<Job> &jobs, std::size_t run_count, const Options &options,
                      const fs::path &directory, const Log &log) {
  if (jobs.empty()) return Outcome{};
  std::size_t finished = run_count - jobs.size();
  Progress progress("training", static_cast<std::int64_t>(jobs.size()));
  EngineOptions engine{options.jobs, directory, {}};
  engine.finished = [&](const Job &job) {
    progress.erase();
    log(fmt::format("finished {} ({} of {})", job.name, ++finished, run_count));
    progress.advance();
  };
  return options.engine->run(jobs, engine);
}

Diagnostic interrupted(const std::vector<Job> &jobs, std::size_t run_count) {
  const auto missing = static_cast<std::size_t>(
      std::count_if(jobs.begin(), jobs.end(), [](const Job &job) { return !is_done(job); }));
  return usage_error(
      fmt::format("stopped with {} of {} runs finished", run_count - missing, run_count), "",
      "the same command with --resume goes on from here");
}

// Every result that is there; those that cannot be read become failures.
std::vector<TrainedRun> read_results(const std::vector<Run> &runs, const fs::path &directory,
                                     Diagnostics &failures) {
  std::vector<TrainedRun> results;
  for (const Run &run : runs) {
    if (!fs::exists(directory / run.name / "run.json")) continue;
    auto result = read_result(run, directory / run.name);
    if (result) {
      results.push_back(*std::move(result));
    } else {
      failures.insert(failures.end(), result.diagnostics().begin(), result.diagnostics().end());
    }
  }
  return results;
}

std::vector<Row> measure(std::vector<Size> sizes, const Log &log) {
  Progress progress("measuring", static_cast<std::int64_t>(sizes.size()));
  std::vector<Row> rows;
  for (Size &size : sizes) {
    auto cost = cost_on_uno(size.best().directory / "decoder.onnx");
    if (!cost) {
      cost = Cost{};
      cost->misfit = "no decoder.onnx that can be read";
    }
    progress.erase();
    log(fmt::format("measured {}: {}", size.config.name,
                    cost->misfit.empty() ? fmt::format("{} cycles", cost->cycles) : cost->misfit));
    rows.push_back({std::move(size), *std::move(cost)});
    progress.advance();
  }
  return rows;
}

std::string page_text(const std::vector<Row> &rows) {
  return "# Sizes of the die's decoder\n\n" + to_markdown(rows) +
         "\n## The best for each budget of RAM\n\n" + to_markdown(best_for_budgets(rows));
}

Result<std::vector<std::string>> write_files(const std::vector<Row> &rows,
                                             const fs::path &directory) {
  TRY(std::vector<std::string> files, write_pictures(rows, directory));
  TRY([[maybe_unused]] const Unit json,
      write_file(directory / "sweep.json", to_json(rows).dump(2) + "\n"));
  TRY([[maybe_unused]] const Unit page, write_file(directory / "sweep.md", page_text(rows)));
  files.insert(files.end(), {"sweep.json", "sweep.md"});
  return files;
}

}  // namespace

Result<Report> run_sweep(const Options &options, const Log &log) {
  CHECK(options.engine, "a sweep has an engine");
  const fs::path directory = fs::absolute(options.directory);
  TRY(const std::vector<Job> jobs, prepare_jobs(options, directory));
  const std::size_t run_count = options.runs.size();
  log(fmt::format("{} runs, {} of them to train", run_count, jobs.size()));
  TRY(const Outcome outcome, train(jobs, run_count, options, directory, log));
  if (outcome.interrupted) return interrupted(jobs, run_count);
  Report report;
  report.failures = to_diagnostics(outcome.failures);
  const std::vector<TrainedRun> results = read_results(options.runs, directory, report.failures);
  if (results.empty()) return report.failures;
  report.rows = measure(by_size(results), log);
  TRY(report.files, write_files(report.rows, directory));
  return report;
}

}  // namespace thimble::sweep

// A directory is a promise: what is in it was trained as its config.json says.
#include "sweep/work.h"

#include <algorithm>

#include "support/files.h"

namespace thimble::sweep {
namespace {

namespace fs = std::filesystem;

fs::path config_path(const fs::path &run) { return run / "config.json"; }

bool holds_runs(const fs::path &directory) {
  std::error_code code;
  for (const auto &entry : fs::directory_iterator(directory, code)) {
    if (fs::exists(config_path(entry.path()), code)) return true;
  }
  return false;
}

Diagnostic is_taken(const fs::path &directory) {
  Diagnostic error = usage_error("already holds runs", "they may have taken long",
                                 "--resume goes on with them; or give another directory");
  error.file = directory.string();
  return error;
}

// Whether a directory is new, or was begun with this very config.
Status check_config(const Run &run, const fs::path &directory) {
  if (!fs::exists(config_path(directory))) return Unit{};
  TRY(const std::string text, read_text(config_path(directory)));
  if (Json::parse(text, nullptr, false) == run.config.json) return Unit{};
  Diagnostic error = usage_error("was begun with another config than '" + run.name + "' has now",
                                 "the runs of a table are to be alike",
                                 "give another directory, or remove this one's run");
  error.file = config_path(directory).string();
  return error;
}

Result<Job> job_of(const Run &run, const fs::path &directory, const Options &options) {
  TRY([[maybe_unused]] const Unit written,
      write_file(config_path(directory), run.config.json.dump(2) + "\n"));
  Job job{run.name, directory, options.trainer};
  job.command.insert(job.command.end(), {"--config", config_path(directory).string(), "--seed",
                                         std::to_string(run.seed), "-o", directory.string()});
  if (fs::exists(log_of(job))) job.command.push_back("--resume");  // it was started before
  return job;
}

}  // namespace

double work_of(const Config &config) {
  const auto [d1, d2, d3, d4] = config.channels;
  const double full = 32 * 32, half = full / 4, quarter = full / 16;
  const double last = config.hires > 0 ? d1 + (config.hires - 1.0) * 4 * d1 : 1;
  return (d4 * d3 * quarter / 4 + d3 * d2 * quarter + d2 * d1 * half + d1 * last * half) *
         config.epochs;
}

Result<std::vector<Job>> prepare_jobs(const Options &options, const fs::path &directory) {
  if (!options.resume && holds_runs(directory)) return is_taken(directory);
  Diagnostics errors;
  std::vector<Run> left;
  for (const Run &run : options.runs) {
    const Status same = check_config(run, directory / run.name);
    if (!same.ok()) errors.push_back(same.diagnostics().front());
    if (!is_done(Job{run.name, directory / run.name, {}})) left.push_back(run);
  }
  if (!errors.empty()) return errors;
  std::stable_sort(left.begin(), left.end(), [](const Run &a, const Run &b) {
    return work_of(a.config) > work_of(b.config);
  });
  std::vector<Job> jobs;
  for (const Run &run : left) {
    TRY(Job job, job_of(run, directory / run.name, options));
    jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace thimble::sweep

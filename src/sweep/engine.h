// Who runs the processes of a sweep: this machine (local.cpp) or a cluster (slurm.cpp). An engine
// is one entry of a table; adding one is a file and a line.
//
// A job is a command that leaves `run.json` in its directory when it is done; what it prints goes
// to the end of `log.txt` there. No engine looks into either: there or not is all that counts.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostic.h"

namespace thimble::sweep {

struct Job {
  std::string name;
  std::filesystem::path directory;   // absolute, exists
  std::vector<std::string> command;  // its program is absolute or on the PATH
};

std::filesystem::path result_of(const Job &job);
std::filesystem::path log_of(const Job &job);
bool is_done(const Job &job);

struct Failure {
  std::string job;
  int exit_code = 0;  // 0: unknown, or it ended as if all were well
  std::string reason;
  std::filesystem::path log;
};

struct EngineOptions {
  int jobs = 0;                     // at a time; 0: as the engine likes
  std::filesystem::path directory;  // of the sweep, absolute: for what the engine writes itself
  std::function<void(const Job &)> finished = [](const Job &) {};  // called once a finished job
};

struct Outcome {
  std::vector<Failure> failures;
  bool interrupted = false;  // by SIGINT or SIGTERM; nothing of this call is running any more
};

struct Engine {
  std::string_view name, summary;
  // Runs all jobs, whatever becomes of some. Errors: none of them can be run.
  Result<Outcome> (*run)(const std::vector<Job> &jobs, const EngineOptions &options);
};

std::span<const Engine> engines();
const Engine *find_engine(std::string_view name);  // null: unknown

Result<Outcome> run_local(const std::vector<Job> &jobs, const EngineOptions &options);
Result<Outcome> run_slurm(const std::vector<Job> &jobs, const EngineOptions &options);

}  // namespace thimble::sweep

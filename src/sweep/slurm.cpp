// The runs as one array job. Slurm's accounting is optional, so nothing is asked of it: a task is
// done when its result is there, and has failed when the queue no longer knows it and none is.
//
// What a cluster wants to know beside (partition, time limit, account) sbatch itself takes from its
// environment: SBATCH_PARTITION, SBATCH_TIMELIMIT, SBATCH_ACCOUNT.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "support/files.h"
#include "support/process.h"
#include "sweep/engine.h"
#include "sweep/interrupt.h"

namespace thimble::sweep {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr Seconds kFirstPause{0.5}, kLongestPause{5};
// How often a result may be looked for in vain after its task has left the queue: files of another
// machine appear late on shared disks.
constexpr int kPatience = 5;
constexpr const char *kPackage = "slurm-client";

std::string quoted(const std::string &word) {
  std::string text = "'";
  for (char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string command_text(const Job &job) {
  std::string text;
  for (const std::string &word : job.command) text += quoted(word) + " ";
  return text;
}

// The task's number chooses the command; a failure says so at the end of its own log.
std::string script_text(const std::vector<Job> &jobs) {
  std::string text = "#!/bin/sh\ncase $SLURM_ARRAY_TASK_ID in\n";
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const std::string log = quoted(log_of(jobs[i]).string());
    text += fmt::format("{})\n  {}>>{} 2>&1 ||\n    echo \"exit code $?\" >>{} ;;\n", i,
                        command_text(jobs[i]), log, log);
  }
  return text + "esac\n";
}

Result<std::string> submit(const std::vector<Job> &jobs, const EngineOptions &options) {
  TRY(const auto sbatch, find_program("sbatch", kPackage));
  const auto script = options.directory / "slurm.sh";
  TRY([[maybe_unused]] const Unit written, write_file(script, script_text(jobs)));
  const std::string limit = options.jobs > 0 ? fmt::format("%{}", options.jobs) : "";
  TRY(const ProcessResult submitted,
      run_process({sbatch.string(), "--parsable", "--job-name=thimble-sweep",
                   fmt::format("--array=0-{}{}", jobs.size() - 1, limit), "--ntasks=1",
                   "--cpus-per-task=1", "--open-mode=append",
                   "--chdir=" + options.directory.string(),
                   "--output=" + (options.directory / "slurm.txt").string(), script.string()}));
  if (submitted.exit_code != 0) {
    return usage_error(
        "sbatch refuses the runs", submitted.stderr_text,
        "its defaults can be set: SBATCH_PARTITION, SBATCH_TIMELIMIT, SBATCH_ACCOUNT");
  }
  const std::string &id = submitted.stdout_text;  // "17\n" or "17;cluster\n"
  return id.substr(0, id.find_first_of(";\n"));
}

// Whether any task waits or runs. A queue that does not answer may still have them all.
bool is_queued(const std::string &id) {
  const auto listed = run_process({"squeue", "--noheader", "--jobs", id, "--format=%i"}, {}, 60);
  if (!listed) return true;
  if (listed->exit_code == 0) return !listed->stdout_text.empty();
  return listed->stderr_text.find("Invalid job id") == std::string::npos;
}

void cancel(const std::string &id) {
  for (int i = 0; i < 3; ++i) {
    const auto cancelled = run_process({"scancel", id}, {}, 60);
    if (cancelled && cancelled->exit_code == 0) break;
  }
  for (int i = 0; i < 40 && is_queued(id); ++i) std::this_thread::sleep_for(kFirstPause);
}

// Reports those that are done and takes them out of `waiting`.
void collect(std::set<const Job *> &waiting, const EngineOptions &options) {
  std::erase_if(waiting, [&](const Job *job) {
    const bool done = is_done(*job);
    if (done) options.finished(*job);
    return done;
  });
}

void sleep_unless(const InterruptWatch &watch, Seconds pause) {
  constexpr Seconds kStep{0.1};
  for (; pause > Seconds{0} && !watch.interrupted(); pause -= kStep) {
    std::this_thread::sleep_for(std::min(pause, kStep));
  }
}

}  // namespace

Result<Outcome> run_slurm(const std::vector<Job> &jobs, const EngineOptions &options) {
  const InterruptWatch watch;
  TRY(const std::string id, submit(jobs, options));
  std::set<const Job *> waiting;
  for (const Job &job : jobs) waiting.insert(&job);
  Outcome outcome;
  int in_vain = 0;
  for (Seconds pause = kFirstPause; !waiting.empty() && in_vain < kPatience;
       pause = std::min(pause * 1.5, kLongestPause)) {
    sleep_unless(watch, pause);
    if (watch.interrupted()) {
      cancel(id);
      collect(waiting, options);
      outcome.interrupted = true;
      return outcome;
    }
    collect(waiting, options);
    in_vain = waiting.empty() || is_queued(id) ? 0 : in_vain + 1;
  }
  for (const Job *job : waiting) {
    outcome.failures.push_back(
        {job->name, 0,
         fmt::format("Slurm's job {} left no result of it (Slurm's own words: slurm.txt)", id),
         log_of(*job)});
  }
  return outcome;
}

}  // namespace thimble::sweep

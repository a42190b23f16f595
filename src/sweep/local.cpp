// Processes on this machine, at most `jobs` at a time, each in a process group of its own.
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>
#include <thread>

#include "support/process.h"
#include "sweep/engine.h"
#include "sweep/interrupt.h"

namespace thimble::sweep {
namespace {

constexpr auto kPause = std::chrono::milliseconds(50);
constexpr auto kMercy = std::chrono::seconds(10);  // for a child to put its checkpoint away

using Children = std::map<pid_t, const Job *>;

int hardware_threads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

std::string reason_of(int exit_code) {
  if (exit_code == 0) return "it ended without a result";
  if (exit_code > 128) return "signal " + std::to_string(exit_code - 128) + " ended it";
  return "exit code " + std::to_string(exit_code);
}

void note_end(const Job &job, int exit_code, const EngineOptions &options, Outcome &outcome) {
  if (exit_code == 0 && is_done(job)) return options.finished(job);
  outcome.failures.push_back({job.name, exit_code, reason_of(exit_code), log_of(job)});
}

// Takes those that have ended out of `children`.
void reap(Children &children, const EngineOptions &options, Outcome &outcome) {
  for (auto child = children.begin(); child != children.end();) {
    int status = 0;
    const pid_t got = waitpid(child->first, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR)) {
      ++child;
      continue;
    }
    note_end(*child->second, got < 0 ? 1 : exit_code_of(status), options, outcome);
    child = children.erase(child);
  }
}

void signal_all(const Children &children, int signal) {
  for (const auto &[pid, job] : children) kill(-pid, signal);
}

// Asks, waits, then insists. A job that still made it to its result counts; its failure does not.
void stop(Children &children, const EngineOptions &options) {
  signal_all(children, SIGTERM);
  Outcome ignored;
  const auto deadline = std::chrono::steady_clock::now() + kMercy;
  while (!children.empty() && std::chrono::steady_clock::now() < deadline) {
    reap(children, options, ignored);
    std::this_thread::sleep_for(kPause);
  }
  signal_all(children, SIGKILL);
  for (const auto &[pid, job] : children) waitpid(pid, nullptr, 0);
}

}  // namespace

Result<Outcome> run_local(const std::vector<Job> &jobs, const EngineOptions &options) {
  const auto at_a_time =
      static_cast<std::size_t>(options.jobs > 0 ? options.jobs : hardware_threads());
  const InterruptWatch watch;
  Outcome outcome;
  Children children;
  std::size_t next = 0;
  while (next < jobs.size() || !children.empty()) {
    if (watch.interrupted()) {
      stop(children, options);
      outcome.interrupted = true;
      return outcome;
    }
    while (next < jobs.size() && children.size() < at_a_time) {
      const auto pid = start_process(jobs[next].command, log_of(jobs[next]));
      if (!pid) {
        stop(children, options);
        return pid.diagnostics();
      }
      children[*pid] = &jobs[next++];
    }
    reap(children, options, outcome);
    if (!children.empty()) std::this_thread::sleep_for(kPause);
  }
  return outcome;
}

}  // namespace thimble::sweep

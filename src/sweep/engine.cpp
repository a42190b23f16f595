// The table of engines, and what they share.
#include "sweep/engine.h"

#include <algorithm>
#include <array>

namespace thimble::sweep {

std::filesystem::path result_of(const Job &job) { return job.directory / "run.json"; }
std::filesystem::path log_of(const Job &job) { return job.directory / "log.txt"; }

bool is_done(const Job &job) {
  std::error_code code;
  return std::filesystem::exists(result_of(job), code);
}

std::span<const Engine> engines() {
  static constexpr std::array<Engine, 2> kEngines = {{
      {"local", "processes on this machine", run_local},
      {"slurm", "one array job of a Slurm cluster that sees the same directory", run_slurm},
  }};
  return kEngines;
}

const Engine *find_engine(std::string_view name) {
  const auto all = engines();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Engine &e) { return e.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace thimble::sweep

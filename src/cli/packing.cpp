// A folder of graphs, one after the other.
#include "cli/packing.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/outline_json.h"
#include "plan/packing.h"
#include "report/packing.h"
#include "support/files.h"
#include "support/progress.h"

namespace thimble::cli {
namespace {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> graphs_in(const std::string &folder) {
  std::vector<fs::path> paths;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".json") paths.push_back(it->path());
  if (error || paths.empty()) {
    Diagnostic none =
        model_error("has no graphs", error ? error.message() : "no file ends in .json");
    none.file = folder;
    return none;
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

Result<plan::Packing> pack_file(const fs::path &path, double time_limit) {
  TRY(const plan::Outline outline, read_outline(path.string()));
  auto packing = plan::pack(outline, time_limit);
  if (packing) return packing;
  TRY([[maybe_unused]] const plan::Outlined none, outlined_of(outline, path.string()));
  return packing.diagnostics();
}

// On all processors: each graph is a problem of its own.
void pack_all(const std::vector<fs::path> &paths, double time_limit,
              std::vector<std::optional<Result<plan::Packing>>> &results) {
  Progress progress("packing", static_cast<std::int64_t>(paths.size()));
  std::mutex drawing;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i; (i = next++) < paths.size();) {
      results[i] = pack_file(paths[i], time_limit);
      const std::lock_guard lock(drawing);
      progress.advance();
    }
  };
  std::vector<std::future<void>> workers;
  for (unsigned i = std::max(1u, std::thread::hardware_concurrency()); i > 0; --i)
    workers.push_back(std::async(std::launch::async, work));
  for (std::future<void> &worker : workers) worker.get();  // and what it threw
}

Status write_all(const std::vector<plan::Packing> &packings, const fs::path &output) {
  TRY_STATUS(write_file(output / "packing.md", report::to_markdown(packings)));
  TRY_STATUS(write_file(output / "packing.json", report::to_json(packings).dump(1) + "\n"));
  return write_file(output / "packing.svg", report::to_svg(report::packing_plot(packings)));
}

}  // namespace

Status compare_packings(const std::string &folder, double time_limit, const std::string &output,
                        bool as_json) {
  TRY(const std::vector<fs::path> paths, graphs_in(folder));
  std::vector<std::optional<Result<plan::Packing>>> results(paths.size());
  pack_all(paths, time_limit, results);
  std::vector<plan::Packing> packings;
  Diagnostics errors;
  for (const auto &result : results) {
    if (result->ok()) {
      packings.push_back(**result);
    } else {
      errors.insert(errors.end(), result->diagnostics().begin(), result->diagnostics().end());
    }
  }
  if (!errors.empty()) return errors;
  if (!output.empty()) TRY_STATUS(write_all(packings, output));
  as_json ? print_result(report::to_json(packings)) : print_result(report::to_markdown(packings));
  return Unit{};
}

}  // namespace thimble::cli

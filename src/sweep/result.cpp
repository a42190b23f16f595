// The trainer wrote it, but a person may have edited it: every figure is looked at.
#include "sweep/result.h"

#include <algorithm>
#include <cmath>

#include "support/files.h"

namespace thimble::sweep {
namespace {

struct Figures {
  const Json &json;
  std::string missing;

  double number(const char *key, double low, double high) {
    if (json.contains(key) && json[key].is_number()) {
      const double value = json[key].get<double>();
      if (std::isfinite(value) && value >= low && value <= high) return value;
    }
    missing += std::string(missing.empty() ? "" : ", ") + key;
    return 0;
  }
  std::int64_t count(const char *key) { return static_cast<std::int64_t>(number(key, 0, 1e15)); }
};

}  // namespace

Result<TrainedRun> read_result(const Run &run, const std::filesystem::path &directory) {
  const auto path = directory / "run.json";
  TRY(const std::string text, read_text(path));
  const Json json = Json::parse(text, nullptr, false);
  Figures figures{json, {}};
  TrainedRun result{run, directory};
  result.parameters = figures.count("parameters");
  result.parameters_cnn = figures.count("parameters_cnn");
  result.parameters_fc = figures.count("parameters_fc");
  result.loss = figures.number("loss", 1e-12, 1e12);  // the logarithm is taken
  result.variance = figures.number("variance", 1e-12, 1e12);
  result.recognised = figures.number("recognised", 0, 1);
  result.recognised_by_evaluator = figures.number("recognised_by_evaluator", 0, 1);
  result.seconds = figures.number("seconds", 0, 1e12);
  if (figures.missing.empty()) return result;
  Diagnostic error =
      model_error("is not a run's result", "it lacks, or has out of range: " + figures.missing,
                  "remove it and repeat the run with --resume");
  error.file = path.string();
  return error;
}

std::vector<Size> by_size(const std::vector<TrainedRun> &runs) {
  std::vector<Size> sizes;
  for (const TrainedRun &run : runs) {
    const auto same = std::find_if(sizes.begin(), sizes.end(), [&](const Size &size) {
      return size.config.name == run.run.config.name;
    });
    same == sizes.end() ? sizes.push_back({run.run.config, {run}}) : same->runs.push_back(run);
  }
  for (Size &size : sizes) {
    std::stable_sort(size.runs.begin(), size.runs.end(),
                     [](const auto &a, const auto &b) { return a.loss < b.loss; });
  }
  std::stable_sort(sizes.begin(), sizes.end(), [](const Size &a, const Size &b) {
    return a.best().parameters < b.best().parameters;
  });
  return sizes;
}

}  // namespace thimble::sweep

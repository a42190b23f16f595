#include "report/shrink_steps.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "support/files.h"

namespace thimble::report {
namespace {

constexpr std::uint64_t kMostBytes = 1 << 20;
constexpr std::size_t kMostSteps = 1000;

// Missing is right where it may be.
bool is_count(const Json &step, const char *key, bool may_miss) {
  if (!step.contains(key)) return may_miss;
  return step[key].is_number_unsigned() &&
         step[key].get<std::uint64_t>() <= std::uint64_t(INT64_MAX);
}

bool is_real(const Json &step, const char *key, bool may_miss) {
  if (!step.contains(key)) return may_miss;
  return step[key].is_number();
}

bool is_step(const Json &step) {
  if (!step.is_object() || !step.contains("step") || !step["step"].is_string()) return false;
  constexpr std::array kCounts = {"weight_bytes", "constant_bytes", "arena_bytes", "macs"};
  return std::all_of(kCounts.begin(), kCounts.end(),
                     [&](const char *key) { return is_count(step, key, false); }) &&
         is_count(step, "flash_total", true) && is_count(step, "ram_total", true) &&
         is_real(step, "accuracy", false) && is_real(step, "distance", false) &&
         is_real(step, "test_accuracy", true);
}

bool is_steps(const Json &json) {
  if (!json.is_object() || !json.contains("labelled") || !json["labelled"].is_boolean())
    return false;
  if (!json.contains("steps") || !json["steps"].is_array()) return false;
  const Json &steps = json["steps"];
  return !steps.empty() && steps.size() <= kMostSteps &&
         std::all_of(steps.begin(), steps.end(), is_step);
}

}  // namespace

std::filesystem::path shrink_steps_path(const std::filesystem::path &model) {
  return std::filesystem::path(model).replace_extension(".steps.json");
}

Result<Json> read_shrink_steps(const std::filesystem::path &path) {
  TRY(const std::string text, read_text(path, kMostBytes));
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || !is_steps(json)) {
    Diagnostic error = model_error("these are no steps of `thimble shrink`",
                                   "it writes SMALL.steps.json beside SMALL.onnx, and nothing else "
                                   "of that name is read",
                                   "remove the file, or let `thimble shrink` write it again");
    error.file = path.string();
    return error;
  }
  return json;
}

}  // namespace thimble::report

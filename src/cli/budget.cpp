// Does it fit? The arena against the RAM, weights and constants against the flash. Who does not fit
// is told by how much, what is alive at the peak, and which options or chips would do.
#include <fmt/core.h>

#include <algorithm>

#include "cli/build.h"

namespace thimble::cli {
namespace {

// A budget, and the words for whose it is.
struct Limit {
  std::int64_t bytes = 0;  // 0: none
  std::string owner;       // "atmega328p has", "--ram allows"
};

Limit limit_of(std::optional<std::int64_t> given, std::int64_t of_target, const std::string &option,
               const std::string &target) {
  if (given) return {*given, option + " allows"};
  return {of_target, target + " has"};
}

// Whose bytes fill the arena at its fullest step, the largest first.
std::string peak_text(const plan::Plan &plan) {
  std::vector<plan::Peak::Part> parts = plan.peak.parts;
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto &a, const auto &b) { return a.bytes > b.bytes; });
  std::string text;
  for (std::size_t i = 0; i < parts.size() && i < 3; ++i) {
    text += fmt::format("{}'{}' ({} B)", i ? ", " : "", plan.buffers[parts[i].buffer].name,
                        parts[i].bytes);
  }
  if (parts.size() > 3) text += fmt::format(" and {} more", parts.size() - 3);
  return fmt::format("at step {} {} are alive together", plan.peak.step, text);
}

// The first way to hand data over row by row that fits, or the least there is.
std::string ram_advice(const Network &network, const PlanOptions &options, std::int64_t limit) {
  std::int64_t least = 0;
  std::string least_words;
  for (int way = 1; way < 4; ++way) {
    plan::Options other;
    other.stream_in = way & 1;
    other.stream_out = way & 2;
    other.time_limit_seconds = 3;
    if ((options.stream_in && !other.stream_in) || (options.stream_out && !other.stream_out))
      continue;
    const auto plan = plan::make_plan(network.model.graph, other);
    if (!plan) continue;
    const std::string words =
        std::string(way & 1 ? " --stream-in" : "") + (way & 2 ? " --stream-out" : "");
    if (plan->arena_bytes <= limit) {
      return fmt::format("{} needs {} bytes", words.substr(1), plan->arena_bytes);
    }
    if (!least || plan->arena_bytes < least)
      least = plan->arena_bytes, least_words = words.substr(1);
  }
  if (!least) return "a smaller network";
  return fmt::format("the least is {} bytes with {}: a smaller network, or more RAM", least,
                     least_words);
}

Diagnostic budget_error(const std::string &file, std::string what, std::string why,
                        std::string fix) {
  Diagnostic diagnostic;
  diagnostic.error_class = ErrorClass::kBudget;
  diagnostic.file = file;
  diagnostic.what = std::move(what);
  diagnostic.why = std::move(why);
  diagnostic.fix = std::move(fix);
  return diagnostic;
}

std::string excess_text(std::int64_t needed, const char *of, const Limit &limit) {
  return fmt::format("needs {} bytes of {}, {} {}: {} too many", needed, of, limit.owner,
                     limit.bytes, needed - limit.bytes);
}

}  // namespace

Diagnostics check_budget(const Network &network, const targets::Target &target, const Build &build,
                         const PlanOptions &options) {
  Diagnostics errors;
  const std::string &file = network.model.path;
  const Limit ram = limit_of(options.ram, target.ram_bytes, "--ram", target.name);
  const std::int64_t arena = build.plan.arena_bytes;
  if ((ram.bytes || options.ram) && arena > ram.bytes) {
    errors.push_back(budget_error(file, excess_text(arena, "RAM", ram), peak_text(build.plan),
                                  ram_advice(network, options, ram.bytes)));
  }
  const Limit flash = limit_of(options.flash, target.flash_bytes, "--flash", target.name);
  const std::int64_t data = build.emitted.weight_bytes + build.emitted.constant_bytes;
  if ((flash.bytes || options.flash) && data > flash.bytes) {
    errors.push_back(
        budget_error(file, excess_text(data, "flash", flash),
                     fmt::format("{} bytes of weights and {} of other constants, code not counted",
                                 build.emitted.weight_bytes, build.emitted.constant_bytes),
                     network.numbers_name == "f32" ? "--numbers int8 takes a quarter of it"
                                                   : "a smaller network"));
  }
  return errors;
}

}  // namespace thimble::cli

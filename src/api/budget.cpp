// Does it fit? Before the compiler has run: the arena against the RAM, weights and constants
// against the flash. After the emulator has: the whole bill. Who does not fit is told by how much,
// what is alive at the peak, and which options or chips would do.
#include <fmt/core.h>

#include <algorithm>

#include "api/build.h"

namespace thimble::api {
namespace {

constexpr double kAdviceSeconds = 3;  // of the solver, for each way (place.h)

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

// Chips with room for `bytes`, of RAM or of flash, the smallest first; at most three.
std::string chips_with(std::int64_t bytes, std::int64_t targets::Target::*memory) {
  const auto all = targets::all_targets();
  if (!all) return {};
  std::vector<targets::Target> enough;
  for (const targets::Target &target : *all) {
    if (target.*memory >= bytes) enough.push_back(target);
  }
  std::stable_sort(enough.begin(), enough.end(),
                   [&](const auto &a, const auto &b) { return a.*memory < b.*memory; });
  std::string names;
  for (std::size_t i = 0; i < enough.size() && i < 3; ++i) {
    names += (i ? ", " : "") + enough[i].name;
  }
  return names.empty() ? "" : "; chips with room for " + std::to_string(bytes) + ": " + names;
}

// The command that makes the network smaller, until it keeps the budgets that were given.
std::string shrink_advice(const Network &network, const PlanOptions &options) {
  std::string words = "thimble shrink " + network.model.path + " --data X.npz";
  if (options.target != "host") words += " --target " + options.target;
  if (options.ram) words += fmt::format(" --ram {}", *options.ram);
  if (options.flash) words += fmt::format(" --flash {}", *options.flash);
  return words;
}

Result<plan::Plan> plan_in_time(const Network &network, const PlanOptions &options) {
  TRY(const Network prepared, prepare(network, options));
  plan::Options planning = planning_of(options);
  planning.time_limit_seconds = kAdviceSeconds;
  return plan::make_plan(prepared.model.graph, planning);
}

// The first way to hand data over row by row, or to keep less than rows, whose arena fits; or the
// least there is.
std::string stream_advice(const Network &network, const PlanOptions &options, std::int64_t limit) {
  std::int64_t least = 0;
  std::string least_words;
  for (int way = 1; way < 8; ++way) {
    PlanOptions other;
    other.stream_in = way & 1;
    other.stream_out = way & 2;
    other.residency = way & 4 ? "lines" : "rings";
    other.borrow_input = options.borrow_input;
    if ((options.stream_in && !other.stream_in) || (other.borrow_input && other.stream_in) ||
        (options.stream_out && !other.stream_out) ||
        (residency_of(options) == "lines" && !(way & 4)))
      continue;
    const auto plan = plan_in_time(network, other);
    if (!plan) continue;
    const std::string words = std::string(other.borrow_input ? " --borrow-input" : "") +
                              (way & 1 ? " --stream-in" : "") + (way & 2 ? " --stream-out" : "") +
                              (way & 4 ? " --residency lines" : "");
    if (plan->arena_bytes <= limit) {
      return fmt::format("{} needs {} bytes", words.substr(1), plan->arena_bytes);
    }
    if (!least || plan->arena_bytes < least)
      least = plan->arena_bytes, least_words = words.substr(1);
  }
  const std::string smaller = "a smaller network (" + shrink_advice(network, options) + ")";
  if (!least) return smaller;
  return fmt::format("the least is {} bytes with {}: {}, or more RAM", least, least_words, smaller);
}

// `limit`: bytes that the arena may take. `needed`: what memory the network as it is takes in all.
std::string ram_advice(const Network &network, const PlanOptions &options, std::int64_t limit,
                       std::int64_t needed) {
  return stream_advice(network, options, limit) + chips_with(needed, &targets::Target::ram_bytes);
}

std::string flash_advice(const Network &network, const PlanOptions &options, std::int64_t needed) {
  return (network.numbers_name == "f32"
              ? "--numbers int8 takes a quarter of the weights"
              : "a smaller network (" + shrink_advice(network, options) + ")") +
         chips_with(needed, &targets::Target::flash_bytes);
}

Diagnostic too_much(const std::string &file, std::string what, std::string why, std::string fix) {
  Diagnostic error = budget_error(std::move(what), std::move(why), std::move(fix));
  error.file = file;
  return error;
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
    errors.push_back(too_much(file, excess_text(arena, "RAM", ram), peak_text(build.plan),
                              ram_advice(network, options, ram.bytes, arena)));
  }
  const Limit flash = limit_of(options.flash, target.flash_bytes, "--flash", target.name);
  const std::int64_t data = build.emitted.weight_bytes + build.emitted.constant_bytes;
  if ((flash.bytes || options.flash) && data > flash.bytes) {
    errors.push_back(
        too_much(file, excess_text(data, "flash", flash),
                 fmt::format("{} bytes of weights and {} of other constants, code not counted",
                             build.emitted.weight_bytes, build.emitted.constant_bytes),
                 flash_advice(network, options, data)));
  }
  return errors;
}

Diagnostics check_bill(const Network &network, const targets::Target &target,
                       const emulate::Bill &bill, const PlanOptions &options) {
  Diagnostics errors;
  const std::string &file = network.model.path;
  const Limit ram = limit_of(options.ram, target.ram_bytes, "--ram", target.name);
  if ((ram.bytes || options.ram) && bill.ram_total > ram.bytes) {
    const std::int64_t beside = bill.ram_total - bill.ram_arena;
    errors.push_back(too_much(file, excess_text(bill.ram_total, "RAM", ram),
                              fmt::format("arena {}, static {}, stack {}", bill.ram_arena,
                                          bill.ram_static, bill.ram_stack),
                              ram_advice(network, options, ram.bytes - beside, bill.ram_total)));
  }
  const Limit flash = limit_of(options.flash, target.flash_bytes, "--flash", target.name);
  if ((flash.bytes || options.flash) && bill.flash_total > flash.bytes) {
    errors.push_back(too_much(file, excess_text(bill.flash_total, "flash", flash),
                              fmt::format("weights {}, constants {}, code {}", bill.flash_weights,
                                          bill.flash_constants, bill.flash_code),
                              flash_advice(network, options, bill.flash_total)));
  }
  return errors;
}

Diagnostics advise(const Network &network, const targets::Target &target, const Build &build,
                   const PlanOptions &options, Diagnostics errors) {
  for (Diagnostic &error : errors) {
    const bool of_flash = error.why.find("`FLASH'") != std::string::npos ||
                          error.why.find("`text'") != std::string::npos;  // the linker's regions
    if (error.error_class != ErrorClass::kBudget) continue;
    error.file = network.model.path;
    error.fix = of_flash ? flash_advice(network, options, target.flash_bytes + 1)
                         : ram_advice(network, options,
                                      std::min(build.plan.arena_bytes - 1, target.ram_bytes),
                                      target.ram_bytes + 1);
  }
  return errors;
}

}  // namespace thimble::api

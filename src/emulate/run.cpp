// Build, run, count: the one path for every target. What differs stands in the table of emulators.
#include "emulate/run.h"

#include <algorithm>

#include "emulate/build.h"
#include "emulate/emulators.h"
#include "emulate/image.h"
#include "emulate/stack_depth.h"
#include "emulate/stack_usage.h"
#include "support/check.h"
#include "support/files.h"

namespace thimble::emulate {
namespace {

using codegen::Emitted;
namespace fs = std::filesystem;

std::int64_t total_bytes(const std::vector<ir::Type> &ports) {
  std::int64_t sum = 0;
  for (const ir::Type &port : ports) sum += port.bytes();
  return sum;
}

std::string join(const std::vector<RawSample> &samples, const std::vector<ir::Type> &ports) {
  std::string bytes;
  for (const RawSample &sample : samples) {
    CHECK(sample.size() == ports.size(), "a sample has one array for each network input");
    for (std::size_t i = 0; i < ports.size(); ++i) {
      CHECK(static_cast<std::int64_t>(sample[i].size()) == ports[i].bytes(),
            "an input array has the bytes of its port");
      bytes.append(sample[i].begin(), sample[i].end());
    }
  }
  return bytes;
}

std::vector<RawSample> split(const std::string &bytes, std::size_t sample_count,
                             const std::vector<ir::Type> &ports) {
  std::vector<RawSample> samples(sample_count);
  auto at = bytes.begin();
  for (RawSample &sample : samples) {
    for (const ir::Type &port : ports) {
      sample.emplace_back(at, at + port.bytes());
      at += port.bytes();
    }
  }
  return samples;
}

// What the network adds to the empty program. The arena stands apart, and the empty program may
// have kept or lost its own.
Result<Bill> count_bill(const Emitted &emitted, const Build &images) {
  TRY(const ImageSize full, image_size(images.image));
  TRY(const ImageSize empty, image_size(images.empty));
  TRY(const std::int64_t empty_arena, symbol_bytes(images.empty, emitted.name + "_arena"));
  Bill bill;
  bill.flash_weights = emitted.weight_bytes;
  bill.flash_constants = emitted.constant_bytes;
  bill.flash_total = full.flash_bytes - empty.flash_bytes;
  bill.flash_code = bill.flash_total - bill.flash_weights - bill.flash_constants;
  bill.ram_arena = emitted.arena_bytes;
  bill.ram_static = full.ram_bytes - emitted.arena_bytes - (empty.ram_bytes - empty_arena);
  bill.ram_total = bill.ram_arena + bill.ram_static;
  return bill;
}

struct Stack {
  std::optional<StackReach> reach;  // nothing: the compiler's own figures alone give the bound
  std::optional<std::int64_t> bound;
};

Result<Stack> find_stack(const Emitted &emitted, const Build &images) {
  const bool by_rows = emitted.stream_in || emitted.stream_out;
  const std::string entry = emitted.name + (by_rows ? "_run_rows" : "_run");
  const std::vector<std::string> callbacks = {"emit", "fill"};  // of print_network.cpp
  Stack stack;
  TRY(stack.reach, stack_reach(images.image, entry, callbacks));
  if (stack.reach) {
    stack.bound = *stack.reach->depths.rbegin();
  } else {
    TRY(stack.bound, stack_bound(images.objects, entry, callbacks));
  }
  return stack;
}

void add_marks(const std::vector<Mark> &marks, const Stack &stack, RunResult &result) {
  for (const Mark &mark : marks) {
    result.count_per_run = std::max(result.count_per_run, mark.count);
    const std::int64_t depth =
        stack.reach ? depth_behind(*stack.reach, mark.stack_bytes) : mark.stack_bytes;
    result.bill.ram_stack = std::max(result.bill.ram_stack, depth);
    if (mark.model_cycles)
      result.model_cycles = std::max(result.model_cycles.value_or(0), *mark.model_cycles);
  }
  result.bill.ram_total = result.bill.ram_arena + result.bill.ram_static + result.bill.ram_stack;
}

void add_steps(const std::vector<StepCount> &steps, RunResult &result) {
  const auto add = [](std::size_t group, std::int64_t count, std::vector<std::int64_t> &sums) {
    if (group >= sums.size()) sums.resize(group + 1);
    sums[group] += count;
  };
  for (const StepCount &step : steps) {
    if (step.group < 0) continue;
    const auto group = static_cast<std::size_t>(step.group);
    add(group, step.count, result.group_counts);
    if (step.model_cycles) add(group, *step.model_cycles, result.group_model_cycles);
  }
}

}  // namespace

Status check_stack(const Bill &bill) {
  if (bill.ram_stack == 0 || (bill.ram_stack_bound && bill.ram_stack <= *bill.ram_stack_bound)) {
    return Unit{};
  }
  Diagnostic error = model_error(
      "the stack reached " + std::to_string(bill.ram_stack) + " bytes, and " +
          (bill.ram_stack_bound ? "its bound is " + std::to_string(*bill.ram_stack_bound)
                                : std::string("it has no bound")),
      "the emulator's high-water mark and the linked program's own instructions contradict each "
      "other",
      "please report this with the model: it is a fault of thimble or of the compiler");
  error.error_class = ErrorClass::kVerify;
  return error;
}

Result<RunResult> build_and_run(const Emitted &emitted, const targets::Target &target,
                                const std::vector<RawSample> &samples, const fs::path &work,
                                const Limits &limits) {
  TRY(const Emulator *emulator, find_emulator(target.emulator));
  std::optional<TemporaryDirectory> temporary;
  if (work.empty()) temporary.emplace();
  const fs::path directory = work.empty() ? temporary->path() : work;
  TRY(const Build images, build(emitted, target, *emulator, directory));

  RunResult result;
  Stack stack;
  if (emulator->counts) {
    TRY(result.bill, count_bill(emitted, images));
    TRY(stack, find_stack(emitted, images));
    result.bill.ram_stack_bound = stack.bound;
  }
  if (samples.empty()) return result;
  const Image image{images.image, directory, total_bytes(emitted.inputs),
                    total_bytes(emitted.outputs)};
  TRY(const Trace trace, emulator->run(image, target, join(samples, emitted.inputs), limits));
  if (trace.outputs.size() != samples.size() * static_cast<std::size_t>(image.output_bytes)) {
    return model_error("the run on " + target.name + " ended early",
                       std::to_string(trace.outputs.size()) + " bytes of output came back");
  }
  result.outputs = split(trace.outputs, samples.size(), emitted.outputs);
  add_marks(trace.marks, stack, result);
  add_steps(trace.steps, result);
  return result;
}

}  // namespace thimble::emulate

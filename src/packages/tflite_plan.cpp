// Offsets for TensorFlow Lite for Microcontrollers: it runs the file's operators one after the
// other on whole tensors, and places those itself, unless the file has a list of offsets among its
// metadata ("OfflineMemoryAllocation": version, subgraph, count, an offset or -1 a tensor; source:
// tflite-micro, docs/offline_memory_plan.md). The list is made here by the search that places
// Thimble's own buffers. What else TFLM needs (scratch of its kernels, what persists) it places
// itself, around these.
//
// Lifetimes are TFLM's: time 0 has the inputs, time i + 1 operator i; outputs stay to the end. Two
// tensors of an operator that only gives another shape may be one, for TFLM copies nothing onto
// itself.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ctext/literals.h"
#include "frontends/limits.h"
#include "frontends/tflite/add_metadata.h"
#include "frontends/tflite/open_model.h"
#include "frontends/tflite/schema.h"
#include "packages/package.h"
#include "plan/place.h"
#include "support/check.h"

namespace thimble::packages {
namespace {

namespace tfl = frontends::tflite;

constexpr std::string_view kEntry = "OfflineMemoryAllocation";
constexpr std::int32_t kFormat = 1;
constexpr std::int64_t kAlignment = 16;     // TFLM's, of places and of sizes
constexpr std::size_t kMostTensors = 1024;  // that are placed
constexpr std::int64_t kMostBytes = std::numeric_limits<std::int32_t>::max();
constexpr double kSeconds = 10;

// A tensor of the arena, or several that are one.
struct Placed {
  std::vector<std::int32_t> tensors;
  std::int64_t bytes = 0;
  std::int32_t first = -1, last = -1;  // times, both included
  std::int64_t offset = 0;
};

struct Tensor {
  std::string name;
  std::int64_t bytes = 0;      // as TFLM counts them
  bool is_kept_apart = false;  // constants and variables: not planned
  std::int32_t first = -1, last = -1;
  std::int32_t same_as = -1;  // the tensor whose bytes these are; -1: none
};

struct Reading {
  std::vector<Tensor> tensors;
  std::int32_t end = 0;  // the time after the last operator
  Diagnostics errors;
};

std::int64_t aligned(std::int64_t bytes) {
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

bool has_data(const tfl::Table &tensor, const tfl::Tables &buffers) {
  const auto index = tensor.scalar<std::uint32_t>(tfl::Tensor::kBuffer, 0);
  return buffers[index].numbers<std::uint8_t>(tfl::BufferTable::kData).size() > 0;
}

// -1: it has no size that is known now.
std::int64_t bytes_of(const tfl::Table &tensor) {
  const auto shape = tensor.numbers<std::int32_t>(tfl::Tensor::kShape);
  if (shape.size() > frontends::kMaxRank) return -1;
  frontends::Dims dims;
  for (std::size_t i = 0; i < shape.size(); ++i) dims.push_back(shape[i]);
  const int element = tfl::bytes_of_type(tensor.scalar<std::int8_t>(tfl::Tensor::kType, 0));
  const std::int64_t count = frontends::element_count(dims);
  return element == 0 || count < 0 ? -1 : count * element;
}

void read_tensors(const tfl::Table &subgraph, const tfl::Tables &buffers, Reading &reading) {
  const tfl::Tables tensors = subgraph.tables(tfl::Subgraph::kTensors);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const tfl::Table table = tensors[i];
    Tensor tensor{std::string(table.text(tfl::Tensor::kName).substr(0, 100)), bytes_of(table)};
    tensor.is_kept_apart =
        has_data(table, buffers) || table.scalar<std::int8_t>(tfl::Tensor::kIsVariable, 0) != 0;
    reading.tensors.push_back(std::move(tensor));
  }
}

// Whether `index` is a tensor; an absent operand (-1) is none, anything else is an error.
bool is_tensor(std::int32_t index, Reading &reading) {
  if (index >= 0 && index < std::ssize(reading.tensors)) return true;
  if (index != -1) reading.errors = {tfl::damaged()};
  return false;
}

void make(std::int32_t index, std::int32_t time, Reading &reading) {
  if (!is_tensor(index, reading)) return;
  Tensor &tensor = reading.tensors[index];
  if (tensor.first >= 0 && !tensor.is_kept_apart)
    reading.errors.push_back(model_error(
        "tensor '" + ctext::comment_text(tensor.name) + "' is made twice",
        "the input of a network or an operator's output is only that", tfl::kReconvert));
  tensor.first = time;
  tensor.last = std::max(tensor.last, time);
}

void use(std::int32_t index, std::int32_t time, Reading &reading) {
  if (!is_tensor(index, reading)) return;
  Tensor &tensor = reading.tensors[index];
  tensor.last = std::max(tensor.last, time);
}

bool only_reshapes(const tfl::Table &code) {
  const std::int32_t builtin =
      std::max(std::int32_t{code.scalar<std::int8_t>(tfl::OperatorCode::kOldBuiltin, 0)},
               code.scalar<std::int32_t>(tfl::OperatorCode::kBuiltin, 0));
  const std::string name = tfl::operator_name(builtin);
  return name == "RESHAPE" || name == "SQUEEZE";
}

bool is_planned(const Tensor &tensor) {
  return !tensor.is_kept_apart && tensor.first >= 0 && tensor.bytes != 0;
}

// The output of an operator that copies its first input is that input, if both are planned.
void join(std::int32_t input, std::int32_t output, Reading &reading) {
  const Tensor &from = reading.tensors[input];
  Tensor &to = reading.tensors[output];
  if (input != output && is_planned(from) && is_planned(to) && from.bytes == to.bytes)
    to.same_as = input;
}

void read_operators(const tfl::Table &model, const tfl::Table &subgraph, Reading &reading) {
  const tfl::Tables operators = subgraph.tables(tfl::Subgraph::kOperators);
  const tfl::Tables codes = model.tables(tfl::Model::kOperatorCodes);
  for (std::size_t i = 0; i < operators.size() && reading.errors.empty(); ++i) {
    const auto inputs = operators[i].numbers<std::int32_t>(tfl::Operator::kInputs);
    const auto outputs = operators[i].numbers<std::int32_t>(tfl::Operator::kOutputs);
    const auto time = static_cast<std::int32_t>(i + 1);
    for (std::size_t k = 0; k < inputs.size(); ++k) use(inputs[k], time, reading);
    for (std::size_t k = 0; k < outputs.size(); ++k) make(outputs[k], time, reading);
    const tfl::Table code = codes[operators[i].scalar<std::uint32_t>(tfl::Operator::kCode, 0)];
    if (!reading.errors.empty() || inputs.size() == 0 || outputs.size() != 1) continue;
    if (inputs[0] >= 0 && outputs[0] >= 0 && only_reshapes(code))
      join(inputs[0], outputs[0], reading);
  }
}

void check_sizes(Reading &reading) {
  for (const Tensor &tensor : reading.tensors) {
    if (!is_planned(tensor) || tensor.bytes > 0) continue;
    reading.errors.push_back(model_error(
        "tensor '" + ctext::comment_text(tensor.name) + "' has no size that is known beforehand",
        "TensorFlow Lite Micro takes tensors of fixed shapes and of numbers alone",
        "convert the model with fixed shapes, batch 1"));
  }
}

Result<Reading> read(const tfl::Table &model) {
  const tfl::Tables subgraphs = model.tables(tfl::Model::kSubgraphs);
  if (subgraphs.size() > 1)
    return model_error("the file has several subgraphs",
                       "offsets are planned for operators that run one after the other",
                       "convert the model without control flow");
  const tfl::Table subgraph = subgraphs[0];
  if (subgraph.tables(tfl::Subgraph::kOperators).size() > frontends::kMaxNodes ||
      subgraph.tables(tfl::Subgraph::kTensors).size() > frontends::kMaxNodes)
    return model_error("the network is too large");
  Reading reading;
  reading.end = static_cast<std::int32_t>(subgraph.tables(tfl::Subgraph::kOperators).size() + 1);
  read_tensors(subgraph, model.tables(tfl::Model::kBuffers), reading);
  const auto inputs = subgraph.numbers<std::int32_t>(tfl::Subgraph::kInputs);
  const auto outputs = subgraph.numbers<std::int32_t>(tfl::Subgraph::kOutputs);
  for (std::size_t i = 0; i < inputs.size(); ++i) make(inputs[i], 0, reading);
  read_operators(model, subgraph, reading);
  for (std::size_t i = 0; i < outputs.size(); ++i) use(outputs[i], reading.end, reading);
  if (reading.errors.empty()) check_sizes(reading);
  if (!reading.errors.empty()) return reading.errors;
  return reading;
}

// What is placed: tensors, those that are one together.
std::vector<Placed> placed_of(const Reading &reading) {
  std::vector<Placed> all;
  std::vector<std::int32_t> place_of(reading.tensors.size(), -1);
  for (std::int32_t i = 0; i < std::ssize(reading.tensors); ++i) {
    if (!is_planned(reading.tensors[i])) continue;
    std::int32_t root = i;
    while (reading.tensors[root].same_as >= 0) root = reading.tensors[root].same_as;
    if (place_of[root] < 0) {
      place_of[root] = static_cast<std::int32_t>(all.size());
      all.push_back({{}, aligned(reading.tensors[root].bytes), reading.tensors[root].first, 0});
    }
    Placed &placed = all[place_of[root]];
    placed.tensors.push_back(i);
    placed.first = std::min(placed.first, reading.tensors[i].first);
    placed.last = std::max(placed.last, reading.tensors[i].last);
  }
  return all;
}

std::int64_t most_alive(const std::vector<Placed> &all) {
  std::int64_t most = 0;
  for (const Placed &at : all) {
    std::int64_t bytes = 0;
    for (const Placed &other : all)
      if (other.first <= at.first && at.first <= other.last) bytes += other.bytes;
    most = std::max(most, bytes);
  }
  return most;
}

plan::PlaceProblem problem_of(const std::vector<Placed> &all) {
  plan::PlaceProblem problem;
  for (const Placed &placed : all) problem.objects.push_back({placed.bytes, kAlignment, {}});
  for (int a = 0; a < std::ssize(all); ++a) {
    for (int b = a + 1; b < std::ssize(all); ++b) {
      if (all[a].last < all[b].first || all[b].last < all[a].first) continue;
      problem.pairs.push_back({a, b, {{-all[a].bytes + 1, all[b].bytes}}});
    }
  }
  problem.lower_bound = most_alive(all);
  return problem;
}

void append(Bytes &bytes, std::int32_t value) {
  for (int shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint32_t>(value) >> shift));
}

Bytes list_of(const std::vector<Placed> &all, std::size_t tensor_count) {
  std::vector<std::int32_t> offsets(tensor_count, -1);
  for (const Placed &placed : all)
    for (const std::int32_t tensor : placed.tensors)
      offsets[tensor] = static_cast<std::int32_t>(placed.offset);
  Bytes bytes;
  append(bytes, kFormat);
  append(bytes, 0);
  append(bytes, static_cast<std::int32_t>(tensor_count));
  for (const std::int32_t offset : offsets) append(bytes, offset);
  return bytes;
}

// "input to 3", "2 to 5", "4 to end": the operators between which it lives.
std::string life_of(const Placed &placed, std::int32_t end) {
  return fmt::format("{} to {}", placed.first == 0 ? "input" : std::to_string(placed.first - 1),
                     placed.last == end ? "end" : std::to_string(placed.last - 1));
}

std::string table_of(const Reading &reading, std::vector<Placed> all,
                     const plan::PlaceSolution &solution) {
  std::sort(all.begin(), all.end(), [](const Placed &a, const Placed &b) {
    return std::pair(a.first, a.tensors) < std::pair(b.first, b.tensors);
  });
  std::string text =
      fmt::format("{} bytes of arena for tensors, {}\n\n{:>10} {:>10}  {:<14} {}\n", solution.bytes,
                  solution.proven ? "proven least"
                                  : fmt::format("at least {} are needed", solution.lower_bound),
                  "offset", "bytes", "operators", "tensor");
  for (const Placed &placed : all)
    for (const std::int32_t tensor : placed.tensors)
      text += fmt::format("{:>10} {:>10}  {:<14} {}\n", placed.offset, placed.bytes,
                          life_of(placed, reading.end),
                          ctext::comment_text(reading.tensors[tensor].name));
  return text;
}

}  // namespace

Result<Planned> tflite_plan(const Bytes &model, const std::string &name) {
  tfl::Buffer buffer(model);
  TRY(const tfl::Table table, tfl::open_model(buffer));
  auto read_in = read(table);
  if (buffer.broken()) return tfl::damaged();
  TRY(const Reading reading, std::move(read_in));

  std::vector<Placed> all = placed_of(reading);
  if (all.size() > kMostTensors)
    return model_error("the network is too large",
                       fmt::format("offsets are found for up to {} tensors", kMostTensors));
  const plan::PlaceProblem problem = problem_of(all);
  const plan::PlaceSolution solution = plan::place(problem, kSeconds);
  if (solution.bytes > kMostBytes)
    return model_error("the network is too large",
                       "its tensors need more than 32-bit offsets reach");
  CHECK(plan::validate(problem, solution).empty(), "offsets for TFLM are not apart");
  for (std::size_t i = 0; i < all.size(); ++i) all[i].offset = solution.offsets[i];

  TRY(const Bytes copy, tfl::add_metadata(model, kEntry, list_of(all, reading.tensors.size())));
  Planned planned;
  planned.files = {{name + "_planned.tflite", std::string(copy.begin(), copy.end())},
                   {name + "_plan.txt", table_of(reading, all, solution)}};
  planned.arena_bytes = solution.bytes;
  planned.lower_bound = solution.lower_bound;
  planned.proven = solution.proven;
  for (const Placed &placed : all) planned.tensor_count += static_cast<int>(placed.tensors.size());
  return planned;
}

}  // namespace thimble::packages

// One pass in topological order. A node is either evaluated (fold/rules.h), answered from what is
// known about dimensions (Shape, Size), or kept; of kept nodes the dimensions are inferred for
// those behind.
#include "frontends/fold_constants.h"

#include <algorithm>

#include "frontends/fold/arrays.h"
#include "frontends/fold/rules.h"
#include "frontends/graph_order.h"
#include "frontends/onnx/infer_dims.h"

namespace thimble::frontends {
namespace {

using ops::ForeignNode;
using ops::ForeignTensor;

struct Folding {
  FileGraph &file;
  Budget budget{kMaxFoldedElements};
  Diagnostics errors;

  const ForeignTensor *constant(const std::string &name) const {
    const auto found = file.graph.constants.find(name);
    return found == file.graph.constants.end() ? nullptr : &found->second;
  }
};

bool all_inputs_constant(const ForeignNode &node, const Folding &folding) {
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](const std::string &name) {
    return name.empty() || folding.constant(name) != nullptr;
  });
}

// The dimensions of a value, where they are all known.
const Dims *known_dims(const std::string &name, const Folding &folding) {
  if (const ForeignTensor *constant = folding.constant(name)) return &constant->dims;
  const auto found = folding.file.dims.find(name);
  const bool known = found != folding.file.dims.end() && element_count(found->second) >= 0;
  return known ? &found->second : nullptr;
}

ForeignTensor integer_list(Dims values) {
  return {ops::ForeignType::kI64, {std::ssize(values)}, {}, std::move(values)};
}

// Shape (with its `start` and `end`) and Size; none for other operators and unknown dimensions.
std::optional<ForeignTensor> answer_from_dims(const ForeignNode &node, const Folding &folding) {
  if (node.domain != "onnx" || node.inputs.size() != 1) return std::nullopt;
  if (node.op != "Shape" && node.op != "Size") return std::nullopt;
  const Dims *dims = known_dims(node.inputs[0], folding);
  if (!dims) return std::nullopt;
  if (node.op == "Size")
    return ForeignTensor{ops::ForeignType::kI64, {}, {}, {element_count(*dims)}};
  const auto rank = static_cast<std::int64_t>(dims->size());
  const auto position = [&](const char *key, std::int64_t otherwise) {
    const std::int64_t at = node.integer(key, otherwise);
    return std::clamp(at < 0 ? at + rank : at, std::int64_t{0}, rank);
  };
  const std::int64_t start = position("start", 0), end = std::max(position("end", rank), start);
  return integer_list(Dims(dims->begin() + start, dims->begin() + end));
}

void report(Diagnostics found, const ForeignNode &node, Folding &folding) {
  for (Diagnostic &error : found) {
    error.node = node.name;
    error.op = node.op;
    folding.errors.push_back(std::move(error));
  }
}

// The node's value, or none: it stays (or was reported).
std::optional<ForeignTensor> evaluate(const ForeignNode &node, Folding &folding) {
  if (auto answer = answer_from_dims(node, folding)) return answer;
  const auto rule = fold::find_rule(node.domain, node.op);
  if (!rule || !all_inputs_constant(node, folding)) return std::nullopt;
  fold::Call call{node, {}, folding.budget};
  std::int64_t read = 0;
  for (const std::string &name : node.inputs) {
    call.inputs.push_back(name.empty() ? nullptr : folding.constant(name));
    if (call.inputs.back()) read += call.inputs.back()->elements();
  }
  auto value =
      folding.budget.take(read)
          ? rule(call)
          : Result<ForeignTensor>(model_error("constant expressions are too large to evaluate"));
  if (value) return *std::move(value);
  report(value.diagnostics(), node, folding);
  return std::nullopt;
}

// Dimensions of the outputs of a node that stays; the file's own hints are kept where none are
// found.
void infer_outputs(const ForeignNode &node, Folding &folding) {
  if (node.domain != "onnx" || node.outputs.empty()) return;
  std::vector<const Dims *> dims;
  std::vector<const ForeignTensor *> constants;
  for (const std::string &name : node.inputs) {
    dims.push_back(known_dims(name, folding));
    constants.push_back(folding.constant(name));
  }
  if (auto out = onnx::infer_dims(node, dims, constants))
    folding.file.dims[node.outputs[0]] = *std::move(out);
}

}  // namespace

Result<ops::ForeignGraph> fold_constants(FileGraph file) {
  remove_unused(file.graph);  // what nobody reads may be as odd as it likes
  Folding folding{.file = file, .errors = {}};
  std::vector<ForeignNode> kept;
  for (ForeignNode &node : file.graph.nodes) {
    auto value = node.outputs.size() == 1 ? evaluate(node, folding) : std::nullopt;
    if (value) {
      file.graph.constants.insert_or_assign(node.outputs[0], *std::move(value));
      continue;
    }
    infer_outputs(node, folding);
    kept.push_back(std::move(node));
  }
  if (!folding.errors.empty()) return folding.errors;
  file.graph.nodes = std::move(kept);
  remove_unused(file.graph);
  return std::move(file.graph);
}

}  // namespace thimble::frontends

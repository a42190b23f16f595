// The first subgraph in neutral words: its tensors by name, its operators with their options as
// attributes. Each part adds its errors to one list; operators are handed on by name, known or not.
//
// int8 values are told as real numbers with their quantization beside them (ForeignGraph::quants),
// so that the operators' importers see one kind of network.
#include "frontends/tflite/read_tflite.h"

#include <fmt/format.h>

#include <algorithm>

#include "frontends/graph_order.h"
#include "frontends/tflite/open_model.h"
#include "frontends/tflite/schema.h"
#include "frontends/tflite/tensors.h"
#include "support/files.h"

namespace thimble::frontends::tflite {
namespace {

// No operator has had more.
constexpr int kNewestVersion = 16;
constexpr std::size_t kMostErrors = 100;  // of a file that is damaged throughout

struct Reading {
  Reading(const Table &model, const Table &subgraph, View file)
      : codes(model.tables(Model::kOperatorCodes)),
        tensors(subgraph.tables(Subgraph::kTensors), model.tables(Model::kBuffers), file) {}

  Tables codes;
  TensorReader tensors;
  Budget items{kMaxItems};
  FileGraph out;
  Diagnostics errors;

  bool is_hopeless() const { return errors.size() >= kMostErrors; }
  void fail(const Diagnostics &found) { errors.insert(errors.end(), found.begin(), found.end()); }
};

// Of the tensors that `indices` name; "" for an absent one (-1). Nothing after a report.
std::optional<std::vector<std::string>> names_of(const Numbers<std::int32_t> &indices,
                                                 Reading &reading) {
  std::vector<std::string> names;
  if (!reading.items.take(static_cast<std::int64_t>(indices.size()))) {
    reading.errors.push_back(model_error("the network is too large"));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const TensorInfo *tensor = reading.tensors.find(indices[i]);
    if (!tensor && indices[i] != -1) {
      reading.errors.push_back(model_error(fmt::format("tensor {} cannot be read", indices[i]),
                                           "there is none, or it is too large", kReconvert));
      return std::nullopt;
    }
    names.push_back(tensor ? tensor->name : "");
  }
  return names;
}

// What the graph says about a value, whoever makes it.
void describe_value(const TensorInfo &tensor, Reading &reading) {
  if (const auto quant = activation_quant(tensor))
    reading.out.graph.quants[tensor.name] = *quant;
  else if (!is_real(tensor))
    reading.out.graph.odd_types[tensor.name] = describe_type(tensor);
}

// Constants are what has data and is neither given nor computed.
void read_constants(const Numbers<std::int32_t> &indices, Reading &reading) {
  ops::ForeignGraph &graph = reading.out.graph;
  for (std::size_t i = 0; i < indices.size() && !reading.is_hopeless(); ++i) {
    const TensorInfo *tensor = reading.tensors.find(indices[i]);
    if (!tensor || tensor->data.empty() || graph.constants.contains(tensor->name)) continue;
    auto constant = reading.tensors.constant(*tensor);
    if (constant)
      graph.constants.emplace(tensor->name, *std::move(constant));
    else
      reading.fail(constant.diagnostics());
  }
}

ops::ForeignPort port_of(const TensorInfo &tensor) {
  return {tensor.name, tensor.dims,
          is_real(tensor) ? ops::ForeignType::kF32 : ops::ForeignType::kOther};
}

void read_ports(const Numbers<std::int32_t> &indices, std::vector<ops::ForeignPort> &ports,
                Reading &reading) {
  if (!names_of(indices, reading)) return;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const TensorInfo *tensor = reading.tensors.find(indices[i]);
    if (!tensor) continue;
    ports.push_back(port_of(*tensor));
    describe_value(*tensor, reading);
  }
}

ops::ForeignAttribute option_value(const Table &options, const Option &option) {
  const auto whole = static_cast<std::int32_t>(option.otherwise);
  switch (option.kind) {
    case Option::Kind::kByte:
    case Option::Kind::kBool:
      return std::int64_t{
          options.scalar<std::int8_t>(option.field, static_cast<std::int8_t>(whole))};
    case Option::Kind::kInt:
      return std::int64_t{options.scalar<std::int32_t>(option.field, whole)};
    case Option::Kind::kFloat:
      return double{options.scalar<float>(option.field, static_cast<float>(option.otherwise))};
  }
  return ops::ForeignNone{};
}

// "CONV_2D", or a custom operator's own name.
void set_operator(const Table &code, ops::ForeignNode &node) {
  const std::int32_t builtin =
      std::max(std::int32_t{code.scalar<std::int8_t>(OperatorCode::kOldBuiltin, 0)},
               code.scalar<std::int32_t>(OperatorCode::kBuiltin, 0));
  node.domain = "tflite";
  node.op = operator_name(builtin);
  node.version = code.scalar<std::int32_t>(OperatorCode::kVersion, 1);
  if (const std::string_view custom = code.text(OperatorCode::kCustom); !custom.empty())
    node.op = fmt::format("CUSTOM {}", custom.substr(0, 64));
}

// Told as an operator of its own: a later version may mean something else.
void mark_unknown_version(ops::ForeignNode &node) {
  if (node.version > kNewestVersion) node.op += fmt::format(" version {}", node.version);
}

// Operators that give their input other dimensions: those of the output, which the file has for
// every tensor, so that nothing has to compute them.
bool only_reshapes(const std::string &op) {
  return op == "RESHAPE" || op == "SQUEEZE" || op == "EXPAND_DIMS";
}

void read_operator(const Table &table, std::size_t index, Reading &reading) {
  const auto code = table.scalar<std::uint32_t>(Operator::kCode, 0);
  if (code >= reading.codes.size()) return reading.errors.push_back(damaged());
  ops::ForeignNode node;
  set_operator(reading.codes[code], node);
  node.name = fmt::format("{}_{}", node.op, index);
  mark_unknown_version(node);
  const auto input_indices = table.numbers<std::int32_t>(Operator::kInputs);
  const auto output_indices = table.numbers<std::int32_t>(Operator::kOutputs);
  const auto inputs = names_of(input_indices, reading);
  const auto outputs = names_of(output_indices, reading);
  if (!inputs || !outputs) return;
  node.inputs = *inputs;
  node.outputs = *outputs;
  read_constants(input_indices, reading);
  for (std::size_t i = 0; i < output_indices.size(); ++i)
    if (const TensorInfo *made = reading.tensors.find(output_indices[i]))
      describe_value(*made, reading);
  const Table options = table.table(Operator::kOptions);
  for (const Option &option : options_of(node.op))
    node.attributes.emplace(option.name, option_value(options, option));
  if (only_reshapes(node.op) && output_indices.size() == 1 && !node.inputs.empty()) {
    node.inputs.resize(1);
    const TensorInfo *made = reading.tensors.find(output_indices[0]);
    if (made) node.attributes["new_shape"] = made->dims;
  }
  reading.out.graph.nodes.push_back(std::move(node));
}

void read_operators(const Tables &operators, Reading &reading) {
  if (operators.size() > kMaxNodes)
    return reading.errors.push_back(model_error("the network has too many operators"));
  for (std::size_t i = 0; i < operators.size() && !reading.is_hopeless(); ++i)
    read_operator(operators[i], i, reading);
}

// Whatever an operator or the caller makes is no constant, data or not.
void drop_overwritten(ops::ForeignGraph &graph) {
  for (const ops::ForeignPort &input : graph.inputs) graph.constants.erase(input.name);
  for (const ops::ForeignNode &node : graph.nodes)
    for (const std::string &output : node.outputs) graph.constants.erase(output);
}

}  // namespace

Result<FileGraph> read_tflite(const std::filesystem::path &path, const ReadOptions &) {
  TRY(const Bytes bytes, read_file(path, kMaxFileBytes));
  Buffer buffer(bytes);
  TRY(const Table model, open_model(buffer));
  const Table subgraph = model.tables(Model::kSubgraphs)[0];
  Reading reading(model, subgraph, bytes);
  reading.out.graph.axes = ir::AxisOrder::kChannelsLast;
  read_ports(subgraph.numbers<std::int32_t>(Subgraph::kInputs), reading.out.graph.inputs, reading);
  read_operators(subgraph.tables(Subgraph::kOperators), reading);
  read_ports(subgraph.numbers<std::int32_t>(Subgraph::kOutputs), reading.out.graph.outputs,
             reading);
  if (buffer.broken()) return damaged();
  drop_overwritten(reading.out.graph);
  if (!reading.out.graph.quants.empty()) reading.out.graph.requant = "q31";
  if (reading.errors.empty()) reading.fail(sort_nodes(reading.out.graph));
  if (!reading.errors.empty()) return reading.errors;
  return std::move(reading.out);
}

}  // namespace thimble::frontends::tflite

// Messages to neutral words, part by part; each part adds its errors to one list, so that all
// problems of a file are told at once. Operators are handed on by name, known or not.
#include "frontends/onnx/read_onnx.h"

#include <fmt/format.h>

#include "frontends/graph_order.h"
#include "frontends/onnx/messages.h"
#include "frontends/onnx/tensors.h"
#include "frontends/symbols.h"
#include "support/files.h"

namespace thimble::frontends::onnx {
namespace {

constexpr std::int64_t kMinOpset = 7, kMaxOpset = 28;

struct Reading {
  std::filesystem::path directory;  // of the model
  std::int64_t opset = 0;
  Symbols symbols;
  Budget elements{kMaxElements};
  Budget items{kMaxItems};
  FileGraph out;
  Diagnostics errors;

  void fail(const Diagnostics &found) { errors.insert(errors.end(), found.begin(), found.end()); }
};

void check_opset(const ModelMessage &model, Reading &reading) {
  reading.opset = model.opset;
  if (model.opset >= kMinOpset && model.opset <= kMaxOpset) return;
  reading.errors.push_back(model_error(
      model.opset == 0 ? "the file names no ONNX operator set"
                       : fmt::format("ONNX operator set {} is not supported", model.opset),
      fmt::format("Thimble reads {} to {}", kMinOpset, kMaxOpset),
      "torch.onnx.export(..., opset_version=20)"));
}

void read_initializers(const GraphMessage &graph, Reading &reading) {
  if (graph.has_sparse_initializers)
    reading.errors.push_back(
        model_error("sparse initializers are not supported", {}, "store the weights densely"));
  for (View bytes : graph.initializers) {
    const auto message = parse_tensor(bytes);
    if (!message) return reading.fail(message.diagnostics());  // damaged: more would be noise
    auto tensor = read_tensor(*message, reading.directory, reading.elements);
    if (!tensor) {
      reading.fail(tensor.diagnostics());
      continue;
    }
    const std::string name(message->name);
    if (!reading.out.graph.constants.emplace(name, *std::move(tensor)).second)
      reading.errors.push_back(model_error(fmt::format("two initializers are named '{}'", name)));
  }
}

// Dimensions with their symbols replaced; -1 where a symbol has no size.
Dims bound_dims(const ValueMessage &value, const Symbols &symbols) {
  Dims dims;
  for (const DimMessage &dim : value.dims)
    dims.push_back(dim.value ? *dim.value : symbols.value(dim.symbol).value_or(-1));
  return dims;
}

// Nameless symbolic dimensions are called after where they stand.
void declare_symbols(ValueMessage &input, Reading &reading) {
  for (std::size_t axis = 0; axis < input.dims.size(); ++axis) {
    DimMessage &dim = input.dims[axis];
    if (dim.value) continue;
    if (dim.symbol.empty()) dim.symbol = fmt::format("{}.{}", input.name, axis);
    reading.symbols.declare(dim.symbol, axis, std::string(input.name));
  }
}

void add_input(const ValueMessage &input, Reading &reading) {
  if (input.element_type == 0 || !input.has_shape) {
    reading.errors.push_back(
        model_error(fmt::format("input '{}' is not a tensor of known rank", input.name), {},
                    "export the model with an example input"));
    return;
  }
  const Dims dims = bound_dims(input, reading.symbols);
  for (std::size_t axis = 0; axis < dims.size(); ++axis)
    if (input.dims[axis].value && (dims[axis] < 1 || dims[axis] > kMaxDim))
      reading.errors.push_back(
          model_error(fmt::format("input '{}' has the dimensions {}", input.name, to_string(dims)),
                      "each must be at least 1"));
  const std::string name(input.name);
  reading.out.graph.inputs.push_back({name, dims, foreign_type_of(input.element_type)});
  reading.out.dims[name] = dims;
}

// Symbols of all inputs first: a later input may say that a name is the batch.
void read_inputs(const GraphMessage &graph, Reading &reading) {
  std::vector<ValueMessage> inputs;
  for (View bytes : graph.inputs) {
    auto value = parse_value(bytes);
    if (!value) return reading.fail(value.diagnostics());
    // Old files list their initializers among the inputs, as defaults; they are constants here.
    if (reading.out.graph.constants.contains(std::string(value->name))) continue;
    declare_symbols(*value, reading);
    inputs.push_back(*std::move(value));
  }
  for (const ValueMessage &input : inputs) add_input(input, reading);
}

void read_outputs(const GraphMessage &graph, Reading &reading) {
  for (View bytes : graph.outputs) {
    const auto value = parse_value(bytes);
    if (!value) return reading.fail(value.diagnostics());
    reading.out.graph.outputs.push_back({std::string(value->name),
                                         bound_dims(*value, reading.symbols),
                                         foreign_type_of(value->element_type)});
  }
  if (reading.out.graph.outputs.empty())
    reading.errors.push_back(model_error("the network has no outputs"));
}

// Shapes that the exporter noted for values on the way.
void read_hints(const GraphMessage &graph, Reading &reading) {
  for (View bytes : graph.values) {
    const auto value = parse_value(bytes);
    if (!value || !value->has_shape) continue;
    const Dims dims = bound_dims(*value, reading.symbols);
    if (element_count(dims) >= 0) reading.out.dims.emplace(value->name, dims);
  }
}

Result<ops::ForeignAttribute> read_attribute(const AttributeMessage &attribute, Reading &reading) {
  switch (attribute.type) {
    case kFloat:
      return ops::ForeignAttribute(double{attribute.real});
    case kInt:
      return ops::ForeignAttribute(attribute.integer);
    case kString:
      return ops::ForeignAttribute(std::string(attribute.text));
    case kFloats:
      return ops::ForeignAttribute(
          std::vector<double>(attribute.reals.begin(), attribute.reals.end()));
    case kInts:
      return ops::ForeignAttribute(attribute.integers);
    case kStrings:
      return ops::ForeignAttribute(
          std::vector<std::string>(attribute.texts.begin(), attribute.texts.end()));
    case kTensor: {
      TRY(const auto message, parse_tensor(attribute.tensor));
      TRY(auto tensor, read_tensor(message, reading.directory, reading.elements));
      return ops::ForeignAttribute(std::move(tensor));
    }
    default:  // subgraphs and their like: only operators that Thimble lacks have them
      return ops::ForeignAttribute(ops::ForeignNone{});
  }
}

void locate_errors(Diagnostics found, const ops::ForeignNode &node, Reading &reading) {
  for (Diagnostic &error : found) {
    error.node = node.name;
    error.op = node.op;
    reading.errors.push_back(error);
  }
}

void read_node(const NodeMessage &message, std::size_t index, Reading &reading) {
  ops::ForeignNode node;
  node.op = message.op_type;
  node.name =
      message.name.empty() ? fmt::format("{}_{}", node.op, index) : std::string(message.name);
  const bool standard = message.domain.empty() || message.domain == "ai.onnx";
  node.domain = standard ? "onnx" : std::string(message.domain);
  node.version = static_cast<int>(reading.opset);
  node.inputs.assign(message.inputs.begin(), message.inputs.end());
  node.outputs.assign(message.outputs.begin(), message.outputs.end());
  for (const AttributeMessage &attribute : message.attributes) {
    auto value = read_attribute(attribute, reading);
    if (!value)
      locate_errors(value.diagnostics(), node, reading);
    else
      node.attributes.emplace(attribute.name, *std::move(value));
  }
  reading.out.graph.nodes.push_back(std::move(node));
}

void read_nodes(const GraphMessage &graph, Reading &reading) {
  for (std::size_t index = 0; index < graph.nodes.size(); ++index) {
    const auto node = parse_node(graph.nodes[index], reading.items);
    if (!node) return reading.fail(node.diagnostics());
    read_node(*node, index, reading);
  }
}

}  // namespace

Result<FileGraph> read_onnx(const std::filesystem::path &path, const ReadOptions &options) {
  TRY(const Bytes bytes, read_file(path, kMaxFileBytes));
  TRY(const ModelMessage model, parse_model(bytes));
  Reading reading{
      .directory = path.parent_path(), .symbols = Symbols(options.dims), .out = {}, .errors = {}};
  check_opset(model, reading);
  read_initializers(model.graph, reading);
  read_inputs(model.graph, reading);
  read_nodes(model.graph, reading);
  read_outputs(model.graph, reading);
  read_hints(model.graph, reading);
  reading.fail(reading.symbols.errors());
  if (reading.errors.empty()) reading.fail(sort_nodes(reading.out.graph));
  if (!reading.errors.empty()) return reading.errors;
  return std::move(reading.out);
}

}  // namespace thimble::frontends::onnx

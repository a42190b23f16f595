// model.json holds a graph, in which parameters are inputs, and a signature that says which they
// are. The JSON library throws where the file is not of that form; it is caught here, once.
#include "frontends/pt2/read_pt2.h"

#include <fmt/format.h>

#include "frontends/graph_order.h"
#include "frontends/pt2/archive.h"
#include "frontends/pt2/arguments.h"
#include "frontends/pt2/expressions.h"
#include "frontends/pt2/in_place.h"
#include "frontends/pt2/json_values.h"
#include "frontends/pt2/weights.h"

namespace thimble::frontends::pt2 {
namespace {

constexpr std::uint64_t kMaxJsonBytes = 1ull << 25;

struct Reading {
  const Json &graph;      // graph_module.graph
  const Json &signature;  // graph_module.signature
  Weights &weights;
  Symbols symbols;
  FileGraph out;
  Diagnostics errors;

  void fail(const Diagnostics &found) { errors.insert(errors.end(), found.begin(), found.end()); }
};

const Json &tensor_meta(const std::string &name, const Reading &reading) {
  return reading.graph.at("tensor_values").at(name);
}

// -1 where a size is not known.
Dims bound_dims(const Json &meta, const Symbols &symbols) {
  Dims dims;
  for (const Json &size : meta.at("sizes")) {
    const Json *fixed = find(size, "as_int");
    dims.push_back(fixed ? integer(*fixed)
                         : evaluate(text(size.at("as_expr").at("expr_str")), symbols).value_or(-1));
  }
  return dims;
}

void declare_symbols(const std::string &input, Reading &reading) {
  const Json &sizes = tensor_meta(input, reading).at("sizes");
  for (std::size_t axis = 0; axis < sizes.size(); ++axis)
    if (const Json *expression = find(sizes[axis], "as_expr"))
      if (const auto symbol = symbol_of(text(expression->at("expr_str"))))
        reading.symbols.declare(*symbol, axis, input);
}

ops::ForeignPort port_of(const std::string &name, const Reading &reading) {
  const Json &meta = tensor_meta(name, reading);
  return {name, bound_dims(meta, reading.symbols), foreign_type_of(integer(meta.at("dtype")))};
}

void read_constant(const std::string &graph_name, const std::string &module_name,
                   Reading &reading) {
  auto tensor = reading.weights.read(module_name);
  if (tensor)
    reading.out.graph.constants[graph_name] = *std::move(tensor);
  else
    reading.fail(tensor.diagnostics());
}

// One entry of signature.input_specs: {"parameter": {"arg": ..., "parameter_name": ...}}.
void read_input_spec(const Json &spec, Reading &reading) {
  if (const Json *user = find(spec, "user_input")) {
    if (const Json *tensor = find(user->at("arg"), "as_tensor")) {
      const std::string &name = text(tensor->at("name"));
      reading.out.graph.inputs.push_back({name, {}, ops::ForeignType::kOther});
      declare_symbols(name, reading);
    }
    return;  // a Python number or None: its value is in the graph already
  }
  for (const char *kind : {"parameter", "buffer", "tensor_constant"})
    if (const Json *found = find(spec, kind))
      read_constant(text(found->at("arg").at("name")), text(found->at(std::string(kind) + "_name")),
                    reading);
}

void read_inputs(Reading &reading) {
  for (const Json &spec : reading.signature.at("input_specs")) read_input_spec(spec, reading);
  for (ops::ForeignPort &port : reading.out.graph.inputs) {
    port = port_of(port.name, reading);
    reading.out.dims[port.name] = port.dims;
    const Json &sizes = tensor_meta(port.name, reading).at("sizes");
    for (std::size_t axis = 0; axis < port.dims.size(); ++axis)
      if (port.dims[axis] < 1 && (find(sizes[axis], "as_int") ||
                                  !symbol_of(text(sizes[axis].at("as_expr").at("expr_str")))))
        reading.errors.push_back(
            model_error(fmt::format("axis {} of input '{}' has no usable size", axis, port.name),
                        {}, "export the model with fixed input sizes"));
  }
}

void read_outputs(Reading &reading) {
  for (const Json &spec : reading.signature.at("output_specs")) {
    const Json *user = find(spec, "user_output");
    const Json *tensor = user ? find(user->at("arg"), "as_tensor") : nullptr;
    if (tensor) {
      reading.out.graph.outputs.push_back(port_of(text(tensor->at("name")), reading));
    } else if (find(spec, "buffer_mutation")) {
      reading.errors.push_back(model_error("the network changes its own buffers",
                                           "it was exported in training mode",
                                           "call model.eval() before exporting"));
    } else if (!user) {
      reading.errors.push_back(model_error("the network has an output that is not a plain tensor",
                                           "only tensors can leave a network"));
    }
  }
}

void read_node(const Json &json, const SymbolicIntegers &sizes, Reading &reading) {
  ops::ForeignNode node;
  node.outputs = tensor_names(json.at("outputs"));
  if (node.outputs.empty())
    return;  // sizes and assertions about them: evaluated where they are used
  const Json *name = find(json, "name");
  node.name = name ? text(*name) : node.outputs[0];
  set_target(text(json.at("target")), node);
  Diagnostics errors = set_arguments(json.at("inputs"), sizes, reading.out.graph.constants, node);
  for (Diagnostic &error : errors) {
    error.node = node.name;
    error.op = node.domain + "." + node.op;
  }
  reading.fail(errors);
  reading.out.graph.nodes.push_back(std::move(node));
}

void read_nodes(Reading &reading) {
  static const Json kNone = Json::object();
  const Json *values = find(reading.graph, "sym_int_values");
  const SymbolicIntegers sizes{values ? values : &kNone, &reading.symbols};
  for (const Json &node : reading.graph.at("nodes")) read_node(node, sizes, reading);
}

Result<FileGraph> read_program(const Json &program, Weights &weights, const ReadOptions &options) {
  const Json &graph_module = program.at("graph_module");
  Reading reading{.graph = graph_module.at("graph"),
                  .signature = graph_module.at("signature"),
                  .weights = weights,
                  .symbols = Symbols(options.dims),
                  .out = {},
                  .errors = {}};
  read_inputs(reading);
  read_nodes(reading);
  read_outputs(reading);
  reading.fail(reading.symbols.errors());
  if (reading.errors.empty()) reading.fail(sort_nodes(reading.out.graph));
  if (reading.errors.empty()) reading.fail(remove_in_place(reading.out.graph));
  if (!reading.errors.empty()) return reading.errors;
  return std::move(reading.out);
}

}  // namespace

Result<FileGraph> read_pt2(const std::filesystem::path &path, const ReadOptions &options) {
  TRY(Archive archive, Archive::open(path));
  if (archive.has("byteorder")) {
    TRY(const std::string order, archive.read("byteorder", 64));
    if (!order.starts_with("little"))
      return model_error("the weights are not little endian", {}, "export on a PC");
  }
  try {
    TRY(const std::string json, archive.read("models/model.json", kMaxJsonBytes));
    TRY(Weights weights, Weights::open(archive));
    return read_program(Json::parse(json), weights, options);
  } catch (const Json::exception &error) {
    return model_error("the archive's model.json is not what torch.export writes", error.what(),
                       "export the model again with torch 2.9 or later");
  }
}

}  // namespace thimble::frontends::pt2

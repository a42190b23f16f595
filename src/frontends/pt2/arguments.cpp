// An argument is an object with one member, its kind: {"as_ints": [1, 1]}.
#include "frontends/pt2/arguments.h"

#include <fmt/format.h>

#include <optional>

#include "frontends/pt2/json_values.h"
#include "frontends/pt2/schemas.h"

namespace thimble::frontends::pt2 {
namespace {

using ops::ForeignAttribute;
using ops::ForeignNode;
using ops::ForeignTensor;

struct Reading {
  const SymbolicIntegers &sizes;
  Diagnostics errors;
};

// The only member of an argument: its kind and its value.
std::pair<std::string, const Json *> kind_of(const Json &argument) {
  for (const auto &[kind, value] : argument.get_ref<const Json::object_t &>())
    if (!value.is_null()) return {kind, &value};
  return {"as_none", &argument};
}

// {"as_int": 3} or {"as_name": "sym_size_int"}.
std::int64_t size_of(const Json &size, Reading &reading) {
  const auto [kind, value] = kind_of(size);
  if (kind == "as_int") return integer(*value);
  const std::string &name = text(*value);
  const Json &symbolic = reading.sizes.values->at(name);
  if (const Json *fixed = find(symbolic, "as_int")) return integer(*fixed);
  const std::string &expression = text(symbolic.at("as_expr").at("expr_str"));
  if (const auto known = evaluate(expression, *reading.sizes.symbols)) return *known;
  reading.errors.push_back(model_error(fmt::format("size '{}' is not known", name),
                                       fmt::format("it is computed as {}", expression),
                                       "export the model with fixed input sizes"));
  return 1;
}

template <class T, class Read>
std::vector<T> list_of(const Json &json, Read read) {
  std::vector<T> values;
  for (const Json &item : json) values.push_back(read(item));
  return values;
}

ForeignAttribute attribute_of(const Json &argument, Reading &reading) {
  const auto [kind, value] = kind_of(argument);
  const auto bit = [](const Json &item) { return std::int64_t{item.get<bool>()}; };
  if (kind == "as_int" || kind == "as_scalar_type" || kind == "as_memory_format" ||
      kind == "as_layout")
    return integer(*value);
  if (kind == "as_bool") return bit(*value);
  if (kind == "as_float") return real(*value);
  if (kind == "as_string") return text(*value);
  if (kind == "as_ints") return list_of<std::int64_t>(*value, integer);
  if (kind == "as_bools") return list_of<std::int64_t>(*value, bit);
  if (kind == "as_floats") return list_of<double>(*value, real);
  if (kind == "as_sym_int") return size_of(*value, reading);
  if (kind == "as_sym_ints")
    return list_of<std::int64_t>(*value, [&](const Json &item) { return size_of(item, reading); });
  return ops::ForeignNone{};  // None, devices, subgraphs: nothing that Thimble's operators ask for
}

bool is_tensor(const Json &argument) {
  const std::string kind = kind_of(argument).first;
  return kind == "as_tensor" || kind == "as_tensors" || kind == "as_optional_tensor" ||
         kind == "as_optional_tensors";
}

// {"name": "x"}, {"as_tensor": {"name": "x"}} or {"as_none": true}, whose name is "".
std::string name_of(const Json &tensor) {
  if (const Json *name = find(tensor, "name")) return text(*name);
  const auto [kind, value] = kind_of(tensor);
  return kind == "as_none" ? std::string() : text(value->at("name"));
}

// Names in a tensor argument of any kind.
void append_names(const Json &argument, std::vector<std::string> &names) {
  const auto [kind, value] = kind_of(argument);
  if (kind == "as_tensor" || kind == "as_optional_tensor") return names.push_back(name_of(*value));
  for (const Json &item : value->get_ref<const Json::array_t &>()) names.push_back(name_of(item));
}

// A Python number where a tensor could stand, as in `x + 1`.
std::string add_scalar(const Json &argument, const std::string &name, Reading &reading,
                       std::map<std::string, ForeignTensor> &constants) {
  const ForeignAttribute value = attribute_of(argument, reading);
  if (const auto *number = std::get_if<std::int64_t>(&value))
    constants[name] = {ops::ForeignType::kI64, {}, {}, {*number}};
  else if (const auto *number = std::get_if<double>(&value))
    constants[name] = {ops::ForeignType::kF32, {}, {static_cast<float>(*number)}, {}};
  else
    return {};
  return name;
}

const Json *find_argument(const Json &arguments, const std::string &name) {
  for (const Json &argument : arguments)
    if (text(argument.at("name")) == name) return &argument.at("arg");
  return nullptr;
}

void set_by_schema(const Json &arguments, const Schema &schema, Reading &reading,
                   std::map<std::string, ForeignTensor> &constants, ForeignNode &node) {
  for (const Parameter &parameter : schema) {
    const Json *argument = find_argument(arguments, parameter.name);
    if (parameter.kind == Parameter::Kind::kAttribute)
      node.attributes[parameter.name] =
          argument ? attribute_of(*argument, reading) : parameter.otherwise;
    else if (argument && is_tensor(*argument))
      append_names(*argument, node.inputs);
    else if (argument)
      node.inputs.push_back(
          add_scalar(*argument, node.name + "." + parameter.name, reading, constants));
    else
      node.inputs.emplace_back();
  }
}

}  // namespace

void set_target(const std::string &target, ForeignNode &node) {
  constexpr std::string_view kPrefix = "torch.ops.";
  std::string_view rest = target;
  if (rest.starts_with(kPrefix)) rest.remove_prefix(kPrefix.size());
  const std::size_t dot = rest.find('.');
  node.domain = rest.substr(0, dot == std::string_view::npos ? 0 : dot);
  node.op = rest.substr(dot == std::string_view::npos ? 0 : dot + 1);
}

Diagnostics set_arguments(const Json &arguments, const SymbolicIntegers &sizes,
                          std::map<std::string, ForeignTensor> &constants, ForeignNode &node) {
  Reading reading{sizes, {}};
  const Schema *schema = node.domain == "aten" ? find_schema(node.op) : nullptr;
  if (schema) {
    set_by_schema(arguments, *schema, reading, constants, node);
    return reading.errors;
  }
  for (const Json &argument : arguments) {
    const Json &value = argument.at("arg");
    if (is_tensor(value))
      append_names(value, node.inputs);
    else
      node.attributes[text(argument.at("name"))] = attribute_of(value, reading);
  }
  return reading.errors;
}

std::vector<std::string> tensor_names(const Json &outputs) {
  std::vector<std::string> names;
  for (const Json &output : outputs)
    if (is_tensor(output)) append_names(output, names);
  return names;
}

}  // namespace thimble::frontends::pt2

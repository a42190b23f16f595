#include "frontends/onnx/write_elementwise.h"

#include <algorithm>
#include <cmath>

#include "ops/elementwise.h"
#include "ops/operator.h"
#include "support/check.h"

namespace thimble::frontends::onnx {
namespace {

// Of truth values, or newer than the operator set that is written.
constexpr std::string_view kNotWritten[] = {"Not",   "And",   "Or",          "Xor",
                                            "Equal", "Less",  "LessOrEqual", "Where",
                                            "IsNaN", "IsInf", "Swish",       "Mish"};

// Imported by rules of their own, of two operands here and there.
constexpr std::string_view kSameName[] = {"Max", "Min", "PRelu"};

bool has_same_name(const ir::Node &node) {
  return std::count(std::begin(kSameName), std::end(kSameName), node.op) != 0;
}

// Whether the form has every parameter of the node: as an attribute, or as what it always is.
bool says(const ops::ForeignForm &form, const ir::Node &node) {
  return std::all_of(form.parameters.begin(), form.parameters.end(),
                     [&](const ops::ForeignParameter &parameter) {
                       const double value = node.real(parameter.parameter, parameter.otherwise);
                       return !parameter.attribute.empty() || value == parameter.otherwise;
                     });
}

const ops::ForeignForm *form_of(const ir::Node &node) {
  const ops::Operator &op = ops::operator_of(node);
  if (!op.function || std::count(std::begin(kNotWritten), std::end(kNotWritten), node.op))
    return nullptr;
  const auto &forms = op.function->foreign;
  const auto found = std::find_if(forms.begin(), forms.end(), [&](const ops::ForeignForm &form) {
    return form.domain == "onnx" && !form.swapped && says(form, node);
  });
  return found == forms.end() ? nullptr : &*found;
}

// Limits of a Clip: inputs, absent where there is none.
std::string limit(Writing &writing, const ir::Node &node, const char *parameter,
                  const std::string &to) {
  const double value = node.real(parameter, INFINITY);
  if (!std::isfinite(value)) return "";
  return writing.model.initializer(to + "_" + parameter, {},
                                   std::vector<float>{static_cast<float>(value)});
}

std::vector<std::string> operands(Writing &writing, const ir::Node &node, const std::string &to) {
  const ops::ElementCall call(node);
  std::vector<std::string> names;
  std::size_t next = 0;
  for (int i = 0; i < call.function().operands; ++i) {
    if (call.is_input(i))
      names.push_back(picture(writing, node, next++));
    else
      names.push_back(writing.model.initializer(to + "_" + std::string(ops::kOperandNames[i]), {},
                                                std::vector<float>{call.scalar(i)}));
  }
  return names;
}

}  // namespace

bool has_elementwise_form(const ir::Node &node) {
  return node.op == "Clip" || node.op == "Rsqrt" || has_same_name(node) || form_of(node) != nullptr;
}

void write_elementwise(Writing &writing, const ir::Node &node, const std::string &to) {
  std::vector<std::string> inputs = operands(writing, node, to);
  if (node.op == "Clip") {
    inputs.push_back(limit(writing, node, "alpha", to));
    inputs.push_back(limit(writing, node, "beta", to));
    return write_picture(writing, node, "Clip", inputs, to);
  }
  if (node.op == "Rsqrt") {
    inputs.push_back(writing.model.initializer(to + "_power", {}, std::vector<float>{-0.5f}));
    return write_picture(writing, node, "Pow", inputs, to);
  }
  if (has_same_name(node)) return write_picture(writing, node, node.op, inputs, to);
  const ops::ForeignForm *form = form_of(node);
  CHECK(form != nullptr, "node '" + node.name + "' has no ONNX form");
  ir::Attributes attributes;
  for (const ops::ForeignParameter &parameter : form->parameters)
    if (!parameter.attribute.empty())
      attributes[std::string(parameter.attribute)] =
          node.real(parameter.parameter, parameter.otherwise);
  write_picture(writing, node, form->op, inputs, to, attributes);
}

}  // namespace thimble::frontends::onnx

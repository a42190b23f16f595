// One operator's abilities from its function (elementwise.h). In float the kernel is one of three
// files, by the number of inputs, that codegen prints with the function's expression in it. In int8
// a function of one input is a table of 256 entries,
//     table[q + 128] = quantize_out(f(dequantize_in(q))),
// or, of requantization q31, TensorFlow Lite's value where the function has one; and one of two its
// integer expression (elementwise_int8.h).
#include "ops/elementwise.h"

#include <algorithm>
#include <cmath>

#include "ctext/identifiers.h"
#include "ops/elementwise_import.h"
#include "ops/elementwise_int8.h"
#include "ops/evaluate.h"
#include "ops/infer.h"
#include "ops/pointwise.h"
#include "ops/quantized.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

constexpr const char *kParameterNames[] = {"alpha", "beta", "gamma"};

int count_inputs(const ir::Node &node) {
  int count = operator_of(node).function->operands;
  for (const std::string_view name : kOperandNames)
    if (node.attributes.count(std::string(name))) --count;
  return count;
}

// A side of the output from that of one input more; 0 where they do not go together.
int broadcast_side(int side, int other) {
  return side == other || other == 1 ? side : side == 1 ? other : 0;
}

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  const int count = count_inputs(node);
  if (count < 1) return node_error(node, "has no operand but numbers");
  if (auto errors = check_arity(graph, node, static_cast<std::size_t>(count), 0); !errors.empty())
    return errors;
  ir::Shape shape;
  for (const ir::ValueId input : node.inputs) {
    const ir::Shape &other = graph.value(input).type.shape;
    shape = {broadcast_side(shape.rows, other.rows), broadcast_side(shape.cols, other.cols),
             broadcast_side(shape.channels, other.channels)};
  }
  if (shape.elements() == 0)
    return node_error(node, "its inputs have different shapes", "each side must be the same, or 1");
  if (is_int8(graph, node) && !has_integer_form(node))
    return node_error(node, "has no integer form", {}, "compile with --numbers f32");
  TRY(shape, checked_shape(node, shape.rows, shape.cols, shape.channels));
  return output_type(graph, node, shape);
}

// f(element of input 0, ...) of every output element; `f` is told the indices.
template <class F>
void for_each_element(const ir::Shape &out, std::span<const Tensor *const> inputs, F f) {
  BroadcastStrides strides[3] = {};
  for (std::size_t i = 0; i < inputs.size(); ++i)
    strides[i] = broadcast_strides(inputs[i]->type.shape, out);
  std::int64_t element = 0;
  for (int y = 0; y < out.rows; ++y)
    for (int x = 0; x < out.cols; ++x)
      for (int c = 0; c < out.channels; ++c, ++element) {
        std::int64_t at[3] = {};
        for (std::size_t i = 0; i < inputs.size(); ++i)
          at[i] = y * strides[i].row + x * strides[i].col + c * strides[i].channel;
        f(element, at);
      }
}

void eval_float(const ir::Graph &, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  allocate(outputs[0]);
  const ElementCall call(node);
  for_each_element(outputs[0].type.shape, inputs, [&](std::int64_t element, const auto &at) {
    float elements[3] = {};
    for (std::size_t i = 0; i < inputs.size(); ++i) elements[i] = inputs[i]->f32[at[i]];
    outputs[0].f32[element] = call(elements);
  });
}

// Of every int8, indexed by q + 128. What is not a number becomes the zero point.
std::vector<std::int64_t> lookup_table(const ir::Graph &graph, const ir::Node &node,
                                       const Numbers &numbers) {
  const ir::Quant &in = *graph.value(node.inputs[0]).type.quant;
  const ir::Quant &out = *graph.value(node.outputs[0]).type.quant;
  const ElementCall call(node);
  std::vector<std::int64_t> table;
  const auto reference =
      numbers.requant == targets::Requant::kQ31 ? call.function().reference : nullptr;
  for (int q = -128; q <= 127; ++q) {
    const auto exact = reference ? reference(q, in, out, call.parameters()) : std::nullopt;
    if (exact) {
      table.push_back(*exact);
      continue;
    }
    const float x = static_cast<float>((q - in.zero_point) * double{in.scale});
    const double y = std::round(double{call(&x)} / out.scale);
    const double shifted = std::isnan(y) ? out.zero_point : y + out.zero_point;
    table.push_back(static_cast<std::int64_t>(std::clamp(shifted, -128.0, 127.0)));
  }
  return table;
}

void eval_int(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
              std::span<const Tensor *const> inputs, std::span<Tensor> outputs) {
  allocate(outputs[0]);
  if (inputs.size() == 1) {
    const auto table = lookup_table(graph, node, numbers);
    std::transform(inputs[0]->i8.begin(), inputs[0]->i8.end(), outputs[0].i8.begin(),
                   [&](std::int8_t q) { return static_cast<std::int8_t>(table[q + 128]); });
    return;
  }
  const ElementFunction &function = *operator_of(node).function;
  const IntegerCall call = integer_call(graph, node, numbers);
  for_each_element(outputs[0].type.shape, inputs, [&](std::int64_t element, const auto &at) {
    outputs[0].i8[element] =
        apply(function, call, numbers.requant, inputs[0]->i8[at[0]], inputs[1]->i8[at[1]]);
  });
}

// Along a side of 1 every output row or column reads the only one there is.
Access broadcast_access(const ir::Shape &in, const ir::Shape &out) {
  Access access;
  for (int y = 0; y < out.rows; ++y)
    access.rows.push_back(in.rows == 1 ? Range{0, 1} : Range{y, y + 1});
  if (in.cols != out.cols) return access;  // no windows: column 0 does for all
  for (int x = 0; x < out.cols; ++x) access.cols.push_back({x, x + 1});
  return access;
}

std::vector<Mode> modes(const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  Mode mode;
  mode.name = "window";
  mode.order = WriteOrder::kElement;
  for (const ir::ValueId input : node.inputs) {
    const ir::Shape &in = graph.value(input).type.shape;
    mode.inputs.push_back(broadcast_access(in, out));
    // One channel for all is read again after the first of them is written.
    if (in.channels != out.channels) mode.order = WriteOrder::kAnywhere;
  }
  return {mode};
}

void add_broadcast_sizes(Kernel &kernel, const ir::Graph &graph, const ir::Node &node) {
  const ir::Shape &out = graph.value(node.outputs[0]).type.shape;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const ir::Shape &in = graph.value(node.inputs[i]).type.shape;
    const std::string name = "in" + std::to_string(i);
    kernel.sizes.emplace_back(name + "_step", in.channels == out.channels ? 1 : 0);
    if (in.cols != out.cols) kernel.sizes.emplace_back(name + "_pixel", 0);
  }
}

std::string renamed(std::string_view text, std::string_view from, const std::string &to) {
  const auto is_letter = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (end == i) ++end;
    const std::string_view word = text.substr(i, end - i);
    result += word == from ? to : std::string(word);
    i = end;
  }
  return result;
}

// Operands that are numbers become reals of the kernel; the others are u, v, w in the order of the
// node's inputs.
void set_float_expression(Kernel &kernel, const ElementCall &call, const ir::Node &node) {
  std::string text = call.function().real.text, name(call.function().kernel);
  int input = 0;
  for (int i = 0; i < call.function().operands; ++i) {
    const std::string operand(kOperandNames[i]);
    if (call.is_input(i)) {
      text = renamed(text, operand, std::string(kOperandNames[input++]));
      continue;
    }
    text = renamed(text, operand, "scalar_" + operand);
    name += "_scalar_" + operand;
    kernel.reals.emplace_back("scalar_" + operand, call.scalar(i));
  }
  for (int i = 0; i < 3; ++i)
    if (mentions(text, kParameterNames[i]))
      kernel.reals.emplace_back(kParameterNames[i], call.parameter(i));
  if (has_limits(node)) {
    text = "clamp_f32(" + text + ", act_min, act_max)";
    name += "_clamped";
    add_real_limits(kernel, node);
  }
  kernel.expression = text;
  kernel.name = name + "_f32";
}

Kernel lookup_kernel(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  Kernel kernel = pointwise_kernel("lookup_i8", graph, node);
  kernel.tables = {{"table", "int8_t", lookup_table(graph, node, numbers)}};
  return kernel;
}

// The file for so many inputs, its function still open.
Kernel open_kernel(const ir::Graph &graph, const ir::Node &node) {
  static constexpr const char *kFiles[] = {"unary", "binary", "ternary"};
  const std::size_t inputs = node.inputs.size();
  Kernel kernel;
  kernel.file = kernel_file(kFiles[inputs - 1], graph, node);
  kernel.sizes = {{"out_c", graph.value(node.outputs[0]).type.shape.channels}};
  if (inputs > 1) add_broadcast_sizes(kernel, graph, node);
  return kernel;
}

Kernel integer_kernel(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers) {
  const ElementFunction &function = *operator_of(node).function;
  Kernel kernel = open_kernel(graph, node);
  kernel.expression = function.integer.text;
  const IntegerCall call = integer_call(graph, node, numbers);
  if (call.shifts_first) kernel.file = "binary_q31_i8";
  kernel.name = std::string(function.kernel) + (call.shifts_first ? "_q31_i8" : "_i8");
  add_sizes(kernel, call);
  return kernel;
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers, int) {
  if (!is_int8(graph, node)) return {.row = elementwise_kernel(graph, node)};
  if (node.inputs.size() == 1) return {.row = lookup_kernel(graph, node, numbers)};
  return {.row = integer_kernel(graph, node, numbers)};
}

}  // namespace

Kernel elementwise_kernel(const ir::Graph &graph, const ir::Node &node) {
  Kernel kernel = open_kernel(graph, node);
  set_float_expression(kernel, ElementCall(node), node);
  return kernel;
}

bool mentions(std::string_view text, std::string_view word) {
  return ctext::words(text).count(std::string(word)) != 0;
}

bool has_integer_form(const ir::Node &node) {
  const Operator &op = operator_of(node);
  if (!op.function || !op.eval_int) return op.eval_int != nullptr;
  // Of one input it is a table, of two an expression.
  const int inputs = count_inputs(node);
  return inputs == 1 || (inputs == 2 && op.function->operands == 2 && op.function->integer.f);
}

BroadcastStrides broadcast_strides(const ir::Shape &in, const ir::Shape &out) {
  return {in.rows == out.rows ? std::int64_t{in.cols} * in.channels : 0,
          in.cols == out.cols ? in.channels : 0, in.channels == out.channels ? 1 : 0};
}

ElementCall::ElementCall(const ir::Node &node) : function_(operator_of(node).function.get()) {
  CHECK(function_ != nullptr, "node '" + node.name + "' is no function of elements");
  for (int i = 0; i < function_->operands; ++i) {
    const std::string name(kOperandNames[i]);
    if (node.attributes.count(name))
      scalars_[i] = static_cast<float>(node.real(name, 0));
    else
      input_of_[i] = input_count_++;
  }
  for (int i = 0; i < 3; ++i) parameters_[i] = static_cast<float>(node.real(kParameterNames[i], 0));
  const RealLimits limits = real_limits(node);
  lo_ = limits.lo;
  hi_ = limits.hi;
  limited_ = has_limits(node);
}

float ElementCall::operator()(const float *inputs) const {
  float operand[3];
  for (int i = 0; i < 3; ++i) operand[i] = input_of_[i] < 0 ? scalars_[i] : inputs[input_of_[i]];
  const float value = function_->real.f(operand[0], operand[1], operand[2], parameters_[0],
                                        parameters_[1], parameters_[2]);
  return limited_ ? clamp_f32(value, lo_, hi_) : value;
}

Operator elementwise_operator(ElementFunction function, std::vector<ImportRule> imports) {
  using Rule = Operator::QuantRule;
  for (const ForeignForm &form : function.foreign)
    imports.push_back({form.domain, form.op, import_elementwise});
  const auto shared = std::make_shared<const ElementFunction>(std::move(function));
  return {.name = shared->op,
          .summary = shared->summary,
          .imports = std::move(imports),
          .infer = infer,
          .eval_float = eval_float,
          .eval_int = eval_int,
          .modes = modes,
          .kernels = kernels,
          .quant_rule = shared->preferred_quant ? Rule::kPreferred : Rule::kCalibrated,
          .fixed_quant = shared->preferred_quant,
          .function = shared,
          .elementwise = shared->operands == 1};
}

}  // namespace thimble::ops

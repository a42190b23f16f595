// One function a kind of operator, one table from names to functions. Sizes come from the file and
// are checked by element_count before anybody multiplies them.
#include "frontends/onnx/infer_dims.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string_view>

#include "frontends/fold/arrays.h"
#include "ops/slice_range.h"

namespace thimble::frontends::onnx {
namespace {

using fold::integers_of;
using fold::normal_axis;
using ops::ForeignNode;
using ops::ForeignTensor;

constexpr std::int64_t kMaxParameter = 1 << 20;  // strides, pads and their like beyond are nonsense

struct Question {
  const ForeignNode &node;
  const std::vector<const Dims *> &dims;
  const std::vector<const ForeignTensor *> &constants;

  const Dims *input(std::size_t i) const { return i < dims.size() ? dims[i] : nullptr; }
  const ForeignTensor *constant(std::size_t i) const {
    return i < constants.size() ? constants[i] : nullptr;
  }
};

using Answer = std::optional<Dims>;

Answer as_input(const Question &q) {
  if (!q.input(0)) return std::nullopt;
  return *q.input(0);
}

Answer as_broadcast(const Question &q) {
  Answer out = Dims{};
  for (const Dims *dims : q.dims) {
    if (!dims || !out) return std::nullopt;
    out = fold::broadcast(*out, *dims);
  }
  return out;
}

// A list attribute with one entry (or two, for pads) a spatial axis; none when malformed.
Answer spatial_list(const Question &q, std::string_view key, std::size_t count,
                    std::int64_t otherwise) {
  Dims list = q.node.integers(key, Dims(count, otherwise));
  const bool sane = list.size() == count && std::all_of(list.begin(), list.end(), [](auto value) {
                      return value >= 0 && value <= kMaxParameter;
                    });
  return sane ? Answer(list) : std::nullopt;
}

struct Window {
  Dims kernel, strides, dilations, pads;
};

std::optional<Window> window_of(const Question &q, const Dims &default_kernel) {
  const std::size_t rank = default_kernel.size();
  Dims kernel = q.node.integers("kernel_shape", default_kernel);
  const Answer strides = spatial_list(q, "strides", rank, 1);
  const Answer dilations = spatial_list(q, "dilations", rank, 1);
  Answer pads = spatial_list(q, "pads", 2 * rank, 0);
  if (kernel.size() != rank || !strides || !dilations || !pads) return std::nullopt;
  for (std::int64_t size : kernel)
    if (size < 1 || size > kMaxParameter) return std::nullopt;
  if (std::count(strides->begin(), strides->end(), 0) > 0) return std::nullopt;
  const std::string padding = q.node.text("auto_pad", "NOTSET");
  if (padding != "NOTSET" && padding != "VALID") return std::nullopt;
  return Window{kernel, *strides, *dilations, *pads};
}

// Batch, `channels`, then the places where the window fits.
Answer slid(const Question &q, const Window &window, std::int64_t channels) {
  const Dims &in = *q.input(0);
  const bool ceil_mode = q.node.integer("ceil_mode", 0) != 0;
  Dims out = {in[0], channels};
  for (std::size_t axis = 0; axis + 2 < in.size(); ++axis) {
    const std::size_t rank = in.size() - 2;
    const std::int64_t begin = window.pads[axis], end = window.pads[axis + rank];
    const std::int64_t reach = window.dilations[axis] * (window.kernel[axis] - 1) + 1;
    const std::int64_t span = in[axis + 2] + begin + end - reach;
    const std::int64_t stride = window.strides[axis];
    if (span < 0) return std::nullopt;
    std::int64_t places = span / stride + 1;
    // Rounded up, but no window may start in the padding behind the data.
    if (ceil_mode && span % stride != 0 && places * stride < in[axis + 2] + begin) ++places;
    out.push_back(places);
  }
  return out;
}

Answer conv(const Question &q) {
  const Dims *in = q.input(0), *weight = q.input(1);
  if (!in || !weight || in->size() < 3 || weight->size() != in->size()) return std::nullopt;
  const auto window = window_of(q, Dims(weight->begin() + 2, weight->end()));
  return window ? slid(q, *window, (*weight)[0]) : std::nullopt;
}

Answer pool(const Question &q) {
  const Dims *in = q.input(0);
  if (!in || in->size() < 3 || !q.node.has("kernel_shape")) return std::nullopt;
  const auto window = window_of(q, Dims(in->size() - 2, 1));
  return window ? slid(q, *window, (*in)[1]) : std::nullopt;
}

Answer conv_transpose(const Question &q) {
  const Dims *in = q.input(0), *weight = q.input(1);
  if (!in || !weight || in->size() < 3 || weight->size() != in->size()) return std::nullopt;
  const std::size_t rank = in->size() - 2;
  const auto window = window_of(q, Dims(weight->begin() + 2, weight->end()));
  const Answer extra = spatial_list(q, "output_padding", rank, 0);
  const std::int64_t groups = q.node.integer("group", 1);
  if (!window || !extra || q.node.has("output_shape") || groups < 1 || groups > kMaxParameter)
    return std::nullopt;
  Dims out = {(*in)[0], (*weight)[1] * groups};
  for (std::size_t axis = 0; axis < rank; ++axis)
    out.push_back(window->strides[axis] * ((*in)[axis + 2] - 1) + (*extra)[axis] +
                  window->dilations[axis] * (window->kernel[axis] - 1) + 1 - window->pads[axis] -
                  window->pads[axis + rank]);
  return out;
}

Answer global_pool(const Question &q) {
  const Dims *in = q.input(0);
  if (!in || in->size() < 3) return std::nullopt;
  Dims out(in->size(), 1);
  std::copy_n(in->begin(), 2, out.begin());
  return out;
}

Answer gemm(const Question &q) {
  const Dims *a = q.input(0), *b = q.input(1);
  if (!a || !b || a->size() != 2 || b->size() != 2) return std::nullopt;
  return Dims{(*a)[q.node.integer("transA", 0) != 0 ? 1 : 0],
              (*b)[q.node.integer("transB", 0) != 0 ? 0 : 1]};
}

Answer matmul(const Question &q) {
  const Dims *a = q.input(0), *b = q.input(1);
  if (!a || !b || a->size() < 2 || b->size() < 2) return std::nullopt;
  Answer out = fold::broadcast(Dims(a->begin(), a->end() - 2), Dims(b->begin(), b->end() - 2));
  if (!out) return std::nullopt;
  out->push_back((*a)[a->size() - 2]);
  out->push_back(b->back());
  return out;
}

// All rows: [steps, directions, samples, hidden], or with the samples first.
Answer recurrent(const Question &q) {
  const Dims *in = q.input(0), *last = q.input(2);
  if (!in || !last || in->size() != 3 || last->size() != 3) return std::nullopt;
  if (q.node.integer("layout", 0) != 0) return Dims{(*in)[0], (*in)[1], (*last)[0], (*last)[2]};
  return Dims{(*in)[0], (*last)[0], (*in)[1], (*last)[2]};
}

Answer concat(const Question &q) {
  Answer out = as_input(q);
  const auto axis = out ? normal_axis(q.node.integer("axis", 0), out->size()) : std::nullopt;
  if (!axis) return std::nullopt;
  for (std::size_t i = 1; i < q.dims.size(); ++i) {
    if (!q.input(i) || q.input(i)->size() != out->size()) return std::nullopt;
    (*out)[*axis] += (*q.input(i))[*axis];
  }
  return out;
}

Answer reshape(const Question &q) {
  const auto to = integers_of(q.constant(1));
  if (!q.input(0) || !to) return std::nullopt;
  return fold::reshaped(*q.input(0), *to, q.node.integer("allowzero", 0) != 0);
}

Answer flatten(const Question &q) {
  if (!q.input(0)) return std::nullopt;
  const auto rank = static_cast<std::int64_t>(q.input(0)->size());
  const std::int64_t axis = q.node.integer("axis", 1);
  if (axis < -rank || axis > rank) return std::nullopt;
  const auto split = q.input(0)->begin() + (axis < 0 ? axis + rank : axis);
  return Dims{element_count(Dims(q.input(0)->begin(), split)),
              element_count(Dims(split, q.input(0)->end()))};
}

Answer transpose(const Question &q) {
  if (!q.input(0)) return std::nullopt;
  Dims order(q.input(0)->size());
  std::iota(order.rbegin(), order.rend(), 0);
  order = q.node.integers("perm", order);
  if (order.size() != q.input(0)->size()) return std::nullopt;
  Dims out;
  for (std::int64_t axis : order) {
    const auto normal = normal_axis(axis, order.size());
    if (!normal) return std::nullopt;
    out.push_back((*q.input(0))[*normal]);
  }
  return out;
}

// Scales are input 2 since opset 11; sizes, input 3, win where both are given.
Answer resize(const Question &q) {
  if (!q.input(0) || q.node.has("axes")) return std::nullopt;
  if (const auto sizes = integers_of(q.constant(3)); sizes && !sizes->empty()) return *sizes;
  const ForeignTensor *scales = q.constant(2);
  if (!scales || scales->f32.size() != q.input(0)->size()) return std::nullopt;
  Dims out = *q.input(0);
  for (std::size_t axis = 0; axis < out.size(); ++axis) {
    const double size = std::floor(static_cast<double>(out[axis]) * scales->f32[axis]);
    if (!(size >= 1 && size <= static_cast<double>(kMaxDim))) return std::nullopt;
    out[axis] = static_cast<std::int64_t>(size);
  }
  return out;
}

// Axes from an input, or from an attribute in older operator sets.
Answer axes_of(const Question &q) {
  if (q.constant(1)) return integers_of(q.constant(1));
  if (q.node.has("axes")) return q.node.integers("axes");
  return std::nullopt;
}

Answer unsqueeze(const Question &q) {
  const Answer axes = axes_of(q);
  return q.input(0) && axes ? fold::unsqueezed(*q.input(0), *axes) : std::nullopt;
}

Answer squeeze(const Question &q) {
  const Answer axes = axes_of(q);
  if (!q.input(0) || (!axes && q.dims.size() > 1)) return std::nullopt;
  return fold::squeezed(*q.input(0), axes);
}

Answer reduce(const Question &q) {
  if (!q.input(0) || (q.dims.size() > 1 && !q.constant(1))) return std::nullopt;
  const Dims axes = axes_of(q).value_or(Dims{});
  if (axes.empty() && q.node.integer("noop_with_empty_axes", 0) != 0) return *q.input(0);
  const auto marked = fold::marked_axes(axes, q.input(0)->size());
  if (!marked) return std::nullopt;
  Dims out;
  for (std::size_t axis = 0; axis < marked->size(); ++axis) {
    if (!axes.empty() && !(*marked)[axis])
      out.push_back((*q.input(0))[axis]);
    else if (q.node.integer("keepdims", 1) != 0)
      out.push_back(1);
  }
  return out;
}

Answer slice(const Question &q) {
  const auto starts = integers_of(q.constant(1)), ends = integers_of(q.constant(2));
  if (!q.input(0) || !starts || !ends || starts->size() != ends->size()) return std::nullopt;
  Dims axes(starts->size()), steps(starts->size(), 1), out = *q.input(0);
  std::iota(axes.begin(), axes.end(), 0);
  if (q.constant(3)) axes = integers_of(q.constant(3)).value_or(Dims{});
  if (q.constant(4)) steps = integers_of(q.constant(4)).value_or(Dims{});
  if (axes.size() != starts->size() || steps.size() != starts->size()) return std::nullopt;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto axis = normal_axis(axes[i], out.size());
    if (!axis || steps[i] == 0) return std::nullopt;
    out[*axis] = ops::slice_range(out[*axis], (*starts)[i], (*ends)[i], steps[i]).count;
  }
  return out;
}

Answer gather(const Question &q) {
  if (!q.input(0) || !q.input(1)) return std::nullopt;
  const Dims &in = *q.input(0), &indices = *q.input(1);
  const auto axis = normal_axis(q.node.integer("axis", 0), in.size());
  if (!axis) return std::nullopt;
  Dims out(in.begin(), in.begin() + *axis);
  out.insert(out.end(), indices.begin(), indices.end());
  out.insert(out.end(), in.begin() + *axis + 1, in.end());
  return out;
}

Answer pad(const Question &q) {
  const auto pads = integers_of(q.constant(1));
  if (!q.input(0) || !pads || pads->size() != 2 * q.input(0)->size() || q.input(3))
    return std::nullopt;
  Dims out = *q.input(0);
  for (std::size_t axis = 0; axis < out.size(); ++axis) {
    const std::int64_t before = (*pads)[axis], after = (*pads)[axis + out.size()];
    if (std::abs(before) > kMaxParameter || std::abs(after) > kMaxParameter) return std::nullopt;
    out[axis] += before + after;
  }
  return out;
}

const std::map<std::string_view, Answer (*)(const Question &)> kAnswers = {
    {"Relu", as_input},
    {"LeakyRelu", as_input},
    {"Sigmoid", as_input},
    {"HardSigmoid", as_input},
    {"Tanh", as_input},
    {"HardSwish", as_input},
    {"Elu", as_input},
    {"Selu", as_input},
    {"Gelu", as_input},
    {"Erf", as_input},
    {"Exp", as_input},
    {"Log", as_input},
    {"Sqrt", as_input},
    {"Abs", as_input},
    {"Neg", as_input},
    {"Round", as_input},
    {"Floor", as_input},
    {"Ceil", as_input},
    {"Reciprocal", as_input},
    {"Sign", as_input},
    {"Sin", as_input},
    {"Cos", as_input},
    {"Tan", as_input},
    {"Asin", as_input},
    {"Acos", as_input},
    {"Atan", as_input},
    {"Sinh", as_input},
    {"Cosh", as_input},
    {"Asinh", as_input},
    {"Acosh", as_input},
    {"Atanh", as_input},
    {"IsNaN", as_input},
    {"IsInf", as_input},
    {"Not", as_input},
    {"Celu", as_input},
    {"Mish", as_input},
    {"Swish", as_input},
    {"Softplus", as_input},
    {"Softsign", as_input},
    {"Shrink", as_input},
    {"ThresholdedRelu", as_input},
    {"Softmax", as_input},
    {"LogSoftmax", as_input},
    {"Clip", as_input},
    {"QuantizeLinear", as_input},
    {"DequantizeLinear", as_input},
    {"Identity", as_input},
    {"Dropout", as_input},
    {"Cast", as_input},
    {"CastLike", as_input},
    {"BatchNormalization", as_input},
    {"LayerNormalization", as_input},
    {"InstanceNormalization", as_input},
    {"PRelu", as_input},
    {"Add", as_broadcast},
    {"Sub", as_broadcast},
    {"Mul", as_broadcast},
    {"Div", as_broadcast},
    {"Pow", as_broadcast},
    {"Min", as_broadcast},
    {"Max", as_broadcast},
    {"Mod", as_broadcast},
    {"And", as_broadcast},
    {"Or", as_broadcast},
    {"Xor", as_broadcast},
    {"Equal", as_broadcast},
    {"Less", as_broadcast},
    {"LessOrEqual", as_broadcast},
    {"Greater", as_broadcast},
    {"GreaterOrEqual", as_broadcast},
    {"Sum", as_broadcast},
    {"Mean", as_broadcast},
    {"Where", as_broadcast},
    {"Conv", conv},
    {"ConvTranspose", conv_transpose},
    {"MaxPool", pool},
    {"AveragePool", pool},
    {"GlobalAveragePool", global_pool},
    {"GlobalMaxPool", global_pool},
    {"Gemm", gemm},
    {"MatMul", matmul},
    {"LSTM", recurrent},
    {"GRU", recurrent},
    {"RNN", recurrent},
    {"Concat", concat},
    {"Reshape", reshape},
    {"Flatten", flatten},
    {"Transpose", transpose},
    {"Resize", resize},
    {"Unsqueeze", unsqueeze},
    {"Squeeze", squeeze},
    {"Slice", slice},
    {"Gather", gather},
    {"Pad", pad},
    {"ReduceMean", reduce},
    {"ReduceSum", reduce},
    {"ReduceMax", reduce},
    {"ReduceMin", reduce},
};

}  // namespace

std::optional<Dims> infer_dims(const ForeignNode &node, const std::vector<const Dims *> &dims,
                               const std::vector<const ForeignTensor *> &constants) {
  const auto found = kAnswers.find(node.op);
  if (found == kAnswers.end()) return std::nullopt;
  Answer out = found->second({node, dims, constants});
  return out && element_count(*out) >= 0 ? out : std::nullopt;
}

}  // namespace thimble::frontends::onnx

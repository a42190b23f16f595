// Sums, means and extremes of constants along axes.
#include <algorithm>
#include <limits>

#include "frontends/fold/arrays.h"
#include "frontends/fold/casts.h"

namespace thimble::frontends::fold {
namespace {

enum class Kind { kSum, kMean, kMax, kMin };

double identity(Kind kind) {
  if (kind == Kind::kMax) return -std::numeric_limits<double>::infinity();
  if (kind == Kind::kMin) return std::numeric_limits<double>::infinity();
  return 0;
}

double combine(Kind kind, double accumulator, double value) {
  if (kind == Kind::kMax) return std::max(accumulator, value);
  if (kind == Kind::kMin) return std::min(accumulator, value);
  return accumulator + value;
}

// Accumulates in double: exact for the integers that shape arithmetic meets.
Result<ForeignTensor> reduce(const Call &call, Kind kind, const Dims &axes, bool keep) {
  const ForeignTensor &in = *call.input(0);
  auto reduced = marked_axes(axes, in.dims.size());
  if (axes.empty()) reduced->assign(in.dims.size(), true);  // no list means all
  if (!reduced) return bad_operands("an axis is out of range");
  Dims kept_dims = in.dims, squeezed_dims;
  for (std::size_t axis = 0; axis < in.dims.size(); ++axis) {
    if ((*reduced)[axis]) kept_dims[axis] = 1;
    if (!(*reduced)[axis] || keep) squeezed_dims.push_back(kept_dims[axis]);
  }
  TRY(ForeignTensor out, make_tensor(call, in.type, squeezed_dims));
  const std::int64_t count = in.elements(), out_count = out.elements();
  if (count == 0 || out_count == 0) return bad_operands("nothing to reduce");
  std::vector<double> sums(out_count, identity(kind));
  Walk<1> walk(in.dims, {broadcast_strides(kept_dims, in.dims)});
  for (std::int64_t i = 0; i < count; ++i, walk.next()) {
    const double value = in.is_float() ? in.f32[i] : static_cast<double>(in.i64[i]);
    sums[walk.at(0)] = combine(kind, sums[walk.at(0)], value);
  }
  const double divisor = kind == Kind::kMean ? static_cast<double>(count / out_count) : 1;
  for (std::int64_t i = 0; i < out_count; ++i) {
    if (in.is_float())
      out.f32[i] = static_cast<float>(sums[i] / divisor);
    else
      out.i64[i] = saturated_integer(sums[i] / divisor);
  }
  return out;
}

template <Kind kind>
Result<ForeignTensor> reduce_onnx(const Call &call) {
  if (!call.input(0)) return bad_operands("an operand is missing");
  const auto axes = integers_of(call, 1, "axes");
  if ((!axes || axes->empty()) && call.node.integer("noop_with_empty_axes", 0) != 0)
    return with_dims(call, *call.input(0), call.input(0)->dims);
  return reduce(call, kind, axes.value_or(Dims{}), call.node.integer("keepdims", 1) != 0);
}

template <Kind kind>
Result<ForeignTensor> reduce_aten(const Call &call) {
  if (!call.input(0)) return bad_operands("an operand is missing");
  return reduce(call, kind, call.node.integers("dim"), call.node.integer("keepdim", 0) != 0);
}

constexpr Rule kRules[] = {
    {"onnx", "ReduceSum", reduce_onnx<Kind::kSum>},
    {"onnx", "ReduceMean", reduce_onnx<Kind::kMean>},
    {"onnx", "ReduceMax", reduce_onnx<Kind::kMax>},
    {"onnx", "ReduceMin", reduce_onnx<Kind::kMin>},
    {"aten", "sum.default", reduce_aten<Kind::kSum>},
    {"aten", "sum.dim_IntList", reduce_aten<Kind::kSum>},
    {"aten", "mean.default", reduce_aten<Kind::kMean>},
    {"aten", "mean.dim", reduce_aten<Kind::kMean>},
    {"aten", "amax.default", reduce_aten<Kind::kMax>},
    {"aten", "amin.default", reduce_aten<Kind::kMin>},
    {"aten", "max.default", reduce_aten<Kind::kMax>},
    {"aten", "min.default", reduce_aten<Kind::kMin>},
};

}  // namespace

std::span<const Rule> reduction_rules() { return kRules; }

}  // namespace thimble::frontends::fold

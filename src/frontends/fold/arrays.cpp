// Index arithmetic of constant arrays.
#include "frontends/fold/arrays.h"

#include <fmt/format.h>

#include <algorithm>

namespace thimble::frontends::fold {

Diagnostic bad_operands(std::string why) {
  return model_error("its constant inputs do not fit", std::move(why));
}

Result<ForeignTensor> make_tensor(const Call &call, ForeignType type, Dims dims) {
  const std::int64_t count = element_count(dims);
  if (count < 0) return bad_operands(fmt::format("dimensions {}", to_string(dims)));
  if (!call.budget.take(count))
    return model_error("constant expressions are too large to evaluate",
                       fmt::format("they touch more than {} elements in all", kMaxFoldedElements));
  ForeignTensor tensor{.type = type, .dims = std::move(dims), .f32 = {}, .i64 = {}};
  if (tensor.is_float())
    tensor.f32.resize(count);
  else
    tensor.i64.resize(count);
  return tensor;
}

std::optional<Dims> broadcast(const Dims &a, const Dims &b) {
  Dims out(std::max(a.size(), b.size()), 1);
  for (std::size_t i = 0; i < out.size(); ++i) {  // counted from the last axis
    const std::int64_t left = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t right = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (left != right && left != 1 && right != 1) return std::nullopt;
    out[out.size() - 1 - i] = left == 1 ? right : left;
  }
  return out;
}

Dims contiguous_strides(const Dims &dims) {
  Dims strides(dims.size(), 1);
  for (std::size_t axis = dims.size(); axis-- > 1;)
    strides[axis - 1] = strides[axis] * std::max<std::int64_t>(dims[axis], 1);
  return strides;
}

Dims broadcast_strides(const Dims &dims, const Dims &out) {
  const Dims own = contiguous_strides(dims);
  Dims strides(out.size(), 0);
  for (std::size_t axis = 0; axis < dims.size(); ++axis)
    if (dims[axis] != 1) strides[out.size() - dims.size() + axis] = own[axis];
  return strides;
}

std::optional<std::size_t> normal_axis(std::int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<std::int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank) return std::nullopt;
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

std::optional<std::vector<bool>> marked_axes(const Dims &axes, std::size_t rank) {
  std::vector<bool> marked(rank, false);
  for (std::int64_t axis : axes) {
    const auto normal = normal_axis(axis, rank);
    if (!normal) return std::nullopt;
    marked[*normal] = true;
  }
  return marked;
}

std::optional<Dims> unsqueezed(const Dims &dims, const Dims &axes) {
  if (dims.size() + axes.size() > kMaxRank) return std::nullopt;
  const auto added = marked_axes(axes, dims.size() + axes.size());
  if (!added || std::count(added->begin(), added->end(), true) != std::ssize(axes))
    return std::nullopt;
  Dims out;
  auto next = dims.begin();
  for (bool one : *added) out.push_back(one ? 1 : *next++);
  return out;
}

std::optional<Dims> squeezed(const Dims &dims, const std::optional<Dims> &axes) {
  const auto marked = marked_axes(axes.value_or(Dims{}), dims.size());
  if (!marked) return std::nullopt;
  Dims out;
  for (std::size_t axis = 0; axis < dims.size(); ++axis)
    if (dims[axis] != 1 || (axes && !(*marked)[axis])) out.push_back(dims[axis]);
  return out;
}

std::optional<Dims> integers_of(const ForeignTensor *tensor) {
  if (!tensor || tensor->is_float()) return std::nullopt;
  return tensor->i64;
}

std::optional<Dims> integers_of(const Call &call, std::size_t input, std::string_view attribute) {
  if (call.input(input)) return integers_of(call.input(input));
  if (!call.node.has(attribute)) return std::nullopt;
  return call.node.integers(attribute);
}

Result<ForeignTensor> strided_copy(const Call &call, const ForeignTensor &in, Dims dims,
                                   const Dims &strides, std::int64_t offset) {
  TRY(ForeignTensor out, make_tensor(call, in.type, std::move(dims)));
  out.scales = in.scales;
  Walk<1> walk(out.dims, {strides}, {offset});
  for (float &value : out.f32) {
    value = in.f32[walk.at(0)];
    walk.next();
  }
  for (std::int64_t &value : out.i64) {
    value = in.i64[walk.at(0)];
    walk.next();
  }
  return out;
}

Result<ForeignTensor> with_dims(const Call &call, const ForeignTensor &in, Dims dims) {
  if (element_count(dims) != in.elements())
    return bad_operands(fmt::format("{} cannot become {}", to_string(in.dims), to_string(dims)));
  if (!call.budget.take(in.elements()))
    return model_error("constant expressions are too large to evaluate");
  ForeignTensor out = in;
  out.dims = std::move(dims);
  return out;
}

std::optional<Dims> reshaped(const Dims &from, Dims to, bool zero_is_zero) {
  const std::int64_t count = element_count(from);
  for (std::size_t axis = 0; axis < to.size(); ++axis)
    if (to[axis] == 0 && !zero_is_zero) {
      if (axis >= from.size()) return std::nullopt;
      to[axis] = from[axis];
    }
  const auto open = std::find(to.begin(), to.end(), -1);
  if (open != to.end()) {
    *open = 1;
    const std::int64_t rest = element_count(to);
    if (count < 0 || rest <= 0 || count % rest != 0) return std::nullopt;
    *open = count / rest;
  }
  if (count < 0 || element_count(to) != count) return std::nullopt;
  return to;
}

}  // namespace thimble::frontends::fold

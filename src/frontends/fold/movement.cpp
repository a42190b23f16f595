// Constants rearranged: other dimensions, another order, parts, joins. All but concat and gather
// are strided copies, or the same elements under other dimensions.
#include <algorithm>
#include <numeric>

#include "frontends/fold/arrays.h"
#include "ops/slice_range.h"

namespace thimble::frontends::fold {
namespace {

Diagnostic bad_call() { return bad_operands("operands, axes and dimensions do not match"); }

Result<ForeignTensor> same(const Call &call) {
  if (!call.input(0)) return bad_call();
  return with_dims(call, *call.input(0), call.input(0)->dims);
}

Result<ForeignTensor> reshape_to(const Call &call, const std::optional<Dims> &to,
                                 bool zero_is_zero) {
  if (!call.input(0) || !to) return bad_call();
  const auto dims = reshaped(call.input(0)->dims, *to, zero_is_zero);
  if (!dims) return bad_call();
  return with_dims(call, *call.input(0), *dims);
}

Result<ForeignTensor> reshape_onnx(const Call &call) {
  return reshape_to(call, integers_of(call.input(1)), call.node.integer("allowzero", 0) != 0);
}

Result<ForeignTensor> view_aten(const Call &call) {
  return reshape_to(call, call.node.integers("size"), true);
}

Result<ForeignTensor> reshape_aten(const Call &call) {
  return reshape_to(call, call.node.integers("shape"), true);
}

// Axes [first, last] become one.
Result<ForeignTensor> merge_axes(const Call &call, std::size_t first, std::size_t last) {
  const Dims &from = call.input(0)->dims;
  Dims dims(from.begin(), from.begin() + first);
  dims.push_back(std::accumulate(from.begin() + first, from.begin() + last + 1, std::int64_t{1},
                                 std::multiplies<>()));
  dims.insert(dims.end(), from.begin() + last + 1, from.end());
  return with_dims(call, *call.input(0), dims);
}

Result<ForeignTensor> flatten_onnx(const Call &call) {
  if (!call.input(0)) return bad_call();
  const Dims &from = call.input(0)->dims;
  const auto rank = static_cast<std::int64_t>(from.size());
  std::int64_t axis = call.node.integer("axis", 1);
  if (axis < -rank || axis > rank) return bad_call();
  if (axis < 0) axis += rank;
  const auto product = [](auto first, auto last) {
    return std::accumulate(first, last, std::int64_t{1}, std::multiplies<>());
  };
  return with_dims(
      call, *call.input(0),
      {product(from.begin(), from.begin() + axis), product(from.begin() + axis, from.end())});
}

Result<ForeignTensor> flatten_aten(const Call &call) {
  if (!call.input(0)) return bad_call();
  const std::size_t rank = call.input(0)->dims.size();
  if (rank == 0) return with_dims(call, *call.input(0), {1});
  const auto first = normal_axis(call.node.integer("start_dim", 0), rank);
  const auto last = normal_axis(call.node.integer("end_dim", -1), rank);
  if (!first || !last || *first > *last) return bad_call();
  return merge_axes(call, *first, *last);
}

Result<ForeignTensor> permuted(const Call &call, const Dims &order) {
  if (!call.input(0)) return bad_call();
  const ForeignTensor &in = *call.input(0);
  const Dims from = contiguous_strides(in.dims);
  if (order.size() != in.dims.size()) return bad_call();
  Dims dims, strides;
  std::vector<bool> seen(order.size(), false);
  for (std::int64_t axis : order) {
    const auto normal = normal_axis(axis, order.size());
    if (!normal || seen[*normal]) return bad_call();
    seen[*normal] = true;
    dims.push_back(in.dims[*normal]);
    strides.push_back(from[*normal]);
  }
  return strided_copy(call, in, dims, strides);
}

Result<ForeignTensor> transpose_onnx(const Call &call) {
  Dims order = call.node.integers("perm");
  if (order.empty() && call.input(0)) {
    order.resize(call.input(0)->dims.size());
    std::iota(order.rbegin(), order.rend(), 0);
  }
  return permuted(call, order);
}

Result<ForeignTensor> permute_aten(const Call &call) {
  return permuted(call, call.node.integers("dims"));
}

Result<ForeignTensor> swap_axes(const Call &call, std::int64_t a, std::int64_t b) {
  if (!call.input(0)) return bad_call();
  const std::size_t rank = call.input(0)->dims.size();
  const auto first = normal_axis(a, rank), second = normal_axis(b, rank);
  if (!first || !second) return bad_call();
  Dims order(rank);
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[*first], order[*second]);
  return permuted(call, order);
}

Result<ForeignTensor> transpose_aten(const Call &call) {
  return swap_axes(call, call.node.integer("dim0", 0), call.node.integer("dim1", 0));
}

Result<ForeignTensor> matrix_transpose_aten(const Call &call) {
  if (call.input(0) && call.input(0)->dims.size() < 2) return same(call);
  return swap_axes(call, 0, 1);
}

Result<ForeignTensor> expand_to(const Call &call, const std::optional<Dims> &to) {
  if (!call.input(0) || !to) return bad_call();
  const auto dims = broadcast(call.input(0)->dims, *to);
  if (!dims || element_count(*dims) < 0) return bad_call();
  return strided_copy(call, *call.input(0), *dims, broadcast_strides(call.input(0)->dims, *dims));
}

Result<ForeignTensor> expand_onnx(const Call &call) {
  return expand_to(call, integers_of(call.input(1)));
}

Result<ForeignTensor> expand_aten(const Call &call) {
  Dims to = call.node.integers("size");
  std::replace(to.begin(), to.end(), std::int64_t{-1}, std::int64_t{1});  // as the input has it
  return expand_to(call, to);
}

Result<ForeignTensor> unsqueeze_at(const Call &call, const std::optional<Dims> &axes) {
  if (!call.input(0) || !axes) return bad_call();
  const auto dims = unsqueezed(call.input(0)->dims, *axes);
  return dims ? with_dims(call, *call.input(0), *dims) : bad_call();
}

Result<ForeignTensor> unsqueeze_onnx(const Call &call) {
  return unsqueeze_at(call, integers_of(call, 1, "axes"));
}

Result<ForeignTensor> unsqueeze_aten(const Call &call) {
  return unsqueeze_at(call, Dims{call.node.integer("dim", 0)});
}

Result<ForeignTensor> squeeze_at(const Call &call, const std::optional<Dims> &axes) {
  if (!call.input(0)) return bad_call();
  const auto dims = squeezed(call.input(0)->dims, axes);
  return dims ? with_dims(call, *call.input(0), *dims) : bad_call();
}

Result<ForeignTensor> squeeze_onnx(const Call &call) {
  return squeeze_at(call, integers_of(call, 1, "axes"));
}

Result<ForeignTensor> squeeze_all_aten(const Call &call) { return squeeze_at(call, std::nullopt); }

Result<ForeignTensor> squeeze_dims_aten(const Call &call) {
  return squeeze_at(call, call.node.integers("dim"));
}

Result<ForeignTensor> squeeze_dim_aten(const Call &call) {
  return squeeze_at(call, Dims{call.node.integer("dim", 0)});
}

// Part of one axis: `steps` indices from `start`, each `step` on.
struct Cut {
  std::size_t axis = 0;
  ops::SliceRange range;
};

Result<ForeignTensor> cut(const Call &call, const std::vector<Cut> &cuts) {
  const ForeignTensor &in = *call.input(0);
  Dims dims = in.dims, strides = contiguous_strides(in.dims);
  std::int64_t offset = 0;
  for (const auto &[axis, range] : cuts) {
    dims[axis] = range.count;
    offset += range.start * strides[axis];
    strides[axis] *= range.step;
  }
  return strided_copy(call, in, dims, strides, offset);
}

Result<ForeignTensor> slice_onnx(const Call &call) {
  const auto starts = integers_of(call.input(1)), ends = integers_of(call.input(2));
  if (!call.input(0) || !starts || !ends || starts->size() != ends->size()) return bad_call();
  Dims axes(starts->size()), steps(starts->size(), 1);
  std::iota(axes.begin(), axes.end(), 0);
  if (call.input(3)) axes = integers_of(call.input(3)).value_or(Dims{});
  if (call.input(4)) steps = integers_of(call.input(4)).value_or(Dims{});
  if (axes.size() != starts->size() || steps.size() != starts->size()) return bad_call();
  const Dims &dims = call.input(0)->dims;
  std::vector<Cut> cuts;
  std::vector<bool> seen(dims.size(), false);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto axis = normal_axis(axes[i], dims.size());
    if (!axis || seen[*axis] || steps[i] == 0) return bad_call();
    seen[*axis] = true;
    cuts.push_back({*axis, ops::slice_range(dims[*axis], (*starts)[i], (*ends)[i], steps[i])});
  }
  return cut(call, cuts);
}

Result<ForeignTensor> slice_aten(const Call &call) {
  if (!call.input(0)) return bad_call();
  const Dims &dims = call.input(0)->dims;
  const auto axis = normal_axis(call.node.integer("dim", 0), dims.size());
  const std::int64_t step = call.node.integer("step", 1);
  if (!axis || step < 1) return bad_call();
  return cut(call, {{*axis, ops::slice_range(dims[*axis], call.node.integer("start", 0),
                                             call.node.integer("end", kMaxDim), step)}});
}

Result<ForeignTensor> select_aten(const Call &call) {
  if (!call.input(0)) return bad_call();
  const Dims &dims = call.input(0)->dims;
  const auto axis = normal_axis(call.node.integer("dim", 0), dims.size());
  if (!axis) return bad_call();
  const auto index = normal_axis(call.node.integer("index", 0), dims[*axis]);
  if (!index) return bad_call();
  Dims strides = contiguous_strides(dims), left = dims;
  const auto offset = static_cast<std::int64_t>(*index) * strides[*axis];
  left.erase(left.begin() + *axis);
  strides.erase(strides.begin() + *axis);
  return strided_copy(call, *call.input(0), left, strides, offset);
}

// The whole index space of `in` [outer, axis, inner] as a product, for gather and concat.
std::int64_t product_after(const Dims &dims, std::size_t axis) {
  return std::accumulate(dims.begin() + axis + 1, dims.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t product_before(const Dims &dims, std::size_t axis) {
  return std::accumulate(dims.begin(), dims.begin() + axis, std::int64_t{1}, std::multiplies<>());
}

template <class T>
void gather_blocks(const std::vector<T> &in, std::vector<T> &out, const Dims &rows,
                   std::int64_t outer, std::int64_t axis_size, std::int64_t inner) {
  auto to = out.begin();
  for (std::int64_t block = 0; block < outer && !in.empty(); ++block)
    for (std::int64_t row : rows)
      to = std::copy_n(in.begin() + (block * axis_size + row) * inner, inner, to);
}

Result<ForeignTensor> gather(const Call &call) {
  const auto indices = integers_of(call.input(1));
  if (!call.input(0) || !indices) return bad_call();
  const ForeignTensor &in = *call.input(0);
  const auto axis = normal_axis(call.node.integer("axis", 0), in.dims.size());
  if (!axis) return bad_call();
  Dims rows;
  for (std::int64_t index : *indices) {
    const auto row = normal_axis(index, in.dims[*axis]);
    if (!row) return bad_call();
    rows.push_back(static_cast<std::int64_t>(*row));
  }
  Dims dims(in.dims.begin(), in.dims.begin() + *axis);
  dims.insert(dims.end(), call.input(1)->dims.begin(), call.input(1)->dims.end());
  dims.insert(dims.end(), in.dims.begin() + *axis + 1, in.dims.end());
  TRY(ForeignTensor out, make_tensor(call, in.type, dims));
  const std::int64_t outer = product_before(in.dims, *axis), inner = product_after(in.dims, *axis);
  gather_blocks(in.f32, out.f32, rows, outer, in.dims[*axis], inner);
  gather_blocks(in.i64, out.i64, rows, outer, in.dims[*axis], inner);
  return out;
}

// Dimensions of the join, or none where the parts differ elsewhere than along `axis`.
std::optional<Dims> joined_dims(const std::vector<const ForeignTensor *> &parts, std::size_t axis) {
  Dims joined = parts[0]->dims;
  joined[axis] = 0;
  for (const ForeignTensor *part : parts) {
    if (!part || part->is_float() != parts[0]->is_float() || part->dims.size() != joined.size())
      return std::nullopt;
    for (std::size_t i = 0; i < joined.size(); ++i)
      if (i != axis && part->dims[i] != joined[i]) return std::nullopt;
    joined[axis] += part->dims[axis];
  }
  return joined;
}

Result<ForeignTensor> concat_along(const Call &call, std::int64_t along) {
  if (!call.input(0)) return bad_call();
  const auto axis = normal_axis(along, call.input(0)->dims.size());
  const auto dims = axis ? joined_dims(call.inputs, *axis) : std::nullopt;
  if (!dims) return bad_call();
  TRY(ForeignTensor out, make_tensor(call, call.input(0)->type, *dims));
  const std::int64_t outer = product_before(*dims, *axis);
  auto f32 = out.f32.begin();
  auto i64 = out.i64.begin();
  for (std::int64_t block = 0; block < outer; ++block) {
    for (const ForeignTensor *part : call.inputs) {
      const std::int64_t run = part->dims[*axis] * product_after(part->dims, *axis);
      if (out.is_float())
        f32 = std::copy_n(part->f32.begin() + block * run, run, f32);
      else
        i64 = std::copy_n(part->i64.begin() + block * run, run, i64);
    }
  }
  return out;
}

Result<ForeignTensor> concat_onnx(const Call &call) {
  return concat_along(call, call.node.integer("axis", 0));
}

Result<ForeignTensor> cat_aten(const Call &call) {
  return concat_along(call, call.node.integer("dim", 0));
}

constexpr Rule kRules[] = {
    {"onnx", "Identity", same},
    {"onnx", "Reshape", reshape_onnx},
    {"onnx", "Flatten", flatten_onnx},
    {"onnx", "Transpose", transpose_onnx},
    {"onnx", "Expand", expand_onnx},
    {"onnx", "Unsqueeze", unsqueeze_onnx},
    {"onnx", "Squeeze", squeeze_onnx},
    {"onnx", "Slice", slice_onnx},
    {"onnx", "Gather", gather},
    {"onnx", "Concat", concat_onnx},
    {"aten", "detach.default", same},
    {"aten", "detach_.default", same},
    {"aten", "clone.default", same},
    {"aten", "alias.default", same},
    {"aten", "contiguous.default", same},
    {"aten", "lift_fresh_copy.default", same},
    {"aten", "view.default", view_aten},
    {"aten", "reshape.default", reshape_aten},
    {"aten", "flatten.using_ints", flatten_aten},
    {"aten", "permute.default", permute_aten},
    {"aten", "transpose.int", transpose_aten},
    {"aten", "t.default", matrix_transpose_aten},
    {"aten", "expand.default", expand_aten},
    {"aten", "unsqueeze.default", unsqueeze_aten},
    {"aten", "squeeze.default", squeeze_all_aten},
    {"aten", "squeeze.dim", squeeze_dim_aten},
    {"aten", "squeeze.dims", squeeze_dims_aten},
    {"aten", "slice.Tensor", slice_aten},
    {"aten", "select.int", select_aten},
    {"aten", "cat.default", cat_aten},
};

}  // namespace

std::span<const Rule> movement_rules() { return kRules; }

}  // namespace thimble::frontends::fold

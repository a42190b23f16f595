// From strides to nodes: nothing, a Reshape, a Permute between Reshapes, else an AsStrided.
#include <algorithm>
#include <array>

#include "ops/permute.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

using Perm = std::array<int, 3>;

// A Permute of the tensor, reshaped to `from` before and to what is wanted behind it.
struct PermuteSteps {
  ir::Shape from;
  Perm perm;
};

// The shape of which `perm` makes `out`.
ir::Shape unpermuted(const ir::Shape &out, const Perm &perm) {
  std::array<int, 3> sides{};
  sides[perm[0]] = out.rows;
  sides[perm[1]] = out.cols;
  sides[perm[2]] = out.channels;
  return {sides[0], sides[1], sides[2]};
}

// `wanted`, coalesced, as the two or three axes of a whole tensor in another order.
std::optional<PermuteSteps> reordered_axes(const Strided &wanted) {
  const std::size_t count = wanted.axes.size();
  if (wanted.offset != 0 || count < 2 || count > 3) return std::nullopt;
  std::vector<int> by_stride;
  for (int i = 0; i < static_cast<int>(count); ++i) by_stride.push_back(i);
  std::sort(by_stride.begin(), by_stride.end(),
            [&](int a, int b) { return wanted.axes[a].stride > wanted.axes[b].stride; });
  std::array<int, 3> sides{1, 1, 1};
  Perm perm{0, 1, 2};
  const int places[] = {0, count == 3 ? 1 : 2, 2};  // two axes are rows and channels
  for (int i = 0; i < static_cast<int>(count); ++i) {
    sides[places[i]] = static_cast<int>(wanted.axes[by_stride[i]].size);
    perm[places[by_stride[i]]] = places[i];
  }
  const PermuteSteps steps{{sides[0], sides[1], sides[2]}, perm};
  if (coalesced(permuted_axes(steps.from, perm)) != wanted) return std::nullopt;
  return steps;
}

// How `wanted`, coalesced, is a Permute of a whole tensor of shape `in`: if possible without a
// Reshape, else with one to `out` behind it, else with one before it.
std::optional<PermuteSteps> permute_steps(const Strided &wanted, const ir::Shape &in,
                                          const ir::Shape &out) {
  if (wanted.elements() != in.elements()) return std::nullopt;
  std::optional<PermuteSteps> best;
  int least = 3;
  Perm perm{0, 1, 2};
  do {
    for (const ir::Shape &from : {in, unpermuted(out, perm)}) {
      const int cost = (from == in ? 0 : 2) + (permuted_shape(from, perm) == out ? 0 : 1);
      if (cost >= least || coalesced(permuted_axes(from, perm)) != wanted) continue;
      best = PermuteSteps{from, perm};
      least = cost;
    }
  } while (std::next_permutation(perm.begin(), perm.end()));
  return best ? best : reordered_axes(wanted);
}

std::vector<std::int64_t> sides(const ir::Shape &shape) {
  return {shape.rows, shape.cols, shape.channels};
}

ir::Attributes as_strided(const Strided &strided, const ir::Shape &shape) {
  std::vector<std::int64_t> size, stride;
  for (const StridedAxis &axis : strided.axes) {
    size.push_back(axis.size);
    stride.push_back(axis.stride);
  }
  return {
      {"size", size}, {"stride", stride}, {"offset", strided.offset}, {"out_shape", sides(shape)}};
}

}  // namespace

ir::ValueId Builder::add_reshape(const ForeignNode &node, ir::ValueId value, const ir::Shape &shape,
                                 const std::string &suffix, std::size_t output) {
  if (value < 0 || graph_.value(value).type.shape == shape) return value;
  return add_named(node, suffix, output, "Reshape", {value}, {}, {{"out_shape", sides(shape)}});
}

ir::ValueId Builder::add_strided(const ForeignNode &node, ir::ValueId value, const Strided &strided,
                                 const ir::Shape &shape, std::size_t output) {
  if (value < 0) return kFailedValue;
  const ir::Shape in = graph_.value(value).type.shape;
  const Strided wanted = coalesced(strided);
  if (wanted == coalesced({0, dense(sides(in))}))
    return add_reshape(node, value, shape, "", output);
  const auto steps = permute_steps(wanted, in, shape);
  if (!steps)
    return add_named(node, "", output, "AsStrided", {value}, {}, as_strided(wanted, shape));
  const bool before = steps->from != in;
  const bool after = permuted_shape(steps->from, steps->perm) != shape;
  value = add_reshape(node, value, steps->from, "", output);
  value = add_named(node, before || after ? "_order" : "", output, "Permute", {value}, {},
                    {{"perm", std::vector<std::int64_t>(steps->perm.begin(), steps->perm.end())}});
  return add_reshape(node, value, shape, before ? "_shape" : "", output);
}

void Builder::bind_view(const ForeignNode &node, const StridedView &view, std::size_t output) {
  const Dims dims = view.dims();
  const auto layout = layout_of(dims);
  if (!layout.ok()) {
    for (const Diagnostic &found : layout.diagnostics())
      error(node, found.what, found.why, found.fix);
    return;
  }
  const ir::ValueId value =
      add_strided(node, view.value, view.in_stored_order(*layout), layout->shape, output);
  if (output < node.outputs.size()) bind(node.outputs[output], value, dims);
}

ir::ValueId Builder::to_file_order(const ForeignNode &node, const Imported &input) {
  const Strided elements = view_of(input).in_file_order();
  return add_strided(node, input.value, elements, {1, 1, static_cast<int>(elements.elements())});
}

ir::ValueId Builder::from_file_order(const ForeignNode &node, ir::ValueId flat, const Dims &dims) {
  const Layout layout = ir::layout_of(dims, axes());
  const std::vector<StridedAxis> file_axes = dense(dims);
  Strided elements;
  for (const int axis : layout.order) elements.axes.push_back(file_axes[axis]);
  return add_strided(node, flat, elements, layout.shape);
}

}  // namespace thimble::ops

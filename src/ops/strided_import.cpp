// Each importer changes the view of its input as the file's operator says, and binds it.
#include "ops/strided_import.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/infer.h"
#include "ops/integer_list.h"
#include "ops/slice_range.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

// The view of input 0, or nothing after a report.
std::optional<StridedView> input_view(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return std::nullopt;
  return builder.view_of(*input);
}

// The axis counted from 0, or nothing after a report.
std::optional<std::size_t> axis_of(Builder &builder, const ForeignNode &node,
                                   const StridedView &view, std::int64_t axis) {
  const auto at = position(axis, view.axes.size());
  if (!at)
    builder.error(node, fmt::format("names axis {} of a tensor with {}", axis, view.axes.size()));
  return at;
}

void import_slice(Builder &builder, const ForeignNode &node) {
  auto view = input_view(builder, node);
  const auto starts = integer_list(builder, node, "starts", 1);
  const auto ends = integer_list(builder, node, "ends", 2);
  auto axes = integer_list(builder, node, "axes", 3);
  auto steps = integer_list(builder, node, "steps", 4);
  if (!view || !starts || !ends || !axes || !steps) return;
  for (std::size_t i = 0; axes->size() < starts->size() && i < starts->size(); ++i)
    if (i >= axes->size()) axes->push_back(static_cast<std::int64_t>(i));
  steps->resize(std::max(steps->size(), starts->size()), 1);
  if (ends->size() != starts->size() || axes->size() != starts->size() ||
      steps->size() != starts->size())
    return builder.error(node, "has lists of different lengths");
  for (std::size_t i = 0; i < starts->size(); ++i) {
    const auto axis = axis_of(builder, node, *view, (*axes)[i]);
    if (!axis) return;
    if ((*steps)[i] == 0) return builder.error(node, "has a step of 0");
    const SliceRange range = slice_range(view->size(*axis), (*starts)[i], (*ends)[i], (*steps)[i]);
    slice(*view, *axis, range.start, range.step, range.count);
  }
  builder.bind_view(node, *view);
}

bool has_bit(std::int64_t mask, std::size_t bit) { return (mask >> bit & 1) != 0; }

// TensorFlow Lite: begin, end and step of each axis in inputs 1 to 3; masks of bits say where begin
// or end do not count, or the axis goes.
void import_strided_slice(Builder &builder, const ForeignNode &node) {
  auto view = input_view(builder, node);
  const auto begin = integer_list(builder, node, "begin", 1);
  const auto end = integer_list(builder, node, "end", 2);
  const auto step = integer_list(builder, node, "strides", 3);
  if (!view || !begin || !end || !step) return;
  for (const char *mask : {"ellipsis_mask", "new_axis_mask", "offset"})
    if (node.integer(mask, 0) != 0)
      return builder.error(node, fmt::format("has {} = {}", mask, node.integer(mask, 0)),
                           "0 is supported");
  if (begin->size() != end->size() || begin->size() != step->size() ||
      begin->size() > view->axes.size())
    return builder.error(node, "has lists of different lengths");
  std::vector<std::size_t> dropped;
  for (std::size_t axis = 0; axis < begin->size(); ++axis) {
    const std::int64_t size = view->size(axis), by = (*step)[axis];
    if (by == 0) return builder.error(node, "has a step of 0");
    if (has_bit(node.integer("shrink_axis_mask", 0), axis)) {
      const auto at = position((*begin)[axis], static_cast<std::size_t>(size));
      if (!at) return builder.error(node, "selects beyond its input");
      slice(*view, axis, static_cast<std::int64_t>(*at), 1, 1);
      dropped.push_back(axis);
      continue;
    }
    // Beyond either end: all there is.
    const bool from_end = has_bit(node.integer("begin_mask", 0), axis);
    const bool to_end = has_bit(node.integer("end_mask", 0), axis);
    const std::int64_t far = by > 0 ? size : -size - 1;
    const SliceRange range = slice_range(size, from_end ? (by > 0 ? 0 : size - 1) : (*begin)[axis],
                                         to_end ? far : (*end)[axis], by);
    slice(*view, axis, range.start, range.step, range.count);
  }
  for (std::size_t i = dropped.size(); i-- > 0;)
    view->axes.erase(view->axes.begin() + static_cast<std::ptrdiff_t>(dropped[i]));
  builder.bind_view(node, *view);
}

void import_aten_slice(Builder &builder, const ForeignNode &node) {
  auto view = input_view(builder, node);
  const auto axis = view ? axis_of(builder, node, *view, node.integer("dim", 0)) : std::nullopt;
  if (!axis) return;
  const std::int64_t size = view->size(*axis), step = node.integer("step", 1);
  if (step < 1) return builder.error(node, fmt::format("has a step of {}", step));
  const SliceRange range =
      slice_range(size, node.integer("start", 0), node.integer("end", size), step);
  slice(*view, *axis, range.start, range.step, range.count);
  builder.bind_view(node, *view);
}

void import_narrow(Builder &builder, const ForeignNode &node) {
  auto view = input_view(builder, node);
  const auto axis = view ? axis_of(builder, node, *view, node.integer("dim", 0)) : std::nullopt;
  if (!axis) return;
  const std::int64_t size = view->size(*axis), length = node.integer("length", 0);
  std::int64_t start = node.integer("start", 0);
  if (start < 0) start += size;
  if (start < 0 || length < 1 || length > size || start > size - length)
    return builder.error(node, "cuts beyond its input");
  slice(*view, *axis, start, 1, length);
  builder.bind_view(node, *view);
}

void import_select(Builder &builder, const ForeignNode &node) {
  auto view = input_view(builder, node);
  const auto axis = view ? axis_of(builder, node, *view, node.integer("dim", 0)) : std::nullopt;
  if (!axis) return;
  const auto index =
      position(node.integer("index", 0), static_cast<std::size_t>(view->size(*axis)));
  if (!index) return builder.error(node, "selects beyond its input");
  slice(*view, *axis, static_cast<std::int64_t>(*index), 1, 1);
  view->axes.erase(view->axes.begin() + static_cast<std::ptrdiff_t>(*axis));
  builder.bind_view(node, *view);
}

// Binds one output after the other to parts of these sizes. An axis is dropped where `drop`.
void bind_parts(Builder &builder, const ForeignNode &node, const StridedView &view,
                std::size_t axis, const Dims &sizes, bool drop = false) {
  std::int64_t total = 0;
  bool sound = sizes.size() == node.outputs.size();
  for (const std::int64_t size : sizes) {
    sound = sound && 1 <= size && size <= view.size(axis);
    if (sound) total += size;
  }
  if (!sound || total != view.size(axis))
    return builder.error(node, fmt::format("splits {} elements into {} parts that do not fill them",
                                           view.size(axis), node.outputs.size()));
  std::int64_t start = 0;
  for (std::size_t i = 0; i < sizes.size(); start += sizes[i++]) {
    StridedView part = view;
    slice(part, axis, start, 1, sizes[i]);
    if (drop) part.axes.erase(part.axes.begin() + static_cast<std::ptrdiff_t>(axis));
    builder.bind_view(node, part, i);
  }
}

// Parts of `size`, the last one what is left; no more than one beyond the node's outputs.
Dims parts_of(const ForeignNode &node, std::int64_t total, std::int64_t size) {
  Dims sizes;
  for (std::int64_t left = total; left > 0 && size > 0 && sizes.size() <= node.outputs.size();
       left -= sizes.back())
    sizes.push_back(std::min(left, size));
  return sizes;
}

void import_split(Builder &builder, const ForeignNode &node) {
  const auto view = input_view(builder, node);
  auto sizes = integer_list(builder, node, "split", 1);
  const auto axis = view ? axis_of(builder, node, *view, node.integer("axis", 0)) : std::nullopt;
  if (!axis || !sizes) return;
  const auto count = static_cast<std::int64_t>(node.outputs.size());
  if (sizes->empty() && count > 0)
    *sizes = parts_of(node, view->size(*axis), (view->size(*axis) + count - 1) / count);
  bind_parts(builder, node, *view, *axis, *sizes);
}

// TensorFlow Lite: the axis in input 0, what is split in input 1, into equal parts.
void import_tflite_split(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 1);
  const auto named = integer_list(builder, node, "axis", 0);
  if (!input || !named || named->size() != 1 || node.outputs.empty())
    return builder.error(node, "names no axis");
  const StridedView view = builder.view_of(*input);
  const auto axis = axis_of(builder, node, view, named->front());
  if (!axis) return;
  const auto count = static_cast<std::int64_t>(node.outputs.size());
  bind_parts(builder, node, view, *axis, Dims(node.outputs.size(), view.size(*axis) / count));
}

void import_aten_split(Builder &builder, const ForeignNode &node) {
  const auto view = input_view(builder, node);
  const auto axis = view ? axis_of(builder, node, *view, node.integer("dim", 0)) : std::nullopt;
  if (!axis) return;
  const std::int64_t total = view->size(*axis);
  if (node.op == "split_with_sizes.default" || node.op == "split.sizes")
    return bind_parts(builder, node, *view, *axis, node.integers("split_sizes"));
  if (node.op == "unbind.int")
    return bind_parts(builder, node, *view, *axis, parts_of(node, total, 1), true);
  const std::int64_t chunks = std::clamp<std::int64_t>(node.integer("chunks", 1), 1, total);
  const std::int64_t size =
      node.op == "chunk.default" ? (total + chunks - 1) / chunks : node.integer("split_size", 0);
  bind_parts(builder, node, *view, *axis, parts_of(node, total, size));
}

void add_leading_axes(StridedView &view, std::size_t rank) {
  while (view.axes.size() < rank) view.axes.insert(view.axes.begin(), {StridedAxis{}});
}

// Broadcasting in both directions (ONNX) counts sizes of 1 and -1 as "as it is".
void expand_to(Builder &builder, const ForeignNode &node, StridedView view, const Dims &sizes) {
  if (sizes.size() > kMaxRank || (node.domain == "aten" && sizes.size() < view.axes.size()))
    return builder.error(node, fmt::format("expands to [{}]", fmt::join(sizes, ",")));
  add_leading_axes(view, sizes.size());
  const std::size_t added = view.axes.size() - sizes.size();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::int64_t old = view.size(added + i);
    if (sizes[i] == 1 || sizes[i] == -1 || sizes[i] == old) continue;
    if (old != 1)
      return builder.error(
          node,
          fmt::format("expands [{}] to [{}]", fmt::join(view.dims(), ","), fmt::join(sizes, ",")),
          "only dimensions of 1 can be repeated");
    view.axes[added + i] = {{sizes[i], 0}};
  }
  builder.bind_view(node, view);
}

void import_expand(Builder &builder, const ForeignNode &node) {
  const auto view = input_view(builder, node);
  const auto sizes = integer_list(builder, node, node.domain == "onnx" ? "shape" : "size", 1);
  if (view && sizes) expand_to(builder, node, *view, *sizes);
}

void import_expand_as(Builder &builder, const ForeignNode &node) {
  const auto view = input_view(builder, node);
  const Imported *other = builder.has_input(node, 1) ? builder.find(node.inputs[1]) : nullptr;
  if (view && other) expand_to(builder, node, *view, other->dims);
}

void import_repeat(Builder &builder, const ForeignNode &node) {
  auto view = input_view(builder, node);
  const char *key = node.op == "tile.default" ? "dims" : "repeats";
  auto counts = integer_list(builder, node, key, 1);
  if (!view || !counts) return;
  if (counts->size() < view->axes.size() && node.op == "tile.default")
    counts->insert(counts->begin(), view->axes.size() - counts->size(), 1);
  if (counts->size() < view->axes.size() || counts->size() > kMaxRank ||
      std::any_of(counts->begin(), counts->end(),
                  [](std::int64_t count) { return count < 1 || count > kMaxElements; }))
    return builder.error(node,
                         fmt::format("repeats its input [{}] times", fmt::join(*counts, ",")));
  add_leading_axes(*view, counts->size());
  for (std::size_t axis = 0; axis < counts->size(); ++axis)
    if ((*counts)[axis] > 1) repeat(*view, axis, (*counts)[axis]);
  builder.bind_view(node, *view);
}

void import_flip(Builder &builder, const ForeignNode &node) {
  auto view = input_view(builder, node);
  if (!view) return;
  for (const std::int64_t named : node.integers("dims")) {
    const auto axis = axis_of(builder, node, *view, named);
    if (!axis) return;
    slice(*view, *axis, view->size(*axis) - 1, -1, view->size(*axis));
  }
  builder.bind_view(node, *view);
}

// One order of the six or more axes that blocks and pixels make, then pairs of them merged.
void bind_regrouped(Builder &builder, const ForeignNode &node, const StridedView &view,
                    const std::vector<std::int64_t> &order,
                    const std::vector<std::size_t> &merged) {
  StridedView result = permuted(view, order);
  for (const std::size_t axis : merged) merge(result, axis, axis + 2);
  builder.bind_view(node, result);
}

// The block's side, or 0 after a report: its square (or it) must divide the input.
std::int64_t block_of(Builder &builder, const ForeignNode &node, const StridedView &view,
                      const char *key) {
  const std::int64_t block = node.integer(key, 0);
  if (view.axes.size() == 4 && block >= 1 && block <= 1024) return block;
  builder.error(node, fmt::format("has blocks of {} over [{}]", block, fmt::join(view.dims(), ",")),
                "[N,C,H,W] and a block of at least 1 are meant");
  return 0;
}

bool divides(Builder &builder, const ForeignNode &node, const StridedView &view, std::size_t axis,
             std::int64_t count) {
  if (view.size(axis) % count == 0) return true;
  builder.error(node, fmt::format("axis {} of [{}] is not a multiple of {}", axis,
                                  fmt::join(view.dims(), ","), count));
  return false;
}

// [N, C b b, H, W] -> [N, C, H b, W b]; of mode DCR the blocks come before the channels.
void import_depth_to_space(Builder &builder, const ForeignNode &node) {
  const auto view = input_view(builder, node);
  if (!view) return;
  const bool onnx = node.domain == "onnx";
  const std::int64_t b = block_of(builder, node, *view, onnx ? "blocksize" : "upscale_factor");
  if (b == 0 || !divides(builder, node, *view, 1, b * b)) return;
  const bool blocks_first = onnx && node.text("mode", "DCR") == "DCR";
  const std::int64_t channels = view->size(1) / (b * b);
  const auto parts = split(*view, 1, blocks_first ? Dims{b, b, channels} : Dims{channels, b, b});
  if (blocks_first) return bind_regrouped(builder, node, *parts, {0, 3, 4, 1, 5, 2}, {2, 3});
  bind_regrouped(builder, node, *parts, {0, 1, 4, 2, 5, 3}, {2, 3});
}

// [N, C, H b, W b] -> [N, C b b, H, W]; of ONNX's mode DCR the blocks come before the channels.
void import_space_to_depth(Builder &builder, const ForeignNode &node) {
  const auto view = input_view(builder, node);
  if (!view) return;
  const bool onnx = node.domain == "onnx";
  const std::int64_t b = block_of(builder, node, *view, onnx ? "blocksize" : "downscale_factor");
  if (b == 0 || !divides(builder, node, *view, 2, b) || !divides(builder, node, *view, 3, b))
    return;
  const auto cols = split(*view, 3, {view->size(3) / b, b});
  const auto parts = split(*cols, 2, {view->size(2) / b, b});
  if (onnx && node.text("mode", "DCR") == "DCR")
    return bind_regrouped(builder, node, *parts, {0, 3, 5, 1, 2, 4}, {1, 1});
  bind_regrouped(builder, node, *parts, {0, 1, 3, 5, 2, 4}, {1, 1});
}

}  // namespace

std::vector<ImportRule> strided_import_rules() {
  return {{"onnx", "Slice", import_slice},
          {"onnx", "Split", import_split},
          {"onnx", "Expand", import_expand},
          {"onnx", "Tile", import_repeat},
          {"onnx", "DepthToSpace", import_depth_to_space},
          {"onnx", "SpaceToDepth", import_space_to_depth},
          {"aten", "slice.Tensor", import_aten_slice},
          {"aten", "narrow.default", import_narrow},
          {"aten", "select.int", import_select},
          {"aten", "split.Tensor", import_aten_split},
          {"aten", "split.sizes", import_aten_split},
          {"aten", "split_with_sizes.default", import_aten_split},
          {"aten", "chunk.default", import_aten_split},
          {"aten", "unbind.int", import_aten_split},
          {"aten", "expand.default", import_expand},
          {"aten", "expand_as.default", import_expand_as},
          {"aten", "broadcast_to.default", import_expand},
          {"aten", "repeat.default", import_repeat},
          {"aten", "tile.default", import_repeat},
          {"aten", "flip.default", import_flip},
          {"aten", "pixel_shuffle.default", import_depth_to_space},
          {"aten", "pixel_unshuffle.default", import_space_to_depth},
          {"tflite", "STRIDED_SLICE", import_strided_slice},
          {"tflite", "SPLIT", import_tflite_split}};
}

}  // namespace thimble::ops

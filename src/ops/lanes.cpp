// Axes to channels and back (lanes.h), by strides.
#include "ops/lanes.h"

#include <algorithm>

#include "ops/reduce_import.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

// The other axes, from the slowest to the fastest as they are stored.
std::vector<int> pixel_axes(const Builder &builder, const Dims &dims,
                            const std::vector<std::size_t> &axes) {
  std::vector<int> result;
  for (const int axis : ir::layout_of(dims, builder.axes()).order)
    if (!std::count(axes.begin(), axes.end(), static_cast<std::size_t>(axis)))
      result.push_back(axis);
  return result;
}

// The file's axes over a tensor of lanes with `channels` elements: pixels, no lane axes yet.
StridedView pixels_view(const Builder &builder, const Lanes &lanes, ir::ValueId value,
                        std::int64_t channels) {
  StridedView view{value, 0, std::vector<std::vector<StridedAxis>>(lanes.dims.size())};
  const std::vector<int> order = pixel_axes(builder, lanes.dims, lanes.axes);
  std::int64_t stride = channels;
  for (auto axis = order.rbegin(); axis != order.rend(); ++axis) {
    view.axes[*axis] = {{lanes.dims[*axis], stride}};
    stride *= lanes.dims[*axis];
  }
  return view;
}

}  // namespace

Lanes to_lanes(Builder &builder, const ForeignNode &node, const Imported &input,
               std::vector<std::size_t> axes) {
  std::sort(axes.begin(), axes.end());
  const Layout layout = ir::layout_of(input.dims, builder.axes());
  if (axes.size() == 1 && layout.order.back() == static_cast<int>(axes[0]) &&
      layout.shape.channels == input.dims[axes[0]])
    return {input.value, layout.shape, input.dims, axes};
  const StridedView view = builder.view_of(input);
  Strided elements;
  std::int64_t channels = 1;
  for (const int axis : pixel_axes(builder, input.dims, axes))
    elements.axes.push_back(view.axes[axis][0]);
  for (const std::size_t axis : axes) {
    elements.axes.push_back(view.axes[axis][0]);
    channels *= input.dims[axis];
  }
  const ir::Shape shape{static_cast<int>(elements.elements() / channels), 1,
                        static_cast<int>(channels)};
  return {builder.add_strided(step_of(node, "_lanes"), input.value, elements, shape), shape,
          input.dims, axes};
}

void bind_lanes(Builder &builder, const ForeignNode &node, const Lanes &lanes, ir::ValueId value) {
  StridedView view = pixels_view(builder, lanes, value, lanes.shape.channels);
  std::int64_t stride = 1;
  for (std::size_t i = lanes.axes.size(); i-- > 0;) {
    view.axes[lanes.axes[i]] = {{lanes.dims[lanes.axes[i]], stride}};
    stride *= lanes.dims[lanes.axes[i]];
  }
  if (value < 0) return builder.bind(node.outputs.at(0), kFailedValue, lanes.dims);
  builder.bind_view(node, view);
}

void bind_lanes(Builder &builder, const ForeignNode &node, const Lanes &lanes, ir::ValueId value,
                std::int64_t size, bool keep, std::size_t output) {
  StridedView view = pixels_view(builder, lanes, value, size);
  for (const std::size_t axis : lanes.axes) view.axes[axis] = {{1, 0}};
  view.axes[lanes.axes.back()] = {{size, 1}};
  for (std::size_t i = lanes.axes.size(); !keep && i-- > 0;)
    view.axes.erase(view.axes.begin() + static_cast<std::ptrdiff_t>(lanes.axes[i]));
  if (value < 0) return builder.bind(node.outputs.at(output), kFailedValue, view.dims());
  builder.bind_view(node, view, output);
}

}  // namespace thimble::ops

// Reads the window of a convolution or pooling node: lists of one or two numbers, under ONNX's or
// ATen's names, or TensorFlow Lite's numbers, with automatic padding made explicit.
#include <fmt/format.h>

#include <algorithm>

#include "ops/convolution_import.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kLargest = 1 << 15;

struct Names {
  const char *kernel, *stride, *dilation;
};

Names names_of(const ForeignNode &node) {
  if (node.domain == "onnx") return {"kernel_shape", "strides", "dilations"};
  return {"kernel_size", "stride", "dilation"};
}

// Lists for `axes` axes as rows and columns, each number within lo .. 2^15. ATen lists of one
// number count for both axes; a 1-D window takes `neutral` for its columns.
class ListReader {
 public:
  ListReader(Builder &builder, const ForeignNode &node, int axes)
      : builder_(builder), node_(node), axes_(axes) {}

  Pair pair(const char *key, std::int64_t lo, std::int64_t neutral, Pair otherwise) {
    const auto list = node_.integers(key);
    if (list.empty()) return otherwise;
    if (!in_range(key, list, lo)) return otherwise;
    if (list.size() == 1) return {list[0], axes_ == 1 ? neutral : list[0]};
    if (list.size() == 2 && axes_ == 2) return {list[0], list[1]};
    return fail(key, list), otherwise;
  }

  // ONNX "pads": all beginnings, then all ends.
  void pads(Window &window) {
    const auto list = node_.integers("pads");
    if (list.empty() || !in_range("pads", list, 0)) return;
    if (static_cast<int>(list.size()) != 2 * axes_) return fail("pads", list);
    for (int i = 0; i < axes_; ++i) {
      window.pad_before[i] = list[i];
      window.pad_after[i] = list[axes_ + i];
    }
  }

  bool failed() const { return failed_; }

 private:
  bool in_range(const char *key, const std::vector<std::int64_t> &list, std::int64_t lo) {
    for (const std::int64_t number : list)
      if (number < lo || number > kLargest) return fail(key, list), false;
    return true;
  }
  void fail(const char *key, const std::vector<std::int64_t> &list) {
    failed_ = true;
    builder_.error(node_, fmt::format("{} = [{}]", key, fmt::join(list, ",")),
                   fmt::format("{} numbers from 0 to {} are meant", axes_, kLargest));
  }

  Builder &builder_;
  const ForeignNode &node_;
  int axes_;
  bool failed_ = false;
};

// Splits the padding that keeps ceil(in / stride) positions; the odd one at the end unless `lower`.
void pad_same(Window &window, Pair in, bool lower) {
  for (int i = 0; i < 2; ++i) {
    const std::int64_t out = (in[i] + window.stride[i] - 1) / window.stride[i];
    const std::int64_t span = (window.kernel[i] - 1) * window.dilation[i] + 1;
    const std::int64_t total =
        std::max<std::int64_t>((out - 1) * window.stride[i] + span - in[i], 0);
    window.pad_before[i] = lower ? total - total / 2 : total / 2;
    window.pad_after[i] = total - window.pad_before[i];
  }
}

// TensorFlow Lite has a number for each of rows and columns, and SAME or VALID padding.
std::optional<Window> read_tflite_window(Builder &builder, const ForeignNode &node, Pair in,
                                         std::optional<Pair> kernel) {
  const auto pair = [&](const char *rows, const char *cols) {
    return Pair{node.integer(rows, 1), node.integer(cols, 1)};
  };
  Window window;
  window.kernel = kernel ? *kernel : pair("filter_height", "filter_width");
  window.stride = pair("stride_h", "stride_w");
  window.dilation = pair("dilation_h_factor", "dilation_w_factor");
  for (const Pair &numbers : {window.kernel, window.stride, window.dilation})
    for (const std::int64_t number : numbers)
      if (number < 1 || number > kLargest) {
        builder.error(node, fmt::format("has a window with a side, step or dilation of {}", number),
                      fmt::format("1 to {} are meant", kLargest));
        return {};
      }
  const std::int64_t padding = node.integer("padding", 0);
  if (padding == 0) pad_same(window, in, false);
  if (padding == 0 || padding == 1) return window;
  builder.error(node, fmt::format("padding {} is unknown", padding), "0 is SAME, 1 VALID");
  return {};
}

}  // namespace

Picture picture_of(const Builder &builder, const std::vector<std::int64_t> &dims) {
  const std::size_t spatial = dims.size() - 2;
  const bool last = builder.axes() == ir::AxisOrder::kChannelsLast;
  const std::size_t first = last ? 1 : 2;
  return {last ? dims.back() : dims[1], {dims[first], spatial == 2 ? dims[first + 1] : 1}};
}

std::optional<Window> read_window(Builder &builder, const ForeignNode &node,
                                  const std::vector<std::int64_t> &input_dims,
                                  std::optional<Pair> kernel) {
  if (input_dims.size() != 3 && input_dims.size() != 4) {
    builder.error(node, fmt::format("input has dimensions [{}]", fmt::join(input_dims, ",")),
                  "1-D windows read [1,C,L], 2-D ones [1,C,H,W] (TensorFlow Lite: [1,H,W,C])");
    return {};
  }
  if (!builder.one_sample(node, input_dims)) return {};
  Window window;
  window.axes = static_cast<int>(input_dims.size()) - 2;
  const Pair in = picture_of(builder, input_dims).size;
  if (node.domain == "tflite") {
    auto found = read_tflite_window(builder, node, in, kernel);
    if (found) found->axes = window.axes;
    return found;
  }
  const Names names = names_of(node);
  ListReader lists(builder, node, window.axes);
  window.kernel = kernel ? *kernel : lists.pair(names.kernel, 1, 1, {1, 1});
  window.stride =
      lists.pair(names.stride, 1, 1, kernel || node.domain == "onnx" ? Pair{1, 1} : window.kernel);
  window.dilation = lists.pair(names.dilation, 1, 1, {1, 1});
  window.output_padding = lists.pair("output_padding", 0, 0, {0, 0});
  const std::string mode =
      node.domain == "onnx" ? node.text("auto_pad", "NOTSET") : node.text("padding", "");
  if (mode == "SAME_UPPER" || mode == "SAME_LOWER" || mode == "same") {
    pad_same(window, in, mode == "SAME_LOWER");
  } else if (mode == "NOTSET") {
    lists.pads(window);
  } else if (mode == "") {
    window.pad_before = window.pad_after = lists.pair("padding", 0, 0, {0, 0});
  } else if (mode != "VALID" && mode != "valid") {
    builder.error(node, fmt::format("padding '{}' is unknown", mode));
    return {};
  }
  if (lists.failed()) return {};
  return window;
}

std::vector<std::int64_t> spatial_dims(const Builder &builder, const Window &window,
                                       std::int64_t channels, Pair size) {
  std::vector<std::int64_t> dims{1, size[0]};
  if (window.axes == 2) dims.push_back(size[1]);
  const bool last = builder.axes() == ir::AxisOrder::kChannelsLast;
  dims.insert(last ? dims.end() : dims.begin() + 1, channels);
  return dims;
}

}  // namespace thimble::ops

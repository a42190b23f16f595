// Importers of convolutions and pooling: ONNX and ATen spell the same window differently.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "ops/import.h"

namespace thimble::ops {

using Pair = std::array<std::int64_t, 2>;  // rows, columns

// The window of a foreign node; 1-D ones have one column. Every number is within 0 .. 2^15.
struct Window {
  int axes = 2;  // of the file: 1 or 2
  Pair kernel{1, 1}, stride{1, 1}, dilation{1, 1}, output_padding{0, 0};
  Pair pad_before{0, 0}, pad_after{0, 0};
  std::vector<std::int64_t> stride_attribute() const { return {stride[0], stride[1]}; }
  std::vector<std::int64_t> dilation_attribute() const { return {dilation[0], dilation[1]}; }
  std::vector<std::int64_t> output_padding_attribute() const {
    return {output_padding[0], output_padding[1]};
  }
  std::vector<std::int64_t> pad_attribute() const {
    return {pad_before[0], pad_before[1], pad_after[0], pad_after[1]};
  }
};

// Reads stride, dilation, padding and output_padding of an input of these dimensions. A kernel is
// given by the weights, or read from the node when absent. Errors are reported: then empty.
std::optional<Window> read_window(Builder &builder, const ForeignNode &node,
                                  const std::vector<std::int64_t> &input_dims,
                                  std::optional<Pair> kernel);

// What [1,C,H,W], [1,C,L] (one column) or, with the channels last, [1,H,W,C] says.
struct Picture {
  std::int64_t channels = 0;
  Pair size{1, 1};
};
Picture picture_of(const Builder &builder, const std::vector<std::int64_t> &dims);
// And back, with as many spatial dimensions as the window has.
std::vector<std::int64_t> spatial_dims(const Builder &builder, const Window &window,
                                       std::int64_t channels, Pair size);

void import_convolution(Builder &builder, const ForeignNode &node);
void import_transposed_convolution(Builder &builder, const ForeignNode &node);
// TensorFlow Lite's: CONV_2D and DEPTHWISE_CONV_2D, TRANSPOSE_CONV.
void import_tflite_convolution(Builder &builder, const ForeignNode &node);
void import_tflite_transposed(Builder &builder, const ForeignNode &node);

}  // namespace thimble::ops

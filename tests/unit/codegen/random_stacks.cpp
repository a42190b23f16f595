// Writes a stack layer by layer.
#include "random_stacks.h"

#include "host_program.h"
#include "random_layers.h"

namespace thimble::codegen {
namespace {

constexpr int kWideChannels[] = {9, 16};

Map convolution(LayerWriter &writer, const Map &from, int channels,
                int most_stride = kLargestStride) {
  const WindowAxis rows = writer.draw_axis(from.rows, kLargestKernel, most_stride);
  const WindowAxis cols = writer.draw_axis(from.cols, kLargestKernel, most_stride);
  return writer.convolved("Conv2d", from, rows, cols, channels);
}

Map narrowing(LayerWriter &writer, const Map &from) {
  Map wide = convolution(writer, from, writer.draw(kWideChannels[0], kWideChannels[1]), 1);
  if (writer.draw(0, 1)) wide = writer.elementwise(wide);
  return convolution(writer, wide, writer.draw(1, 2), 1);
}

Map skip(LayerWriter &writer, const Map &from) {
  const WindowAxis rows = writer.draw_same_axis(from.rows, 2);
  const WindowAxis cols = writer.draw_same_axis(from.cols, 2);
  return writer.sum(writer.convolved("Conv2d", from, rows, cols, from.channels), from);
}

Map layer(LayerWriter &writer, const Map &from) {
  switch (writer.draw(0, 8)) {
    case 0:
      return writer.pooled("MaxPool2d", from);
    case 1:
    case 2:
      return writer.transposed(from);
    case 3:
      return writer.elementwise(from);
    case 4:
      return skip(writer, from);
    case 5:
    case 6:
      return narrowing(writer, from);
    default:
      return convolution(writer, from, writer.draw(1, 4));
  }
}

}  // namespace

Network random_stack(unsigned seed) {
  LayerWriter writer(seed);
  const int rows = writer.draw(6, 14), cols = writer.draw(5, 12);
  Map map = writer.input(rows, cols, writer.draw(1, 3));
  for (int layers = writer.draw(2, 5); layers > 0; --layers) map = layer(writer, map);
  return writer.network("stack" + std::to_string(seed), map);
}

ir::Graph next_telling_stack(unsigned &seed, const Variant &variant) {
  return next_telling(random_stack, seed, variant);
}

}  // namespace thimble::codegen

// Writes a classifier block by block.
#include "random_blocks.h"

#include <fmt/format.h>

#include <algorithm>

#include "host_program.h"
#include "random_layers.h"

namespace thimble::codegen {
namespace {

constexpr int kMostChannels = 12;

// Odd kernels, padded to keep the size but for the stride.
WindowAxis strided_axis(int size, int half, int stride) {
  WindowAxis axis;
  axis.kernel = 2 * half + 1;
  axis.stride = stride;
  axis.before = axis.after = half;
  axis.out = (size - 1) / stride + 1;
  return axis;
}

class BlockWriter {
 public:
  explicit BlockWriter(unsigned seed) : writer_(seed) {}

  Network network(const std::string &name) {
    const int rows = writer_.draw(6, 16), cols = writer_.draw(5, 14);
    Map map = writer_.input(rows, cols, writer_.draw(1, 3));
    map = convolved(map, writer_.draw(2, 6), 1, draw_stride(map));
    for (int blocks = writer_.draw(2, 4); blocks > 0; --blocks) map = block(map);
    return writer_.network(name, head(map));
  }

 private:
  Map block(const Map &from) {
    switch (writer_.draw(0, 5)) {
      case 0:
      case 1:
        return residual(from, from.channels, 1);
      case 2:
        return residual(from, widened(from), draw_stride(from));
      case 3:
      case 4:
        return separable(from);
      default:
        return writer_.pooled(writer_.draw(0, 1) ? "MaxPool2d" : "AveragePool2d", from);
    }
  }

  int widened(const Map &from) {
    return std::min(kMostChannels, from.channels + writer_.draw(0, 4));
  }

  // Small maps are not made smaller.
  int draw_stride(const Map &from) {
    return from.rows < 5 || from.cols < 5 ? 1 : writer_.draw(1, 2);
  }

  Map convolved(const Map &from, int channels, int half, int stride, int groups = 1) {
    return writer_.convolved("Conv2d", from, strided_axis(from.rows, half, stride),
                             strided_axis(from.cols, half, stride), channels, groups);
  }

  Map activated(const Map &from) { return writer_.draw(0, 2) ? writer_.elementwise(from) : from; }

  Map residual(const Map &from, int channels, int stride) {
    const Map inner = activated(convolved(from, channels, writer_.draw(0, 1), stride));
    const Map main = convolved(inner, channels, 1, 1);
    const bool changes = channels != from.channels || stride != 1;
    return activated(writer_.sum(main, changes ? convolved(from, channels, 0, stride) : from));
  }

  Map separable(const Map &from) {
    const Map each =
        convolved(from, from.channels, writer_.draw(1, 2), draw_stride(from), from.channels);
    return activated(convolved(activated(each), widened(from), 0, 1));
  }

  Map head(const Map &from) {
    constexpr const char *kAxes[] = {"0, 1", "0", "1"};
    const int axes = writer_.draw(0, 3);
    Map map = from;
    if (axes < 3) {
      map = {{}, axes == 2 ? from.rows : 1, axes == 1 ? from.cols : 1, from.channels};
      map = writer_.node(
          fmt::format("Reduce({}) {{kind = \"mean\", axes = [{}]}}", from.name, kAxes[axes]), map);
    }
    return writer_.draw(0, 3) ? writer_.linear(map, writer_.draw(4, 10)) : map;
  }

  LayerWriter writer_;
};

}  // namespace

Network random_blocks(unsigned seed) {
  return BlockWriter(seed).network("blocks" + std::to_string(seed));
}

ir::Graph next_telling_blocks(unsigned &seed, const Variant &variant) {
  return next_telling(random_blocks, seed, variant);
}

}  // namespace thimble::codegen

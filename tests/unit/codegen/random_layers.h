// Layers drawn at random and written in the text form: what random_stacks, random_blocks and
// random_graphs are made of.
#pragma once

#include <string>

#include "networks.h"

namespace thimble::codegen {

// A value of the network that is being written.
struct Map {
  std::string name;
  int rows = 0, cols = 0, channels = 0;
};

// One axis of a window.
struct WindowAxis {
  int kernel = 1, stride = 1, dilation = 1, before = 0, after = 0, output_padding = 0;
  int out = 0;
};

inline constexpr int kLargestKernel = 5, kLargestStride = 3;

class LayerWriter {
 public:
  explicit LayerWriter(unsigned seed) : state_(seed * 2654435761u + 12345u) {}

  int draw(int low, int high);  // both included

  Map input(int rows, int cols, int channels);
  // The node `call` ("Relu(x)"), which makes `out`; gives it its name.
  Map node(const std::string &call, Map out);

  // Geometries that keep three rows (columns) or more where there were as many; without padding
  // that is all window.
  WindowAxis draw_axis(int size, int most_kernel, int most_stride, int most_dilation = 1);
  // Odd kernels whose padding keeps the size.
  WindowAxis draw_same_axis(int size, int most_half);
  // Of transposed convolutions; the map does not grow past a few hundred pixels.
  WindowAxis draw_transposed_axis(int size);

  // `more`: further attributes, each after a comma.
  Map convolved(const char *op, const Map &from, const WindowAxis &rows, const WindowAxis &cols,
                int channels, int groups = 1, const std::string &more = {});
  Map transposed(const Map &from);
  // Max or average, with windows that each meet the input.
  Map pooled(const char *op, const Map &from, const WindowAxis &rows, const WindowAxis &cols);
  Map pooled(const char *op, const Map &from);
  Map elementwise(const Map &from);
  Map sum(const Map &a, const Map &b);
  Map linear(const Map &from, int outputs);  // of all of it

  // The network with its one output.
  Network network(const std::string &name, const Map &output) const;

 private:
  unsigned state_;
  int count_ = 0;
  std::string input_, nodes_, constants_;
};

}  // namespace thimble::codegen

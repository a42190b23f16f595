// What all pooling shares: each output element comes from a window of its own channel. Attributes
// kernel, stride and dilation {rows, columns}, pad {top, left, bottom, right}. ceil_mode of a file
// becomes padding at the end, so a window may reach past the input there but always covers some of
// it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/axis.h"
#include "ops/operator.h"

namespace thimble::ops {

struct Pooling {
  Axis rows, cols;
  int channels;
};
Pooling pooling_of(const ir::Graph &graph, const ir::Node &node);

// One input, the attributes above, and windows that each cover an input element.
Result<std::vector<ir::Type>> infer_pooling(const ir::Graph &graph, const ir::Node &node);
std::vector<Mode> pooling_modes(const ir::Graph &graph, const ir::Node &node);
// Of pooling whose results so far are elements: Mode::in_output, where rows of a window wait for
// each other and its conditions hold.
std::optional<Mode> pool_folding_mode(const Axis &rows, const Axis &cols);
// `name`_f32 or `name`_i8.
Kernel pooling_kernel(const std::string &name, const ir::Graph &graph, const ir::Node &node);

// Input elements of the window of output pixel (y, x), as indices of channel 0: never none.
std::vector<std::size_t> pooled_elements(const Pooling &pooling, int y, int x);

// output(y, x, c) = f(elements of the window from channel c of `input`, y, x).
template <class T, class F>
void pool(const Pooling &pooling, const std::vector<T> &input, std::vector<T> &output, F f) {
  output.clear();
  std::vector<T> window;
  for (int y = 0; y < pooling.rows.out; ++y)
    for (int x = 0; x < pooling.cols.out; ++x) {
      const auto elements = pooled_elements(pooling, y, x);
      for (int c = 0; c < pooling.channels; ++c) {
        window.clear();
        for (const std::size_t element : elements) window.push_back(input[element + c]);
        output.push_back(f(window, y, x));
      }
    }
}

// Adds `op` with the window that the foreign node describes and binds its output. `counted`: also
// attribute counted, the padding without what ceil_mode adds.
void import_pooling(Builder &builder, const ForeignNode &node, const std::string &op,
                    ir::Attributes attributes, bool counted = false);

}  // namespace thimble::ops

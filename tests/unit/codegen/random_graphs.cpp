#include "random_graphs.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "random_layers.h"

namespace thimble::codegen {
namespace {

constexpr int kMostPixels = 400;  // rows times columns from which nothing grows any more

class GraphWriter {
 public:
  explicit GraphWriter(unsigned seed) : writer_(seed) {}

  Network network(const std::string &name) {
    const int rows = writer_.draw(6, 14), cols = writer_.draw(5, 12);
    Map map = writer_.input(rows, cols, writer_.draw(1, 4));
    for (int pieces = writer_.draw(3, 7); pieces > 0; --pieces) {
      map = piece(map);
      made_.push_back(map);
    }
    if (writer_.draw(0, 4) == 0) map = mean(map);
    return writer_.network(name, map);
  }

 private:
  Map piece(const Map &from) {
    switch (writer_.draw(0, 11)) {
      case 0:
        return depthwise(from);
      case 1:
        return grouped(from);
      case 2:
        return from.rows * from.cols > kMostPixels / 3 ? convolution(from)
                                                       : writer_.transposed(from);
      case 3:
        return writer_.pooled("MaxPool2d", from);
      case 4:
        return writer_.pooled("AveragePool2d", from);
      case 5:
        return resized(from);
      case 6:
        return padded(from);
      case 7:
        return skip_from_afar(from);
      case 8:
      case 9:
        return branches(from);
      case 10:
        return writer_.elementwise(from);
      default:
        return convolution(from);
    }
  }

  Map mean(const Map &from) {
    const Map wide = same_convolution(from, writer_.draw(5, 40));
    return writer_.node(fmt::format("Reduce({}) {{kind = \"mean\", axes = [0, 1]}}", wide.name),
                        {{}, 1, 1, wide.channels});
  }

  Map convolution(const Map &from) {
    const WindowAxis rows = writer_.draw_axis(from.rows, kLargestKernel, 2, 3);
    const WindowAxis cols = writer_.draw_axis(from.cols, kLargestKernel, 2, 3);
    return writer_.convolved("Conv2d", from, rows, cols, writer_.draw(1, 6));
  }

  Map depthwise(const Map &from) {
    const WindowAxis rows = writer_.draw_axis(from.rows, 4, 2, 2);
    const WindowAxis cols = writer_.draw_axis(from.cols, 4, 2, 2);
    return writer_.convolved("Conv2d", from, rows, cols, from.channels * writer_.draw(1, 2),
                             from.channels);
  }

  // Two groups, after a layer that makes channels even.
  Map grouped(const Map &from) {
    const Map even = same_convolution(from, 2 * writer_.draw(1, 3));
    const WindowAxis rows = writer_.draw_axis(even.rows, 3, 2);
    const WindowAxis cols = writer_.draw_axis(even.cols, 3, 2);
    return writer_.convolved("Conv2d", even, rows, cols, 2 * writer_.draw(1, 3), 2);
  }

  Map resized(const Map &from) {
    if (from.rows * from.cols > kMostPixels / 4) return writer_.elementwise(from);
    const int rows = from.rows + writer_.draw(-1, from.rows), cols = from.cols * 2;
    if (writer_.draw(0, 1))
      return writer_.node(fmt::format("ResizeNearest({}) {{scale = [2, 1]}}", from.name),
                          {{}, 2 * from.rows, from.cols, from.channels});
    return writer_.node(
        fmt::format("Resample({}) {{mode = \"linear\", out = [{}, {}], scale_h = {:.4f}, "
                    "scale_w = 2.0}}",
                    from.name, rows, cols, 1.0 * rows / from.rows),
        {{}, rows, cols, from.channels});
  }

  Map padded(const Map &from) {
    if (from.rows < 4 || from.cols < 4) return writer_.elementwise(from);  // too few to reflect
    constexpr const char *kModes[] = {"constant", "edge", "reflect"};
    const int top = writer_.draw(0, 2), left = writer_.draw(0, 1), right = writer_.draw(0, 2);
    return writer_.node(
        fmt::format("Pad({}) {{before = [{}, {}, 0], after = [1, {}, 0], mode = \"{}\"}}",
                    from.name, top, left, right, kModes[writer_.draw(0, 2)]),
        {{}, from.rows + top + 1, from.cols + left + right, from.channels});
  }

  // Keeps rows and columns.
  Map same_convolution(const Map &from, int channels) {
    return writer_.convolved("Conv2d", from, writer_.draw_same_axis(from.rows, 2),
                             writer_.draw_same_axis(from.cols, 2), channels);
  }

  Map same_pool(const Map &from) {
    WindowAxis rows{3, 1, 1, 1, 1, 0, from.rows}, cols{3, 1, 1, 1, 1, 0, from.cols};
    return writer_.pooled(writer_.draw(0, 1) ? "MaxPool2d" : "AveragePool2d", from, rows, cols);
  }

  // A sum with something of the same shape that was made long before, or else with a layer's input.
  Map skip_from_afar(const Map &from) {
    std::vector<Map> same;
    for (const Map &map : made_)
      if (map.name != from.name && map.rows == from.rows && map.cols == from.cols &&
          map.channels == from.channels)
        same.push_back(map);
    if (!same.empty())
      return writer_.sum(from, same[writer_.draw(0, static_cast<int>(same.size()) - 1)]);
    return writer_.sum(same_convolution(from, from.channels), from);
  }

  Map same_layer(const Map &from) {
    switch (writer_.draw(0, 3)) {
      case 0:
        return same_pool(from);
      case 1:
        return writer_.elementwise(from);
      default:
        return same_convolution(from, writer_.draw(1, 5));
    }
  }

  // Every second row and column: by a convolution's stride, or by pooling.
  Map halved(const Map &from) {
    WindowAxis rows{3, 2, 1, 1, 1, 0, (from.rows - 1) / 2 + 1};
    WindowAxis cols{3, 2, 1, 1, 1, 0, (from.cols - 1) / 2 + 1};
    if (writer_.draw(0, 1))
      return writer_.convolved("Conv2d", from, rows, cols, writer_.draw(1, 4));
    return writer_.pooled(writer_.draw(0, 1) ? "MaxPool2d" : "AveragePool2d", from, rows, cols);
  }

  Map branches(const Map &from) {
    const bool halves = writer_.draw(0, 2) == 0, added = writer_.draw(0, 1) != 0;
    std::vector<Map> ends;
    for (int count = writer_.draw(2, 3); count > 0; --count) {
      Map end = from;
      for (int layers = writer_.draw(0, 3); layers > 0; --layers) end = same_layer(end);
      if (halves) end = halved(end);
      if (added && !ends.empty() && end.channels != ends[0].channels)
        end = same_convolution(end, ends[0].channels);
      ends.push_back(end);
    }
    return added ? summed(ends) : joined(ends);
  }

  Map summed(const std::vector<Map> &ends) {
    Map total = ends[0];
    for (std::size_t i = 1; i < ends.size(); ++i) total = writer_.sum(total, ends[i]);
    return total;
  }

  Map joined(const std::vector<Map> &ends) {
    Map out = ends[0];
    std::string names = ends[0].name;
    for (std::size_t i = 1; i < ends.size(); ++i) {
      names += ", " + ends[i].name;
      out.channels += ends[i].channels;
    }
    return writer_.node(fmt::format("Concat({}) {{axis = 2}}", names), out);
  }

  LayerWriter writer_;
  std::vector<Map> made_;
};

}  // namespace

Network random_graph(unsigned seed) {
  const std::string name = "graph" + std::to_string(seed);
  return GraphWriter(seed).network(name);
}

}  // namespace thimble::codegen

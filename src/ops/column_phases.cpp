// Windows of groups of pixels, and their instructions (column_phases.h).
#include "ops/column_phases.h"

#include <algorithm>
#include <iterator>

#include "ops/convolution.h"
#include "ops/offset_weights.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

using Words = std::vector<std::int64_t>;

// Of one pixel of a group: the input columns that it reads, counted from the group's number, and
// the tap of its phase that the first of them meets.
struct Phase {
  Range columns;
  int first_tap = 0;  // among the taps of a kernel row, phase by phase
};

// Taps of a phase along an axis, and of all phases before it.
int taps_of(const Axis &axis, int phase) {
  return axis.kernel / axis.stride + (phase < axis.kernel % axis.stride ? 1 : 0);
}
int taps_before(const Axis &axis, int phase) {
  return phase * (axis.kernel / axis.stride) + std::min(phase, axis.kernel % axis.stride);
}

std::vector<Phase> phases_of(const Axis &cols) {
  std::vector<Phase> phases;
  for (int pixel = 0; pixel < cols.stride; ++pixel) {
    const int phase = (pixel + cols.pad) % cols.stride, end = (pixel + cols.pad) / cols.stride + 1;
    phases.push_back({{end - taps_of(cols, phase), end}, taps_before(cols, phase)});
  }
  return phases;
}

// Columns that any of them reads.
Range window_of(const std::vector<Phase> &phases) {
  Range window{1 << 30, -(1 << 30)};
  for (const Phase &phase : phases) {
    if (phase.columns.lo == phase.columns.hi) continue;
    window.lo = std::min(window.lo, phase.columns.lo);
    window.hi = std::max(window.hi, phase.columns.hi);
  }
  return window;
}

// Weights [out][row phase][column phase][row tap][column tap][in] as the kernel has them.
struct Filters {
  const Convolution &conv;
  const std::vector<Phase> &phases;
  const Words &weights;

  std::int64_t weight(int out, int phase_y, int ky, int pixel, int column, int in) const {
    const int taps_y = taps_of(conv.rows, phase_y);
    const int phase_x = (pixel + conv.cols.pad) % conv.cols.stride;
    const int tap = taps_before(conv.rows, phase_y) * conv.cols.kernel +
                    taps_y * phases[pixel].first_tap + ky * taps_of(conv.cols, phase_x) + column -
                    phases[pixel].columns.lo;
    const int taps = conv.rows.kernel * conv.cols.kernel;
    return weights[(std::size_t{1} * out * taps + tap) * conv.in_c + in];
  }

  // Of an input value those of all sums, the first pixel's first.
  std::vector<Product> products(int phase_y, int ky, int column, int in) const {
    std::vector<Product> all;
    for (int pixel = 0; pixel < conv.cols.stride; ++pixel) {
      const Range &columns = phases[pixel].columns;
      if (column < columns.lo || column >= columns.hi) continue;
      for (int out = 0; out < conv.out_c; ++out)
        all.push_back({pixel * conv.out_c + out, weight(out, phase_y, ky, pixel, column, in)});
    }
    return all;
  }
};

// All rows of the window, those of the first row phase first.
Words taps_as_code(const Filters &filters, const Range &window) {
  const Convolution &conv = filters.conv;
  Words words;
  for (int phase_y = 0; phase_y < conv.rows.stride; ++phase_y)
    for (int ky = 0; ky < taps_of(conv.rows, phase_y); ++ky)
      for (int column = window.lo; column < window.hi; ++column) {
        std::vector<std::vector<Product>> values;
        for (int in = 0; in < conv.in_c; ++in)
          values.push_back(filters.products(phase_y, ky, column, in));
        append_tap(words, values);
      }
  return words;
}

// Where each tap of a row begins, and where the row ends.
Words tap_starts(const Filters &filters, const Range &window) {
  Words starts{0};
  for (int column = window.lo; column < window.hi; ++column) {
    Words tap;
    append_tap(tap, std::vector(filters.conv.in_c, filters.products(0, 0, column, 0)));
    starts.push_back(starts.back() + static_cast<std::int64_t>(tap.size()));
  }
  return starts;
}

}  // namespace

std::optional<Kernel> with_column_phases(const ir::Graph &graph, const ir::Node &node,
                                         const Numbers &numbers, const Kernel &kernel) {
  if (kernel.file != kPixelByPixel) return {};
  const Convolution conv = convolution_of(graph, node, true);
  if (conv.cols.stride < 2 || conv.cols.out % conv.cols.stride != 0) return {};
  if (conv.cols.stride * conv.out_c > kMostInRegisters) return {};
  const std::vector<Phase> phases = phases_of(conv.cols);
  const Range window = window_of(phases);

  Kernel all = kernel;
  all.file = kColumnPhases;
  const auto weight = std::ranges::find(all.tables, "weight", &Table::role);
  const auto ends_of_one = offset_ends(graph, node, weight->plain, false, numbers);
  CHECK(ends_of_one, "offset weights without ends");
  const Filters filters{conv, phases, weight->plain};
  Words words = taps_as_code(filters, window);
  std::vector<End> ends;
  for (int pixel = 0; pixel < conv.cols.stride; ++pixel)
    std::ranges::copy(*ends_of_one, std::back_inserter(ends));
  for (const Words &more :
       {start_instructions(ends), end_instructions(ends, requantizer(graph, node, numbers))})
    words.insert(words.end(), more.begin(), more.end());
  weight->data = std::move(words);
  all.tables.push_back({"tap_words", "uint16_t", tap_starts(filters, window)});
  all.sizes.push_back({"window_w", window.hi - window.lo});
  all.sizes.push_back({"first_column", window.lo});
  return all;
}

}  // namespace thimble::ops

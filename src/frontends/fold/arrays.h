// What every folder needs: constants of checked size, broadcasting, and walks over strided arrays.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "frontends/fold/rules.h"

namespace thimble::frontends::fold {

// A constant of zeros. Errors: dimensions that make no sense, or more elements than the budget has.
Result<ForeignTensor> make_tensor(const Call &call, ForeignType type, Dims dims);

// Operands that do not fit; the driver adds node and operator.
Diagnostic bad_operands(std::string why);

// NumPy's broadcasting; none where the dimensions do not fit.
std::optional<Dims> broadcast(const Dims &a, const Dims &b);

// Elements from one index to the next along each axis, C order.
Dims contiguous_strides(const Dims &dims);

// Strides of `dims` when walked along `out`: 0 on broadcast axes. Precondition: it broadcasts to
// out.
Dims broadcast_strides(const Dims &dims, const Dims &out);

// Counts axes from the end when negative; none when out of range.
std::optional<std::size_t> normal_axis(std::int64_t axis, std::size_t rank);

// `dims` with axes of size 1 put in at `axes` (of the result); none where they repeat or do not
// fit.
std::optional<Dims> unsqueezed(const Dims &dims, const Dims &axes);

// `dims` without the axes of size 1 among `axes`, or without all of them when there is no list.
std::optional<Dims> squeezed(const Dims &dims, const std::optional<Dims> &axes);

// Which axes are in `axes`; none where one is out of range.
std::optional<std::vector<bool>> marked_axes(const Dims &axes, std::size_t rank);

// A scalar or a list as integers (a float constant gives none).
std::optional<Dims> integers_of(const ForeignTensor *tensor);

// A list of integers from an input, where newer operator sets have it, or from an attribute.
std::optional<Dims> integers_of(const Call &call, std::size_t input, std::string_view attribute);

// Walks an index space in C order and keeps the offsets into N strided arrays.
template <std::size_t N>
class Walk {
 public:
  Walk(Dims dims, std::array<Dims, N> strides, std::array<std::int64_t, N> start = {})
      : dims_(std::move(dims)), strides_(std::move(strides)), at_(start), index_(dims_.size(), 0) {}
  std::int64_t at(std::size_t array) const { return at_[array]; }
  void next() {
    for (std::size_t axis = dims_.size(); axis-- > 0;) {
      const bool wraps = ++index_[axis] == dims_[axis];
      const std::int64_t steps = wraps ? 1 - dims_[axis] : 1;
      for (std::size_t n = 0; n < N; ++n) at_[n] += steps * strides_[n][axis];
      if (!wraps) return;
      index_[axis] = 0;
    }
  }

 private:
  Dims dims_;
  std::array<Dims, N> strides_;
  std::array<std::int64_t, N> at_;
  Dims index_;
};

// `in`'s elements at offset + sum(index * stride), as an array of `dims` in C order. Strides may be
// 0 or negative. Precondition: all of them lie within `in`.
Result<ForeignTensor> strided_copy(const Call &call, const ForeignTensor &in, Dims dims,
                                   const Dims &strides, std::int64_t offset = 0);

// The same elements under other dimensions.
Result<ForeignTensor> with_dims(const Call &call, const ForeignTensor &in, Dims dims);

// Dimensions that a reshape asks for, with -1 (what is left) and, unless `zero_is_zero`, 0 (as the
// input's) replaced; none where the elements do not come out even.
std::optional<Dims> reshaped(const Dims &from, Dims to, bool zero_is_zero);

}  // namespace thimble::frontends::fold

// Every pair of types goes through the two that constants are kept in.
#include "frontends/fold/casts.h"

#include <cmath>
#include <limits>

#include "frontends/fold/arrays.h"

namespace thimble::frontends::fold {
namespace {

std::int64_t wrapped(std::int64_t value, ForeignType type) {
  switch (type) {
    case ForeignType::kBool:
      return value != 0;
    case ForeignType::kI8:
      return static_cast<std::int8_t>(value);
    case ForeignType::kU8:
      return static_cast<std::uint8_t>(value);
    case ForeignType::kI16:
      return static_cast<std::int16_t>(value);
    case ForeignType::kI32:
      return static_cast<std::int32_t>(value);
    default:
      return value;
  }
}

}  // namespace

std::int64_t saturated_integer(double value) {
  if (std::isnan(value)) return 0;
  if (value >= 0x1p63) return std::numeric_limits<std::int64_t>::max();
  if (value <= -0x1p63) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

Result<ForeignTensor> cast(const Call &call, const ForeignTensor &in, ForeignType type) {
  if (type == ForeignType::kOther || type == ForeignType::kF16 || type == ForeignType::kBF16)
    return bad_operands("constants are not cast to this element type");
  TRY(ForeignTensor out, make_tensor(call, type, in.dims));
  for (std::size_t i = 0; i < out.f32.size(); ++i)
    out.f32[i] = in.is_float() ? in.f32[i] : static_cast<float>(in.i64[i]);
  for (std::size_t i = 0; i < out.i64.size(); ++i) {
    const bool truth = type == ForeignType::kBool && in.is_float();
    out.i64[i] = truth           ? in.f32[i] != 0
                 : in.is_float() ? wrapped(saturated_integer(in.f32[i]), type)
                                 : wrapped(in.i64[i], type);
  }
  return out;
}

}  // namespace thimble::frontends::fold

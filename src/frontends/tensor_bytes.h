// Constant arrays as bytes: the element types of both file formats, and their conversion to the two
// types that ForeignTensor keeps. Files are little endian.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "frontends/limits.h"
#include "ops/foreign.h"

namespace thimble::frontends {

// Element types by their meaning. Unsigned types without a ForeignType of their own are widened.
enum class Element { kF32, kF64, kF16, kBF16, kI8, kU8, kI16, kU16, kI32, kU32, kI64, kU64, kBool };

int element_bytes(Element element);
ops::ForeignType foreign_type(Element element);

// `bytes` holds element_count(dims) elements in C order.
ops::ForeignTensor decode(Element element, const Dims &dims, std::span<const std::uint8_t> bytes);

// Elements `offset + sum(index * stride)` of a storage, copied to C order; units are elements.
// Precondition: storage_fits.
std::vector<std::uint8_t> gather_strided(std::span<const std::uint8_t> storage, int element_bytes,
                                         const Dims &dims, const Dims &strides,
                                         std::int64_t offset);

// Whether every element of such a view lies within `storage_bytes`. Strides may be 0, not negative.
bool storage_fits(std::uint64_t storage_bytes, int element_bytes, const Dims &dims,
                  const Dims &strides, std::int64_t offset);

float half_to_float(std::uint16_t bits);
float bfloat16_to_float(std::uint16_t bits);

}  // namespace thimble::frontends

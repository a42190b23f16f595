// The largest divisor within bounds.
#include "passes/pieces.h"

namespace thimble::passes {
namespace {

constexpr int kMostElements = 32, kLeastElements = 8;  // of a piece

}  // namespace

std::optional<ir::Shape> in_pieces(const ir::Shape &shape) {
  const std::int64_t elements = shape.elements();
  if (shape.rows != 1 || elements <= kMostElements) return std::nullopt;
  for (int piece = kMostElements; piece >= kLeastElements; --piece)
    if (elements % piece == 0) return ir::Shape{static_cast<int>(elements / piece), 1, piece};
  return std::nullopt;
}

}  // namespace thimble::passes

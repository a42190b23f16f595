// Fitting expressions to sequences (sequence.h): each form is tried on every element, the plainest
// first; a sequence that none fits is split where the longest fitting prefix ends.
#include "codegen/sequence.h"

#include <optional>
#include <span>

#include "support/check.h"

namespace thimble::codegen {
namespace {

std::string plus(const std::string &term, int constant) {
  if (constant == 0) return term;
  return term +
         (constant < 0 ? " - " + std::to_string(-constant) : " + " + std::to_string(constant));
}

// a * i + b for i from `first`.
std::optional<std::string> affine(std::span<const int> values, int first,
                                  const std::string &index) {
  const int a = values.size() > 1 ? values[1] - values[0] : 0;
  const int b = values[0] - a * first;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] != a * (first + static_cast<int>(i)) + b) return {};
  }
  if (a == 0) return std::to_string(b);
  if (a == 1) return plus(index, b);
  return plus(std::to_string(a) + " * " + index, b);
}

// (i + b) / d + c for i from `first`; values that repeat d times each.
std::optional<std::string> divided(std::span<const int> values, int first,
                                   const std::string &index) {
  for (int d = 2; d <= 16; ++d) {
    for (int b = 0; b < d; ++b) {
      const int c = values[0] - (first + b) / d;
      if (c != 0 && std::ssize(values) <= 2 * d) continue;  // any short list fits some line
      bool fits = true;
      for (std::size_t i = 0; fits && i < values.size(); ++i) {
        fits = values[i] == (first + static_cast<int>(i) + b) / d + c;
      }
      if (!fits) continue;
      return plus((b == 0 ? index : "(" + plus(index, b) + ")") + " / " + std::to_string(d), c);
    }
  }
  return {};
}

std::optional<std::string> simple(std::span<const int> values, int first,
                                  const std::string &index) {
  if (auto form = affine(values, first, index)) return form;
  return divided(values, first, index);
}

// Elements of the prefix to split off: few at an end, if both parts are then simple (a clamped
// window); else the longest simple prefix.
std::size_t first_cut(std::span<const int> values, int first, const std::string &index) {
  const auto splits_well = [&](std::size_t cut) {
    return simple(values.first(cut), first, index) &&
           simple(values.subspan(cut), first + static_cast<int>(cut), index);
  };
  for (std::size_t i = 1; i < values.size() && i <= 8; ++i) {
    if (splits_well(i)) return i;
    if (splits_well(values.size() - i)) return values.size() - i;
  }
  std::size_t cut = 1;
  while (simple(values.first(cut + 1), first, index)) ++cut;
  return cut == 2 ? 1 : cut;  // any two values fit a line
}

}  // namespace

std::string sequence_expression(const std::vector<int> &values, const std::string &index) {
  CHECK(!values.empty(), "an empty sequence has no expression");
  std::string expression;
  std::size_t done = 0;
  while (true) {
    const auto rest = std::span(values).subspan(done);
    const int first = static_cast<int>(done);
    if (const auto form = simple(rest, first, index)) return expression + *form;
    const std::size_t cut = first_cut(rest, first, index);
    done += cut;
    expression += index + " < " + std::to_string(done) + " ? " +
                  *simple(rest.first(cut), first, index) + " : ";
  }
}

}  // namespace thimble::codegen

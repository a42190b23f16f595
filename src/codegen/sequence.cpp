// Fitting expressions to sequences (sequence.h): each form is tried on every element, the plainest
// first; a sequence that none fits is split where the longest fitting prefix ends.
#include "codegen/sequence.h"

#include <algorithm>
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

// a * i + b, where all that is known lies on that line.
std::optional<std::vector<int>> on_a_line(const std::vector<std::optional<int>> &values) {
  std::vector<int> known;
  for (int i = 0; i < std::ssize(values); ++i)
    if (values[i]) known.push_back(i);
  if (known.size() < 2) return {};
  const int rise = *values[known[1]] - *values[known[0]], run = known[1] - known[0];
  if (rise % run != 0) return {};
  std::vector<int> all;
  for (int i = 0; i < std::ssize(values); ++i) {
    all.push_back(*values[known[0]] + rise / run * (i - known[0]));
    if (values[i] && *values[i] != all.back()) return {};
  }
  return all;
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

std::vector<int> held(const std::vector<std::optional<int>> &values) {
  const auto first =
      std::find_if(values.begin(), values.end(),
                   [](const std::optional<int> &value) { return value.has_value(); });
  CHECK(first != values.end(), "a sequence of which nothing is known");
  int last = **first;
  std::vector<int> all;
  for (const std::optional<int> &value : values) all.push_back(last = value.value_or(last));
  return all;
}

std::string plateaus_expression(const std::vector<int> &values, const std::string &index) {
  CHECK(!values.empty(), "an empty sequence has no expression");
  std::string expression;
  for (std::size_t i = 1; i < values.size(); ++i)
    if (values[i] != values[i - 1])
      expression +=
          index + " < " + std::to_string(i) + " ? " + std::to_string(values[i - 1]) + " : ";
  return expression + std::to_string(values.back());
}

std::vector<int> completed(const std::vector<std::optional<int>> &values,
                           const std::vector<int> &usual, const std::string &index) {
  std::vector<std::vector<int>> candidates = {held(values)};
  if (const auto line = on_a_line(values)) candidates.push_back(*line);
  candidates.push_back(usual);
  for (std::size_t i = 0; i < usual.size(); ++i)
    candidates.back()[i] = values[i].value_or(usual[i]);
  return *std::min_element(candidates.begin(), candidates.end(), [&](const auto &a, const auto &b) {
    return sequence_expression(a, index).size() < sequence_expression(b, index).size();
  });
}

std::string condition_expression(const std::vector<std::optional<int>> &values,
                                 const std::string &index) {
  const std::vector<int> all = held(values);
  const auto change = std::adjacent_find(all.begin(), all.end(), std::not_equal_to<>());
  const std::string end = std::to_string(change - all.begin() + 1);
  if (change != all.end() &&
      std::adjacent_find(change + 1, all.end(), std::not_equal_to<>()) == all.end())
    return index + (*change ? " < " : " >= ") + end;
  return "(" + sequence_expression(all, index) + ")";
}

}  // namespace thimble::codegen

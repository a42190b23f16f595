// A recursive descent over NAME(argument, ...); depth is limited, for files are not to be trusted.
#include "frontends/pt2/expressions.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace thimble::frontends::pt2 {
namespace {

constexpr int kMaxDepth = 32;

using Number = std::optional<std::int64_t>;

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

struct CallText {
  std::string_view name;
  std::vector<std::string_view> arguments;
};

// Splits "Name(a, b(c, d))" into Name and [a, b(c, d)].
std::optional<CallText> split_call(std::string_view text) {
  text = trimmed(text);
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || text.back() != ')') return std::nullopt;
  CallText call{text.substr(0, open), {}};
  const std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= inside.size(); ++i) {
    if (i == inside.size() || (inside[i] == ',' && depth == 0)) {
      call.arguments.push_back(trimmed(inside.substr(start, i - start)));
      start = i + 1;
      continue;
    }
    if (inside[i] == '(') ++depth;
    if (inside[i] == ')' && --depth < 0) return std::nullopt;
  }
  return call;
}

Number parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Number floor_divide(std::int64_t a, std::int64_t b) {
  if (b <= 0) return std::nullopt;
  return a / b - (a % b < 0 ? 1 : 0);
}

Number combine(std::string_view name, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (name == "Add") return __builtin_add_overflow(a, b, &result) ? Number() : result;
  if (name == "Mul") return __builtin_mul_overflow(a, b, &result) ? Number() : result;
  if (name == "FloorDiv") return floor_divide(a, b);
  if (name == "Mod") return b <= 0 ? Number() : a % b + (a % b < 0 ? b : 0);
  if (name == "Max") return std::max(a, b);
  if (name == "Min") return std::min(a, b);
  return std::nullopt;
}

Number evaluate_at(std::string_view expression, const Symbols &symbols, int depth) {
  if (const auto symbol = symbol_of(expression)) return symbols.value(*symbol);
  const auto call = split_call(expression);
  if (!call || depth > kMaxDepth) return std::nullopt;
  if (call->name == "Integer" && call->arguments.size() == 1)
    return parse_integer(call->arguments[0]);
  Number result;
  for (std::string_view argument : call->arguments) {
    const Number value = evaluate_at(argument, symbols, depth + 1);
    if (!value) return std::nullopt;
    result = result ? combine(call->name, *result, *value) : value;
    if (!result) return std::nullopt;
  }
  return call->arguments.size() >= 2 ? result : std::nullopt;
}

}  // namespace

std::optional<std::string> symbol_of(std::string_view expression) {
  constexpr std::string_view kStart = "Symbol('";
  expression = trimmed(expression);
  if (!expression.starts_with(kStart)) return std::nullopt;
  expression.remove_prefix(kStart.size());
  const std::size_t end = expression.find('\'');
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(expression.substr(0, end));
}

Number evaluate(std::string_view expression, const Symbols &symbols) {
  return evaluate_at(expression, symbols, 0);
}

}  // namespace thimble::frontends::pt2

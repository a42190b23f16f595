// Sizes of a torch.export program: integers, or expressions of symbols in sympy's notation
// ("Mul(Integer(2), Symbol('s77', positive=True, integer=True))").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "frontends/symbols.h"

namespace thimble::frontends::pt2 {

// "s77" of "Symbol('s77', ...)"; none for any other expression.
std::optional<std::string> symbol_of(std::string_view expression);

// Integer, Symbol, Add, Mul, FloorDiv, Mod, Max and Min. None: something else, a symbol without a
// size, or an overflow.
std::optional<std::int64_t> evaluate(std::string_view expression, const Symbols &symbols);

}  // namespace thimble::frontends::pt2

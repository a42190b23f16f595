// How the generated C writes places in the arena: as an offset in ARENA's elements; and in what the
// caller lends: as one in the elements of a pointer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codegen/emit.h"
#include "ir/graph.h"
#include "plan/plan.h"
#include "plan/program.h"

namespace thimble::codegen {

// A borrowed network input: the parameter `const ELEMENT *NAME` of the run and of all that reads
// it.
struct Lent {
  std::string name;  // "input"; of several: "input0", "input1"
  std::string element = "int8_t";
  int unit = 1;  // bytes of an element
  std::string parameter() const { return "const " + element + " *" + name; }
  bool operator==(const Lent &) const = default;
};

// ARENA is a pointer to `element` (of `unit` bytes) at the array that the caller sees, which is an
// array of `array_type`: float in a float network, else int8_t, or int32_t where accumulators want
// its alignment. So every object of the arena is read through a type that C allows.
struct ArenaStyle {
  std::string element = "int8_t";
  int unit = 1;
  std::string array_type = "int8_t";
  std::int64_t length = 1;  // elements of the array
  std::vector<Lent> lent;   // by network input; empty: none is borrowed
};
ArenaStyle arena_style(const ir::Graph &graph, const plan::Plan &plan,
                       const targets::Target &target);

// An index of the generated C: a variable, or known now.
struct Index {
  std::string variable;
  std::optional<int> fixed;
  static Index known(int value) { return {{}, value}; }
  std::string text() const { return fixed ? std::to_string(*fixed) : variable; }
};
// value[index]: see sequence.h.
Index element_at(const std::vector<int> &values, const Index &index);

// `text` as an operand: in parentheses, unless it is one word.
std::string in_parentheses(const std::string &text);

// How an expression follows from a row y: base + max(0, y * step - before) % slots * pitch.
struct ByRow {
  std::string base;
  std::int64_t step = 1, before = 0, slots = 1, pitch = 0;
  bool wraps = false;  // else the remainder is the row itself
};

// A C expression, and whether it is the same whenever it is evaluated.
struct Expression {
  std::string text;
  bool constant = true;
  std::optional<ByRow> by_row = {};  // where it follows so from the row of its call
};

// Pointer to element (row, col, 0) of a tensor of `rows` rows at `address`. `type` is the
// pointer's: "const int8_t *"; a cast is added where it is not ARENA's, or what is lent.
Expression pointer_to(const ArenaStyle &style, const std::string &type,
                      const plan::Address &address, int rows, const Index &row, const Index &col);
// Elements from slot 0 of a tensor of `rows` rows at `address` to row `row`.
Expression row_offset(const plan::Address &address, int rows, const Index &row, int element_bytes);
// Pointer to the pixel `made` - `col` pixels before byte `end`; `made` is a variable.
Expression pointer_behind(const ArenaStyle &style, const std::string &type, std::int64_t end,
                          std::int64_t pixel_pitch, const Index &col, const std::string &made);
// Pointer to a byte of the arena: state, workspace; or of the network input `port`.
Expression pointer_at(const ArenaStyle &style, const std::string &type, std::int64_t offset,
                      int port = -1);

}  // namespace thimble::codegen

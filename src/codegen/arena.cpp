// Writing places in the arena (arena.h).
#include "codegen/arena.h"

#include <algorithm>

#include "codegen/sequence.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

// What one index adds to an offset: (index % slots) * pitch.
void add_term(const ArenaStyle &style, const Index &index, int slots, bool may_wrap,
              std::int64_t pitch, std::int64_t &constant, std::string &terms) {
  if (slots == 1 || pitch == 0) return;
  if (index.fixed) {
    constant += *index.fixed % slots * pitch;
    return;
  }
  CHECK(pitch % style.unit == 0, "a pitch is not a multiple of the arena's element");
  const std::string modulo = may_wrap ? " % " + std::to_string(slots) : "";
  const std::string factor = pitch == style.unit ? "" : " * " + std::to_string(pitch / style.unit);
  terms += " + " + in_parentheses(index.text()) + modulo + factor;
}

Expression at(const ArenaStyle &style, const std::string &type, std::int64_t offset,
              const std::string &terms) {
  CHECK(offset % style.unit == 0, "an offset is not a multiple of the arena's element");
  const std::int64_t units = offset / style.unit;
  const std::string place = "ARENA" + (units ? " + " + std::to_string(units) : "") + terms;
  const bool plain = type.find(style.element + " *") != std::string::npos;
  return {plain ? place : "(" + type + ")(void *)" + in_parentheses(place), terms.empty()};
}

}  // namespace

std::string in_parentheses(const std::string &text) {
  return text.find(' ') == std::string::npos ? text : "(" + text + ")";
}

ArenaStyle arena_style(const ir::Graph &graph, const plan::Plan &plan,
                       const targets::Target &target) {
  const auto &values = graph.values();
  const bool is_float = std::all_of(values.begin(), values.end(), [](const ir::Value &value) {
    return value.type.dtype == ir::DType::kF32;
  });
  int alignment = 1;
  for (const plan::Buffer &buffer : plan.buffers) alignment = std::max(alignment, buffer.alignment);
  ArenaStyle style;
  if (is_float) {
    style.element = style.array_type = "float";
    style.unit = 4;
  } else if (std::min(alignment, target.alignment_bytes) > 1) {
    style.array_type = "int32_t";
  }
  const int array_unit = style.array_type == "int8_t" ? 1 : 4;
  style.length = std::max<std::int64_t>(1, (plan.arena_bytes + array_unit - 1) / array_unit);
  return style;
}

Index element_at(const std::vector<int> &values, const Index &index) {
  if (index.fixed) return Index::known(values.at(*index.fixed));
  const std::string text = sequence_expression(values, index.variable);
  const bool same =
      std::all_of(values.begin(), values.end(), [&](int value) { return value == values.front(); });
  return same ? Index::known(values.front()) : Index{text, {}};
}

Expression pointer_to(const ArenaStyle &style, const std::string &type,
                      const plan::Address &address, int rows, const Index &row, const Index &col) {
  std::int64_t offset = address.offset;
  std::string terms;
  add_term(style, row, address.row_slots, rows > address.row_slots, address.row_pitch, offset,
           terms);
  // Blocks of a tile start at its first slot: see `bind` for the columns of fused pairs.
  add_term(style, col, address.col_slots, false, address.pixel_pitch, offset, terms);
  return at(style, type, offset, terms);
}

Expression row_offset(const plan::Address &address, int rows, const Index &row, int element_bytes) {
  const std::int64_t pitch = address.row_pitch / element_bytes;
  if (address.row_slots == 1) return {"0", true};
  if (row.fixed) return {std::to_string(*row.fixed % address.row_slots * pitch), true};
  const std::string slot =
      rows > address.row_slots ? " % " + std::to_string(address.row_slots) : std::string();
  return {in_parentheses(row.text()) + slot + " * " + std::to_string(pitch), false};
}

Expression pointer_at(const ArenaStyle &style, const std::string &type, std::int64_t offset) {
  return at(style, type, offset, "");
}

}  // namespace thimble::codegen

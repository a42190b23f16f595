// Writing places in the arena (arena.h).
#include "codegen/arena.h"

#include <algorithm>

#include "codegen/sequence.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

// What offsets count from, and in what.
struct Base {
  std::string name, element;
  int unit = 1;
  bool is_lent = false;  // a parameter: no constant
};

Base base_of(const ArenaStyle &style, int port) {
  if (port < 0) return {"ARENA", style.element, style.unit, false};
  const Lent &lent = style.lent.at(port);
  return {lent.name, lent.element, lent.unit, true};
}

// What one index adds to an offset: (index % slots) * pitch.
void add_term(const Base &base, const Index &index, int slots, bool may_wrap, std::int64_t pitch,
              std::int64_t &constant, std::string &terms) {
  if (slots == 1 || pitch == 0) return;
  if (index.fixed) {
    constant += *index.fixed % slots * pitch;
    return;
  }
  CHECK(pitch % base.unit == 0, "a pitch is not a multiple of the arena's element");
  const std::string modulo = may_wrap ? " % " + std::to_string(slots) : "";
  const std::string factor = pitch == base.unit ? "" : " * " + std::to_string(pitch / base.unit);
  terms += " + " + in_parentheses(index.text()) + modulo + factor;
}

Expression at(const Base &base, const std::string &type, std::int64_t offset,
              const std::string &terms) {
  CHECK(offset % base.unit == 0, "an offset is not a multiple of the arena's element");
  const std::int64_t units = offset / base.unit;
  const std::string place = base.name + (units ? " + " + std::to_string(units) : "") + terms;
  const bool plain = type.find(base.element + " *") != std::string::npos;
  const std::string through = base.is_lent ? "(const void *)" : "(void *)";
  return {plain ? place : "(" + type + ")" + through + in_parentheses(place),
          terms.empty() && !base.is_lent};
}

std::vector<Lent> lent_inputs(const ir::Graph &graph) {
  std::vector<Lent> lent;
  const std::size_t count = graph.inputs().size();
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_float = graph.value(graph.inputs()[i].value).type.dtype == ir::DType::kF32;
    const std::string name = count == 1 ? "input" : "input" + std::to_string(i);
    lent.push_back({name, is_float ? "float" : "int8_t", is_float ? 4 : 1});
  }
  return lent;
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
  if (plan.program.borrows_inputs) style.lent = lent_inputs(graph);
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
  const Base base = base_of(style, address.port);
  std::int64_t offset = address.offset;
  std::string terms;
  add_term(base, row, address.row_slots, rows > address.row_slots, address.row_pitch, offset,
           terms);
  // Blocks of a tile start at its first slot: see `bind` for the columns of fused pairs.
  add_term(base, col, address.col_slots, false, address.pixel_pitch, offset, terms);
  return at(base, type, offset, terms);
}

Expression row_offset(const plan::Address &address, int rows, const Index &row, int element_bytes) {
  const std::int64_t pitch = address.row_pitch / element_bytes;
  if (address.row_slots == 1) return {"0", true};
  if (row.fixed) return {std::to_string(*row.fixed % address.row_slots * pitch), true};
  const std::string slot =
      rows > address.row_slots ? " % " + std::to_string(address.row_slots) : std::string();
  return {in_parentheses(row.text()) + slot + " * " + std::to_string(pitch), false};
}

Expression pointer_behind(const ArenaStyle &style, const std::string &type, std::int64_t end,
                          std::int64_t pixel_pitch, const Index &col, const std::string &made) {
  CHECK(pixel_pitch % style.unit == 0, "a pitch is not a multiple of the arena's element");
  const Base base = base_of(style, -1);
  const std::int64_t pitch = pixel_pitch / style.unit;
  const std::string factor = pitch == 1 ? "" : " * " + std::to_string(pitch);
  if (col.fixed == 0) return at(base, type, end, " - " + made + factor);
  const bool is_choice = col.text().find('?') != std::string::npos;
  const std::string here = is_choice ? in_parentheses(col.text()) : col.text();
  return at(base, type, end, " + (" + here + " - " + made + ")" + factor);
}

Expression pointer_at(const ArenaStyle &style, const std::string &type, std::int64_t offset,
                      int port) {
  return at(base_of(style, port), type, offset, "");
}

}  // namespace thimble::codegen

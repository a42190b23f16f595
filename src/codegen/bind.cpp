// Binding parameters by name (bind.h).
#include "codegen/bind.h"

#include <algorithm>

#include "ctext/literals.h"
#include "ops/byte_pairs.h"
#include "ops/column_phases.h"
#include "ops/fours.h"
#include "ops/rescale_plane.h"
#include "ops/rescaled_kernel.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

// One call with everything that its parameters' values come from.
struct Source {
  const ir::Graph &graph;
  const ArenaStyle &style;
  const plan::Call &call;
  const Position &position;
  const ops::Kernel &kernel;
  const ops::Mode &mode;
  std::map<std::string, std::string> tables;  // role -> C name
};

std::string where(const Source &source) {
  return "kernel '" + source.kernel.file + "' of node '" +
         source.graph.node(source.call.node).name + "'";
}

Expression constant(std::int64_t value) { return {ctext::int_literal(value), true}; }
Expression expression(const Index &index) { return {index.text(), index.fixed.has_value()}; }

std::vector<int> first_of(const std::vector<ops::Range> &ranges) {
  std::vector<int> first;
  for (const ops::Range &range : ranges) first.push_back(range.lo);
  return first;
}

int size_of(const ops::Kernel &kernel, std::string_view name) {
  for (const auto &[size, value] : kernel.sizes)
    if (size == name) return static_cast<int>(value);
  return 0;
}

// Whether value[y] is max(0, y * step - before).
bool follows(const std::vector<int> &values, int step, int before) {
  for (int y = 0; y < std::ssize(values); ++y)
    if (values[y] != std::max(0, y * step - before)) return false;
  return before >= 0;
}

// Of rows of slots at `address` the one at which the window of the call's row starts, from slot 0.
std::optional<ByRow> window_by_row(const Source &source, int input, int element_bytes) {
  const plan::Address &address = source.call.inputs[input];
  const int rows = source.graph.value(source.call.input_values[input]).type.shape.rows;
  ByRow by_row{
      "0", 1, 0, address.row_slots, address.row_pitch / element_bytes, rows > address.row_slots};
  const auto &windows = source.mode.inputs.at(input).rows;
  if (source.call.phase == plan::Phase::kFold) return by_row;
  if (windows.empty()) return ByRow{"0", 0, 0, address.row_slots, 0};
  std::vector<int> values;
  for (const ops::Range &window : windows) values.push_back(window.lo);
  const int step = size_of(source.kernel, "stride_h"), before = size_of(source.kernel, "pad_top");
  if (follows(values, step, before)) {
    by_row.step = step;
    by_row.before = before;
    return by_row;
  }
  if (address.row_slots == 1) return ByRow{"0", 0, 0, address.row_slots, 0};
  return follows(values, 1, 0) ? std::optional(by_row) : std::nullopt;
}

// Row at which the window of the call's row starts in an input.
Index window_row(const Source &source, int input) {
  if (source.call.phase == plan::Phase::kFold) return source.position.row;
  const auto &rows = source.mode.inputs.at(input).rows;
  return rows.empty() ? Index::known(0) : element_at(first_of(rows), source.position.row);
}

// The one after it, as kernels that walk from there on take it.
Index second_row(const Source &source, int input) {
  const auto &rows = source.mode.inputs.at(input).rows;
  if (rows.empty() || source.call.phase == plan::Phase::kFold) return Index::known(1);
  std::vector<int> second;
  for (const ops::Range &range : rows) second.push_back(range.lo + 1);
  return element_at(second, source.position.row);
}

// Column at which the window of the first output column starts; in a tile, its first slot.
Index window_col(const Source &source, int input) {
  const Position &position = source.position;
  if (position.tile_input == input) return Index::known(0);
  if (source.call.phase == plan::Phase::kFold) return position.x0;
  const auto &cols = source.mode.inputs.at(input).cols;
  const Index &col = position.tile_input < 0 ? position.x0 : position.sink_col;
  return cols.empty() ? Index::known(0) : element_at(first_of(cols), col);
}

int rows_of(const Source &source, ir::ValueId value) {
  return source.graph.value(value).type.shape.rows;
}

// Of the input's row one pixel at a time is kept: wherever the kernel looks, it is the one it
// needs.
bool is_one_pixel(const Source &source, int input) {
  const ir::Shape &shape = source.graph.value(source.call.input_values[input]).type.shape;
  return source.position.tile_input != input && source.call.inputs[input].col_slots == 1 &&
         shape.cols > 1;
}

// "in1_row" -> 1 and "in1_row" without its digits: "in_row".
std::pair<int, std::string> numbered(const std::string &name) {
  const auto digit = name.find_first_of("0123456789");
  if (digit == std::string::npos) return {-1, name};
  return {name[digit] - '0', name.substr(0, digit) + name.substr(digit + 1)};
}

// The one where the window's first row has been saved, if it has; else the one of its slot.
Expression where_saved(const Source &source, int input, const Expression &slot,
                       const Expression &saved) {
  const std::string &condition = source.position.saved.at(input).condition;
  if (condition.empty()) return saved;
  return {condition + " ? " + saved.text + " : " + slot.text, false};
}

Expression top_argument(const Source &source, int input, int bytes) {
  const plan::Address &address = source.call.inputs[input];
  Expression slot = row_offset(address, rows_of(source, source.call.input_values[input]),
                               window_row(source, input), bytes);
  const auto row = source.position.saved.find(input);
  if (row == source.position.saved.end()) {
    slot.by_row = window_by_row(source, input, bytes);
    return slot;
  }
  const std::int64_t end = row->second.end - address.offset, pixel = address.pixel_pitch / bytes;
  const std::string saved = (end == 0 ? "-" : std::to_string(end / bytes) + " - ") +
                            row->second.made + (pixel == 1 ? "" : " * " + std::to_string(pixel));
  return where_saved(source, input, slot, {saved, false});
}

// Where the rows behind `first`, a pointer to row 0, are pointers of its type too.
std::optional<ByRow> behind(const Source &source, const std::string &type, const Expression &first,
                            std::optional<ByRow> by_row) {
  const bool is_plain = type.find(source.style.element + " *") != std::string::npos;
  if (!by_row || !first.constant || (!is_plain && by_row->pitch != 0)) return {};
  by_row->base = first.text;
  return by_row;
}

Expression pixel_argument(const Source &source, int input, const std::string &type) {
  const plan::Address &address = source.call.inputs[input];
  const Index col = window_col(source, input);
  const int rows = rows_of(source, source.call.input_values[input]);
  Expression slot = pointer_to(source.style, type, address, rows, window_row(source, input), col);
  const auto row = source.position.saved.find(input);
  if (row == source.position.saved.end()) {
    slot.by_row =
        behind(source, type, pointer_to(source.style, type, address, rows, Index::known(0), col),
               window_by_row(source, input, source.style.unit));
    return slot;
  }
  const Expression saved = pointer_behind(source.style, type, row->second.end, address.pixel_pitch,
                                          col, row->second.made);
  return where_saved(source, input, slot, saved);
}

std::optional<Expression> input_argument(const Source &source, const KernelParameter &parameter) {
  const auto [input, name] = numbered(parameter.name);
  if (input < 0 || input >= static_cast<int>(source.call.inputs.size())) return {};
  const plan::Address &address = source.call.inputs[input];
  const ir::ValueId value = source.call.input_values[input];
  const int bytes = ir::element_bytes(source.graph.value(value).type.dtype);
  if (name == "in") {
    CHECK(source.position.tile_input < 0 || source.position.tile_input == input,
          where(source) + " reads a whole row beside a tile");
    return pointer_at(source.style, parameter.type, address.offset, address.port);
  }
  if (name == "in_top") return top_argument(source, input, bytes);
  if (name == "in_second")
    return row_offset(address, rows_of(source, value), second_row(source, input), bytes);
  if (name == "in_slots") return constant(address.row_slots);
  if (name == "in_row") return constant(address.row_pitch / bytes);
  if (name == "in_pixel")
    return constant(is_one_pixel(source, input) ? 0 : address.pixel_pitch / bytes);
  if (name == "row") return pixel_argument(source, input, parameter.type);
  return {};
}

std::optional<Expression> place_argument(const Source &source, const KernelParameter &parameter) {
  const std::string &name = parameter.name;
  const plan::Call &call = source.call;
  if (name == "out") {
    const int rows = rows_of(source, call.output_value);
    const auto at_row = [&](const Index &row) {
      return pointer_to(source.style, parameter.type, call.output, rows, row,
                        source.position.out_col);
    };
    Expression out = at_row(source.position.row);
    out.by_row =
        behind(source, parameter.type, at_row(Index::known(0)),
               ByRow{"", 1, 0, call.output.row_slots, call.output.row_pitch / source.style.unit,
                     rows > call.output.row_slots});
    return out;
  }
  if (name == "outs") return pointer_at(source.style, parameter.type, call.output.offset);
  if (name == "out_slots") return constant(call.output.row_slots);
  // What is folded in goes to the one pixel that is kept.
  if (name == "out_pixel" && call.phase == plan::Phase::kFold && call.output.col_slots == 1)
    return constant(0);
  if (name == "out_row" || name == "out_pixel") {
    const auto dtype = source.graph.value(call.output_value).type.dtype;
    const std::int64_t pitch = name == "out_row" ? call.output.row_pitch : call.output.pixel_pitch;
    return constant(pitch / ir::element_bytes(dtype));
  }
  if (name == "state" || name == "work") {
    const std::int64_t offset = name == "state" ? call.state_offset : call.workspace_offset;
    if (name == "work" && source.mode.workspace_bytes == 0) return constant(0);
    CHECK(offset >= 0, where(source) + " has no place for '" + name + "'");
    return pointer_at(source.style, parameter.type, offset);
  }
  if (name == "y") return expression(source.position.row);
  if (name == "x0") return expression(source.position.x0);
  if (name == "x1") return expression(source.position.x1);
  return {};
}

// How far the sink's window reaches out of the input to the left of its tile.
Index tile_pad(const Source &source) {
  const auto &cols = source.mode.inputs.at(0).cols;
  const int pad = size_of(source.kernel, "pad_left"), stride = size_of(source.kernel, "stride_w");
  if (cols.empty() || pad == 0) return Index::known(0);
  std::vector<int> pads;
  for (const ops::Range &range : cols)
    pads.push_back(range.lo + pad - static_cast<int>(pads.size()) * stride);
  return element_at(pads, source.position.sink_col);
}

std::optional<Expression> own_argument(const Source &source, const std::string &name) {
  // In a tile columns count from its start; only columns of the input are in it.
  const bool is_tile = source.position.tile_input == 0;
  if (is_tile && name == "in_w") return expression(source.position.tile_cols);
  if (is_tile && name == "pad_left") return expression(tile_pad(source));
  if (const auto table = source.tables.find(name); table != source.tables.end()) {
    return Expression{table->second, true};
  }
  for (const auto &[size, value] : source.kernel.sizes) {
    if (size == name) return constant(value);
  }
  for (const auto &[real, value] : source.kernel.reals) {
    if (real == name) return Expression{ctext::float_literal(value), true};
  }
  return {};
}

Expression argument(const Source &source, const KernelParameter &parameter) {
  if (auto own = own_argument(source, parameter.name)) return *own;
  if (auto place = place_argument(source, parameter)) return *place;
  if (auto input = input_argument(source, parameter)) return *input;
  CHECK(false, where(source) + " gets no value for parameter '" + parameter.name + "'");
}

const std::optional<ops::Kernel> &kernel_of(const ops::Kernels &kernels, plan::Phase phase) {
  switch (phase) {
    case plan::Phase::kBegin:
      return kernels.begin;
    case plan::Phase::kFold:
      return kernels.fold;
    case plan::Phase::kEnd:
      return kernels.end;
    default:
      return kernels.row;
  }
}

Diagnostic no_kernel(const ir::Node &node, const std::string &why) {
  Diagnostic error = model_error("no kernel computes this", why,
                                 "compile with other --numbers, or leave the operator out");
  error.node = node.name;
  error.op = node.op;
  return error;
}

// Whether the call makes a whole row of whole rows, the pixels of both side by side.
bool makes_row_side_by_side(const ir::Graph &graph, const plan::Call &call,
                            const Position &position) {
  if (call.phase != plan::Phase::kRow || position.tile_input >= 0 || call.inputs.size() != 1)
    return false;
  const auto is_tight = [&](const plan::Address &address, ir::ValueId value) {
    const ir::Type &type = graph.value(value).type;
    return address.col_slots == type.shape.cols &&
           address.pixel_pitch == type.shape.channels * ir::element_bytes(type.dtype);
  };
  return position.x0.fixed == 0 &&
         position.x1.fixed == graph.value(call.output_value).type.shape.cols &&
         is_tight(call.output, call.output_value) && is_tight(call.inputs[0], call.input_values[0]);
}

double bytes_a_weight(const ir::Graph &graph, const ir::Node &node, const ops::Kernel &kernel) {
  const ops::Table *weight = ops::find_table(kernel, "weight");
  if (!weight || node.constants.empty()) return 1;
  const std::int64_t count = graph.constant(node.constants.front()).elements();
  return static_cast<double>(weight->bytes()) /
         static_cast<double>(std::max<std::int64_t>(count, 1));
}

bool declares(const KernelText &text, const std::string &name) {
  return std::any_of(text.parameters.begin(), text.parameters.end(),
                     [&](const KernelParameter &parameter) { return parameter.name == name; });
}

}  // namespace

const std::optional<ops::Kernel> &Binder::solved_kernel(const plan::Call &call,
                                                        const ops::Kernel &kernel) {
  const auto [slot, fresh] = solved_.try_emplace({call.node, call.mode, call.phase});
  std::optional<ops::Kernel> &solved = slot->second;
  if (!fresh || !targets::has_word(inner_loops_, targets::kHighMultiply)) return solved;
  solved = ops::on_a_plane(graph_, graph_.node(call.node), numbers_, kernel);
  const bool has_ending = find_kernel(kernel.file + "_line", inner_loops_);
  if (solved || !(has_ending || ops::wants_fours(kernel))) return solved;
  solved =
      ops::on_a_line(kernel, numbers_.requant, !targets::has_word(inner_loops_, "armv7em_small"));
  if (!solved) solved = ops::with_doubled_sums(kernel, numbers_.requant);
  if (solved && !find_kernel(solved->file, inner_loops_)) solved.reset();
  if (!solved) return solved;
  auto once = ops::per_tensor(*solved);
  if (once && find_kernel(once->file, inner_loops_)) solved = std::move(once);
  return solved;
}

Result<KernelCall> Binder::bind(const plan::Call &call, const Position &position) {
  const ir::Node &node = graph_.node(call.node);
  const ops::Operator &op = ops::operator_of(node);
  if (!op.kernels || !op.modes) return no_kernel(node, "the operator runs on the host only");
  const ops::Kernels kernels = op.kernels(graph_, node, numbers_, call.mode);
  auto kernel = kernel_of(kernels, call.phase);
  if (!kernel) return no_kernel(node, "it has none for these types");
  if (const auto &solved = solved_kernel(call, *kernel)) kernel = solved;
  if (makes_row_side_by_side(graph_, call, position))
    if (auto phases = ops::with_column_phases(graph_, node, numbers_, *kernel))
      kernel = std::move(phases);
  const KernelText *text = find_kernel(*kernel, inner_loops_);
  if (!text) return no_kernel(node, "there is no kernel '" + kernel->file + "'");
  kernel_uses_[{call.node, call.mode, call.phase}] = {
      text->name, bytes_a_weight(graph_, node, *kernel), ops::pixels_a_walk(*kernel)};

  const ops::Mode mode = op.modes(graph_, node).at(call.mode);
  Source source{graph_, style_, call, position, *kernel, mode, {}};
  for (const ops::Table &table : kernel->tables) {
    CHECK(declares(*text, table.role), where(source) + " has no parameter '" + table.role + "'");
    source.tables[table.role] = tables_.add(node.name, table, names_);
  }
  for (const auto &[input, row] : position.saved) {
    const std::string number = std::to_string(input);
    CHECK(declares(*text, "in" + number + "_top") || declares(*text, "row" + number),
          where(source) + " cannot read a line buffer");
  }
  KernelCall bound{text, node.name, {}, false};
  for (const KernelParameter &parameter : text->parameters) {
    bound.arguments[parameter.name] = argument(source, parameter);
  }
  return bound;
}

}  // namespace thimble::codegen

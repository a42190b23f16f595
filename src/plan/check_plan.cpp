// Executes a Program on tagged bytes: see check_plan.h.
//
// Nothing is computed; a call only reads the bytes that its Access names and checks what they hold,
// then puts the tags of its output row. What a call may do in any order it does in the worst one.
// Addresses are worked out here once more from the fields of Address, on purpose.
#include "plan/check_plan.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "plan/arena_recorder.h"
#include "plan/tagged_arena.h"

namespace thimble::plan {
namespace {

std::vector<bool> nodes_that_run(const ir::Graph &graph, const Program &program) {
  std::vector<bool> runs(graph.nodes().size(), false);
  for (const Call &call : program.calls)
    if (call.node >= 0 && call.node < static_cast<int>(runs.size())) runs[call.node] = true;
  return runs;
}

// By port: what the caller lends, byte for byte the input's.
std::vector<TaggedArena> lent_inputs(const ir::Graph &graph, const Program &program) {
  std::vector<TaggedArena> lent;
  if (!program.borrows_inputs) return lent;
  for (const ir::Port &port : graph.inputs()) {
    const std::int64_t bytes = graph.value(port.value).type.bytes();
    lent.emplace_back(bytes);
    for (std::int64_t byte = 0; byte < bytes; ++byte) lent.back().put(byte, {port.value, byte});
  }
  return lent;
}

class Checker {
 public:
  Checker(const ir::Graph &graph, const Behaviours &behaviours, const Program &program, int most,
          ArenaRecorder *recorder)
      : graph_(graph),
        behaviours_(behaviours),
        program_(program),
        most_(most),
        recorder_(recorder),
        arena_(std::max<std::int64_t>(program.arena_bytes, 0)),
        lent_(lent_inputs(graph, program)),
        origins_(graph, behaviours, nodes_that_run(graph, program)),
        next_fill_(graph.inputs().size(), 0),
        next_emit_(graph.outputs().size(), 0) {
    for (const ir::Value &value : graph.values())
      pixels_made_.emplace_back(value.type.shape.rows * value.type.shape.cols, false);
  }

  Diagnostics run() {
    if (!is_well_formed()) return std::move(findings_);
    put_inputs();
    for (step_ = 0; step_ < program_.steps.size() && !is_full(); ++step_) {
      if (recorder_ != nullptr) recorder_->step(step_);
      run_step(program_.steps[step_]);
    }
    if (!is_full()) check_outputs();
    return std::move(findings_);
  }

 private:
  bool is_full() const { return static_cast<int>(findings_.size()) >= most_; }

  void report(const Call *call, std::string what) {
    if (is_full()) return;
    Diagnostic finding = model_error(std::move(what), "at step " + std::to_string(step_));
    if (call && call->node >= 0 && call->node < static_cast<int>(graph_.nodes().size())) {
      finding.node = graph_.node(call->node).name;
      finding.op = graph_.node(call->node).op;
    }
    findings_.push_back(std::move(finding));
  }

  // --- the program itself ---

  bool is_well_formed() {
    for (const Call &call : program_.calls)
      if (!is_well_formed(call)) report(&call, "the program names what is not there");
    const int calls = static_cast<int>(program_.calls.size());
    for (const Group &group : program_.groups)
      if (group.sink < 0 || group.sink >= calls || group.producer < -1 || group.producer >= calls)
        report(nullptr, "a group names a call that is not there");
    for (const Group &group : program_.groups)
      if (group.columns_descend && (group.producer < 0 || !group.lanes.empty()))
        report(nullptr, "columns descend in a group that is no pair");
    for (const Group &group : program_.groups)
      for (const LineLane &lane : group.lanes)
        if (lane.call < 0 || lane.call >= calls || lane.producer < -1 || lane.producer >= calls ||
            lane.saved_cols < 0 || lane.reader < -1 ||
            lane.reader >= static_cast<int>(group.lanes.size()))
          report(nullptr, "a group's lane names what is not there");
    for (const Step &step : program_.steps)
      if (step.group < 0 || step.group >= static_cast<int>(program_.groups.size()) || step.row < 0)
        report(nullptr, "a step names a group that is not there");
    if (program_.input_offsets.size() != graph_.inputs().size() ||
        program_.output_offsets.size() != graph_.outputs().size())
      report(nullptr, "the program has another number of ports");
    return findings_.empty();
  }

  bool is_well_formed(const Call &call) const {
    const auto is_value = [&](ir::ValueId value) {
      return value >= 0 && value < static_cast<int>(graph_.values().size());
    };
    const auto is_address = [&](const Address &address) {
      return address.row_slots > 0 && address.col_slots > 0 && address.port >= -1 &&
             address.port < static_cast<int>(lent_.size());
    };
    if (call.inputs.size() != call.input_values.size()) return false;
    if (!std::all_of(call.input_values.begin(), call.input_values.end(), is_value)) return false;
    if (!std::all_of(call.inputs.begin(), call.inputs.end(), is_address)) return false;
    if (call.phase == Phase::kEmit)
      return call.port >= 0 && call.port < static_cast<int>(graph_.outputs().size()) &&
             call.input_values == std::vector<ir::ValueId>{graph_.outputs()[call.port].value};
    if (!is_value(call.output_value) || !is_address(call.output)) return false;
    if (call.phase == Phase::kFill)
      return call.port >= 0 && call.port < static_cast<int>(graph_.inputs().size()) &&
             call.output_value == graph_.inputs()[call.port].value;
    if (call.node < 0 || call.node >= static_cast<int>(graph_.nodes().size())) return false;
    const ir::Node &node = graph_.node(call.node);
    if (call.input_values != node.inputs || call.output_value != node.outputs[0] || call.mode < 0 ||
        call.mode >= static_cast<int>(modes_of(call.node).size()))
      return false;
    if (!mode_of(call).in_output) return true;
    return call.inputs.size() == 1 && (call.phase == Phase::kFold || call.phase == Phase::kRow);
  }

  // --- bytes ---

  struct Place {
    int port = -1;  // borrowed input; -1: the arena
    std::int64_t at = 0;
  };

  // One pixel of a value, named only where it is at fault: hundreds of thousands are looked at.
  struct Element {
    ir::ValueId value;
    int row, col;
  };

  // `what`: an Element, or words.
  bool in_arena(const Call *call, std::int64_t at, std::int64_t bytes, const auto &what) {
    if (arena_.contains(at, bytes)) return true;
    report(call, name_of(what) + " lies outside the arena");
    return false;
  }

  bool is_there(const Call &call, int port, std::int64_t at, std::int64_t bytes,
                const Element &what) {
    if (port < 0) return in_arena(&call, at, bytes, what);
    if (lent_[port].contains(at, bytes)) return true;
    report(&call, name_of(what) + " lies outside of " + input_name(port));
    return false;
  }

  // False: it is a borrowed input.
  bool may_write(const Call &call) {
    if (call.output.port < 0) return true;
    report(&call, "writes into " + input_name(call.output.port) + ", which is the caller's");
    return false;
  }

  std::string input_name(int port) const {
    return "input '" + graph_.value(graph_.inputs()[port].value).name + "'";
  }

  static std::int64_t pixel_at(const Address &address, int row, int col) {
    return address.offset + (row % address.row_slots) * address.row_pitch +
           (col % address.col_slots) * address.pixel_pitch;
  }

  const ir::Type &type_of(ir::ValueId value) const { return graph_.value(value).type; }

  std::int64_t byte_index(ir::ValueId value, int row, int col) const {
    const ir::Type &type = type_of(value);
    return row * type.row_bytes() + col * type.pixel_bytes();
  }

  std::string name_of(const Element &one) const {
    return "'" + graph_.value(one.value).name + "' row " + std::to_string(one.row) + " column " +
           std::to_string(one.col);
  }
  static std::string name_of(std::string words) { return words; }

  std::string owner_name(const Tag &tag) const {
    if (tag.owner >= 0) {
      const ir::Type &type = type_of(tag.owner);
      return name_of(Element{tag.owner, static_cast<int>(tag.byte / type.row_bytes()),
                             static_cast<int>(tag.byte % type.row_bytes() / type.pixel_bytes())});
    }
    return tag.owner == Tag::kNothing ? "nothing" : "an accumulator or workspace";
  }

  // Bytes [from, to) of one pixel must hold what the value's bytes are.
  void read_pixel(const Call &call, std::size_t input, int row, int col, std::int64_t from,
                  std::int64_t to) {
    const ir::ValueId value = call.input_values[input];
    const auto [port, at] = read_at(call, input, row, col);
    if (!is_there(call, port, at + from, to - from, Element{value, row, col})) return;
    const TaggedArena &space = port < 0 ? arena_ : lent_[port];
    for (std::int64_t byte = from; byte < to; ++byte) {
      const Tag expected = origins_.origin(value, byte_index(value, row, col) + byte);
      if (recorder_ != nullptr && port < 0) recorder_->read(expected);
      if (space.at(at + byte) == expected) continue;
      return report(&call, "reads " + name_of(Element{value, row, col}) + " where " +
                               owner_name(space.at(at + byte)) + " lies");
    }
  }

  void read_pixel(const Call &call, std::size_t input, int row, int col) {
    read_pixel(call, input, row, col, 0, type_of(call.input_values[input]).pixel_bytes());
  }

  void write_pixel(const Call &call, int row, int col, std::int64_t from, std::int64_t to) {
    const std::int64_t at = pixel_at(call.output, row, col);
    const ir::ValueId value = call.output_value;
    if (!may_write(call)) return;
    if (!in_arena(&call, at + from, to - from, Element{value, row, col})) return;
    for (std::int64_t byte = from; byte < to; ++byte)
      arena_.put(at + byte, {value, byte_index(value, row, col) + byte});
    if (recorder_ != nullptr) recorder_->wrote(value, row, at + from, to - from);
  }

  void write_columns(const Call &call, int row, ops::Range cols) {
    for (int col = cols.lo; col < cols.hi; ++col)
      write_pixel(call, row, col, 0, type_of(call.output_value).pixel_bytes());
  }

  // Before the first read of a call without promises, its output may be anything.
  void lose_columns(const Call &call, int row, ops::Range cols) {
    const std::int64_t bytes = type_of(call.output_value).pixel_bytes();
    for (int col = cols.lo; col < cols.hi; ++col) {
      const std::int64_t at = pixel_at(call.output, row, col);
      if (call.output.port >= 0 || !arena_.contains(at, bytes)) continue;  // reported by the write
      for (std::int64_t byte = 0; byte < bytes; ++byte) arena_.put(at + byte, {});
    }
  }

  void put_block(const Call &call, std::int64_t at, std::int64_t bytes, int owner) {
    if (bytes == 0 || !in_arena(&call, at, bytes, "an accumulator or workspace")) return;
    for (std::int64_t byte = 0; byte < bytes; ++byte) arena_.put(at + byte, {owner, byte});
    if (recorder_ == nullptr) return;
    if (owner == state_owner(call.node))
      recorder_->put_state(call.node, at, bytes);
    else
      recorder_->put_workspace(call.node, at, bytes);
  }

  void expect_block(const Call &call, std::int64_t at, std::int64_t bytes, int owner,
                    const std::string &what) {
    expect_bytes(call, at, {0, bytes}, owner, what);
  }

  struct Bytes {
    std::int64_t lo = 0, hi = 0;
  };

  // Bytes [lo, hi) of the block at `at`.
  void expect_bytes(const Call &call, std::int64_t at, Bytes bytes, int owner,
                    const std::string &what) {
    if (bytes.lo >= bytes.hi || !arena_.contains(at + bytes.lo, bytes.hi - bytes.lo)) return;
    if (recorder_ != nullptr) recorder_->read({owner, bytes.lo});
    for (std::int64_t byte = bytes.lo; byte < bytes.hi; ++byte)
      if (arena_.at(at + byte) != Tag{owner, byte})
        return report(&call, what + " is destroyed by " + owner_name(arena_.at(at + byte)));
  }

  // --- calls ---

  const std::vector<ops::Mode> &modes_of(ir::NodeId node) const { return behaviours_[node].modes; }

  const ops::Mode &mode_of(const Call &call) const { return modes_of(call.node)[call.mode]; }

  // Rows of an input that output row `row` reads.
  ops::Range rows_read(const Call &call, std::size_t input, int row) const {
    const ops::Access &access = mode_of(call).inputs[input];
    const bool in_blocks = mode_of(call).in_output && call.phase == Phase::kRow;
    if (access.kind == ops::AccessKind::kAccumulate && !in_blocks) return {};
    if (access.kind == ops::AccessKind::kWhole)
      return {0, type_of(call.input_values[input]).shape.rows};
    return access.rows[row];
  }

  ops::Range cols_read(const Call &call, std::size_t input, int col) const {
    const ops::Access &access = mode_of(call).inputs[input];
    if (access.cols.empty()) return {0, type_of(call.input_values[input]).shape.cols};
    return access.cols[col];
  }

  void read_windows(const Call &call, int row, int col) {
    for (std::size_t input = 0; input < call.inputs.size(); ++input) {
      const ops::Range rows = rows_read(call, input, row), cols = cols_read(call, input, col);
      for (int r = rows.lo; r < rows.hi; ++r)
        for (int c = cols.lo; c < cols.hi; ++c) read_pixel(call, input, r, c);
    }
  }

  void read_all_windows(const Call &call, int row, ops::Range cols) {
    for (std::size_t input = 0; input < call.inputs.size(); ++input) {
      const ops::Range rows = rows_read(call, input, row);
      int done = 0;  // windows ascend: each column is read once
      for (int col = cols.lo; col < cols.hi; ++col) {
        const ops::Range window = cols_read(call, input, col);
        for (int c = std::max(done, window.lo); c < window.hi; ++c)
          for (int r = rows.lo; r < rows.hi; ++r) read_pixel(call, input, r, c);
        done = std::max(done, window.hi);
      }
    }
  }

  void run_element_by_element(const Call &call, int row, int col) {
    const ir::Type &type = type_of(call.output_value);
    const std::int64_t element = ir::element_bytes(type.dtype);
    for (std::int64_t from = 0; from < type.pixel_bytes(); from += element) {
      for (std::size_t input = 0; input < call.inputs.size(); ++input) {
        const ops::Range rows = rows_read(call, input, row), cols = cols_read(call, input, col);
        for (int r = rows.lo; r < rows.hi; ++r)
          for (int c = cols.lo; c < cols.hi; ++c)
            read_pixel(call, input, r, c, from, from + element);
      }
      write_pixel(call, row, col, from, from + element);
    }
  }

  // Makes columns [cols) of output row `row`.
  void make(const Call &call, int row, ops::Range cols) {
    const ops::Mode &mode = mode_of(call);
    if (mode.in_output) return report(&call, "makes a row of what is not folded in");
    mark_made(call, row, cols);
    put_block(call, call.workspace_offset, mode.workspace_bytes, workspace_owner(call.node));
    if (call.phase == Phase::kEnd && mode.ends_in_order) {
      expect_end(call, row);
      end_element_by_element(call, row, cols);
    } else if (mode.order == ops::WriteOrder::kAnywhere || call.phase == Phase::kEnd) {
      lose_columns(call, row, cols);
      read_all_windows(call, row, cols);
      expect_state(call, row);
      expect_carried(call, row);
      write_columns(call, row, cols);
    } else {
      for (int col = cols.lo; col < cols.hi; ++col) {
        if (mode.order == ops::WriteOrder::kElement) {
          run_element_by_element(call, row, col);
        } else {
          read_windows(call, row, col);
          write_columns(call, row, {col, col + 1});
        }
      }
    }
    expect_block(call, call.workspace_offset, mode.workspace_bytes, workspace_owner(call.node),
                 "the workspace");
  }

  // Each output element is written when its sum is read; nothing reads that again.
  void end_element_by_element(const Call &call, int row, ops::Range cols) {
    const ir::Type &type = type_of(call.output_value);
    const std::int64_t element = ir::element_bytes(type.dtype);
    const std::int64_t sum = mode_of(call).state_bytes / type.shape.elements();
    for (int col = cols.lo; col < cols.hi; ++col)
      for (std::int64_t from = 0; from < type.pixel_bytes(); from += element) {
        const std::int64_t at = (byte_index(call.output_value, row, col) + from) / element * sum;
        expect_bytes(call, call.state_offset, {at, at + sum}, state_owner(call.node), "a sum");
        write_pixel(call, row, col, from, from + element);
      }
  }

  void expect_state(const Call &call, int row) {
    if (call.phase != Phase::kEnd) return;
    expect_end(call, row);
    expect_block(call, call.state_offset, mode_of(call).state_bytes, state_owner(call.node),
                 "the accumulator");
  }

  void expect_end(const Call &call, int row) {
    const std::vector<ops::Range> &rows = folding(call).rows;
    if (!rows.empty() && ended_[call.node]++ != row) report(&call, "makes a row out of turn");
    if (folded_[call.node] < (rows.empty() ? rows_to_fold(call) : rows[row].hi))
      report(&call, "ends before every row is folded in");
  }

  bool carries(const Call &call) const {
    const std::vector<ops::Access> &inputs = mode_of(call).inputs;
    return std::any_of(inputs.begin(), inputs.end(), [](const ops::Access &access) {
      return access.kind == ops::AccessKind::kCarry;
    });
  }

  // The state as the row before left it, which this row changes.
  void expect_carried(const Call &call, int row) {
    if (!carries(call)) return;
    const auto next = next_carried_.find(call.node);
    if (next == next_carried_.end() || next->second++ != row)
      report(&call, "carries its state into row " + std::to_string(row) + " out of turn");
    expect_block(call, call.state_offset, mode_of(call).state_bytes, state_owner(call.node),
                 "the state");
  }

  void mark_made(const Call &call, int row, ops::Range cols) {
    const ir::Shape &shape = type_of(call.output_value).shape;
    for (int col = cols.lo; col < cols.hi; ++col) {
      const std::size_t pixel = static_cast<std::size_t>(row) * shape.cols + col;
      if (pixels_made_[call.output_value][pixel])
        report(&call, "makes " + name_of(Element{call.output_value, row, col}) + " twice");
      pixels_made_[call.output_value][pixel] = true;
    }
  }

  int rows_to_fold(const Call &call) const {
    for (std::size_t input = 0; input < call.input_values.size(); ++input)
      if (mode_of(call).inputs[input].kind == ops::AccessKind::kAccumulate)
        return type_of(call.input_values[input]).shape.rows;
    return 0;
  }

  void begin(const Call &call) {
    folded_[call.node] = 0;
    ended_[call.node] = 0;
    if (carries(call)) begin_carried(call);
    put_block(call, call.state_offset, mode_of(call).state_bytes, state_owner(call.node));
  }

  // Reads what row 0 alone reads besides the carried rows.
  void begin_carried(const Call &call) {
    next_carried_[call.node] = 0;
    for (std::size_t input = 0; input < call.inputs.size(); ++input) {
      if (mode_of(call).inputs[input].kind == ops::AccessKind::kCarry) continue;
      const ops::Range rows = rows_read(call, input, 0);
      for (int r = rows.lo; r < rows.hi; ++r)
        for (int c = 0; c < type_of(call.input_values[input]).shape.cols; ++c)
          read_pixel(call, input, r, c);
    }
  }

  // False: not this row.
  bool begin_fold(const Call &call, int row) {
    if (mode_of(call).in_output) folded_.try_emplace(call.node, 0);  // nothing to begin
    const auto folded = folded_.find(call.node);
    if (folded == folded_.end() || folded->second != row || row >= rows_to_fold(call)) {
      report(&call, "folds row " + std::to_string(row) + " out of turn");
      return false;
    }
    ++folded->second;
    const ops::Mode &mode = mode_of(call);
    if (!mode.in_output && rows_held(call, row) > most_rows_held(call))
      report(&call, "folds row " + std::to_string(row) + " into sums of a row not made yet");
    put_block(call, call.workspace_offset, mode.workspace_bytes, workspace_owner(call.node));
    return true;
  }

  // Output rows whose sums are begun once row `folded` is in, and that are not made yet.
  int rows_held(const Call &call, int folded) const {
    const std::vector<ops::Range> &rows = folding(call).rows;
    const auto begun = std::count_if(rows.begin(), rows.end(),
                                     [&](const ops::Range &row) { return row.lo <= folded; });
    const auto ended = ended_.find(call.node);
    return static_cast<int>(begun) - (ended == ended_.end() ? 0 : ended->second);
  }

  // Of that many rows there are sums: those that one input row is folded into.
  int most_rows_held(const Call &call) const {
    int most = 0;
    for (const ops::Range &rows : folding(call).rows) most = std::max(most, rows.hi - rows.lo);
    return most;
  }

  const ops::Access &folding(const Call &call) const {
    const std::vector<ops::Access> &inputs = mode_of(call).inputs;
    return *std::find_if(inputs.begin(), inputs.end(), [](const ops::Access &access) {
      return access.kind == ops::AccessKind::kAccumulate;
    });
  }

  void end_fold(const Call &call) {
    const ops::Mode &mode = mode_of(call);
    expect_block(call, call.state_offset, mode.state_bytes, state_owner(call.node),
                 "the accumulator");
  }

  void fold(const Call &call, int row) {
    if (!begin_fold(call, row)) return;
    const ops::Mode &mode = mode_of(call);
    if (mode.in_output)
      fold_in_output(call, row, {0, type_of(call.input_values[0]).shape.cols});
    else
      fold_in_sums(call, row);
    end_fold(call);
  }

  void fold_in_sums(const Call &call, int row) {
    const ops::Mode &mode = mode_of(call);
    for (std::size_t input = 0; input < call.inputs.size(); ++input)
      if (mode.inputs[input].kind == ops::AccessKind::kAccumulate)
        for (int col = 0; col < type_of(call.input_values[input]).shape.cols; ++col)
          read_pixel(call, input, row, col);
  }

  // Pixels [cols) of row `row` into the output's pixels: until its window is complete, such a pixel
  // counts as an accumulator. What is set may be written as soon as the order of writes allows.
  void fold_in_output(const Call &call, int row, ops::Range cols) {
    const ops::WriteOrder order = mode_of(call).order;
    const std::int64_t bytes = type_of(call.output_value).pixel_bytes();
    if (order == ops::WriteOrder::kAnywhere) {
      for (int col = cols.lo; col < cols.hi; ++col) lose_pixels_set(call, row, col);
      for (int col = cols.lo; col < cols.hi; ++col) read_pixel(call, 0, row, col);
      for (int col = cols.lo; col < cols.hi; ++col) fold_pixel(call, row, col, 0, bytes);
      return;
    }
    const std::int64_t at_once = order == ops::WriteOrder::kPixel
                                     ? bytes
                                     : ir::element_bytes(type_of(call.output_value).dtype);
    for (int col = cols.lo; col < cols.hi; ++col)
      for (std::int64_t from = 0; from < bytes; from += at_once) {
        if (order == ops::WriteOrder::kPixel)
          read_pixel(call, 0, row, col);
        else
          read_pixel(call, 0, row, col, from, from + at_once);
        fold_pixel(call, row, col, from, from + at_once);
      }
  }

  void lose_pixels_set(const Call &call, int row, int col) {
    const ops::Access &access = folding(call);
    for (int y = 0; y < static_cast<int>(access.rows.size()); ++y)
      for (int x = 0; x < static_cast<int>(access.cols.size()); ++x)
        if (access.rows[y].lo == row && access.cols[x].lo == col) lose_columns(call, y, {x, x + 1});
  }

  // Bytes [from, to) of every output pixel whose window has pixel (row, col) of the input.
  void fold_pixel(const Call &call, int row, int col, std::int64_t from, std::int64_t to) {
    const auto has = [](ops::Range range, int place) {
      return range.lo <= place && place < range.hi;
    };
    const ops::Access &access = folding(call);
    for (int y = 0; y < static_cast<int>(access.rows.size()); ++y) {
      if (!has(access.rows[y], row)) continue;
      for (int x = 0; x < static_cast<int>(access.cols.size()); ++x)
        if (has(access.cols[x], col))
          fold_into(call, y, x, access.rows[y].lo == row && access.cols[x].lo == col,
                    access.rows[y].hi == row + 1 && access.cols[x].hi == col + 1, from, to);
    }
  }

  // Folds into bytes [from, to) of an output pixel: the first of its window or the last, or both.
  void fold_into(const Call &call, int y, int x, bool is_first, bool is_last, std::int64_t from,
                 std::int64_t to) {
    const ir::ValueId value = call.output_value;
    const std::int64_t at = pixel_at(call.output, y, x), byte = byte_index(value, y, x);
    if (!may_write(call) || !in_arena(&call, at + from, to - from, Element{value, y, x})) return;
    for (std::int64_t i = from; i < to; ++i) {
      const Tag unfinished{state_owner(call.node), byte + i};
      if (!is_first && arena_.at(at + i) != unfinished)
        return report(&call, name_of(Element{value, y, x}) + ", being folded, is destroyed by " +
                                 owner_name(arena_.at(at + i)));
      arena_.put(at + i, is_last ? Tag{value, byte + i} : unfinished);
    }
    if (recorder_ != nullptr) recorder_->wrote(value, y, at + from, to - from);
    if (is_last && to == type_of(value).pixel_bytes()) mark_made(call, y, {x, x + 1});
  }

  void fill(const Call &call, int row) {
    if (next_fill_[call.port]++ != row)
      report(&call, "asks for row " + std::to_string(row) + " of a stream out of turn");
    const ops::Range all{0, type_of(call.output_value).shape.cols};
    mark_made(call, row, all);
    write_columns(call, row, all);
  }

  void emit(const Call &call, int row) {
    if (next_emit_[call.port]++ != row)
      report(&call, "hands out row " + std::to_string(row) + " out of turn");
    for (int col = 0; col < type_of(call.input_values[0]).shape.cols; ++col)
      read_pixel(call, 0, row, col);
  }

  // --- steps ---

  int rows_of(const Call &call) const {
    switch (call.phase) {
      case Phase::kBegin:
        return 1;
      case Phase::kFold:
        return rows_to_fold(call);
      case Phase::kEmit:
        return type_of(call.input_values[0]).shape.rows;
      default:
        return type_of(call.output_value).shape.rows;
    }
  }

  void run_step(const Step &step) {
    const Group &group = program_.groups[step.group];
    const Call &sink = program_.calls[group.sink];
    if (step.row >= rows_of(sink)) return report(&sink, "has no row " + std::to_string(step.row));
    if (sink.phase == Phase::kFold && (group.producer >= 0 || !group.lanes.empty()))
      return fold_pixels(group, group.producer < 0 ? nullptr : &program_.calls[group.producer],
                         sink, step.row);
    if (!group.lanes.empty() || group.producer >= 0)
      return run_group(group, sink, group.producer < 0 ? nullptr : &program_.calls[group.producer],
                       step.row);
    switch (sink.phase) {
      case Phase::kBegin:
        return begin(sink);
      case Phase::kFold:
        return fold(sink, step.row);
      case Phase::kFill:
        return fill(sink, step.row);
      case Phase::kEmit:
        return emit(sink, step.row);
      case Phase::kRow:
      case Phase::kEnd:
        return make(sink, step.row, {0, type_of(sink.output_value).shape.cols});
    }
  }

  // --- groups that run pixel by pixel ---

  // What makes pixels in a group: a lane, or the group's own call.
  struct Runner {
    const Call *call = nullptr, *producer = nullptr;
    const LineLane *lane = nullptr;  // null: the group's own call
    int reader = -1;                 // runner; lanes only
    int row = 0;
    int made = 0;                 // columns; lanes only
    std::size_t block_input = 0;  // of `call`, that its producer makes
  };

  const Call &maker(const Runner &runner) const {
    return runner.producer != nullptr ? *runner.producer : *runner.call;
  }

  // False: the pair's calls do not belong together.
  bool pair_up(Runner &runner) {
    if (runner.producer == nullptr) return true;
    const auto &values = runner.call->input_values;
    const auto found = std::find(values.begin(), values.end(), runner.producer->output_value);
    if (runner.call->phase != Phase::kRow || runner.producer->phase != Phase::kRow ||
        found == values.end()) {
      report(runner.call, "is fused with what it does not read");
      return false;
    }
    runner.block_input = found - values.begin();
    if (runner.call->inputs[runner.block_input] == runner.producer->output) return true;
    report(runner.call, "reads another tile than its producer writes");
    return false;
  }

  // Rows and columns of its inputs that pixel (row, col) of a runner needs of the value; where
  // several inputs are that value, of all of them.
  std::pair<ops::Range, ops::Range> needed(const Runner &runner, int row, int col,
                                           ir::ValueId value) const {
    ops::Range rows, cols;
    const auto widen = [](ops::Range &range, ops::Range by) {
      if (by.lo >= by.hi) return;
      range = range.lo >= range.hi
                  ? by
                  : ops::Range{std::min(range.lo, by.lo), std::max(range.hi, by.hi)};
    };
    const auto add = [&](const Call &call, ops::Range at_rows, ops::Range at_cols) {
      for (std::size_t input = 0; input < call.input_values.size(); ++input) {
        if (call.input_values[input] != value) continue;
        if (call.phase == Phase::kFold) {
          widen(rows, at_rows);
          widen(cols, at_cols);
          continue;
        }
        for (int r = at_rows.lo; r < at_rows.hi; ++r) widen(rows, rows_read(call, input, r));
        for (int c = at_cols.lo; c < at_cols.hi; ++c) widen(cols, cols_read(call, input, c));
      }
    };
    add(*runner.call, {row, row + 1}, {col, col + 1});
    if (runner.producer != nullptr)
      add(*runner.producer, rows_read(*runner.call, runner.block_input, row),
          cols_read(*runner.call, runner.block_input, col));
    return {rows, cols};
  }

  // The group's runners, its own call last. False: they do not fit together.
  bool start(const Group &group, const Call &own, const Call *producer, int row) {
    runners_.clear();
    for (const LineLane &lane : group.lanes)
      runners_.push_back({&program_.calls[lane.call],
                          lane.producer < 0 ? nullptr : &program_.calls[lane.producer], &lane,
                          lane.reader < 0 ? static_cast<int>(group.lanes.size()) : lane.reader});
    runners_.push_back({&own, producer, nullptr, -1, row});
    for (Runner &runner : runners_)
      if (!pair_up(runner)) return false;
    for (int i = static_cast<int>(group.lanes.size()) - 1; i >= 0; --i) {
      Runner &runner = runners_[i];
      if (runner.reader <= i) {
        report(runner.call, "runs ahead of what does not read it");
        return false;
      }
      runner.row = row_of_lane(runner, runners_[runner.reader]);
      if (runner.row >= 0) continue;
      report(runner.call, "has no row to make ahead of its reader");
      return false;
    }
    return true;
  }

  // -1: none.
  int row_of_lane(const Runner &runner, const Runner &reader) const {
    if (!runner.lane->follows)
      return needed(reader, reader.row, 0, runner.call->output_value).first.hi - 1;
    const auto [value, rows] = followed(runner, reader);
    const int row_count = type_of(reader.call->output_value).shape.rows;
    int end = type_of(value).shape.rows;
    if (reader.row + 1 < row_count) end = needed(reader, reader.row + 1, 0, value).first.lo;
    for (int row = type_of(runner.call->output_value).shape.rows - 1; row >= 0; --row) {
      const int last = rows_read(maker(runner), 0, row).hi;
      if (last > rows.lo && last <= end) return row;
    }
    return -1;
  }

  // What a follower and its reader both read, and the reader's rows of it.
  std::pair<ir::ValueId, ops::Range> followed(const Runner &runner, const Runner &reader) const {
    const ir::ValueId value = maker(runner).input_values.at(0);
    return {value, needed(reader, reader.row, 0, value).first};
  }

  void run_group(const Group &group, const Call &own, const Call *producer, int row) {
    if (!start(group, own, producer, row)) return;
    const int width = type_of(own.output_value).shape.cols;
    for (int i = 0; i < width && !is_full(); ++i)
      make_pixel(runners_.back(), group.columns_descend ? width - 1 - i : i);
    finish_lanes();
  }

  void finish_lanes() {
    for (const Runner &runner : runners_)
      if (runner.lane != nullptr && runner.made != type_of(runner.call->output_value).shape.cols)
        report(runner.call, "leaves a row unfinished");
    runners_.clear();
  }

  // Pixel (row, col) of a runner, after what it needs, before what follows it.
  void make_pixel(const Runner &runner, int col) {
    const int index = static_cast<int>(&runner - runners_.data());
    for (Runner &lane : runners_)
      if (lane.lane != nullptr && lane.reader == index && !lane.lane->follows)
        pull(lane, needed(runner, runner.row, col, lane.call->output_value).second.hi);
    make_block(runner, col);
    if (runner.call->phase == Phase::kRow && !folds_block(runner))
      make(*runner.call, runner.row, {col, col + 1});
    for (Runner &lane : runners_)
      if (lane.lane != nullptr && lane.reader == index && lane.lane->follows)
        pull(lane, followed_cols(lane, runner, col));
  }

  // Each pixel of its block as it is made, in the output.
  bool folds_block(const Runner &runner) const {
    return runner.producer != nullptr && mode_of(*runner.call).in_output;
  }

  void make_block(const Runner &runner, int col) {
    if (runner.producer == nullptr) return;
    const ops::Range rows = rows_read(*runner.call, runner.block_input, runner.row);
    const ops::Range cols = cols_read(*runner.call, runner.block_input, col);
    const int slots = runner.producer->output.col_slots;
    if (folds_block(runner)) return fold_block(runner, rows, cols);
    if (cols.lo % slots != 0 || cols.hi - cols.lo > slots)
      report(runner.call, "has a window that does not begin where its tile does");
    for (int r = rows.lo; r < rows.hi; ++r) make(*runner.producer, r, cols);
  }

  void fold_block(const Runner &runner, ops::Range rows, ops::Range cols) {
    for (int r = rows.lo; r < rows.hi; ++r)
      for (int c = cols.lo; c < cols.hi; ++c) {
        make(*runner.producer, r, {c, c + 1});
        fold_in_output(*runner.call, r, {c, c + 1});
      }
  }

  void pull(Runner &lane, int end) {
    while (lane.made < end && !is_full()) {
      save_pixel(lane);
      make_pixel(lane, lane.made);
      ++lane.made;
    }
  }

  // Columns of a follower that only read what its reader is done with after column `col`.
  int followed_cols(const Runner &lane, const Runner &reader, int col) const {
    const ir::ValueId value = maker(lane).input_values.at(0);
    const int width = type_of(lane.call->output_value).shape.cols;
    if (col + 1 >= type_of(reader.call->output_value).shape.cols) return width;
    const int end = needed(reader, reader.row, col + 1, value).second.lo;
    int made = 0;
    while (made < width && needed(lane, lane.row, made, value).second.hi <= end) ++made;
    return made;
  }

  // The saved pixels move up by one; the next pixel to be replaced comes behind them.
  void save_pixel(const Runner &runner) {
    if (runner.lane->saved_cols == 0 || runner.call->output.port >= 0) return;
    const std::int64_t bytes = type_of(runner.call->output_value).pixel_bytes();
    const std::int64_t saved = runner.lane->saved_offset;
    const std::int64_t kept = (runner.lane->saved_cols - 1) * bytes;
    const std::int64_t from = pixel_at(runner.call->output, runner.row, runner.made);
    if (!in_arena(runner.call, saved, kept + bytes, "a saved pixel") ||
        !in_arena(runner.call, from, bytes, "a pixel to save"))
      return;
    for (std::int64_t byte = 0; byte < kept; ++byte)
      arena_.put(saved + byte, arena_.at(saved + byte + bytes));
    for (std::int64_t byte = 0; byte < bytes; ++byte)
      arena_.put(saved + kept + byte, arena_.at(from + byte));
    if (recorder_ != nullptr && runner.made == 0)
      recorder_->saved(runner.call->output_value, runner.row - runner.call->output.row_slots, saved,
                       kept + bytes);
  }

  // The row that a lane of the running group replaces is among the saved pixels; a call that walks
  // through rows finds it there only as the first of a window.
  Place read_at(const Call &call, std::size_t input, int row, int col) const {
    const ir::ValueId value = call.input_values[input];
    for (const Runner &runner : runners_)
      if (runner.lane != nullptr && runner.lane->saved_cols > 0 &&
          runner.call->output_value == value && row == runner.row - runner.call->output.row_slots)
        return {-1, runner.lane->saved_offset + (runner.lane->saved_cols - runner.made + col) *
                                                    type_of(value).pixel_bytes()};
    return {call.inputs[input].port, pixel_at(call.inputs[input], row, col)};
  }

  // Folds row `row` in, each pixel as the producer, or a lane, makes it.
  void fold_pixels(const Group &group, const Call *producer, const Call &sink, int row) {
    if (sink.inputs.size() != 1 || !mode_of(sink).inputs[0].by_columns)
      return report(&sink, "cannot fold pixel by pixel");
    if (producer != nullptr &&
        (producer->phase != Phase::kRow || sink.input_values[0] != producer->output_value ||
         !(sink.inputs[0] == producer->output)))
      return report(&sink, "folds what its producer does not make");
    if (!begin_fold(sink, row)) return;
    if (!start(group, producer == nullptr ? sink : *producer, nullptr, row)) return;
    for (int col = 0; col < type_of(sink.input_values[0]).shape.cols && !is_full(); ++col) {
      make_pixel(runners_.back(), col);
      if (mode_of(sink).in_output)
        fold_in_output(sink, row, {col, col + 1});
      else
        read_pixel(sink, 0, row, col);
    }
    finish_lanes();
    end_fold(sink);
  }

  // --- ports ---

  void put_inputs() {
    for (std::size_t i = 0; i < graph_.inputs().size(); ++i) {
      const std::int64_t offset = program_.input_offsets[i];
      const ir::ValueId value = graph_.inputs()[i].value;
      const std::int64_t bytes = type_of(value).bytes();
      if (offset >= 0 || program_.borrows_inputs)
        pixels_made_[value].assign(pixels_made_[value].size(), true);
      if (offset < 0) continue;
      if (!in_arena(nullptr, offset, bytes, "an input of the network")) continue;
      for (std::int64_t byte = 0; byte < bytes; ++byte) arena_.put(offset + byte, {value, byte});
      if (recorder_ == nullptr) continue;
      const std::int64_t row_bytes = type_of(value).row_bytes();
      for (int row = 0; row < type_of(value).shape.rows; ++row)
        recorder_->wrote(value, row, offset + row * row_bytes, row_bytes);
    }
  }

  void check_outputs() {
    for (std::size_t i = 0; i < graph_.outputs().size(); ++i) {
      const ir::ValueId value = graph_.outputs()[i].value;
      const std::string name = "output '" + graph_.value(value).name + "'";
      if (next_emit_[i] != type_of(value).shape.rows)
        report(nullptr, "rows of " + name + " are not handed out");
      const std::int64_t offset = program_.output_offsets[i], bytes = type_of(value).bytes();
      if (offset < 0 || !in_arena(nullptr, offset, bytes, name)) continue;
      for (std::int64_t byte = 0; byte < bytes; ++byte) {
        if (recorder_ != nullptr) recorder_->read(origins_.origin(value, byte));
        if (arena_.at(offset + byte) == origins_.origin(value, byte)) continue;
        report(nullptr, name + " is not all there at the end: " +
                            owner_name(arena_.at(offset + byte)) + " lies in it");
        break;
      }
    }
  }

  const ir::Graph &graph_;
  const Behaviours &behaviours_;
  const Program &program_;
  const int most_;
  ArenaRecorder *const recorder_;  // or null
  TaggedArena arena_;
  const std::vector<TaggedArena> lent_;  // by port, where inputs are borrowed
  const Origins origins_;
  std::vector<int> next_fill_, next_emit_;      // by port
  std::vector<std::vector<bool>> pixels_made_;  // by ValueId
  std::map<ir::NodeId, int> folded_;            // rows folded in since begin
  std::map<ir::NodeId, int> ended_;             // rows made since, where they come one by one
  std::map<ir::NodeId, int> next_carried_;      // row that the state is ready for
  std::vector<Runner> runners_;                 // of the running group, if it runs pixel by pixel
  std::size_t step_ = 0;
  Diagnostics findings_;
};

}  // namespace

Diagnostics check_plan(const ir::Graph &graph, const Program &program, int most) {
  return check_plan(graph, behaviours_of(graph), program, most);
}

Diagnostics check_plan(const ir::Graph &graph, const Behaviours &behaviours, const Program &program,
                       int most, ArenaRecorder *recorder) {
  return Checker(graph, behaviours, program, most, recorder).run();
}

}  // namespace thimble::plan

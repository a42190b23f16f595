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

#include "plan/tagged_arena.h"

namespace thimble::plan {
namespace {

std::vector<bool> nodes_that_run(const ir::Graph &graph, const Program &program) {
  std::vector<bool> runs(graph.nodes().size(), false);
  for (const Call &call : program.calls)
    if (call.node >= 0 && call.node < static_cast<int>(runs.size())) runs[call.node] = true;
  return runs;
}

class Checker {
 public:
  Checker(const ir::Graph &graph, const Program &program, int most)
      : graph_(graph),
        program_(program),
        most_(most),
        arena_(std::max<std::int64_t>(program.arena_bytes, 0)),
        origins_(graph, nodes_that_run(graph, program)),
        next_fill_(graph.inputs().size(), 0),
        next_emit_(graph.outputs().size(), 0) {
    for (const ir::Value &value : graph.values())
      pixels_made_.emplace_back(value.type.shape.rows * value.type.shape.cols, false);
  }

  Diagnostics run() {
    if (!is_well_formed()) return std::move(findings_);
    put_inputs();
    for (step_ = 0; step_ < program_.steps.size() && !is_full(); ++step_)
      run_step(program_.steps[step_]);
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
      for (const LineLane &lane : group.lanes)
        if (lane.call < 0 || lane.call >= calls || lane.saved_cols < 1)
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
    const auto is_address = [](const Address &address) {
      return address.row_slots > 0 && address.col_slots > 0;
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
    return call.input_values == node.inputs && call.output_value == node.outputs[0] &&
           call.mode >= 0 && call.mode < static_cast<int>(modes_of(call.node).size());
  }

  // --- bytes ---

  bool in_arena(const Call *call, std::int64_t at, std::int64_t bytes, const std::string &what) {
    if (arena_.contains(at, bytes)) return true;
    report(call, what + " lies outside the arena");
    return false;
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

  std::string element_name(ir::ValueId value, int row, int col) const {
    return "'" + graph_.value(value).name + "' row " + std::to_string(row) + " column " +
           std::to_string(col);
  }

  std::string owner_name(const Tag &tag) const {
    if (tag.owner >= 0) {
      const ir::Type &type = type_of(tag.owner);
      return element_name(tag.owner, static_cast<int>(tag.byte / type.row_bytes()),
                          static_cast<int>(tag.byte % type.row_bytes() / type.pixel_bytes()));
    }
    return tag.owner == Tag::kNothing ? "nothing" : "an accumulator or workspace";
  }

  // Bytes [from, to) of one pixel must hold what the value's bytes are.
  void read_pixel(const Call &call, std::size_t input, int row, int col, std::int64_t from,
                  std::int64_t to) {
    const ir::ValueId value = call.input_values[input];
    const std::int64_t at = read_at(call, input, row, col);
    if (!in_arena(&call, at + from, to - from, element_name(value, row, col))) return;
    for (std::int64_t byte = from; byte < to; ++byte) {
      const Tag expected = origins_.origin(value, byte_index(value, row, col) + byte);
      if (arena_.at(at + byte) == expected) continue;
      return report(&call, "reads " + element_name(value, row, col) + " where " +
                               owner_name(arena_.at(at + byte)) + " lies");
    }
  }

  void read_pixel(const Call &call, std::size_t input, int row, int col) {
    read_pixel(call, input, row, col, 0, type_of(call.input_values[input]).pixel_bytes());
  }

  void write_pixel(const Call &call, int row, int col, std::int64_t from, std::int64_t to) {
    const std::int64_t at = pixel_at(call.output, row, col);
    const ir::ValueId value = call.output_value;
    if (!in_arena(&call, at + from, to - from, element_name(value, row, col))) return;
    for (std::int64_t byte = from; byte < to; ++byte)
      arena_.put(at + byte, {value, byte_index(value, row, col) + byte});
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
      if (!arena_.contains(at, bytes)) continue;  // reported by the write
      for (std::int64_t byte = 0; byte < bytes; ++byte) arena_.put(at + byte, {});
    }
  }

  void put_block(const Call &call, std::int64_t at, std::int64_t bytes, int owner) {
    if (bytes == 0 || !in_arena(&call, at, bytes, "an accumulator or workspace")) return;
    for (std::int64_t byte = 0; byte < bytes; ++byte) arena_.put(at + byte, {owner, byte});
  }

  void expect_block(const Call &call, std::int64_t at, std::int64_t bytes, int owner,
                    const std::string &what) {
    if (bytes == 0 || !arena_.contains(at, bytes)) return;
    for (std::int64_t byte = 0; byte < bytes; ++byte)
      if (arena_.at(at + byte) != Tag{owner, byte})
        return report(&call, what + " is destroyed by " + owner_name(arena_.at(at + byte)));
  }

  // --- calls ---

  const std::vector<ops::Mode> &modes_of(ir::NodeId node) const {
    const auto found = modes_.find(node);
    if (found != modes_.end()) return found->second;
    const auto modes = ops::operator_of(graph_.node(node)).modes;
    return modes_[node] = modes ? modes(graph_, graph_.node(node)) : std::vector<ops::Mode>{};
  }

  const ops::Mode &mode_of(const Call &call) const { return modes_of(call.node)[call.mode]; }

  // Rows of an input that output row `row` reads.
  ops::Range rows_read(const Call &call, std::size_t input, int row) const {
    const ops::Access &access = mode_of(call).inputs[input];
    if (access.kind == ops::AccessKind::kAccumulate) return {};
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
    mark_made(call, row, cols);
    put_block(call, call.workspace_offset, mode.workspace_bytes, workspace_owner(call.node));
    if (mode.order == ops::WriteOrder::kAnywhere || call.phase == Phase::kEnd) {
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

  void expect_state(const Call &call, int row) {
    if (call.phase != Phase::kEnd) return;
    const std::vector<ops::Range> &rows = folding(call).rows;
    if (!rows.empty() && ended_[call.node]++ != row) report(&call, "makes a row out of turn");
    if (folded_[call.node] < (rows.empty() ? rows_to_fold(call) : rows[row].hi))
      report(&call, "ends before every row is folded in");
    expect_block(call, call.state_offset, mode_of(call).state_bytes, state_owner(call.node),
                 "the accumulator");
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
        report(&call, "makes " + element_name(call.output_value, row, col) + " twice");
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
    const auto folded = folded_.find(call.node);
    if (folded == folded_.end() || folded->second != row || row >= rows_to_fold(call)) {
      report(&call, "folds row " + std::to_string(row) + " out of turn");
      return false;
    }
    ++folded->second;
    const ops::Mode &mode = mode_of(call);
    if (rows_held(call, row) > most_rows_held(call))
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
    for (std::size_t input = 0; input < call.inputs.size(); ++input)
      if (mode.inputs[input].kind == ops::AccessKind::kAccumulate)
        for (int col = 0; col < type_of(call.input_values[input]).shape.cols; ++col)
          read_pixel(call, input, row, col);
    end_fold(call);
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
    if (sink.phase == Phase::kFold && group.producer >= 0)
      return fold_pixels(group, program_.calls[group.producer], sink, step.row);
    if (!group.lanes.empty()) return run_lanes(group, sink, step.row);
    if (group.producer >= 0) return run_pair(program_.calls[group.producer], sink, step.row);
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

  void run_pair(const Call &producer, const Call &sink, int row) {
    const auto found =
        std::find(sink.input_values.begin(), sink.input_values.end(), producer.output_value);
    if (sink.phase != Phase::kRow || producer.phase != Phase::kRow ||
        found == sink.input_values.end())
      return report(&sink, "is fused with what it does not read");
    const std::size_t input = found - sink.input_values.begin();
    if (!(sink.inputs[input] == producer.output))
      return report(&sink, "reads another tile than its producer writes");
    const ops::Range rows = rows_read(sink, input, row);
    for (int col = 0; col < type_of(sink.output_value).shape.cols && !is_full(); ++col) {
      const ops::Range cols = cols_read(sink, input, col);
      if (cols.lo % producer.output.col_slots != 0 || cols.hi - cols.lo > producer.output.col_slots)
        report(&sink, "has a window that does not begin where its tile does");
      for (int r = rows.lo; r < rows.hi; ++r) make(producer, r, cols);
      make(sink, row, {col, col + 1});
    }
  }

  // One lane of a running group, and what of it the next call sees.
  struct Running {
    const LineLane *lane = nullptr;
    const Call *call = nullptr;
    int row = 0;      // that it makes
    int old_row = 0;  // that lay there: read from the saved pixels
    int made = 0;     // columns
  };

  // Lanes ahead of row `reader_row` of a call; none where they do not fit.
  std::vector<Running> start_lanes(const Group &group, const Call *reader, int reader_row) {
    std::vector<Running> lanes(group.lanes.size());
    for (int i = static_cast<int>(lanes.size()) - 1; i >= 0; --i) {
      const Call &call = program_.calls[group.lanes[i].call];
      if (!is_lane_of(call, *reader)) {
        report(&call, "runs ahead of what does not read it");
        return {};
      }
      const ops::Range rows = rows_read(*reader, 0, reader_row);
      lanes[i] = {&group.lanes[i], &call, rows.hi - 1, rows.lo, 0};
      if (rows.lo % call.output.row_slots != lanes[i].row % call.output.row_slots)
        report(&call, "does not replace the row that its reader is done with");
      reader = &call;
      reader_row = lanes[i].row;
    }
    return lanes;
  }

  void finish_lanes(const std::vector<Running> &lanes) {
    for (const Running &lane : lanes)
      if (lane.made != type_of(lane.call->output_value).shape.cols)
        report(lane.call, "leaves a row unfinished");
  }

  void run_lanes(const Group &group, const Call &sink, int row) {
    if (group.producer >= 0) return report(&sink, "has lanes and a block before it");
    std::vector<Running> lanes = start_lanes(group, &sink, row);
    for (int col = 0; col < type_of(sink.output_value).shape.cols && !is_full(); ++col)
      make_pixel(sink, row, col, lanes, static_cast<int>(lanes.size()) - 1);
    finish_lanes(lanes);
  }

  // Folds row `row` in, each pixel as the producer makes it.
  void fold_pixels(const Group &group, const Call &producer, const Call &sink, int row) {
    if (producer.phase != Phase::kRow || sink.inputs.size() != 1 ||
        sink.input_values[0] != producer.output_value || !(sink.inputs[0] == producer.output))
      return report(&sink, "folds what its producer does not make");
    if (!begin_fold(sink, row)) return;
    std::vector<Running> lanes = start_lanes(group, &producer, row);
    for (int col = 0; col < type_of(producer.output_value).shape.cols && !is_full(); ++col) {
      make_pixel(producer, row, col, lanes, static_cast<int>(lanes.size()) - 1);
      read_pixel(sink, 0, row, col);
    }
    finish_lanes(lanes);
    end_fold(sink);
  }

  bool is_lane_of(const Call &call, const Call &reader) const {
    return call.phase == Phase::kRow && reader.phase == Phase::kRow && reader.inputs.size() == 1 &&
           reader.input_values[0] == call.output_value && reader.inputs[0] == call.output &&
           mode_of(reader).inputs[0].kind == ops::AccessKind::kWindow;
  }

  // Pixel (row, col) of a call that reads lane `ahead` (-1: none), after what it needs.
  void make_pixel(const Call &call, int row, int col, std::vector<Running> &lanes, int ahead) {
    if (ahead < 0) return make(call, row, {col, col + 1});
    Running &lane = lanes[ahead];
    const int end = cols_read(call, 0, col).hi;
    while (lane.made < end && !is_full()) {
      save_pixel(lane);
      make_pixel(*lane.call, lane.row, lane.made, lanes, ahead - 1);
      ++lane.made;
    }
    line_ = &lane;
    make(call, row, {col, col + 1});
    line_ = nullptr;
  }

  // The saved pixels move up by one; the next pixel to be replaced comes behind them.
  void save_pixel(const Running &lane) {
    const std::int64_t bytes = type_of(lane.call->output_value).pixel_bytes();
    const std::int64_t saved = lane.lane->saved_offset;
    const std::int64_t kept = (lane.lane->saved_cols - 1) * bytes;
    const std::int64_t from = pixel_at(lane.call->output, lane.row, lane.made);
    if (!in_arena(lane.call, saved, kept + bytes, "a saved pixel") ||
        !in_arena(lane.call, from, bytes, "a pixel to save"))
      return;
    for (std::int64_t byte = 0; byte < kept; ++byte)
      arena_.put(saved + byte, arena_.at(saved + byte + bytes));
    for (std::int64_t byte = 0; byte < bytes; ++byte)
      arena_.put(saved + kept + byte, arena_.at(from + byte));
  }

  std::int64_t read_at(const Call &call, std::size_t input, int row, int col) const {
    if (line_ != nullptr && row == line_->old_row)
      return line_->lane->saved_offset + (line_->lane->saved_cols - line_->made + col) *
                                             type_of(call.input_values[input]).pixel_bytes();
    return pixel_at(call.inputs[input], row, col);
  }

  // --- ports ---

  void put_inputs() {
    for (std::size_t i = 0; i < graph_.inputs().size(); ++i) {
      const std::int64_t offset = program_.input_offsets[i];
      if (offset < 0) continue;
      const ir::ValueId value = graph_.inputs()[i].value;
      const std::int64_t bytes = type_of(value).bytes();
      pixels_made_[value].assign(pixels_made_[value].size(), true);
      if (!in_arena(nullptr, offset, bytes, "an input of the network")) continue;
      for (std::int64_t byte = 0; byte < bytes; ++byte) arena_.put(offset + byte, {value, byte});
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
        if (arena_.at(offset + byte) == origins_.origin(value, byte)) continue;
        report(nullptr, name + " is not all there at the end: " +
                            owner_name(arena_.at(offset + byte)) + " lies in it");
        break;
      }
    }
  }

  const ir::Graph &graph_;
  const Program &program_;
  const int most_;
  TaggedArena arena_;
  const Origins origins_;
  std::vector<int> next_fill_, next_emit_;      // by port
  std::vector<std::vector<bool>> pixels_made_;  // by ValueId
  std::map<ir::NodeId, int> folded_;            // rows folded in since begin
  std::map<ir::NodeId, int> ended_;             // rows made since, where they come one by one
  std::map<ir::NodeId, int> next_carried_;      // row that the state is ready for
  mutable std::map<ir::NodeId, std::vector<ops::Mode>> modes_;
  const Running *line_ = nullptr;  // what the running call reads ahead of it, if anything
  std::size_t step_ = 0;
  Diagnostics findings_;
};

}  // namespace

Diagnostics check_plan(const ir::Graph &graph, const Program &program, int most) {
  return Checker(graph, program, most).run();
}

}  // namespace thimble::plan

// Binding and printing groups (groups.h).
#include "codegen/groups.h"

#include <algorithm>

#include "ctext/literals.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

using plan::Call;
using plan::Phase;

bool is_kernel(const Call &call) { return call.node >= 0; }

std::string prefix_of(Phase phase) {
  switch (phase) {
    case Phase::kBegin:
      return "begin_";
    case Phase::kFold:
      return "fold_";
    case Phase::kEnd:
      return "end_";
    case Phase::kFill:
      return "in_";
    case Phase::kEmit:
      return "out_";
    default:
      return "row_";
  }
}

// "row_conv1" counts in y_conv1, "fold_fc" in y_fold_fc.
std::string counter_name(const std::string &function) {
  return "y_" + (function.starts_with("row_") ? function.substr(4) : function);
}

// Rows that the steps make with this group, in order.
std::vector<int> rows_made(const plan::Program &program, int group) {
  std::vector<int> rows;
  for (const plan::Step &step : program.steps) {
    if (step.group == group) rows.push_back(step.row);
  }
  return rows;
}

// Rows that the steps make by any group with this call's node and phase as sink.
std::vector<int> rows_of_sink(const plan::Program &program, const Call &sink) {
  std::vector<int> rows;
  for (const plan::Step &step : program.steps) {
    const Call &call = program.calls.at(program.groups.at(step.group).sink);
    if (call.node == sink.node && call.phase == sink.phase && call.port == sink.port)
      rows.push_back(step.row);
  }
  return rows;
}

bool all_equal(const std::vector<int> &rows) {
  return std::all_of(rows.begin(), rows.end(), [&](int row) { return row == rows.front(); });
}

bool ascend_by_one(const std::vector<int> &rows) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i] != rows[i - 1] + 1) return false;
  }
  return true;
}

// The input of `sink` that is the fused producer's block.
int tile_input(const Call &sink, const Call &producer) {
  const auto &values = sink.input_values;
  const auto found = std::find(values.begin(), values.end(), producer.output_value);
  CHECK(found != values.end(), "a fused sink does not read its producer");
  return static_cast<int>(found - values.begin());
}

const ops::Access access_of(const ir::Graph &graph, const Call &call, int input) {
  const ir::Node &node = graph.node(call.node);
  return ops::operator_of(node).modes(graph, node).at(call.mode).inputs.at(input);
}

// Its rows are made from each other, not from sums.
bool carries(const ir::Graph &graph, const Call &call) {
  return access_of(graph, call, 0).kind == ops::AccessKind::kCarry;
}

std::vector<int> ends(const std::vector<ops::Range> &ranges, int ops::Range::*end) {
  std::vector<int> result;
  for (const ops::Range &range : ranges) result.push_back(range.*end);
  return result;
}

std::vector<int> widths(const std::vector<ops::Range> &ranges) {
  std::vector<int> result;
  for (const ops::Range &range : ranges) result.push_back(range.hi - range.lo);
  return result;
}

Position whole_row(const ir::Graph &graph, const Call &call, const Index &row) {
  Position position;
  position.row = row;
  position.x0 = position.out_col = Index::known(0);
  const ir::ValueId value =
      call.phase == Phase::kFold ? call.input_values.at(0) : call.output_value;
  position.x1 = Index::known(value >= 0 ? graph.value(value).type.shape.cols : 0);
  return position;
}

class GroupBinder {
 public:
  GroupBinder(const ir::Graph &graph, const plan::Program &program, Binder &binder,
              Functions &functions)
      : graph_(graph), program_(program), binder_(binder), functions_(functions) {}

  // Errors: those of Binder::bind.
  Status bind(const plan::Group &group, GroupCode &code) {
    const Call &sink = program_.calls.at(group.sink);
    const bool folds_pixels = sink.phase == Phase::kFold && group.producer >= 0;
    if (folds_pixels || !group.lanes.empty()) return bind_lanes(group, sink, code);
    if (group.producer < 0)
      return bind_call(sink, whole_row(graph_, sink, code.row), code.sink_call);
    return bind_pair(sink, program_.calls.at(group.producer), code);
  }

 private:
  Status bind_call(const Call &call, const Position &position, int &number) {
    TRY(KernelCall bound, binder_.bind(call, position));
    number = functions_.add(std::move(bound));
    return Unit{};
  }

  Status bind_pair(const Call &sink, const Call &producer, GroupCode &code) {
    const int input = tile_input(sink, producer);
    const ops::Access access = access_of(graph_, sink, input);
    code.cols = graph_.value(sink.output_value).type.shape.cols;
    const Index col = code.cols == 1 ? Index::known(0) : Index{"x", {}};
    const Index first_row = element_at(ends(access.rows, &ops::Range::lo), code.row);
    const Index last_row = element_at(ends(access.rows, &ops::Range::hi), code.row);
    code.first_producer_row = first_row.text();
    code.last_producer_row = last_row.text();
    const bool one_row =
        first_row.fixed && last_row.fixed && *last_row.fixed == *first_row.fixed + 1;
    code.producer_row = one_row ? first_row : Index{"r", {}};

    Position block = whole_row(graph_, producer, code.producer_row);
    if (!access.cols.empty()) {
      block.x0 = element_at(ends(access.cols, &ops::Range::lo), col);
      block.x1 = element_at(ends(access.cols, &ops::Range::hi), col);
      for (const ops::Range &range : access.cols) {
        CHECK(range.lo % producer.output.col_slots == 0 &&
                  range.hi - range.lo <= producer.output.col_slots,
              "a block of '" + graph_.node(producer.node).name + "' wraps around its tile");
      }
    }
    if (Status done = bind_call(producer, block, code.producer_call); !done) return done;

    Position pixel = whole_row(graph_, sink, code.row);
    pixel.x1 = Index::known(1);
    pixel.out_col = pixel.sink_col = col;
    pixel.tile_input = input;
    pixel.tile_cols = access.cols.empty() ? block.x1 : element_at(widths(access.cols), col);
    return bind_call(sink, pixel, code.sink_call);
  }

  // From the sink back: what a lane does follows from what the next one is about to read.
  Status bind_lanes(const plan::Group &group, const Call &sink, GroupCode &code) {
    const Call *reader = group.producer < 0 ? &sink : &program_.calls.at(group.producer);
    code.by_pixel = true;
    code.cols = graph_.value(reader->output_value).type.shape.cols;
    code.lanes.resize(group.lanes.size());
    Index row = code.row, col = code.cols == 1 ? Index::known(0) : Index{"x", {}};
    int *number = &code.sink_call;
    if (group.producer >= 0) {
      if (Status done = bind_call(sink, pixel_at(row, col), *number); !done) return done;
      number = &code.producer_call;
    }
    for (std::size_t depth = 1; depth <= group.lanes.size(); ++depth) {
      const plan::LineLane &lane = group.lanes[group.lanes.size() - depth];
      const ops::Access access = access_of(graph_, *reader, 0);
      LaneCode &lane_code = code.lanes[group.lanes.size() - depth];
      lane_code.col = "x" + std::to_string(depth);
      lane_code.end = element_at(ends(access.cols, &ops::Range::hi), col).text();
      Position pixel = pixel_at(row, col);
      pixel.top = saved_row(*reader, lane, lane_code.col);
      if (Status done = bind_call(*reader, pixel, *number); !done) return done;
      row = last_row_read(access, row, "y" + std::to_string(depth), lane_code);
      col = Index{lane_code.col, {}};
      reader = &program_.calls.at(lane.call);
      lane_code.save = save_pixel(*reader, lane, row, col);
      number = &lane_code.call;
    }
    return bind_call(*reader, pixel_at(row, col), *number);
  }

  static Position pixel_at(const Index &row, const Index &col) {
    Position position;
    position.row = row;
    position.x0 = position.out_col = col;
    position.x1 = col.fixed ? Index::known(*col.fixed + 1) : Index{col.variable + " + 1", {}};
    return position;
  }

  // The lane's row, as a variable where it is not the same each time.
  static Index last_row_read(const ops::Access &access, const Index &row, const std::string &name,
                             LaneCode &code) {
    std::vector<int> last = ends(access.rows, &ops::Range::hi);
    for (int &end : last) --end;
    const Index value = element_at(last, row);
    if (value.fixed) return value;
    code.row = name;
    code.row_value = value.text();
    return {name, {}};
  }

  // Where the reader finds the row that the lane replaces: see plan::LineLane.
  Expression saved_row(const Call &reader, const plan::LineLane &lane, const std::string &made) {
    const plan::Address &address = reader.inputs.at(0);
    const int element = ir::element_bytes(graph_.value(reader.input_values.at(0)).type.dtype);
    const std::int64_t end =
        lane.saved_offset + lane.saved_cols * address.pixel_pitch - address.offset;
    return {std::to_string(end / element) + " - " + made + " * " +
                std::to_string(address.pixel_pitch / element),
            false};
  }

  std::vector<std::string> save_pixel(const Call &call, const plan::LineLane &lane,
                                      const Index &row, const Index &col) {
    const ArenaStyle &style = binder_.style();
    const std::string type = style.element + " *";
    const std::int64_t bytes = call.output.pixel_pitch, kept = (lane.saved_cols - 1) * bytes;
    const auto at = [&](std::int64_t offset) { return pointer_at(style, type, offset).text; };
    const int rows = graph_.value(call.output_value).type.shape.rows;
    const std::string size = std::to_string(bytes);
    std::vector<std::string> save;
    if (kept > 0)
      save.push_back("memmove(" + at(lane.saved_offset) + ", " + at(lane.saved_offset + bytes) +
                     ", " + std::to_string(kept) + ");");
    save.push_back("memcpy(" + at(lane.saved_offset + kept) + ", " +
                   pointer_to(style, type, call.output, rows, row, col).text + ", " + size + ");");
    return save;
  }

  const ir::Graph &graph_;
  const plan::Program &program_;
  Binder &binder_;
  Functions &functions_;
};

std::string shape_text(const ir::Graph &graph, ir::ValueId value) {
  const ir::Shape &shape = graph.value(value).type.shape;
  return "'" + ctext::comment_text(graph.value(value).name) + "' (" + std::to_string(shape.rows) +
         " x " + std::to_string(shape.cols) + " x " + std::to_string(shape.channels) + ")";
}

std::string node_text(const ir::Graph &graph, const Call &call) {
  const ir::Node &node = graph.node(call.node);
  return ctext::comment_text(node.name) + " (" + node.op + ")";
}

std::string place_text(const plan::Address &address) {
  return std::to_string(address.row_slots) + (address.row_slots == 1 ? " row" : " rows") + " of " +
         std::to_string(address.row_pitch) + " bytes from byte " + std::to_string(address.offset);
}

// What the function is for: which tensors, and where they lie.
std::string group_comment(const ir::Graph &graph, const plan::Program &program,
                          const plan::Group &group) {
  const Call &sink = program.calls.at(group.sink);
  std::string text = node_text(graph, sink);
  if (group.producer >= 0) {
    const Call &producer = program.calls.at(group.producer);
    text = node_text(graph, producer) + ", block by block, and " + text;
  }
  for (auto lane = group.lanes.rbegin(); lane != group.lanes.rend(); ++lane)
    text += ", " +
            std::string(lane == group.lanes.rbegin() ? "pixel by pixel ahead of it " : "of ") +
            node_text(graph, program.calls.at(lane->call));
  text += ": ";
  switch (sink.phase) {
    case Phase::kBegin:
      return text + (carries(graph, sink) ? "its state is set" : "its sums start") + ", at byte " +
             std::to_string(sink.state_offset) + ".";
    case Phase::kFold:
      return text + "row y of " + shape_text(graph, sink.input_values.at(0)) +
             " is added to its sums.";
    default:
      break;
  }
  text += "row y of " + shape_text(graph, sink.output_value) + ", " + place_text(sink.output);
  for (std::size_t i = 0; i < sink.input_values.size() && sink.phase == Phase::kRow; ++i) {
    text += (i == 0 ? "; reads " : " and ") + shape_text(graph, sink.input_values[i]) + ", " +
            place_text(sink.inputs[i]);
  }
  return text + ".";
}

void print_call(ctext::CWriter &writer, const Functions &functions, int call) {
  writer.list(functions.name(call) + "(", functions.arguments(call), ");");
}

// One lane and those before it: columns up to what the next call is about to read.
void print_lane(ctext::CWriter &writer, const GroupCode &code, std::size_t lane,
                const Functions &functions) {
  const LaneCode &mine = code.lanes[lane];
  const bool is_word = mine.end.find(' ') == std::string::npos;
  const std::string end = is_word ? mine.end : "(" + mine.end + ")";
  writer.open("for (; " + mine.col + " < " + end + "; ++" + mine.col + ")");
  if (lane > 0) print_lane(writer, code, lane - 1, functions);
  for (const std::string &statement : mine.save) writer.line(statement);
  print_call(writer, functions, mine.call);
  writer.close();
}

void print_lanes(ctext::CWriter &writer, const GroupCode &code, const Functions &functions) {
  for (auto lane = code.lanes.rbegin(); lane != code.lanes.rend(); ++lane) {
    if (!lane->row_value.empty())
      writer.line("const int " + lane->row + " = " + lane->row_value + ";");
    writer.line("int " + lane->col + " = 0;");
  }
  if (code.cols > 1) writer.open("for (int x = 0; x < " + std::to_string(code.cols) + "; ++x)");
  if (!code.lanes.empty()) print_lane(writer, code, code.lanes.size() - 1, functions);
  if (code.producer_call >= 0) print_call(writer, functions, code.producer_call);
  print_call(writer, functions, code.sink_call);
  if (code.cols > 1) writer.close();
}

void print_pair(ctext::CWriter &writer, const GroupCode &code, const Functions &functions) {
  const bool loop_cols = code.cols > 1;
  const bool loop_rows = !code.producer_row.fixed;
  if (loop_cols) writer.open("for (int x = 0; x < " + std::to_string(code.cols) + "; ++x)");
  if (loop_rows) {
    writer.open("for (int r = " + code.first_producer_row + "; r < " + code.last_producer_row +
                "; ++r)");
  }
  print_call(writer, functions, code.producer_call);
  if (loop_rows) writer.close();
  print_call(writer, functions, code.sink_call);
  if (loop_cols) writer.close();
}

// What the lanes use; a row that none of them does is not worked out.
std::string drop_unused_lane_rows(GroupCode &code, const Functions &functions) {
  std::string used;
  for (LaneCode &lane : code.lanes) {
    for (const std::string &argument : functions.arguments(lane.call)) used += " " + argument;
    for (const std::string &statement : lane.save) used += " " + statement;
    used += " " + lane.end;
    if (!ctext::words(used).contains(lane.row)) lane.row_value.clear();
    used += " " + lane.row_value;
  }
  return used;
}

}  // namespace

Result<std::vector<GroupCode>> bind_groups(const ir::Graph &graph, const plan::Program &program,
                                           Binder &binder, Functions &functions,
                                           ctext::Names &names) {
  std::vector<GroupCode> groups(program.groups.size());
  Diagnostics errors;
  GroupBinder group_binder(graph, program, binder, functions);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Call &sink = program.calls.at(program.groups[g].sink);
    const std::vector<int> rows = rows_made(program, static_cast<int>(g));
    CHECK(!rows.empty(), "a group of the plan is never run");
    GroupCode &code = groups[g];
    const std::vector<int> all_rows = rows_of_sink(program, sink);
    code.shares_counter = all_rows.size() > rows.size() && ascend_by_one(all_rows);
    const bool is_fixed = all_equal(rows) && !code.shares_counter;
    code.row = is_fixed ? Index::known(rows.front()) : Index{"y", {}};
    code.first_row = code.shares_counter ? all_rows.front() : rows.front();
    const std::string node =
        is_kernel(sink) ? ctext::identifier(graph.node(sink.node).name) : std::to_string(sink.port);
    const std::string function = names.fresh(prefix_of(sink.phase) + node);
    if (code.shares_counter) {
      code.counter = counter_name(prefix_of(sink.phase) + node);
    } else if (!code.row.fixed && ascend_by_one(rows)) {
      code.counter = counter_name(function);
    }
    if (!is_kernel(sink)) continue;
    code.function = function;
    const Status bound = group_binder.bind(program.groups[g], code);
    errors.insert(errors.end(), bound.diagnostics().begin(), bound.diagnostics().end());
  }
  if (!errors.empty()) return errors;
  return groups;
}

void drop_unused_rows(std::vector<GroupCode> &groups, const Functions &functions) {
  for (GroupCode &code : groups) {
    if (code.function.empty()) continue;
    std::string used = code.first_producer_row + " " + code.last_producer_row;
    for (const int call : {code.producer_call, code.sink_call}) {
      if (call < 0) continue;
      for (const std::string &argument : functions.arguments(call)) used += " " + argument;
    }
    used += drop_unused_lane_rows(code, functions);
    code.takes_row = ctext::words(used).contains("y");
    if (!code.takes_row && !code.shares_counter) code.counter.clear();
  }
}

void print_groups(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                  const std::vector<GroupCode> &groups, const Functions &functions) {
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const GroupCode &code = groups[g];
    if (code.function.empty()) continue;
    writer.comment(group_comment(graph, program, program.groups[g]));
    writer.open("static void " + code.function + "(" + (code.takes_row ? "int y" : "void") + ")");
    if (code.by_pixel) {
      print_lanes(writer, code, functions);
    } else if (code.producer_call >= 0) {
      print_pair(writer, code, functions);
    } else {
      print_call(writer, functions, code.sink_call);
    }
    writer.close();
    writer.line();
  }
}

}  // namespace thimble::codegen

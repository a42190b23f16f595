// Binding and printing groups (groups.h).
#include "codegen/groups.h"

#include <algorithm>
#include <map>

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

void print_pair(ctext::CWriter &writer, const GroupCode &code, const Functions &functions) {
  const bool loop_cols = code.cols > 1;
  const bool loop_rows = !code.producer_row.fixed;
  if (loop_cols) writer.open("for (int x = 0; x < " + std::to_string(code.cols) + "; ++x)");
  if (loop_rows) {
    writer.open("for (int r = " + code.first_producer_row + "; r < " +
                in_parentheses(code.last_producer_row) + "; ++r)");
  }
  print_call(writer, functions, code.producer_call);
  if (loop_rows) writer.close();
  print_call(writer, functions, code.sink_call);
  if (loop_cols) writer.close();
}

// Names the group's function and says how the steps count its rows.
void count_rows(const ir::Graph &graph, const plan::Program &program, int group,
                ctext::Names &names, GroupCode &code) {
  const Call &sink = program.calls.at(program.groups[group].sink);
  const std::vector<int> rows = rows_made(program, group);
  CHECK(!rows.empty(), "a group of the plan is never run");
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
  if (is_kernel(sink)) code.function = function;
}

// Steps that differ in nothing but how deep they reach read that from a table, by their row, from
// this many of them on.
constexpr std::size_t kFewSteps = 4;

// The last stage of each of these steps, by row; rows of other steps: 0.
std::vector<std::int64_t> last_stages(const plan::Program &program, const Chains &chains,
                                      const std::vector<int> &members) {
  std::vector<std::int64_t> last;
  for (const plan::Step &step : program.steps) {
    if (std::find(members.begin(), members.end(), step.group) == members.end()) continue;
    last.resize(std::max<std::size_t>(last.size(), step.row + 1));
    last[step.row] = chains.of_group[step.group].last;
  }
  return last;
}

// Named as its first group from stage 0 is.
std::string function_of(int chain, const Groups &groups) {
  for (std::size_t g = 0; g < groups.list.size(); ++g) {
    const Stretch &stretch = groups.chains.of_group[g];
    if (stretch.chain == chain && stretch.first == 0) return groups.list[g].function;
  }
  CHECK(false, "a chain without a group from its first stage");
}

// What the steps tell the chain's function: which stages run.
void select_stretches(const ir::Graph &graph, const plan::Program &program, int number,
                      Binder &binder, Groups &groups) {
  const Chain &chain = groups.chains.list[number];
  const std::string function = function_of(number, groups);
  std::map<int, std::vector<int>> by_first;
  for (int g = 0; g < std::ssize(groups.list); ++g)
    if (groups.chains.of_group[g].chain == number)
      by_first[groups.chains.of_group[g].first].push_back(g);
  for (const auto &[first, members] : by_first) {
    const std::vector<std::int64_t> last = last_stages(program, groups.chains, members);
    // One counter for all of them: else a row that another stage's pixels made would be counted.
    const bool counts = std::all_of(members.begin(), members.end(),
                                    [&](int member) { return groups.list[member].shares_counter; });
    std::string table;
    if (members.size() > 1 && counts && last.size() > kFewSteps) {
      const std::string &node = graph.node(chain.calls[first].node).name;
      table = binder.add_table(node, {"last_stage", "int8_t", last, false});
    }
    for (const int member : members) {
      GroupCode &code = groups.list[member];
      code.function = function;
      if (!table.empty()) code.token = members.front();
      code.last_stages = table;
      if (chain.takes_first()) code.first = std::to_string(first);
      if (chain.takes_last()) code.last = std::to_string(groups.chains.of_group[member].last);
    }
  }
}

bool uses_row(const GroupCode &code, const Functions &functions) {
  std::string used = code.first_producer_row + " " + code.last_producer_row;
  for (const int call : {code.producer_call, code.sink_call}) {
    if (call < 0) continue;
    for (const std::string &argument : functions.arguments(call)) used += " " + argument;
  }
  return ctext::words(used).contains("y");
}

std::string parameters(const GroupCode &code, const Chain *chain) {
  std::vector<std::string> list;
  if (code.takes_row) list.push_back("int y");
  if (chain && chain->takes_first()) list.push_back("int first");
  if (chain && chain->takes_last()) list.push_back("int last");
  if (list.empty()) return "void";
  std::string text = list[0];
  for (std::size_t i = 1; i < list.size(); ++i) text += ", " + list[i];
  return text;
}

// What `first` and `last` count.
std::string selector_comment(const ir::Graph &graph, const Chain &chain) {
  if (!chain.takes_first() && !chain.takes_last()) return {};
  std::string text = "Stages:";
  for (std::size_t stage = 0; stage < chain.calls.size(); ++stage)
    text += (stage ? ", " : " ") + std::to_string(stage) + " " +
            ctext::comment_text(graph.node(chain.calls[stage].node).name);
  text += ".";
  if (chain.takes_first()) text += " Row y is of stage `first`; those before it do not run.";
  if (chain.takes_last()) text += " Stages behind `last` have made what is read.";
  return text;
}

}  // namespace

Result<Groups> bind_groups(const ir::Graph &graph, const plan::Program &program, Binder &binder,
                           Functions &functions, ctext::Names &names) {
  Groups groups{std::vector<GroupCode>(program.groups.size()), find_chains(program)};
  Diagnostics errors;
  GroupBinder group_binder(graph, program, binder, functions);
  const auto collect = [&](const Status &bound) {
    errors.insert(errors.end(), bound.diagnostics().begin(), bound.diagnostics().end());
  };
  for (std::size_t g = 0; g < groups.list.size(); ++g) {
    const Call &sink = program.calls.at(program.groups[g].sink);
    GroupCode &code = groups.list[g];
    code.token = static_cast<int>(g);
    count_rows(graph, program, static_cast<int>(g), names, code);
    if (is_kernel(sink) && groups.chains.of_group[g].chain < 0)
      collect(group_binder.bind(program.groups[g], code));
  }
  for (std::size_t c = 0; c < groups.chains.list.size(); ++c) {
    Chain &chain = groups.chains.list[c];
    chain.row =
        chain.takes_first() || chain.takes_last() ? Index{"y", {}} : groups.list[chain.leader].row;
    collect(bind_chain(graph, program, binder, functions, chain));
    select_stretches(graph, program, static_cast<int>(c), binder, groups);
  }
  if (!errors.empty()) return errors;
  return groups;
}

void drop_unused_rows(Groups &groups, const Functions &functions) {
  std::vector<bool> chain_takes_row;
  for (Chain &chain : groups.chains.list)
    chain_takes_row.push_back(drop_unused_rows(chain, functions));
  for (std::size_t g = 0; g < groups.list.size(); ++g) {
    GroupCode &code = groups.list[g];
    if (code.function.empty()) continue;
    const int chain = groups.chains.of_group[g].chain;
    code.takes_row = chain >= 0 ? chain_takes_row[chain] : uses_row(code, functions);
    if (!code.takes_row && !code.shares_counter) code.counter.clear();
  }
}

void print_groups(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                  const Groups &groups, const Functions &functions) {
  for (std::size_t g = 0; g < groups.list.size(); ++g) {
    const GroupCode &code = groups.list[g];
    const int number = groups.chains.of_group[g].chain;
    if (code.function.empty()) continue;
    const Chain *chain = number < 0 ? nullptr : &groups.chains.list[number];
    if (chain && chain->leader != static_cast<int>(g)) continue;
    writer.comment(group_comment(graph, program, program.groups[g]));
    if (chain) writer.comment(selector_comment(graph, *chain));
    writer.open("static void " + code.function + "(" + parameters(code, chain) + ")");
    if (chain) {
      print_chain(writer, *chain, functions);
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

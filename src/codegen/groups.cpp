// Binding and printing groups (groups.h).
#include "codegen/groups.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "codegen/comments.h"
#include "codegen/sequence.h"
#include "codegen/windows.h"
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
std::vector<int> rows_of_group(const plan::Program &program, int group) {
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

// What each row is above (or, negative, below) the one before; 0: not always the same.
int step_of(const std::vector<int> &rows) {
  if (rows.size() < 2) return 1;
  const int step = rows[1] - rows[0];
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i] != rows[i - 1] + step) return 0;
  }
  return step;
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

void print_call(ctext::CWriter &writer, const Functions &functions, int call) {
  writer.list(functions.name(call) + "(", functions.arguments(call), ");");
}

// Names the group's function and says how the steps count its rows.
void count_rows(const ir::Graph &graph, const plan::Program &program, int group,
                ctext::Names &names, GroupCode &code) {
  const Call &sink = program.calls.at(program.groups[group].sink);
  const std::vector<int> rows = rows_of_group(program, group);
  CHECK(!rows.empty(), "a group of the plan is never run");
  const std::vector<int> all_rows = rows_of_sink(program, sink);
  code.shares_counter = all_rows.size() > rows.size() && step_of(all_rows) > 0;
  const bool is_fixed = all_equal(rows) && !code.shares_counter;
  code.row = is_fixed ? Index::known(rows.front()) : Index{"y", {}};
  const std::vector<int> &counted = code.shares_counter ? all_rows : rows;
  code.first_row = counted.front();
  code.row_step = step_of(counted);
  const std::string node =
      is_kernel(sink) ? ctext::identifier(graph.node(sink.node).name) : std::to_string(sink.port);
  const std::string function = names.fresh(prefix_of(sink.phase) + node);
  if (code.shares_counter) {
    code.counter = counter_name(prefix_of(sink.phase) + node);
  } else if (!code.row.fixed && code.row_step != 0) {
    code.counter = counter_name(function);
  }
  if (is_kernel(sink)) code.function = function;
}

// Steps that differ in nothing but how deep they reach are told that by their row, from this many
// of them on; in a table, where an expression would have more conditions than these.
constexpr std::size_t kFewSteps = 4;
constexpr std::ptrdiff_t kMostConditions = 2;

// The last stage of each of these branches' steps, by row; rows of other steps are open.
std::vector<std::optional<int>> last_stages(const plan::Program &program,
                                            const std::vector<Branch> &branches) {
  std::vector<std::optional<int>> last;
  for (const plan::Step &step : program.steps) {
    for (const Branch &branch : branches) {
      if (branch.group != step.group) continue;
      last.resize(std::max<std::size_t>(last.size(), step.row + 1));
      last[step.row] = branch.last;
    }
  }
  return last;
}

// One counter for all of them: else a row that another stage's pixels made would be counted.
bool share_counter(const std::vector<Branch> &branches, const Groups &groups) {
  return std::all_of(branches.begin(), branches.end(), [&](const Branch &branch) {
    return groups.list[branch.group].shares_counter;
  });
}

std::string last_by_row(const std::vector<std::optional<int>> &last, const std::string &counter,
                        const std::string &node, Binder &binder) {
  const std::string text = plateaus_expression(held(last), counter);
  if (std::count(text.begin(), text.end(), '?') <= kMostConditions) return text;
  std::vector<std::int64_t> values;
  for (const std::optional<int> &value : last) values.push_back(value.value_or(0));
  const std::string table = binder.add_table(node, {"last_stage", "int8_t", values, false});
  return "THIMBLE_READ_I8(" + table + " + " + counter + ")";
}

// Named as its first group from stage 0 is.
std::string function_of(const Tree &tree, const Groups &groups) {
  int first = tree.leader();
  for (const Branch &branch : tree.branches)
    if (branch.first == 0) first = std::min(first, branch.group);
  return groups.list[first].function;
}

// What the steps tell the tree's function: which stages run.
void select_branches(const ir::Graph &graph, const plan::Program &program, const Tree &tree,
                     Binder &binder, Groups &groups) {
  const std::string function = function_of(tree, groups);
  std::map<int, std::vector<Branch>> by_first;
  for (const Branch &branch : tree.branches) by_first[branch.first].push_back(branch);
  for (const auto &[first, branches] : by_first) {
    const auto last = last_stages(program, branches);
    const GroupCode &front = groups.list[branches.front().group];
    const bool by_row =
        branches.size() > 1 && last.size() > kFewSteps && share_counter(branches, groups);
    const std::string &node = graph.node(tree.stages[first].call.node).name;
    const std::string text = by_row ? last_by_row(last, front.counter, node, binder) : "";
    for (const Branch &branch : branches) {
      GroupCode &code = groups.list[branch.group];
      code.function = function;
      if (tree.takes_first()) code.first = std::to_string(first);
      if (tree.takes_last()) code.last = by_row ? text : std::to_string(branch.last);
      code.last_depends_on_row = by_row;
      if (by_row) code.token = branches.front().group;
    }
  }
}

std::set<std::string> words_of_call(const Functions &functions, int call) {
  std::string used;
  if (call < 0) return {};
  for (const std::string &argument : functions.arguments(call)) used += " " + argument;
  return ctext::words(used);
}

bool uses_row(const GroupCode &code, const Functions &functions) {
  return words_of_call(functions, code.sink_call).contains("y");
}

std::string parameters(const GroupCode &code, const Tree *tree) {
  std::vector<std::string> list;
  for (const Lent &lent : code.lent) list.push_back(lent.parameter());
  if (code.takes_row) list.push_back("int y");
  if (tree && tree->takes_first()) list.push_back("int first");
  if (tree && tree->takes_last()) list.push_back("int last");
  if (list.empty()) return "void";
  std::string text = list[0];
  for (std::size_t i = 1; i < list.size(); ++i) text += ", " + list[i];
  return text;
}

}  // namespace

Result<Groups> bind_groups(const ir::Graph &graph, const plan::Program &program, Binder &binder,
                           Functions &functions, ctext::Names &names) {
  Groups groups{std::vector<GroupCode>(program.groups.size()), find_trees(program), {}};
  groups.tree_codes.resize(groups.trees.list.size());
  for (int g = 0; g < std::ssize(groups.list); ++g) {
    groups.list[g].token = g;
    count_rows(graph, program, g, names, groups.list[g]);
  }
  Diagnostics errors;
  const auto collect = [&](const auto &bound) {
    errors.insert(errors.end(), bound.diagnostics().begin(), bound.diagnostics().end());
  };
  for (int g = 0; g < std::ssize(groups.list); ++g) {
    const Call &sink = program.calls.at(program.groups[g].sink);
    GroupCode &code = groups.list[g];
    const int number = groups.trees.of_group[g];
    if (number >= 0) {
      const Tree &tree = groups.trees.list[number];
      if (tree.leader() != g) continue;
      const Index row = tree.takes_row() ? Index{"y", {}} : code.row;
      auto bound = bind_tree(graph, program, tree, row, binder, functions);
      collect(bound);
      if (bound.ok()) groups.tree_codes[number] = *std::move(bound);
      select_branches(graph, program, tree, binder, groups);
    } else if (is_kernel(sink)) {
      auto bound = binder.bind(sink, whole_row(graph, sink, code.row));
      collect(bound);
      if (bound.ok()) code.sink_call = functions.add(*std::move(bound));
    }
  }
  if (!errors.empty()) return errors;
  return groups;
}

void drop_unused_rows(Groups &groups, const Functions &functions) {
  std::vector<bool> tree_takes_row;
  for (TreeCode &code : groups.tree_codes)
    tree_takes_row.push_back(drop_unused_rows(code, functions));
  for (std::size_t g = 0; g < groups.list.size(); ++g) {
    GroupCode &code = groups.list[g];
    if (code.function.empty()) continue;
    const int tree = groups.trees.of_group[g];
    code.takes_row = tree >= 0 ? tree_takes_row[tree] : uses_row(code, functions);
    if (!code.takes_row && !code.shares_counter) code.counter.clear();
  }
}

void find_lent(Groups &groups, const Functions &functions, const ArenaStyle &style) {
  for (std::size_t g = 0; g < groups.list.size(); ++g) {
    const int tree = groups.trees.of_group[g];
    std::vector<int> calls{groups.list[g].sink_call};
    if (tree >= 0)
      for (const StageCode &stage : groups.tree_codes[tree].stages)
        calls.insert(calls.end(), {stage.call, stage.block_call, stage.fold_call});
    for (const Lent &lent : style.lent)
      if (std::any_of(calls.begin(), calls.end(),
                      [&](int call) { return words_of_call(functions, call).contains(lent.name); }))
        groups.list[g].lent.push_back(lent);
  }
}

void print_groups(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                  const Groups &groups, const Functions &functions) {
  for (std::size_t g = 0; g < groups.list.size(); ++g) {
    const GroupCode &code = groups.list[g];
    const int number = groups.trees.of_group[g];
    if (code.function.empty() || code.layer >= 0) continue;
    const Tree *tree = number < 0 ? nullptr : &groups.trees.list[number];
    if (tree && tree->leader() != static_cast<int>(g)) continue;
    writer.comment(tree ? tree_comment(graph, program, *tree)
                        : call_comment(graph, program.calls.at(program.groups[g].sink)));
    writer.open("static void " + code.function + "(" + parameters(code, tree) + ")");
    if (tree) {
      print_tree(writer, *tree, groups.tree_codes[number], functions);
    } else {
      print_call(writer, functions, code.sink_call);
    }
    writer.close();
    writer.line();
  }
}

}  // namespace thimble::codegen

// Finding, binding and printing chains (chains.h).
#include "codegen/chains.h"

#include <algorithm>

#include "ctext/identifiers.h"
#include "ops/operator.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

using plan::Call;
using plan::Phase;

// The stages that one group of the program runs.
struct Line {
  std::vector<Call> calls;
  std::vector<plan::LineLane> windows;
  int fold = -1;
};

Line line_of(const plan::Program &program, const plan::Group &group) {
  Line line;
  const bool folds = program.calls.at(group.sink).phase == Phase::kFold;
  if (folds) line.fold = group.sink;
  line.calls.push_back(program.calls.at(folds ? group.producer : group.sink));
  for (auto lane = group.lanes.rbegin(); lane != group.lanes.rend(); ++lane) {
    line.calls.push_back(program.calls.at(lane->call));
    line.windows.push_back(*lane);
  }
  return line;
}

bool runs_by_pixel(const plan::Program &program, const plan::Group &group) {
  const bool folds = program.calls.at(group.sink).phase == Phase::kFold;
  return !group.lanes.empty() || (folds && group.producer >= 0);
}

bool is_whole_row(const plan::Program &program, const plan::Group &group) {
  const Call &sink = program.calls.at(group.sink);
  return group.lanes.empty() && group.producer < 0 && sink.node >= 0 && sink.phase == Phase::kRow;
}

bool same_call(const Call &a, const Call &b) {
  return a.node == b.node && a.phase == b.phase && a.mode == b.mode && a.inputs == b.inputs &&
         a.output == b.output && a.workspace_offset == b.workspace_offset;
}

bool same_fold(const plan::Program &program, int a, int b) {
  if (a < 0 || b < 0) return a == b;
  return program.calls[a].state_offset == program.calls[b].state_offset &&
         same_call(program.calls[a], program.calls[b]);
}

// The stage of `chain` at which `line` begins, or -1 where it is no stretch of it.
int stage_of(const plan::Program &program, const Chain &chain, const Line &line) {
  for (std::size_t first = 0; first + line.calls.size() <= chain.calls.size(); ++first) {
    const auto from = static_cast<std::ptrdiff_t>(first);
    const bool is_stretch =
        std::equal(line.calls.begin(), line.calls.end(), chain.calls.begin() + from, same_call) &&
        std::equal(line.windows.begin(), line.windows.end(), chain.windows.begin() + from,
                   [](const auto &a, const auto &b) {
                     return a.saved_offset == b.saved_offset && a.saved_cols == b.saved_cols;
                   }) &&
        (first == 0 ? same_fold(program, line.fold, chain.fold) : line.fold < 0);
    if (is_stretch) return static_cast<int>(first);
  }
  return -1;
}

const ops::Access access_of(const ir::Graph &graph, const Call &call) {
  const ir::Node &node = graph.node(call.node);
  return ops::operator_of(node).modes(graph, node).at(call.mode).inputs.at(0);
}

std::vector<int> firsts(const std::vector<ops::Range> &ranges) {
  std::vector<int> result;
  for (const ops::Range &range : ranges) result.push_back(range.lo);
  return result;
}

std::vector<int> ends(const std::vector<ops::Range> &ranges) {
  std::vector<int> result;
  for (const ops::Range &range : ranges) result.push_back(range.hi);
  return result;
}

std::vector<int> lasts(const std::vector<ops::Range> &ranges) {
  std::vector<int> result = ends(ranges);
  for (int &end : result) --end;
  return result;
}

class ChainBinder {
 public:
  ChainBinder(const ir::Graph &graph, Binder &binder, Functions &functions, Chain &chain)
      : graph_(graph), binder_(binder), functions_(functions), chain_(chain) {}

  // From the sink back: what a stage does follows from what the one before is about to read.
  Status bind() {
    const int width = graph_.value(chain_.calls[0].output_value).type.shape.cols;
    chain_.is_single_column = width == 1;
    chain_.stages.resize(chain_.calls.size());
    Index row = chain_.row, col = width == 1 ? Index::known(0) : Index{"x", {}};
    if (chain_.fold >= 0) {
      if (Status done = bind_call(*fold_, pixel_at(row, col), chain_.fold_call); !done) return done;
    }
    for (int stage = 0; stage < std::ssize(chain_.stages); ++stage) {
      if (stage > 0) enter(stage, row, col);
      StageCode &code = chain_.stages[stage];
      code.width = graph_.value(chain_.calls[stage].output_value).type.shape.cols;
      code.col = col.text();
      Position pixel = pixel_at(row, col);
      if (stage + 1 < std::ssize(chain_.stages)) pixel.top = window_top(stage, row);
      if (Status done = bind_call(chain_.calls[stage], pixel, code.call); !done) return done;
    }
    return Unit{};
  }

  void set_fold(const Call &call) { fold_ = &call; }

 private:
  Status bind_call(const Call &call, const Position &position, int &number) {
    TRY(KernelCall bound, binder_.bind(call, position));
    bound.stays_function = true;
    number = functions_.add(std::move(bound));
    return Unit{};
  }

  static Position pixel_at(const Index &row, const Index &col) {
    Position position;
    position.row = row;
    position.x0 = position.out_col = col;
    position.x1 = col.fixed ? Index::known(*col.fixed + 1) : Index{col.variable + " + 1", {}};
    return position;
  }

  // From the row and column of the stage before to this one's.
  void enter(int stage, Index &row, Index &col) {
    const ops::Access access = access_of(graph_, chain_.calls[stage - 1]);
    StageCode &code = chain_.stages[stage];
    const std::string number = std::to_string(stage);
    code.end = element_at(ends(access.cols), col).text();
    Index value = element_at(lasts(access.rows), row);
    if (chain_.max_first >= stage)
      value = {"first < " + number + " ? " + in_parentheses(value.text()) + " : y", {}};
    row = value;
    if (!value.fixed) {
      code.row = "y" + number;
      code.row_value = value.text();
      row = {code.row, {}};
    }
    col = {"x" + number, {}};
    code.save = save_pixel(stage, row, col);
  }

  // Where stage `stage` finds the first row of its window: see plan::LineLane. When the next stage
  // does not run, it is still in its slot.
  Expression window_top(int stage, const Index &row) {
    const Call &call = chain_.calls[stage];
    const plan::LineLane &window = chain_.windows[stage];
    const plan::Address &address = call.inputs.at(0);
    const ir::Type &type = graph_.value(call.input_values.at(0)).type;
    const int element = ir::element_bytes(type.dtype);
    const std::int64_t end =
        window.saved_offset + window.saved_cols * address.pixel_pitch - address.offset;
    const std::int64_t pixel = address.pixel_pitch / element;
    const std::string saved = (end == 0 ? "-" : std::to_string(end / element) + " - ") + "x" +
                              std::to_string(stage + 1) +
                              (pixel == 1 ? "" : " * " + std::to_string(pixel));
    if (chain_.min_last > stage) return {saved, false};
    const Index top = element_at(firsts(access_of(graph_, call).rows), row);
    const Expression slot = row_offset(address, type.shape.rows, top, element);
    return {"last > " + std::to_string(stage) + " ? " + saved + " : " + slot.text, false};
  }

  std::vector<std::string> save_pixel(int stage, const Index &row, const Index &col) {
    const Call &call = chain_.calls[stage];
    const plan::LineLane &window = chain_.windows[stage - 1];
    const ArenaStyle &style = binder_.style();
    const std::string type = style.element + " *";
    const std::int64_t bytes = call.output.pixel_pitch, kept = (window.saved_cols - 1) * bytes;
    const auto at = [&](std::int64_t offset) { return pointer_at(style, type, offset).text; };
    const int rows = graph_.value(call.output_value).type.shape.rows;
    std::vector<std::string> save;
    if (kept > 0)
      save.push_back("memmove(" + at(window.saved_offset) + ", " + at(window.saved_offset + bytes) +
                     ", " + std::to_string(kept) + ");");
    save.push_back("memcpy(" + at(window.saved_offset + kept) + ", " +
                   pointer_to(style, type, call.output, rows, row, col).text + ", " +
                   std::to_string(bytes) + ");");
    return save;
  }

  const ir::Graph &graph_;
  Binder &binder_;
  Functions &functions_;
  Chain &chain_;
  const Call *fold_ = nullptr;
};

void print_call(ctext::CWriter &writer, const Functions &functions, int call) {
  writer.list(functions.name(call) + "(", functions.arguments(call), ");");
}

class ChainPrinter {
 public:
  ChainPrinter(ctext::CWriter &writer, const Chain &chain, const Functions &functions)
      : writer_(writer), chain_(chain), functions_(functions) {}

  void print() {
    for (int stage = 1; stage < count(); ++stage) {
      const StageCode &code = chain_.stages[stage];
      if (!code.row_value.empty())
        writer_.line("const int " + code.row + " = " + code.row_value + ";");
      writer_.line("int " + code.col + " = " + start_of(stage) + ";");
    }
    const std::string width = std::to_string(chain_.stages[0].width);
    if (!chain_.is_single_column)
      writer_.open("for (int x = " + start_of(0) + "; x < " + width + "; ++x)");
    print_stage(0);
    if (!chain_.is_single_column) writer_.close();
  }

 private:
  int count() const { return static_cast<int>(chain_.stages.size()); }

  // The stages before the first one that runs stand at their last pixel, so that their loops are
  // passed once; those behind the last one have nothing to make.
  std::string start_of(int stage) const {
    const std::string width = std::to_string(chain_.stages[stage].width);
    std::string start;
    if (chain_.max_first > stage)
      start += "first > " + std::to_string(stage) + " ? " +
               std::to_string(chain_.stages[stage].width - 1) + " : ";
    if (chain_.min_last < stage) start += "last < " + std::to_string(stage) + " ? " + width + " : ";
    return start + "0";
  }

  std::string end_of(int stage) const {
    const StageCode &code = chain_.stages[stage];
    if (chain_.max_first < stage) return code.end;
    return "first < " + std::to_string(stage) + " ? " + in_parentheses(code.end) + " : " +
           std::to_string(code.width);
  }

  void print_stage(int stage) {
    if (stage + 1 < count()) {
      const std::string &col = chain_.stages[stage + 1].col;
      writer_.open("for (; " + col + " < " + in_parentheses(end_of(stage + 1)) + "; ++" + col +
                   ")");
      print_stage(stage + 1);
      writer_.close();
    }
    const StageCode &code = chain_.stages[stage];
    print_if(stage > 0 && chain_.max_first >= stage && !code.save.empty(),
             "first < " + std::to_string(stage), [&] {
               for (const std::string &statement : code.save) writer_.line(statement);
             });
    const std::string runs = stage == 0 ? "first == 0" : "first <= " + std::to_string(stage);
    print_if(chain_.max_first > stage, runs, [&] {
      print_call(writer_, functions_, code.call);
      if (stage == 0 && chain_.fold_call >= 0) print_call(writer_, functions_, chain_.fold_call);
    });
  }

  template <typename Print>
  void print_if(bool depends, const std::string &condition, Print print) {
    if (depends) writer_.open("if (" + condition + ")");
    print();
    if (depends) writer_.close();
  }

  ctext::CWriter &writer_;
  const Chain &chain_;
  const Functions &functions_;
};

void add_member(Chain &chain, const Stretch &stretch) {
  chain.max_first = std::max(chain.max_first, stretch.first);
  chain.min_last = std::min(chain.min_last, stretch.last);
}

}  // namespace

Chains find_chains(const plan::Program &program) {
  Chains chains;
  chains.of_group.resize(program.groups.size());
  std::vector<int> order;
  for (int g = 0; g < std::ssize(program.groups); ++g) order.push_back(g);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return program.groups[a].lanes.size() > program.groups[b].lanes.size();
  });
  for (const int g : order) {
    const plan::Group &group = program.groups[g];
    const bool by_pixel = runs_by_pixel(program, group);
    if (!by_pixel && !is_whole_row(program, group)) continue;
    const Line line = line_of(program, group);
    const int length = static_cast<int>(line.calls.size());
    Stretch &mine = chains.of_group[g];
    for (int c = 0; c < std::ssize(chains.list) && mine.chain < 0; ++c) {
      const int first = stage_of(program, chains.list[c], line);
      if (first >= 0) mine = {c, first, first + length - 1};
    }
    if (mine.chain < 0 && by_pixel) {
      mine = {static_cast<int>(chains.list.size()), 0, length - 1};
      Chain chain{line.calls, line.windows, line.fold, g,  0, length - 1,
                  length - 1, {},           -1,        {}, {}};
      chains.list.push_back(std::move(chain));
    }
    if (mine.chain >= 0) add_member(chains.list[mine.chain], mine);
  }
  return chains;
}

Status bind_chain(const ir::Graph &graph, const plan::Program &program, Binder &binder,
                  Functions &functions, Chain &chain) {
  ChainBinder chain_binder(graph, binder, functions, chain);
  if (chain.fold >= 0) chain_binder.set_fold(program.calls.at(chain.fold));
  return chain_binder.bind();
}

bool drop_unused_rows(Chain &chain, const Functions &functions) {
  std::string used;
  for (auto stage = chain.stages.rbegin(); stage != chain.stages.rend(); ++stage) {
    for (const std::string &argument : functions.arguments(stage->call)) used += " " + argument;
    for (const std::string &statement : stage->save) used += " " + statement;
    used += " " + stage->end;
    if (!stage->row.empty() && !ctext::words(used).contains(stage->row)) stage->row_value.clear();
    used += " " + stage->row_value;
  }
  if (chain.fold_call >= 0) {
    for (const std::string &argument : functions.arguments(chain.fold_call)) used += " " + argument;
  }
  return ctext::words(used).contains("y");
}

void print_chain(ctext::CWriter &writer, const Chain &chain, const Functions &functions) {
  ChainPrinter(writer, chain, functions).print();
}

}  // namespace thimble::codegen

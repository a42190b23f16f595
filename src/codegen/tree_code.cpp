// Binding and printing trees (tree_code.h).
#include "codegen/tree_code.h"

#include <algorithm>
#include <optional>

#include "codegen/sequence.h"
#include "codegen/windows.h"
#include "ctext/identifiers.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

constexpr std::int64_t kLargePixel = 32;  // bytes, of which several calls are worth it

using plan::Call;
using Known = std::vector<std::optional<int>>;

std::string text_of(int number) { return std::to_string(number); }

// `text` between `?` and `:`.
std::string as_choice(const std::string &text) {
  return text.find('?') == std::string::npos ? text : in_parentheses(text);
}

class TreeBinder {
 public:
  TreeBinder(const ir::Graph &graph, const plan::Program &program, const Tree &tree, Binder &binder,
             Functions &functions)
      : graph_(graph),
        program_(program),
        tree_(tree),
        made_(rows_made(graph, program, tree)),
        binder_(binder),
        functions_(functions) {}

  // From the root on: what a stage does follows from what its reader is about to read.
  Result<TreeCode> bind(const Index &row) {
    code_.is_single_column = shape_of(0).cols == 1;
    code_.stages.resize(tree_.stages.size());
    rows_ = cols_ = std::vector<Index>(tree_.stages.size());
    rows_[0] = row;
    cols_[0] = code_.is_single_column ? Index::known(0) : Index{"x", {}};
    for (int stage = 1; stage < std::ssize(tree_.stages); ++stage)
      cols_[stage] = {"x" + text_of(stage), {}};
    for (int stage = 0; stage < std::ssize(tree_.stages); ++stage) {
      if (stage > 0) enter(stage);
      code_.stages[stage].width = shape_of(stage).cols;
      code_.stages[stage].col = cols_[stage].text();
      if (Status done = bind_stage(stage); !done) return done.diagnostics();
    }
    return std::move(code_);
  }

 private:
  const ir::Shape &shape_of(int stage) const {
    return codegen::shape_of(graph_, tree_.stages[stage].call);
  }

  // The row of a lane, from its reader's.
  void enter(int stage) {
    const int reader = tree_.stages[stage].reader;
    StageCode &code = code_.stages[stage];
    const std::vector<int> ends = lane_ends(graph_, tree_, stage);
    code.end = element_at(ends, cols_[reader]).text();
    code.shares_col = keeps_pace(stage, ends);
    if (code.shares_col) cols_[stage] = cols_[reader];
    Index value = row_from_reader(stage);
    if (tree_.has_root(stage))
      value = {"first < " + text_of(stage) + " ? " + as_choice(value.text()) + " : y", {}};
    rows_[stage] = value;
    if (!value.fixed && value.text() != rows_[reader].text()) {
      code.row = "y" + text_of(stage);
      code.row_value = value.text();
      rows_[stage] = {code.row, {}};
    }
    if (tree_.stages[stage].lane.saved_cols > 0) code.save = save_pixel(stage);
  }

  // Whether a lane makes one pixel at each of its reader's, whichever stages run.
  bool keeps_pace(int stage, const std::vector<int> &ends) const {
    if (tree_.stages[stage].lane.saved_cols > 0) return false;  // its column says where they are
    const int reader = tree_.stages[stage].reader;
    const bool runs_with_it =
        std::all_of(tree_.branches.begin(), tree_.branches.end(), [&](const Branch &branch) {
          return branch.first > stage || branch.last >= stage || branch.last < reader;
        });
    if (!runs_with_it || tree_.has_root(stage)) return false;
    if (shape_of(stage).cols != shape_of(reader).cols) return false;
    for (int x = 0; x < std::ssize(ends); ++x)
      if (ends[x] != x + 1) return false;
    return true;
  }

  Index row_from_reader(int stage) const {
    const int reader = tree_.stages[stage].reader;
    Known known(shape_of(reader).rows);
    for (const std::vector<int> &rows : made_)
      if (rows[reader] >= 0 && rows[stage] >= 0) known[rows[reader]] = rows[stage];
    return element_at(known, lane_rows(graph_, tree_, stage), rows_[reader]);
  }

  // As element_at, of a sequence of which only some is needed.
  static Index element_at(const Known &known, const std::vector<int> &usual, const Index &index) {
    if (index.fixed) return Index::known(known.at(*index.fixed).value());
    return codegen::element_at(completed(known, usual, index.variable), index);
  }
  static Index element_at(const std::vector<int> &values, const Index &index) {
    return codegen::element_at(values, index);
  }

  std::vector<std::string> save_pixel(int stage) const {
    const Call &call = tree_.stages[stage].call;
    const plan::LineLane &lane = tree_.stages[stage].lane;
    const ArenaStyle &style = binder_.style();
    const std::string type = style.element + " *";
    const std::int64_t bytes = call.output.pixel_pitch, kept = (lane.saved_cols - 1) * bytes;
    const auto at = [&](std::int64_t offset) { return pointer_at(style, type, offset).text; };
    const Expression pixel =
        pointer_to(style, type, call.output, shape_of(stage).rows, rows_[stage], cols_[stage]);
    const auto move = [](const char *by, const std::string &to, const std::string &from,
                         std::int64_t count) {
      return std::string(by) + "(" + to + ", " + from + ", " + std::to_string(count) + ");";
    };
    std::vector<std::string> save;
    // Newlib's memmove goes byte by byte where words are not aligned, its memcpy does not.
    const bool is_large = bytes >= kLargePixel;
    const std::int64_t each = is_large ? bytes : kept;
    for (std::int64_t to = lane.saved_offset; to < lane.saved_offset + kept; to += each)
      save.push_back(move(is_large ? "memcpy" : "memmove", at(to), at(to + bytes), each));
    save.push_back(move("memcpy", at(lane.saved_offset + kept), pixel.text, bytes));
    return save;
  }

  // --- calls ---

  Status bind_call(const Call &call, const Position &position, int &number) {
    TRY(KernelCall bound, binder_.bind(call, position));
    bound.stays_function = tree_.stages.size() > 1 || tree_.fold >= 0;
    number = functions_.add(std::move(bound));
    return Unit{};
  }

  Status bind_stage(int stage) {
    const Stage &plan = tree_.stages[stage];
    StageCode &code = code_.stages[stage];
    Position pixel;
    pixel.row = rows_[stage];
    pixel.out_col = pixel.x0 = cols_[stage];
    pixel.x1 = after(cols_[stage]);
    if (stage == 0 && tree_.fold >= 0) {
      if (Status done = bind_call(program_.calls.at(tree_.fold), pixel, code.fold_call); !done)
        return done;
    }
    if (plan.block) {
      if (Status done = bind_block(stage, pixel); !done) return done;
    }
    if (plan.block && folds_in_output(graph_, plan.call)) return bind_fold_of_block(stage);
    find_lanes(stage, false, pixel);
    return bind_call(plan.call, pixel, code.call);
  }

  // The call takes in one pixel of the block at a time.
  Status bind_fold_of_block(int stage) {
    Call fold = tree_.stages[stage].call;
    fold.phase = plan::Phase::kFold;
    StageCode &code = code_.stages[stage];
    Position pixel;
    pixel.row = code.block_row;
    pixel.x0 = block_col_;
    pixel.x1 = after(block_col_);
    return bind_call(fold, pixel, code.call);
  }

  static Index after(const Index &col) {
    return col.fixed ? Index::known(*col.fixed + 1) : Index{col.text() + " + 1", {}};
  }

  // Binds the producer of a fused pair; tells the sink's `pixel` of its tile.
  Status bind_block(int stage, Position &pixel) {
    const Call &call = *tree_.stages[stage].block;
    StageCode &code = code_.stages[stage];
    const ops::Access access = block_access(graph_, tree_.stages[stage]);
    const Index first_row = element_at(starts(access.rows), rows_[stage]);
    const Index end_row = element_at(ends(access.rows), rows_[stage]);
    code.first_block_row = first_row.text();
    code.end_block_row = end_row.text();
    const std::vector<int> heights = widths(access.rows);
    const bool is_one_row =
        std::all_of(heights.begin(), heights.end(), [](int height) { return height == 1; }) &&
        (first_row.fixed || first_row.text() == rows_[stage].text());
    code.loops_over_block = !is_one_row;
    code.block_row = is_one_row ? first_row : Index{"r", {}};

    Position block;
    block.row = code.block_row;
    block.x0 = block.out_col = Index::known(0);
    block.x1 = Index::known(graph_.value(call.output_value).type.shape.cols);
    const bool folds = folds_in_output(graph_, tree_.stages[stage].call);
    if (folds) {
      split_columns(stage, access.cols, block);
    } else if (!access.cols.empty()) {
      block.x0 = element_at(starts(access.cols), cols_[stage]);
      block.x1 = element_at(ends(access.cols), cols_[stage]);
      for (const ops::Range &range : access.cols) {
        CHECK(range.lo % call.output.col_slots == 0 && range.hi - range.lo <= call.output.col_slots,
              "a block of '" + graph_.node(call.node).name + "' wraps around its tile");
      }
    }
    pixel.x0 = Index::known(0);
    pixel.x1 = Index::known(1);
    pixel.sink_col = cols_[stage];
    pixel.tile_input = input_of(tree_.stages[stage].call, call.output_value);
    pixel.tile_cols =
        access.cols.empty() ? block.x1 : element_at(widths(access.cols), cols_[stage]);
    find_lanes(stage, true, block);
    return bind_call(call, block, code.block_call);
  }

  // The block's pixels one by one.
  void split_columns(int stage, const std::vector<ops::Range> &cols, Position &block) {
    StageCode &code = code_.stages[stage];
    const Index first = element_at(starts(cols), cols_[stage]);
    code.first_block_col = first.text();
    code.end_block_col = element_at(ends(cols), cols_[stage]).text();
    const std::vector<int> counts = widths(cols);
    code.loops_over_block_cols =
        std::any_of(counts.begin(), counts.end(), [](int count) { return count > 1; });
    block_col_ = code.loops_over_block_cols ? Index{"c", {}} : first;
    block.x0 = block_col_;
    block.x1 = after(block_col_);
  }

  // Which inputs of a stage's call (of its block) other stages make, and where they are then.
  void find_lanes(int stage, bool is_block, Position &position) const {
    const Call &call = is_block ? *tree_.stages[stage].block : tree_.stages[stage].call;
    for (int input = 0; input < std::ssize(call.inputs); ++input) {
      for (int maker = 1; maker < std::ssize(tree_.stages); ++maker) {
        const Call &made = tree_.stages[maker].call;
        if (maker == stage || made.output_value != call.input_values[input]) continue;
        if (auto saved = saved_row(stage, maker, rows_read(graph_, call, input), is_block))
          position.saved[input] = *saved;
      }
    }
  }

  // Where `stage` reads windows of `rows` of what `maker` makes: whether their first rows are those
  // that it replaces.
  std::optional<SavedRow> saved_row(int stage, int maker, const std::vector<ops::Range> &rows,
                                    bool is_block) const {
    const Stage &lane = tree_.stages[maker];
    if (lane.lane.saved_cols == 0) return {};
    const auto condition =
        is_block ? block_is_replaced(stage, maker, rows) : window_is_replaced(stage, maker, rows);
    if (!condition) return {};
    SavedRow saved;
    saved.end = lane.lane.saved_offset + lane.lane.saved_cols * lane.call.output.pixel_pitch;
    saved.made = cols_[maker].text();
    const std::string runs = runs_with(stage, maker);
    saved.condition = runs + (runs.empty() || condition->empty() ? "" : " && ") + *condition;
    return saved;
  }

  // Whether `maker` runs when `stage` does; empty: always.
  std::string runs_with(int stage, int maker) const {
    const bool always = std::all_of(
        tree_.branches.begin(), tree_.branches.end(),
        [&](const Branch &branch) { return !branch.runs(stage) || branch.runs(maker); });
    if (always) return {};
    return stage < maker ? "last > " + text_of(maker - 1) : "first < " + text_of(maker + 1);
  }

  int replaced_row(int maker, int row) const {
    return row - tree_.stages[maker].call.output.row_slots;
  }

  // Whether the window's first row is the replaced one while both stages run; empty: always, none:
  // never.
  std::optional<std::string> window_is_replaced(int stage, int maker,
                                                const std::vector<ops::Range> &rows) const {
    Known known(rows.size());
    for (const std::vector<int> &made : made_) {
      if (made[stage] < 0 || made[maker] < 0) continue;
      const ops::Range &window = rows.at(made[stage]);
      const int replaced = replaced_row(maker, made[maker]);
      if (window.lo >= window.hi) continue;
      CHECK(window.lo >= replaced, "a row is read that is gone");
      known[made[stage]] = window.lo == replaced;
    }
    return condition_of(known, rows_[stage]);
  }

  static std::optional<std::string> condition_of(const Known &known, const Index &index) {
    const auto all = [&](int value) {
      return std::all_of(known.begin(), known.end(),
                         [&](const auto &one) { return one.value_or(value) == value; });
    };
    if (all(0)) return std::nullopt;
    if (all(1)) return std::string();
    CHECK(!index.fixed, "what is so in one row only depends on the row");
    return condition_expression(known, index.variable);
  }

  // The same of each row of the block: those whose windows begin in the replaced row come first.
  std::optional<std::string> block_is_replaced(int stage, int maker,
                                               const std::vector<ops::Range> &rows) const {
    const std::vector<ops::Range> blocks = block_access(graph_, tree_.stages[stage]).rows;
    Known end(blocks.size()), all_or_none(blocks.size());
    bool is_all_or_none = true;
    for (const std::vector<int> &made : made_) {
      if (made[stage] < 0 || made[maker] < 0) continue;
      const ops::Range &block = blocks.at(made[stage]);
      const int replaced = replaced_row(maker, made[maker]);
      int row = block.lo;
      CHECK(rows.at(row).lo >= replaced, "a row is read that is gone");
      while (row < block.hi && rows.at(row).lo == replaced) ++row;
      end[made[stage]] = row;
      all_or_none[made[stage]] = row == block.hi;
      is_all_or_none = is_all_or_none && (row == block.lo || row == block.hi);
    }
    if (is_all_or_none) return condition_of(all_or_none, rows_[stage]);
    const Index first_in_slot = element_at(end, ends(blocks), rows_[stage]);
    return code_.stages[stage].block_row.text() + " < " + in_parentheses(first_in_slot.text());
  }

  const ir::Graph &graph_;
  const plan::Program &program_;
  const Tree &tree_;
  const std::vector<std::vector<int>> made_;  // rows by step and stage
  Binder &binder_;
  Functions &functions_;
  std::vector<Index> rows_, cols_;  // by stage
  Index block_col_;                 // of the block that is folded in
  TreeCode code_;
};

void print_call(ctext::CWriter &writer, const Functions &functions, int call) {
  if (call >= 0) writer.list(functions.name(call) + "(", functions.arguments(call), ");");
}

class TreePrinter {
 public:
  TreePrinter(ctext::CWriter &writer, const Tree &tree, const TreeCode &code,
              const Functions &functions)
      : writer_(writer), tree_(tree), code_(code), functions_(functions) {}

  void print() {
    for (int stage = 1; stage < std::ssize(code_.stages); ++stage) {
      const StageCode &code = code_.stages[stage];
      if (!code.row_value.empty())
        writer_.line("const int " + code.row + " = " + code.row_value + ";");
      if (!code.shares_col) writer_.line("int " + code.col + " = " + start_of(stage) + ";");
    }
    const std::string width = text_of(code_.stages[0].width);
    if (!code_.is_single_column && tree_.columns_descend)
      writer_.open("for (int x = " + text_of(code_.stages[0].width - 1) + "; x >= 0; --x)");
    else if (!code_.is_single_column)
      writer_.open("for (int x = " + start_of(0) + "; x < " + width + "; ++x)");
    print_stage(0);
    if (!code_.is_single_column) writer_.close();
  }

 private:
  // The stages before the first one that runs stand at their last pixel, so that their loops are
  // passed once; those behind the last one have nothing to make.
  std::string start_of(int stage) const {
    const int width = code_.stages[stage].width;
    std::string start;
    if (tree_.greatest_first() > stage)
      start += "first > " + text_of(stage) + " ? " + text_of(width - 1) + " : ";
    if (tree_.least_last() < stage)
      start += "last < " + text_of(stage) + " ? " + text_of(width) + " : ";
    return start + "0";
  }

  // A lane whose row is the function's makes all of it.
  std::string end_of(int stage) const {
    const StageCode &code = code_.stages[stage];
    if (tree_.greatest_first() < stage) return code.end;
    return "first < " + text_of(stage) + " ? " + as_choice(code.end) + " : " + text_of(code.width);
  }

  void print_stage(int stage) {
    print_lanes(tree_.stages[stage].ahead);
    const StageCode &code = code_.stages[stage];
    print_if(stage > 0 && tree_.greatest_first() >= stage && !code.save.empty(),
             "first < " + text_of(stage), [&] {
               for (const std::string &statement : code.save) writer_.line(statement);
             });
    const std::string runs = stage == 0 ? "first == 0" : "first <= " + text_of(stage);
    print_if(tree_.greatest_first() > stage, runs, [&] {
      print_calls(code);
      print_call(writer_, functions_, code.fold_call);
    });
    print_lanes(tree_.stages[stage].behind);
  }

  void print_lanes(const std::vector<int> &lanes) {
    for (const int lane : lanes) {
      const StageCode &code = code_.stages[lane];
      if (!code.shares_col)
        writer_.open("for (; " + code.col + " < " + as_choice(end_of(lane)) + "; ++" + code.col +
                     ")");
      print_stage(lane);
      if (!code.shares_col) writer_.close();
    }
  }

  // The call behind its block; what folds the block in, behind each pixel of it.
  void print_calls(const StageCode &code) {
    if (code.block_call >= 0) {
      open_loop(code.loops_over_block, "r", code.first_block_row, code.end_block_row);
      open_loop(code.loops_over_block_cols, "c", code.first_block_col, code.end_block_col);
      print_call(writer_, functions_, code.block_call);
      if (!code.first_block_col.empty()) print_call(writer_, functions_, code.call);
      if (code.loops_over_block_cols) writer_.close();
      if (code.loops_over_block) writer_.close();
    }
    if (code.first_block_col.empty()) print_call(writer_, functions_, code.call);
  }

  void open_loop(bool loops, const std::string &name, const std::string &first,
                 const std::string &end) {
    if (loops)
      writer_.open("for (int " + name + " = " + first + "; " + name + " < " + as_choice(end) +
                   "; ++" + name + ")");
  }

  template <typename Print>
  void print_if(bool depends, const std::string &condition, Print print) {
    if (depends) writer_.open("if (" + condition + ")");
    print();
    if (depends) writer_.close();
  }

  ctext::CWriter &writer_;
  const Tree &tree_;
  const TreeCode &code_;
  const Functions &functions_;
};

}  // namespace

Result<TreeCode> bind_tree(const ir::Graph &graph, const plan::Program &program, const Tree &tree,
                           const Index &row, Binder &binder, Functions &functions) {
  return TreeBinder(graph, program, tree, binder, functions).bind(row);
}

bool drop_unused_rows(TreeCode &code, const Functions &functions) {
  std::string used;
  for (auto stage = code.stages.rbegin(); stage != code.stages.rend(); ++stage) {
    for (const int call : {stage->call, stage->block_call, stage->fold_call}) {
      if (call < 0) continue;
      for (const std::string &argument : functions.arguments(call)) used += " " + argument;
    }
    for (const std::string &statement : stage->save) used += " " + statement;
    if (stage->loops_over_block) used += " " + stage->first_block_row + " " + stage->end_block_row;
    if (!stage->row.empty() && !ctext::words(used).contains(stage->row)) stage->row_value.clear();
    used += " " + stage->row_value;
  }
  return ctext::words(used).contains("y");
}

void print_tree(ctext::CWriter &writer, const Tree &tree, const TreeCode &code,
                const Functions &functions) {
  TreePrinter(writer, tree, code, functions).print();
}

}  // namespace thimble::codegen

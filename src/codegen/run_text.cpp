// Steps as C (run_text.h). A group whose rows ascend, or descend, counts them itself, or together
// with the other groups that make rows of the same tensor, so that its steps are all equal and fold
// into loops; another's steps name their rows.
#include "codegen/run_text.h"

#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include "codegen/steps.h"
#include "support/check.h"

namespace thimble::codegen {
namespace {

using plan::Phase;

class StepPrinter {
 public:
  StepPrinter(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
              const std::vector<GroupCode> &groups, const ArenaStyle &style, const Ports &ports,
              const std::string &announce)
      : writer_(writer),
        graph_(graph),
        program_(program),
        groups_(groups),
        style_(style),
        ports_(ports),
        announce_(announce) {}

  void print() {
    std::set<std::string> declared;
    for (const GroupCode &group : groups_) {
      if (group.counter.empty() || !declared.insert(group.counter).second) continue;
      writer_.line("int " + group.counter + " = " + std::to_string(group.first_row) + ";");
    }
    print_loops(compress(tokens()), 0);
  }

 private:
  // A token a step; one for all steps of layers on the list that follow each other.
  std::vector<int> tokens() {
    std::vector<int> tokens;
    int last_layer = -1, first_group = -1;
    for (const plan::Step &step : program_.steps) {
      const int layer = groups_[step.group].layer;
      if (layer < 0) {
        tokens.push_back(token_of(step));
        first_group = -1;
      } else if (first_group < 0) {
        first_group = step.group;
        tokens.push_back(token_of({first_group, 0}));
        layers_from_[first_group] = 1;
      } else if (layer != last_layer) {
        ++layers_from_[first_group];
      }
      last_layer = layer;
    }
    return tokens;
  }

  int token_of(const plan::Step &step) {
    const GroupCode &group = groups_[step.group];
    const bool names_row = group.counter.empty() && (group.function.empty() || group.takes_row);
    const plan::Step key{group.token, names_row ? step.row : 0};
    const auto [slot, fresh] =
        token_of_.try_emplace({key.group, key.row}, static_cast<int>(tokens_.size()));
    if (fresh) tokens_.push_back(key);
    return slot->second;
  }

  void print_loops(const std::vector<StepLoop> &loops, int depth) {
    for (const StepLoop &loop : loops) {
      if (loop.body.empty()) {
        print_step(tokens_[loop.token]);
        continue;
      }
      const std::string i =
          depth < 6 ? std::string(1, static_cast<char>('i' + depth)) : "i" + std::to_string(depth);
      writer_.open("for (int " + i + " = 0; " + i + " < " + std::to_string(loop.count) + "; ++" +
                   i + ")");
      print_loops(loop.body, depth + 1);
      writer_.close();
    }
  }

  void print_step(const plan::Step &step) {
    if (!announce_.empty()) writer_.line(announce_ + "(" + std::to_string(step.group) + ");");
    const GroupCode &group = groups_[step.group];
    const plan::Call &call = program_.calls[program_.groups[step.group].sink];
    if (group.layer >= 0) {
      writer_.line("run_layers(layers" +
                   (group.layer > 0 ? " + " + std::to_string(group.layer) : std::string()) + ", " +
                   std::to_string(layers_from_.at(step.group)) + ");");
      return;
    }
    if (!group.function.empty()) {
      print_function(group, step.row);
      return;
    }
    const Index row = group.counter.empty() ? Index::known(step.row) : Index{group.counter, {}};
    if (call.phase == Phase::kFill) {
      print_callback("fill", call.port, row, call.output, call.output_value);
    } else {
      CHECK(call.phase == Phase::kEmit, "a call without a node fills or emits");
      print_callback(ports_.stream_out ? "emit" : "if (emit) emit", call.port, row,
                     call.inputs.at(0), call.input_values.at(0));
    }
    if (!group.counter.empty()) count_row(group);
  }

  void count_row(const GroupCode &group) {
    const int step = group.row_step;
    if (step == 1 || step == -1)
      writer_.line((step > 0 ? "++" : "--") + group.counter + ";");
    else
      writer_.line(group.counter + (step > 0 ? " += " : " -= ") + std::to_string(std::abs(step)) +
                   ";");
  }

  void print_function(const GroupCode &group, int step_row) {
    const bool counts_apart =
        !group.counter.empty() &&
        (!group.takes_row || group.last_depends_on_row || std::abs(group.row_step) > 1);
    std::vector<std::string> arguments;
    for (const Lent &lent : group.lent) arguments.push_back(lent.name);
    if (group.takes_row && group.counter.empty()) arguments.push_back(std::to_string(step_row));
    if (group.takes_row && !group.counter.empty())
      arguments.push_back(group.counter + (counts_apart ? "" : group.row_step > 0 ? "++" : "--"));
    if (!group.first.empty()) arguments.push_back(group.first);
    if (!group.last.empty()) arguments.push_back(group.last);
    writer_.list(group.function + "(", arguments, ");");
    if (counts_apart) count_row(group);
  }

  void print_callback(const std::string &function, int port, const Index &row,
                      const plan::Address &address, ir::ValueId value) {
    const ir::Type &type = graph_.value(value).type;
    const std::string element = type.dtype == ir::DType::kF32 ? "float *" : "int8_t *";
    const Expression data =
        pointer_to(style_, element, address, type.shape.rows, row, Index::known(0));
    writer_.list(function + "(", {"user", std::to_string(port), row.text(), data.text}, ");");
  }

  ctext::CWriter &writer_;
  const ir::Graph &graph_;
  const plan::Program &program_;
  const std::vector<GroupCode> &groups_;
  const ArenaStyle &style_;
  const Ports &ports_;
  const std::string &announce_;
  std::map<std::pair<int, int>, int> token_of_;
  std::vector<plan::Step> tokens_;
  std::map<int, int> layers_from_;  // how many run together, by the group of the first
};

}  // namespace

void print_steps(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                 const std::vector<GroupCode> &groups, const ArenaStyle &style, const Ports &ports,
                 const std::string &announce) {
  StepPrinter(writer, graph, program, groups, style, ports, announce).print();
}

}  // namespace thimble::codegen

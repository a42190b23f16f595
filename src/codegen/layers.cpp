// Finding and printing layers (layers.h).
#include "codegen/layers.h"

#include <algorithm>

#include "codegen/comments.h"

namespace thimble::codegen {
namespace {

// From so many layers on the list is less than their loops (cortex-m4: 8 bytes a layer and 60 in
// all, for 24 a loop).
constexpr std::size_t kFewest = 5;

// Whether all that the group's function is told is a struct and its row.
bool is_told(const GroupCode &code, const Functions &functions) {
  if (code.function.empty() || code.sink_call < 0 || code.counter.empty()) return false;
  if (!code.takes_row || code.shares_counter || !code.lent.empty()) return false;
  const std::vector<std::string> arguments = functions.arguments(code.sink_call);
  return arguments.size() == 2 && arguments[0].starts_with("&") && arguments[1] == "y";
}

// Groups all of whose steps follow each other.
std::vector<Layer> in_one_run(const plan::Program &program) {
  std::vector<Layer> runs;
  std::vector<int> runs_of(program.groups.size());
  for (const plan::Step &step : program.steps) {
    if (runs.empty() || runs.back().group != step.group) {
      runs.push_back({step.group, step.row, 0, 1});
      ++runs_of[step.group];
    }
    Layer &run = runs.back();
    if (++run.rows == 2) run.step = step.row - run.row;
  }
  std::erase_if(runs, [&](const Layer &run) { return runs_of[run.group] > 1; });
  return runs;
}

int place_of(const Layers &layers, const std::string &function) {
  const auto &all = layers.functions;
  return static_cast<int>(std::find(all.begin(), all.end(), function) - all.begin());
}

bool has_large_rows(const Layers &layers) {
  return std::any_of(layers.list.begin(), layers.list.end(),
                     [](const Layer &layer) { return std::max(layer.row, layer.rows) > 255; });
}

}  // namespace

std::int64_t Layers::bytes() const { return std::ssize(list) * (has_large_rows(*this) ? 12 : 8); }

Layers find_layers(const plan::Program &program, const Functions &functions, Groups &groups) {
  Layers layers;
  for (const Layer &layer : in_one_run(program)) {
    const GroupCode &code = groups.list[layer.group];
    if (!is_told(code, functions) || layer.rows < 2 || code.row_step != layer.step) continue;
    layers.list.push_back(layer);
    const std::string function = functions.name(code.sink_call);
    if (place_of(layers, function) == std::ssize(layers.functions))
      layers.functions.push_back(function);
  }
  if (layers.list.size() < kFewest) return {};
  for (int i = 0; i < std::ssize(layers.list); ++i) {
    GroupCode &code = groups.list[layers.list[i].group];
    code.layer = i;
    code.counter.clear();
  }
  return layers;
}

void print_layers(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                  const Layers &layers, const Functions &functions, const Groups &groups) {
  if (layers.list.empty()) return;
  const std::string rows = has_large_rows(layers) ? "uint16_t" : "uint8_t";
  writer.comment("A layer whose rows come one after the other: what makes them, and which.");
  writer.open("struct layer");
  writer.line("const void *call;");
  writer.line(rows + " first_row, rows;");
  writer.line("int8_t step;");
  writer.line("uint8_t function;");
  writer.close("};");
  writer.line();
  writer.open("static const struct layer layers[" + std::to_string(layers.list.size()) + "] =");
  for (const Layer &layer : layers.list) {
    const int call = groups.list[layer.group].sink_call;
    writer.comment(call_comment(graph, program.calls.at(program.groups[layer.group].sink)));
    writer.line("{" + functions.arguments(call)[0] + ", " + std::to_string(layer.row) + ", " +
                std::to_string(layer.rows) + ", " + std::to_string(layer.step) + ", " +
                std::to_string(place_of(layers, functions.name(call))) + "},");
  }
  writer.close("};");
  writer.line();
  writer.comment("Makes all rows of `count` layers, one layer after the other.");
  writer.open("static THIMBLE_NOINLINE void run_layers(const struct layer *layer, int count)");
  writer.open("for (; count > 0; --count)");
  writer.line("int y = layer->first_row;");
  writer.open("for (int left = layer->rows; left > 0; --left)");
  const int last = static_cast<int>(layers.functions.size()) - 1;
  for (int i = 0; i < last; ++i) {
    writer.line((i > 0 ? "else if" : "if") + std::string(" (layer->function == ") +
                std::to_string(i) + ")");
    writer.line("  " + layers.functions[i] + "(layer->call, y);");
  }
  if (last > 0) writer.line("else");
  writer.line((last > 0 ? "  " : "") + layers.functions[last] + "(layer->call, y);");
  writer.line("y += layer->step;");
  writer.close();
  writer.line("++layer;");
  writer.close();
  writer.close();
  writer.line();
}

}  // namespace thimble::codegen

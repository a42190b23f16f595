// Nodes, values and places in words (comments.h).
#include "codegen/comments.h"

#include "codegen/windows.h"
#include "ctext/literals.h"
#include "ops/operator.h"

namespace thimble::codegen {
namespace {

using plan::Call;
using plan::Phase;

// Its rows are made from each other, not from sums.
bool carries(const ir::Graph &graph, const Call &call) {
  return access_of(graph, call, 0).kind == ops::AccessKind::kCarry;
}

std::string counted(std::int64_t count, const std::string &what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string node_text(const ir::Graph &graph, const Call &call) {
  const ir::Node &node = graph.node(call.node);
  return ctext::comment_text(node.name) + " (" + node.op + ")";
}

std::string shape_text(const ir::Shape &shape) {
  return std::to_string(shape.rows) + " x " + std::to_string(shape.cols) + " x " +
         std::to_string(shape.channels);
}

std::string name_text(const ir::Graph &graph, ir::ValueId value) {
  return "'" + ctext::comment_text(graph.value(value).name) + "'";
}

std::string value_text(const ir::Graph &graph, ir::ValueId value) {
  return name_text(graph, value) + " (" + shape_text(graph.value(value).type.shape) + ")";
}

// Whole rows, or the pixels of one that are kept of it.
std::string place_text(const plan::Address &address, int cols) {
  const std::string where =
      address.port < 0 ? " from byte " + std::to_string(address.offset) : " of the caller's";
  if (address.col_slots < cols)
    return counted(address.col_slots, "pixel") + " of " + counted(address.pixel_pitch, "byte") +
           where;
  return counted(address.row_slots, "row") + " of " + counted(address.row_pitch, "byte") + where;
}

std::string placed_value(const ir::Graph &graph, ir::ValueId value, const plan::Address &address) {
  return value_text(graph, value) + ", " + place_text(address, graph.value(value).type.shape.cols);
}

// What the call makes, by name only if that is not the node's.
std::string own_value(const ir::Graph &graph, const Call &call) {
  const ir::Value &value = graph.value(call.output_value);
  const bool is_named = value.name == graph.node(call.node).name;
  return (is_named ? "" : name_text(graph, call.output_value) + ", ") +
         shape_text(value.type.shape) + ", " + place_text(call.output, value.type.shape.cols);
}

// What the call makes of row y, and where.
std::string made_text(const ir::Graph &graph, const Call &call) {
  const std::string state = std::to_string(call.state_offset);
  if (call.phase == Phase::kBegin)
    return (carries(graph, call) ? "its state is set" : "its sums start") + (", at byte " + state);
  if (call.phase == Phase::kFold) {
    const std::string row = "row y of " + value_text(graph, call.input_values.at(0));
    if (folds_in_output(graph, call))
      return row + " is folded into " + placed_value(graph, call.output_value, call.output);
    return row + " is added to its sums, at byte " + state;
  }
  return "row y of " + placed_value(graph, call.output_value, call.output);
}

std::string reads_text(const ir::Graph &graph, const Call &call) {
  std::string text;
  for (std::size_t i = 0; i < call.inputs.size(); ++i)
    text +=
        (i == 0 ? "; reads " : " and ") + placed_value(graph, call.input_values[i], call.inputs[i]);
  return text;
}

std::string calls_text(const ir::Graph &graph, const Stage &stage) {
  const std::string block =
      stage.block ? node_text(graph, *stage.block) + ", block by block, and " : "";
  if (stage.block && folds_in_output(graph, stage.call))
    return node_text(graph, *stage.block) + ", each pixel folded by " +
           node_text(graph, stage.call);
  return block + node_text(graph, stage.call);
}

std::string fold_text(const ir::Graph &graph, const plan::Program &program, const Tree &tree) {
  const Call &fold = program.calls.at(tree.fold);
  if (folds_in_output(graph, fold))
    return ", folded by " + node_text(graph, fold) + " into " +
           placed_value(graph, fold.output_value, fold.output);
  return ", added to the sums of " + node_text(graph, fold) + " at byte " +
         std::to_string(fold.state_offset);
}

// "1 conv1 (Conv2d), ahead of 0: 8 x 8 x 4, 2 rows of 32 bytes from byte 0".
std::string stage_text(const ir::Graph &graph, const plan::Program &program, const Tree &tree,
                       int number) {
  const Stage &stage = tree.stages[number];
  std::string text = std::to_string(number) + " " + calls_text(graph, stage);
  if (stage.reader >= 0)
    text += (stage.lane.follows ? ", behind " : ", ahead of ") + std::to_string(stage.reader);
  if (stage.call.phase == Phase::kFold) return text + ": " + made_text(graph, stage.call);
  text += ": " + own_value(graph, stage.call);
  if (number == 0 && tree.fold >= 0) text += fold_text(graph, program, tree);
  if (stage.lane.saved_cols > 0)
    text += ", " + std::to_string(stage.lane.saved_cols) + " of the replaced row from byte " +
            std::to_string(stage.lane.saved_offset);
  return text;
}

// Of a tree without lanes.
std::string pair_comment(const ir::Graph &graph, const plan::Program &program, const Tree &tree) {
  const Stage &pair = tree.stages[0];
  std::string text = calls_text(graph, pair) + ": " + made_text(graph, pair.call);
  if (tree.fold >= 0) text += fold_text(graph, program, tree);
  text += reads_text(graph, pair.block.value_or(pair.call));
  return text + (tree.columns_descend ? "; from the last column to the first." : ".");
}

}  // namespace

std::string call_comment(const ir::Graph &graph, const Call &call) {
  const std::string text = node_text(graph, call) + ": " + made_text(graph, call);
  return text + (call.phase == Phase::kRow ? reads_text(graph, call) : "") + ".";
}

std::string tree_comment(const ir::Graph &graph, const plan::Program &program, const Tree &tree) {
  if (tree.stages.size() == 1) return pair_comment(graph, program, tree);
  std::string text =
      "Pixel by pixel. Before a stage makes a pixel, those ahead of it make what that reads; after "
      "it, those behind follow:\n";
  for (int stage = 0; stage < std::ssize(tree.stages); ++stage)
    text += "  " + stage_text(graph, program, tree, stage) + "\n";
  text += tree.takes_first() ? "Row y is of stage `first`; those before it do not run."
                             : "Row y is of stage 0.";
  if (tree.takes_last())
    text += " Those behind `last` do not run either: what they make is there already.";
  return text;
}

}  // namespace thimble::codegen

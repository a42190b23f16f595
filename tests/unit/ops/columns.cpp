// Columns of a tensor and tensors side by side: what the strips of plan/strips.h are made of.
#include <gmock/gmock.h>

#include "nodes.h"
#include "ops/evaluate.h"

namespace thimble::ops {
namespace {

ir::Graph columns(const ir::Type &input, std::int64_t begin, std::int64_t end) {
  return one_node("Columns", input, {}, {{"begin", begin}, {"end", end}});
}

// Elements of columns [begin, end), row after row.
template <class T>
std::vector<T> cut_out(const std::vector<T> &data, const ir::Shape &shape, int begin, int end) {
  std::vector<T> result;
  for (int row = 0; row < shape.rows; ++row)
    for (int i = begin * shape.channels; i < end * shape.channels; ++i)
      result.push_back(data[static_cast<std::size_t>(row) * shape.cols * shape.channels + i]);
  return result;
}

TEST(Columns, AreThoseOfEachRow) {
  const std::pair<int, int> cuts[] = {{0, 5}, {0, 2}, {1, 4}, {4, 5}};
  for (const auto &[begin, end] : cuts) {
    const ir::Type real = float_type(3, 5, 2), integer = int_type(3, 5, 2, 0.5f, 3);
    const Tensor floats = sample(real), bytes = sample(integer);
    EXPECT_EQ(eval_node(columns(real, begin, end), floats).f32,
              cut_out(floats.f32, real.shape, begin, end));
    const Tensor out = eval_node(columns(integer, begin, end), bytes);
    EXPECT_EQ(out.i8, cut_out(bytes.i8, integer.shape, begin, end));
    EXPECT_EQ(out.type.shape, (ir::Shape{3, end - begin, 2}));
    EXPECT_EQ(out.type.quant, integer.quant);
  }
}

TEST(Columns, AreReadWhereTheyLie) {
  const ir::Graph graph = columns(float_type(3, 5, 2), 1, 4);
  const auto view = find_operator("Columns")->view(graph, graph.node(0));
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->kind, View::Kind::kColumns);
  EXPECT_THAT(view->offsets, testing::ElementsAre(1));
}

TEST(Columns, AreOfTheInput) {
  ir::Graph graph = columns(float_type(3, 5, 2), 1, 4);
  const std::pair<std::int64_t, std::int64_t> wrong[] = {{-1, 2}, {2, 2}, {3, 2}, {1, 6}};
  for (const auto &[begin, end] : wrong) {
    graph.node(0).attributes = {{"begin", begin}, {"end", end}};
    EXPECT_FALSE(find_operator("Columns")->infer(graph, graph.node(0)).ok()) << begin << " " << end;
  }
}

// in -> Columns, one for each width -> Concat of them, side by side -> out.
ir::Graph cut_and_joined(const ir::Type &input, const std::vector<int> &widths) {
  ir::Graph graph;
  const ir::ValueId in = graph.add_value("in", input);
  graph.add_input(in, {1, input.shape.channels, input.shape.rows, input.shape.cols});
  std::vector<ir::ValueId> parts;
  std::int64_t begin = 0;
  for (const int width : widths) {
    ir::Type type = input;
    type.shape.cols = width;
    parts.push_back(graph.add_value("part", type));
    graph.add_node(
        {"part", "Columns", {in}, {}, {parts.back()}, {{"begin", begin}, {"end", begin + width}}});
    begin += width;
  }
  const ir::ValueId out = graph.add_value("out", input);
  graph.add_node({"joined", "Concat", parts, {}, {out}, {{"axis", std::int64_t{1}}}});
  graph.add_output(out, {1, input.shape.channels, input.shape.rows, input.shape.cols});
  return graph;
}

TEST(Concat, PutsColumnsSideBySide) {
  for (const ir::Type &type : {float_type(3, 6, 2), int_type(3, 6, 2, 0.5f, 3)}) {
    const ir::Graph graph = cut_and_joined(type, {1, 3, 2});
    const ir::Node &node = graph.node(3);
    const auto inferred = operator_of(node).infer(graph, node);
    ASSERT_TRUE(inferred.ok()) << messages(inferred);
    EXPECT_EQ(inferred->front().shape, type.shape);
    const Tensor input = sample(type);
    const Tensor output = evaluate_outputs(graph, {}, {input})[0];
    EXPECT_EQ(output.f32, input.f32);
    EXPECT_EQ(output.i8, input.i8);
  }
}

TEST(Concat, ColumnsLieBesideEachOtherInTheOutput) {
  const ir::Graph graph = cut_and_joined(float_type(3, 6, 2), {1, 3, 2});
  const auto view = find_operator("Concat")->view(graph, graph.node(3));
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->kind, View::Kind::kConcatColumns);
  EXPECT_THAT(view->offsets, testing::ElementsAre(0, 1, 4));
}

TEST(Concat, ColumnsAreAsHighAndAsDeep) {
  ir::Graph graph = cut_and_joined(float_type(3, 6, 2), {1, 3, 2});
  graph.value(graph.node(3).inputs[1]).type.shape.rows = 2;
  EXPECT_FALSE(find_operator("Concat")->infer(graph, graph.node(3)).ok());
}

}  // namespace
}  // namespace thimble::ops

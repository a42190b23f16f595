// Reshape, Permute, Concat and Copy: where elements go, and every import variant,
// checked in the file's order against what the file's operator means.
#include "access_of.h"
#include "file_order.h"
#include "nodes.h"
#include "ops/evaluate.h"
#include "ops/permute.h"

namespace thimble::ops {
namespace {

struct ReshapeCase {
  ForeignNode node;
  std::map<std::string, ForeignTensor> constants;
  Dims from, to;
};

TEST(Reshape, KeepsTheFilesElementOrderHoweverItIsWritten) {
  const std::vector<ReshapeCase> cases = {
      {{"n", "onnx", "Reshape", 14, {"x", "s"}, {"y"}, {}},
       {{"s", integers({1, -1})}},
       {1, 3, 4, 5},
       {1, 60}},
      {{"n", "onnx", "Reshape", 14, {"x", "s"}, {"y"}, {}},
       {{"s", integers({0, 0, -1})}},
       {1, 3, 4, 5},
       {1, 3, 20}},
      {{"n", "onnx", "Reshape", 14, {"x", "s"}, {"y"}, {}},
       {{"s", integers({1, 5, 4, 3})}},
       {1, 3, 4, 5},
       {1, 5, 4, 3}},
      {{"n", "onnx", "Flatten", 13, {"x"}, {"y"}, {}}, {}, {1, 3, 4, 5}, {1, 60}},
      {{"n", "onnx", "Flatten", 13, {"x"}, {"y"}, {{"axis", std::int64_t{-3}}}},
       {},
       {1, 3, 4, 5},
       {1, 60}},
      {{"n", "onnx", "Squeeze", 13, {"x", "s"}, {"y"}, {}},
       {{"s", integers({-1, 2})}},
       {1, 6, 1, 1},
       {1, 6}},
      {{"n", "onnx", "Squeeze", 11, {"x"}, {"y"}, {{"axes", Dims{3}}}},
       {},
       {1, 6, 4, 1},
       {1, 6, 4}},
      {{"n", "onnx", "Unsqueeze", 13, {"x", "s"}, {"y"}, {}},
       {{"s", integers({2, 3})}},
       {1, 6},
       {1, 6, 1, 1}},
      {{"n", "aten", "view.default", 0, {"x"}, {"y"}, {{"size", Dims{1, 4, 2, 3}}}},
       {},
       {1, 24},
       {1, 4, 2, 3}},
      {{"n", "aten", "reshape.default", 0, {"x"}, {"y"}, {{"shape", Dims{-1, 8}}}},
       {},
       {1, 2, 2, 2},
       {1, 8}},
      {{"n",
        "aten",
        "flatten.using_ints",
        0,
        {"x"},
        {"y"},
        {{"start_dim", std::int64_t{1}}, {"end_dim", std::int64_t{-1}}}},
       {},
       {1, 3, 4, 5},
       {1, 60}},
      {{"n",
        "aten",
        "flatten.using_ints",
        0,
        {"x"},
        {"y"},
        {{"start_dim", std::int64_t{2}}, {"end_dim", std::int64_t{3}}}},
       {},
       {1, 3, 4, 5},
       {1, 3, 20}},
      {{"n", "aten", "squeeze.dims", 0, {"x"}, {"y"}, {{"dim", Dims{2, 3}}}},
       {},
       {1, 6, 1, 1},
       {1, 6}},
      {{"n", "aten", "unsqueeze.default", 0, {"x"}, {"y"}, {{"dim", std::int64_t{-1}}}},
       {},
       {1, 6},
       {1, 6, 1}},
  };
  for (const ReshapeCase &reshape : cases) {
    SCOPED_TRACE(reshape.node.op);
    const ir::Graph graph = imported(reshape.from, reshape.node, reshape.constants, reshape.to);
    const auto out = run_file_order(graph);
    EXPECT_EQ(out, counting(static_cast<std::int64_t>(out.size())));
  }
}

TEST(Reshape, RefusesWhatDoesNotFit) {
  const ForeignNode node{"n", "aten", "view.default", 0, {"x"}, {"y"}, {{"size", Dims{1, 7}}}};
  const auto graph = import_graph(foreign({1, 2, 2, 2}, node, {}));
  EXPECT_FALSE(graph.ok());
  EXPECT_NE(messages(graph).find("number of elements"), std::string::npos);
}

TEST(Permute, MovesAsTransposeDoes) {
  const ForeignNode node{"n", "onnx", "Transpose", 13, {"x"}, {"y"}, {{"perm", Dims{0, 2, 3, 1}}}};
  const auto out = run_file_order(imported({1, 2, 3, 4}, node, {}, {1, 3, 4, 2}));
  for (int c = 0; c < 2; ++c)
    for (int h = 0; h < 3; ++h)
      for (int w = 0; w < 4; ++w)
        EXPECT_EQ(out[(h * 4 + w) * 2 + c], static_cast<float>((c * 3 + h) * 4 + w));
}

TEST(Permute, IsAViewWhereNothingMoves) {
  EXPECT_TRUE(moves_elements({2, 3, 4}, {2, 0, 1}));
  EXPECT_FALSE(moves_elements({2, 3, 1}, {2, 0, 1}));
  EXPECT_FALSE(moves_elements({1, 1, 4}, {2, 0, 1}));
  EXPECT_TRUE(moves_elements({2, 1, 4}, {2, 1, 0}));
}

TEST(Concat, JoinsChannelsAndRows) {
  for (const std::int64_t axis : {1, 2}) {
    ForeignGraph file =
        foreign({1, 2, 2, 2}, {"n", "onnx", "Concat", 13, {"x", "z"}, {"y"}, {{"axis", axis}}}, {});
    file.inputs.push_back({"z", {1, 2, 2, 2}, ForeignType::kF32});
    const auto graph = import_graph(file);
    ASSERT_TRUE(graph.ok()) << messages(graph);
    const auto out = run_file_order(*graph);
    const std::vector<float> rows = {0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15};
    EXPECT_EQ(out, axis == 1 ? counting(16) : rows);
  }
}

TEST(Copy, IsWhatPassThroughNodesNeverBecome) {
  for (const char *op : {"dropout.default", "clone.default", "detach.default"}) {
    ForeignGraph file = foreign({1, 4}, {"n", "aten", op, 0, {"x"}, {"z"}, {}}, {});
    file.nodes.push_back({"r", "aten", "relu.default", 0, {"z"}, {"y"}, {}});
    file.outputs[0].name = "y";
    const auto graph = import_graph(file);
    ASSERT_TRUE(graph.ok()) << messages(graph);
    ASSERT_EQ(graph->nodes().size(), 1u);
    EXPECT_EQ(graph->nodes()[0].op, "Relu");
  }
  const ForeignNode training{"n",   "aten", "dropout.default",           0,
                             {"x"}, {"y"},  {{"train", std::int64_t{1}}}};
  EXPECT_NE(messages(import_graph(foreign({1, 4}, training, {}))).find("model.eval()"),
            std::string::npos);
}

}  // namespace
}  // namespace thimble::ops

// Operators that only move elements: each foreign one against what it means, element by element in
// the file's order, for ranks from 1 to 5 and batches; and what AsStrided says about rows.
#include <algorithm>

#include "access_of.h"
#include "file_order.h"
#include "ops/layout.h"
#include "ops/strided.h"

namespace thimble::ops {
namespace {

using Index = std::vector<std::int64_t>;

Index digits(std::int64_t at, const Dims &dims) {
  Index index(dims.size());
  for (std::size_t i = dims.size(); i-- > 0; at /= dims[i]) index[i] = at % dims[i];
  return index;
}

// Element of the input, counted in the file's order, at this index.
float element(const Index &index, const Dims &dims) {
  std::int64_t at = 0;
  for (std::size_t i = 0; i < dims.size(); ++i) at = at * dims[i] + index[i];
  return static_cast<float>(at);
}

// The node's output element at index i is the input's at source(i).
template <class F>
void expect_moves(const Dims &from, const ForeignNode &node,
                  const std::map<std::string, ForeignTensor> &constants, const Dims &to, F source) {
  SCOPED_TRACE(node.op);
  const auto out = run_file_order(imported(from, node, constants, to));
  for (std::size_t i = 0; i < out.size(); ++i)
    EXPECT_EQ(out[i], element(source(digits(static_cast<std::int64_t>(i), to)), from)) << i;
}

ForeignNode aten(const std::string &op, std::map<std::string, ForeignAttribute> attributes) {
  return {"n", "aten", op, 0, {"x"}, {"y"}, std::move(attributes)};
}

TEST(Layout, PicturesAndSignalsLieByPixelAllElseAsInTheFile) {
  const std::tuple<Dims, ir::Shape, Dims> cases[] = {
      {{1, 3, 4, 5}, {4, 5, 3}, {60, 1, 15, 3}},
      {{1, 3, 4}, {4, 1, 3}, {12, 1, 3}},
      {{1, 6}, {1, 1, 6}, {6, 1}},
      {{}, {1, 1, 1}, {}},
      {{6}, {1, 1, 6}, {1}},
      {{4, 6}, {4, 1, 6}, {6, 1}},
      {{2, 3, 4}, {2, 3, 4}, {12, 4, 1}},
      {{2, 3, 4, 5}, {2, 12, 5}, {60, 20, 5, 1}},
      {{1, 2, 3, 4, 5}, {2, 12, 5}, {120, 60, 20, 5, 1}}};
  for (const auto &[dims, shape, strides] : cases) {
    const auto layout = ops::layout_of(dims, ir::AxisOrder::kChannelsFirst);
    ASSERT_TRUE(layout.ok());
    EXPECT_EQ(layout->shape, shape);
    EXPECT_EQ(layout->strides, strides);
  }
  EXPECT_FALSE(ops::layout_of({2, 0}, {}).ok());
  EXPECT_FALSE(ops::layout_of(Dims(9, 1), {}).ok());
  EXPECT_FALSE(ops::layout_of({1 << 20, 1 << 20}, {}).ok());
}

TEST(Strided, ReadsTheRowsThatItSays) {
  const ir::Shape in{6, 2, 4}, out{3, 2, 4};
  const std::pair<Strided, std::vector<Range>> cases[] = {
      {{8, {{3, 16}, {8, 1}}}, {{1, 2}, {3, 4}, {5, 6}}},
      {{0, {{3, 0}, {8, 1}}}, {{0, 1}, {0, 1}, {0, 1}}},
      {{40, {{3, -8}, {8, 1}}}, {{3, 6}, {3, 6}, {3, 6}}},
      {{3, {{3, 8}, {8, 3}}}, {{0, 4}, {1, 5}, {2, 6}}}};
  for (const auto &[strided, rows] : cases) EXPECT_EQ(strided_access(strided, in, out).rows, rows);
}

TEST(Strided, BoundsAreThoseOfItsElements) {
  const Strided strided{40, {{3, 7}, {2, -20}, {4, 3}}};
  const auto all = sources(strided);
  for (std::size_t first = 0; first < all.size(); ++first)
    for (std::size_t last = first + 1; last <= all.size(); ++last) {
      const auto from = all.begin() + static_cast<std::ptrdiff_t>(first);
      const auto to = all.begin() + static_cast<std::ptrdiff_t>(last);
      const ElementRange range =
          bounds(strided, static_cast<std::int64_t>(first), static_cast<std::int64_t>(last));
      EXPECT_EQ(range.lo, *std::min_element(from, to));
      EXPECT_EQ(range.hi, *std::max_element(from, to) + 1);
    }
}

TEST(Transpose, MovesAnyAxesOfAnyRank) {
  const std::pair<Dims, Dims> cases[] = {
      {{1, 2, 3, 4}, {0, 2, 3, 1}}, {{2, 3}, {1, 0}},
      {{1, 2, 3}, {2, 0, 1}},       {{2, 3, 4}, {0, 2, 1}},
      {{2, 3, 2, 4}, {3, 1, 0, 2}}, {{2, 1, 3, 2, 4}, {4, 2, 0, 3, 1}}};
  for (const auto &[from, perm] : cases) {
    Dims to;
    for (const std::int64_t axis : perm) to.push_back(from[axis]);
    const ForeignNode node{"n", "onnx", "Transpose", 13, {"x"}, {"y"}, {{"perm", perm}}};
    const Dims order = perm;
    expect_moves(from, node, {}, to, [&](const Index &i) {
      Index source(i.size());
      for (std::size_t k = 0; k < i.size(); ++k) source[order[k]] = i[k];
      return source;
    });
  }
}

TEST(Slice, TakesStepsInBothDirections) {
  const ForeignNode node{"n", "onnx", "Slice", 13, {"x", "s", "e", "a", "t"}, {"y"}, {}};
  const std::map<std::string, ForeignTensor> constants = {{"s", integers({-1, 1})},
                                                          {"e", integers({-1000, 4})},
                                                          {"a", integers({2, -1})},
                                                          {"t", integers({-2, 1})}};
  for (const Dims &from : {Dims{1, 2, 5, 4}, Dims{2, 2, 5, 4}, Dims{1, 2, 5, 2, 4}}) {
    Dims to = from;
    to[2] = 3;
    to.back() = 3;
    expect_moves(from, node, constants, to, [](Index i) {
      i[2] = 4 - 2 * i[2];
      i.back() += 1;
      return i;
    });
  }
}

TEST(Slice, HadAttributesBeforeOpset10) {
  const ForeignNode node{"n",
                         "onnx",
                         "Slice",
                         9,
                         {"x"},
                         {"y"},
                         {{"starts", Dims{1, 0}}, {"ends", Dims{3, -1}}, {"axes", Dims{1, 2}}}};
  expect_moves({2, 3, 5}, node, {}, {2, 2, 4}, [](Index i) {
    ++i[1];
    return i;
  });
}

TEST(Split, BindsEveryPart) {
  for (const Dims &from : {Dims{1, 5, 3, 2}, Dims{2, 5, 3}, Dims{5}}) {
    const std::int64_t axis = from.size() == 1 ? 0 : 1;
    ForeignNode node{"n", "aten", "split_with_sizes.default", 0, {"x"}, {"y", "z"}, {}};
    node.attributes = {{"dim", axis}, {"split_sizes", Dims{2, 3}}};
    ForeignGraph file = foreign(from, node, {});
    file.outputs[0].name = "z";
    const auto graph = import_graph(file);
    ASSERT_TRUE(graph.ok()) << messages(graph);
    Dims to = from;
    to[axis] = 3;
    const auto out = run_file_order(*graph);
    for (std::size_t i = 0; i < out.size(); ++i) {
      Index source = digits(static_cast<std::int64_t>(i), to);
      source[axis] += 2;
      EXPECT_EQ(out[i], element(source, from));
    }
  }
  ForeignNode node{"n", "onnx", "Split", 18, {"x"}, {"y", "z"}, {{"axis", std::int64_t{1}}}};
  EXPECT_FALSE(import_graph(foreign({1, 1, 3}, node, {})).ok());
}

TEST(Expand, RepeatsDimensionsOfOne) {
  expect_moves({1, 3, 1, 2}, aten("expand.default", {{"size", Dims{2, -1, 4, -1}}}), {},
               {2, 3, 4, 2}, [](const Index &i) {
                 return Index{0, i[1], 0, i[3]};
               });
  expect_moves({3}, aten("expand.default", {{"size", Dims{1, 2, 3}}}), {}, {1, 2, 3},
               [](const Index &i) { return Index{i[2]}; });
  EXPECT_FALSE(
      import_graph(foreign({2, 3}, aten("expand.default", {{"size", Dims{4, 3}}}), {})).ok());
}

TEST(Repeat, GoesRoundAndRound) {
  expect_moves({1, 2, 3}, aten("repeat.default", {{"repeats", Dims{2, 3, 1, 2}}}), {}, {2, 3, 2, 6},
               [](const Index &i) {
                 return Index{0, i[2], i[3] % 3};
               });
}

TEST(Flip, RunsBackwards) {
  expect_moves({1, 2, 3, 4}, aten("flip.default", {{"dims", Dims{1, -1}}}), {}, {1, 2, 3, 4},
               [](const Index &i) {
                 return Index{0, 1 - i[1], i[2], 3 - i[3]};
               });
}

TEST(Select, DropsItsAxis) {
  expect_moves({2, 3, 4, 2, 2},
               aten("select.int", {{"dim", std::int64_t{-3}}, {"index", std::int64_t{-1}}}), {},
               {2, 3, 2, 2}, [](const Index &i) {
                 return Index{i[0], i[1], 3, i[2], i[3]};
               });
}

TEST(DepthToSpace, UndoesSpaceToDepth) {
  const std::int64_t two = 2;
  for (const char *mode : {"DCR", "CRD"}) {
    const bool blocks_first = std::string(mode) == "DCR";
    const ForeignNode node{"n",
                           "onnx",
                           "DepthToSpace",
                           13,
                           {"x"},
                           {"y"},
                           {{"blocksize", two}, {"mode", std::string(mode)}}};
    expect_moves({2, 8, 3, 2}, node, {}, {2, 2, 6, 4}, [&](const Index &i) {
      const std::int64_t block = i[2] % 2 * 2 + i[3] % 2;
      return Index{i[0], blocks_first ? block * 2 + i[1] : i[1] * 4 + block, i[2] / 2, i[3] / 2};
    });
  }
  expect_moves({1, 2, 6, 4}, aten("pixel_unshuffle.default", {{"downscale_factor", two}}), {},
               {1, 8, 3, 2}, [](const Index &i) {
                 return Index{0, i[1] / 4, i[2] * 2 + i[1] % 4 / 2, i[3] * 2 + i[1] % 2};
               });
}

TEST(Reshape, GoesThroughTheFilesOrderInEveryRank) {
  const std::pair<Dims, Dims> cases[] = {{{2, 3, 4}, {1, 4, 6}},
                                         {{1, 6, 4}, {1, 4, 6}},
                                         {{1, 2, 3, 4}, {2, 12}},
                                         {{1, 2, 2, 3, 2}, {1, 4, 3, 2}}};
  for (const auto &[from, to] : cases) {
    const auto graph = imported(from, aten("view.default", {{"size", to}}), {}, to);
    const auto out = run_file_order(graph);
    EXPECT_EQ(out, counting(static_cast<std::int64_t>(out.size())));
  }
}

TEST(Gather, TakesAnyPositions) {
  const ForeignNode node{"n", "onnx", "Gather", 13, {"x", "i"}, {"y"}, {{"axis", std::int64_t{2}}}};
  const Index picks = {2, 0, 1, 1, -1, 0};
  for (const Dims &from : {Dims{1, 2, 3, 2}, Dims{2, 2, 3, 2}, Dims{1, 2, 3}}) {
    Dims to = from;
    to[2] = 2;
    to.insert(to.begin() + 3, 3);
    const ForeignTensor index{ForeignType::kI64, {2, 3}, {}, picks};
    expect_moves(from, node, {{"i", index}}, to, [&](Index i) {
      const std::int64_t pick = picks[static_cast<std::size_t>(i[2] * 3 + i[3])];
      i.erase(i.begin() + 3);
      i[2] = pick < 0 ? 2 : pick;
      return i;
    });
  }
  const ForeignTensor beyond{ForeignType::kI64, {1}, {}, {3}};
  EXPECT_FALSE(import_graph(foreign({1, 2, 3}, node, {{"i", beyond}})).ok());
}

TEST(Pad, RepeatsOrCutsInEveryRank) {
  const auto reflected = [](std::int64_t at, std::int64_t count) {
    return at < 0 ? -at : at >= count ? 2 * (count - 1) - at : at;
  };
  const auto node =
      aten("pad.default", {{"pad", Dims{1, -1, 2, 1}}, {"mode", std::string("reflect")}});
  for (const Dims &from :
       {Dims{1, 2, 3, 4}, Dims{2, 2, 3, 4}, Dims{1, 2, 2, 3, 4}, Dims{1, 3, 4}}) {
    Dims to = from;
    to[to.size() - 2] += 3;
    expect_moves(from, node, {}, to, [&](Index i) {
      i.back() = reflected(i.back() - 1, 4);
      i[i.size() - 2] = reflected(i[i.size() - 2] - 2, 3);
      return i;
    });
  }
}

TEST(Pad, FillsWithItsValue) {
  const auto node =
      aten("constant_pad_nd.default", {{"pad", Dims{1, 0, 0, 1, 1, 0}}, {"value", 9.5}});
  for (const Dims &from : {Dims{1, 1, 2, 2}, Dims{2, 1, 2, 2}, Dims{2, 2, 2}}) {
    Dims to = from;
    for (int i = 1; i <= 3; ++i) to[to.size() - i] += 1;
    const auto out = run_file_order(imported(from, node, {}, to));
    const auto kept = std::count_if(out.begin(), out.end(), [](float x) { return x != 9.5f; });
    std::ptrdiff_t given = 1;
    for (const std::int64_t dim : from) given *= dim;
    EXPECT_EQ(kept, given);
  }
}

TEST(Concat, JoinsAlongAnyAxis) {
  const std::pair<Dims, std::int64_t> cases[] = {
      {{1, 2, 3, 4}, 3}, {{1, 2, 3, 4}, 0}, {{2, 2, 3}, 1},      {{2, 2, 3, 2}, -1},
      {{1, 2, 3}, 0},    {{3}, 0},          {{2, 3, 2, 2, 2}, 2}};
  for (const auto &[from, axis] : cases) {
    ForeignGraph file = foreign(from, aten("cat.default", {{"dim", axis}}), {});
    file.nodes[0].inputs = {"x", "z"};
    file.inputs.push_back({"z", from, ForeignType::kF32});
    const auto graph = import_graph(file);
    ASSERT_TRUE(graph.ok()) << messages(graph);
    const std::size_t at = static_cast<std::size_t>(axis < 0 ? axis + 4 : axis);
    Dims to = from;
    to[at] *= 2;
    const auto out = run_file_order(*graph);
    for (std::size_t i = 0; i < out.size(); ++i) {
      Index source = digits(static_cast<std::int64_t>(i), to);
      const bool second = source[at] >= from[at];
      if (second) source[at] -= from[at];
      const float base = second ? static_cast<float>(out.size() / 2) : 0;
      EXPECT_EQ(out[i], base + element(source, from)) << i;
    }
  }
}

// An output row that changes with an input row must say that it reads it; ranges are monotone.
void expect_covering_access(const ir::Graph &graph) {
  const ir::Type input = graph.value(graph.node(0).inputs[0]).type;
  const std::vector<Range> rows = kept_modes(graph)[0].inputs[0].rows;
  const Tensor before_in = sample(input), before = eval_node(graph, before_in);
  const std::int64_t in_row = std::int64_t{input.shape.cols} * input.shape.channels;
  const std::int64_t out_row = before.type.shape.elements() / before.type.shape.rows;
  for (int k = 0; k < input.shape.rows; ++k) {
    Tensor changed = before_in;
    for (std::int64_t i = k * in_row; i < (k + 1) * in_row; ++i) changed.f32[i] += 10;
    const Tensor after = eval_node(graph, changed);
    for (std::int64_t i = 0; i < before.type.shape.elements(); ++i)
      EXPECT_TRUE(after.f32[i] == before.f32[i] || contains(rows[i / out_row], k)) << i;
  }
  for (std::size_t y = 1; y < rows.size(); ++y) {
    EXPECT_LE(rows[y - 1].lo, rows[y].lo);
    EXPECT_LE(rows[y - 1].hi, rows[y].hi);
  }
}

TEST(Gather, ReadsNoOtherRowsThanItSays) {
  const ir::Type type = float_type(6, 2, 4);
  const std::int64_t cuts[][2] = {{6, 8}, {3, 16}, {2, 24}, {4, 1}, {12, 4}, {8, 1}};
  for (const auto &[count, inner] : cuts) {
    const Dims indices = {count - 1, 0, 1, 1, 0};
    const auto elements = static_cast<int>(48 / count * 5);
    for (const int rows : {1, 2, 5})
      if (elements % (2 * rows) == 0)
        expect_covering_access(one_node("Gather", type, {},
                                        {{"count", count},
                                         {"inner", inner},
                                         {"indices", indices},
                                         {"out_shape", list({rows, 2, elements / 2 / rows})}}));
  }
}

TEST(Pad, ReadsNoOtherRowsThanItSays) {
  for (const char *mode : {"constant", "edge", "reflect", "wrap"}) {
    const ir::Graph graph = one_node(
        "Pad", float_type(5, 2, 3), {},
        {{"before", list({3, 0, 1})}, {"after", list({2, 1, 0})}, {"mode", std::string(mode)}});
    expect_covering_access(graph);
  }
  const ir::Graph zeros = one_node("Pad", float_type(2, 1, 1), {},
                                   {{"before", list({1, 0, 0})}, {"after", list({1, 0, 0})}});
  EXPECT_EQ(kept_modes(zeros)[0].inputs[0].rows,
            (std::vector<Range>{{0, 0}, {0, 1}, {1, 2}, {2, 2}}));
}

TEST(Constant, StandsForWhatTheFileHolds) {
  ForeignGraph file = foreign({1, 2, 2}, aten("cat.default", {{"dim", std::int64_t{1}}}),
                              {{"k", floats({1, 1, 2}, std::vector<float>{7, 8})}});
  file.nodes[0].inputs = {"x", "k"};
  file.outputs.push_back({"k", {}, ForeignType::kF32});
  const auto graph = import_graph(file);
  ASSERT_TRUE(graph.ok()) << messages(graph);
  EXPECT_EQ(run_file_order(*graph), (std::vector<float>{0, 1, 2, 3, 7, 8}));
  EXPECT_EQ(graph->outputs().size(), 2u);
}

}  // namespace
}  // namespace thimble::ops

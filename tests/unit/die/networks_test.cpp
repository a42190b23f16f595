// The die's networks: sizes of the published ones, and that the whole compiler takes them.
#include "die/networks.h"

#include <gtest/gtest.h>

#include <cmath>

#include "die/decoder.h"
#include "die/grey.h"
#include "ir/text.h"
#include "ir/verify.h"
#include "ops/evaluate.h"
#include "ops/operator.h"
#include "passes/pipeline.h"

namespace thimble::die {
namespace {

struct Published {
  Channels channels;
  int hires;
  std::int64_t convolutions, fully_connected;
  std::int64_t ram;  // layer by layer, int8; 0: not published
};

constexpr Published kPublished[] = {
    {{2, 2, 2, 2}, 0, 133, 224, 1536},       {{3, 3, 3, 3}, 0, 280, 336, 0},
    {{4, 4, 4, 4}, 0, 481, 448, 2048},       {{8, 8, 8, 8}, 0, 1825, 896, 4096},
    {{2, 2, 8, 16}, 0, 1363, 1792, 1536},    {{4, 4, 16, 16}, 0, 3085, 1792, 2048},
    {{16, 16, 16, 16}, 0, 7105, 1792, 8192}, {{32, 32, 32, 32}, 0, 28033, 3584, 0},
    {{64, 64, 64, 64}, 0, 111361, 7168, 0},  {{4, 4, 4, 4}, 2, 777, 448, 8192},
    {{8, 8, 8, 8}, 1, 2409, 896, 10240},     {{8, 8, 8, 8}, 2, 2993, 896, 16384},
    {{8, 8, 8, 8}, 3, 3577, 896, 16384},
};

void expect_sound(const ir::Graph &graph) {
  EXPECT_TRUE(ir::verify(graph).empty());
  EXPECT_TRUE(ops::verify(graph).empty());
  EXPECT_TRUE(passes::run_pipeline(graph).ok());
}

void expect_as_the_passes_leave_it(const ir::Graph &graph) {
  const auto piped = passes::run_pipeline(graph);
  ASSERT_TRUE(piped.ok());
  EXPECT_TRUE(ir::print(*piped) == ir::print(graph)) << graph.name;
}

std::vector<ops::Tensor> run(const ir::Graph &graph) {
  std::vector<ops::Tensor> inputs;
  for (const ir::Port &port : graph.inputs()) {
    const ir::Type &type = graph.value(port.value).type;
    inputs.push_back(ops::from_real(type, std::vector<float>(type.shape.elements(), 0.5f)));
  }
  return ops::evaluate_outputs(graph, {}, inputs);
}

TEST(DecoderGraph, HasTheParametersAndTheRamOfThePublishedOnes) {
  for (const Published &published : kPublished) {
    const ir::Graph graph = decoder_graph({published.channels, published.hires});
    const ParameterCount count = count_parameters(graph);
    EXPECT_EQ(count.convolutions, published.convolutions);
    EXPECT_EQ(count.fully_connected, published.fully_connected);
    if (published.ram) {
      EXPECT_EQ(layer_by_layer_bytes(graph), published.ram);
    }
  }
}

TEST(DecoderGraph, IsSoundAndDrawsAnEvenGreyBeforeTraining) {
  for (const Published &published : kPublished) {
    const ir::Graph graph = decoder_graph({published.channels, published.hires});
    expect_sound(graph);
    expect_as_the_passes_leave_it(graph);
    EXPECT_EQ(ops::to_real(run(graph)[0]), Grey(kGreySide * kGreySide, 0.5f));
  }
}

TEST(DecoderGraph, OtherSidesAndLatentsBeginLarger) {
  const ir::Graph graph = decoder_graph({{4, 4, 4, 4}, 1, 3, 64});
  expect_sound(graph);
  EXPECT_EQ(graph.inputs()[0].dims, (std::vector<int>{1, 9}));
  EXPECT_EQ(graph.outputs()[0].dims, (std::vector<int>{1, 1, 64, 64}));
  EXPECT_EQ(count_parameters(graph).fully_connected, 9 * 64 * 4);
  EXPECT_EQ(run(graph)[0].f32.size(), 64u * 64u);
}

// Its nodes, one a line: operator and attributes, whatever the names.
std::string structure(const ir::Graph &graph) {
  std::string text;
  for (const ir::Node &node : graph.nodes()) {
    text += node.op;
    for (const std::int64_t size : node.integers("stride")) text += " " + std::to_string(size);
    text += " " + node.text("act", "");
    for (const ir::ConstantId id : node.constants)
      for (const int size : graph.constant(id).dims) text += " " + std::to_string(size);
    text += "\n";
  }
  return text;
}

TEST(DecoderGraph, IsTheShippedOneButForItsWeights) {
  const auto small = load_shipped_model("die_929.pt2"), large = load_shipped_model("die_3889.pt2");
  ASSERT_TRUE(small.ok() && large.ok());
  EXPECT_EQ(structure(decoder_graph({{4, 4, 4, 4}, 0})), structure(small->graph));
  EXPECT_EQ(structure(decoder_graph({{8, 8, 8, 8}, 2})), structure(large->graph));
}

// Order of weights and ports, too: with the shipped weights it draws the shipped pictures.
TEST(DecoderGraph, DrawsWhatTheShippedOneDrawsWithItsWeights) {
  const auto shipped = load_shipped_model("die_929.pt2");
  ASSERT_TRUE(shipped.ok());
  ir::Graph graph = decoder_graph({{4, 4, 4, 4}, 0});
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    const auto &from = shipped->graph.node(i).constants, &to = graph.node(i).constants;
    for (std::size_t k = 0; k < to.size(); ++k)
      graph.constant(to[k]).data = shipped->graph.constant(from[k]).data;
  }
  const auto ours = make_decoder({"ours", "", std::move(graph)}, {});
  const auto theirs = make_decoder(*shipped, {});
  ASSERT_TRUE(ours.ok() && theirs.ok());
  for (int face = 1; face <= kFaces; ++face)
    EXPECT_EQ(draw_float(*ours, face, 0.7f), draw_float(*theirs, face, 0.7f));
}

TEST(EncoderGraph, ReadsPictureAndFaceGivesMeanAndVariance) {
  const ir::Graph graph = encoder_graph({{4, 6, 8, 1}, 0, 2});
  expect_sound(graph);
  const std::int64_t convolutions =
      (9 * 7 * 4 + 4) + (9 * 4 * 6 + 6) + (9 * 6 * 8 + 8) + (9 * 8 * 8 + 8);
  EXPECT_EQ(count_parameters(graph).convolutions, convolutions);
  EXPECT_EQ(count_parameters(graph).fully_connected, 2 * ((16 * 8 + 6) * 2 + 2));
  EXPECT_EQ(graph.inputs()[0].dims, (std::vector<int>{1, 7, 32, 32}));
  EXPECT_EQ(graph.inputs()[1].dims, (std::vector<int>{1, 6}));
  const auto outputs = run(graph);
  ASSERT_EQ(outputs.size(), 2u);
  EXPECT_EQ(outputs[0].f32, std::vector<float>(2, 0.0f));
  expect_sound(encoder_graph({{8, 8, 8, 8}, 0, 1, 64}));
}

TEST(EvaluatorGraph, IsTheShippedOneButForItsWeights) {
  const auto shipped = load_shipped_model("eval_small.pt2");
  ASSERT_TRUE(shipped.ok());
  EXPECT_EQ(structure(small_evaluator_graph()), structure(shipped->graph));
  for (const ir::Graph &graph : {evaluator_graph(), small_evaluator_graph(), evaluator_graph(64)}) {
    expect_sound(graph);
    expect_as_the_passes_leave_it(graph);
    const ops::Tensor scores = run(graph)[0];
    for (const float score : scores.f32) EXPECT_NEAR(score, std::log(1 / 6.0), 1e-6);
  }
  EXPECT_EQ(count_parameters(evaluator_graph()).total(), 80 + 1168 + 4097 * 256 + 257 * 6);
}

}  // namespace
}  // namespace thimble::die

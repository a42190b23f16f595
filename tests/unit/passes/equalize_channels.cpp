// Equal ranges for the channels of a tensor, and the same function.
#include "passes/equalize_channels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ir/text.h"
#include "ops/evaluate.h"

namespace thimble::passes {
namespace {

ir::Graph network() {
  auto graph = ir::parse(R"(
graph uneven
input x: f32[6x5x2]
node f: Conv2d(x; aw, ab) {act = "relu"} -> f
node d: Conv2d(f; dw, db) {groups = 4, pad = [1, 1, 1, 1]} -> d
node t: ConvTranspose2d(d; tw, tb) {groups = 2, stride = [2, 2], act = "relu"} -> t
node l: Linear(t; lw, lb) {out_shape = [1, 2, 3], act = "relu"} -> l
node o: Conv2d(l; ow, ob) -> o
output o dims [1, 2, 1, 2]
const aw: f32[4, 1, 1, 2] = random(1, 3)
const ab: f32[4] = random(2, 9)
const dw: f32[8, 3, 3, 1] = random(3, 0.5)
const db: f32[8] = random(4, 2)
const tw: f32[6, 2, 2, 4] = random(5, 0.5)
const tb: f32[6] = random(6, 0.2)
const lw: f32[6, 720] = random(7, 0.2)
const lb: f32[6] = random(8, 0.2)
const ow: f32[2, 1, 1, 3] = random(9, 0.2)
const ob: f32[2] = random(10, 0.2)
)",
                         "test.thm");
  if (!graph.ok()) throw std::runtime_error(to_string(graph.diagnostics().front()));
  if (!ops::infer_types(*graph).ok()) throw std::runtime_error("shapes do not fit");
  return *std::move(graph);
}

std::vector<ops::Tensor> evaluate(const ir::Graph &graph) {
  ops::Tensor x{graph.value(graph.inputs()[0].value).type, {}, {}};
  for (std::int64_t i = 0; i < x.type.shape.elements(); ++i)
    x.f32.push_back(std::sin(1.7f * static_cast<float>(i + 1)));
  return ops::evaluate(graph, {}, {x});
}

ChannelPeaks peaks_of(const ir::Graph &graph) {
  ChannelPeaks peaks;
  for (const ops::Tensor &tensor : evaluate(graph)) {
    std::vector<float> most(tensor.type.shape.channels, 0);
    for (std::size_t i = 0; i < tensor.f32.size(); ++i)
      most[i % most.size()] = std::max(most[i % most.size()], std::abs(tensor.f32[i]));
    peaks.push_back(most);
  }
  return peaks;
}

TEST(EqualizeChannels, ChangesRangesAndNotTheFunction) {
  const ir::Graph before = network();
  const ir::Graph after = equalize_channels(before, peaks_of(before));
  const std::vector<float> expected = evaluate(before).back().f32, got = evaluate(after).back().f32;
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(got[i], expected[i], 1e-4f * std::abs(expected[i]) + 1e-5f);
  const ChannelPeaks old = peaks_of(before), peaks = peaks_of(after);
  int uneven = 0;
  for (std::size_t value = 0; value < peaks.size(); ++value) {
    const bool may_change = !before.is_output(value) && before.producer(value).has_value();
    for (std::size_t c = 0; c < peaks[value].size(); ++c) {
      const float largest = *std::max_element(old[value].begin(), old[value].end());
      if (old[value][c] == 0) continue;
      const float wanted = may_change ? largest : old[value][c];
      EXPECT_NEAR(peaks[value][c], wanted, 1e-4f * wanted) << before.value(value).name << ' ' << c;
      uneven += old[value][c] < 0.8f * largest;
    }
  }
  EXPECT_GT(uneven, 4) << "the network should have had something to mend";
}

TEST(EqualizeChannels, LeavesWhatWasNotObserved) {
  const ir::Graph graph = network();
  EXPECT_EQ(ir::print(equalize_channels(graph, {})), ir::print(graph));
}

}  // namespace
}  // namespace thimble::passes

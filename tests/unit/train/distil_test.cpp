// How far a student is from its teacher and its labels.
#include "train/distil.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/operator.h"

namespace thimble::train {
namespace {

ir::Graph ending_in(const std::string &op) {
  auto graph = ir::parse(
      "graph g\ninput x: f32[1x1x4]\nnode y: " + op + "(x) -> y\noutput y dims [1, 4]\n", "g.thm");
  EXPECT_TRUE(graph.ok() && ops::infer_types(*graph).ok());
  return *std::move(graph);
}

const torch::Tensor kLogits =
    torch::tensor({2.0f, -1.0f, 0.5f, 0.0f, -3.0f, 4.0f, 1.0f, 1.5f, 0.0f, 0.25f, 3.0f, -2.0f})
        .reshape({3, 1, 1, 4});
const torch::Tensor kLabels = torch::tensor({0, 1, 2}, torch::kInt64);  // its largest

double distance_of(const ir::Graph &graph, const torch::Tensor &student, const Example &example) {
  return distance(graph, {student}, example).item<double>();
}

TEST(Distil, EqualOutputsAreNoDistanceApart) {
  const ir::Graph graph = ending_in("Relu");
  EXPECT_EQ(distance_of(graph, kLogits, {{kLogits}, {}}), 0);
  EXPECT_EQ(relative_error({kLogits}, {kLogits}), 0);
}

TEST(Distil, TheMeanOfTheTeacherIsOneDeviationAway) {
  const torch::Tensor mean = torch::full_like(kLogits, kLogits.mean().item<float>());
  EXPECT_NEAR(relative_error({mean}, {kLogits}), 1, 1e-5);
  EXPECT_NEAR(distance_of(ending_in("Relu"), mean, {{kLogits}, {}}), 1, 1e-5);
}

TEST(Distil, UnitsOfOutputsDoNotMatter) {
  const ir::Graph graph = ending_in("Relu");
  const torch::Tensor student = kLogits + 0.1 * torch::arange(12).reshape({3, 1, 1, 4});
  EXPECT_NEAR(distance_of(graph, student, {{kLogits}, {}}),
              distance_of(graph, 1000 * student, {{1000 * kLogits}, {}}), 1e-5);
}

TEST(Distil, SumsOverTheOutputs) {
  const ir::Graph graph = ending_in("Relu");
  const torch::Tensor off = kLogits + 0.5;
  const double one = distance_of(graph, off, {{kLogits}, {}});
  EXPECT_NEAR(distance(graph, {off, off}, {{kLogits, kLogits}, {}}).item<double>(), 2 * one, 1e-5);
  EXPECT_NEAR(distance(graph, {off, kLogits}, {{kLogits, kLogits}, {}}).item<double>(), one, 1e-5);
  EXPECT_NEAR(relative_error({off, off}, {kLogits, kLogits}), relative_error({off}, {kLogits}),
              1e-6);
}

TEST(Distil, AConstantTeacherIsNoDivisionByZero) {
  const torch::Tensor constant = torch::ones({3, 1, 1, 4});
  EXPECT_EQ(distance_of(ending_in("Relu"), constant, {{constant}, {}}), 0);
  EXPECT_TRUE(std::isfinite(distance_of(ending_in("Relu"), constant + 1, {{constant}, {}})));
}

TEST(Distil, WithLabelsEqualOutputsLeaveTheirCrossEntropyAlone) {
  const ir::Graph graph = ending_in("Relu");
  const double labels = torch::cross_entropy_loss(kLogits.flatten(1), kLabels).item<double>();
  EXPECT_NEAR(distance_of(graph, kLogits, {{kLogits}, kLabels}), 0.3 * labels, 1e-5);
  EXPECT_GT(distance_of(graph, kLogits.flip(3), {{kLogits}, kLabels}), labels);
  EXPECT_GT(distance_of(graph, kLogits, {{kLogits.flip(3)}, kLabels}), 0.3 * labels);
}

TEST(Distil, LabelsAloneTeachThemselves) {
  const ir::Graph graph = ending_in("Relu");
  EXPECT_LT(distance_of(graph, kLogits, {{}, kLabels}),
            distance_of(graph, kLogits, {{}, torch::tensor({1, 0, 3}, torch::kInt64)}));
}

TEST(Distil, LabelsSeeThroughASoftmaxAtTheEnd) {
  const double wanted = distance_of(ending_in("Relu"), kLogits, {{2 * kLogits}, kLabels});
  EXPECT_NEAR(distance_of(ending_in("Softmax"), torch::softmax(kLogits, 3),
                          {{torch::softmax(2 * kLogits, 3)}, kLabels}),
              wanted, 5e-3);
  EXPECT_NEAR(distance_of(ending_in("LogSoftmax"), torch::log_softmax(kLogits, 3),
                          {{torch::log_softmax(2 * kLogits, 3)}, kLabels}),
              wanted, 1e-4);
}

TEST(Distil, AZeroOfASoftmaxIsNoInfinity) {
  torch::Tensor certain = torch::zeros({1, 1, 1, 4});
  certain[0][0][0][2] = 1;
  const torch::Tensor label = torch::tensor({1}, torch::kInt64);
  EXPECT_TRUE(
      std::isfinite(distance_of(ending_in("Softmax"), certain, {{certain.flip(3)}, label})));
}

TEST(Distil, GradientsLeadTheStudentToItsTeacher) {
  const ir::Graph graph = ending_in("Relu");
  for (const torch::Tensor &labels : {torch::Tensor(), kLabels}) {
    torch::Tensor student = torch::zeros_like(kLogits).requires_grad_();
    const Example example{{kLogits}, labels};
    const torch::Tensor before = distance(graph, {student}, example);
    before.backward();
    const double after = distance_of(graph, (student - 0.1 * student.grad()).detach(), example);
    EXPECT_LT(after, before.item<double>());
  }
}

}  // namespace
}  // namespace thimble::train

// Constant folding: every family, by the values it gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frontends/fold/rules.h"
#include "frontends/fold_constants.h"
#include "ops/slice_range.h"

namespace thimble::frontends {
namespace {

using fold::ForeignNode;
using fold::ForeignTensor;
using fold::ForeignType;
using ops::ForeignAttribute;
using testing::ElementsAre;

ForeignTensor f32(Dims dims, std::vector<float> values) {
  return {ForeignType::kF32, std::move(dims), std::move(values), {}};
}

ForeignTensor i64(Dims dims, std::vector<std::int64_t> values) {
  return {ForeignType::kI64, std::move(dims), {}, std::move(values)};
}

using Attributes = std::map<std::string, ForeignAttribute>;

Result<ForeignTensor> try_fold(const char *domain, const char *op,
                               const std::vector<ForeignTensor> &inputs,
                               const Attributes &attributes = {}) {
  ForeignNode node;
  node.domain = domain;
  node.op = op;
  node.attributes = attributes;
  Budget budget(1 << 20);
  fold::Call call{node, {}, budget};
  for (const ForeignTensor &input : inputs) call.inputs.push_back(&input);
  const auto folder = fold::find_rule(domain, op);
  if (!folder) return model_error("no rule");
  return folder(call);
}

ForeignTensor onnx(const char *op, const std::vector<ForeignTensor> &inputs,
                   const Attributes &attributes = {}) {
  auto value = try_fold("onnx", op, inputs, attributes);
  EXPECT_TRUE(value.ok()) << op << ": " << (value.ok() ? "" : value.diagnostics()[0].what);
  return value.ok() ? *value : ForeignTensor{};
}

ForeignTensor aten(const char *op, const std::vector<ForeignTensor> &inputs,
                   const Attributes &attributes = {}) {
  auto value = try_fold("aten", op, inputs, attributes);
  EXPECT_TRUE(value.ok()) << op << ": " << (value.ok() ? "" : value.diagnostics()[0].what);
  return value.ok() ? *value : ForeignTensor{};
}

const ForeignTensor kMatrix = f32({2, 3}, {1, 2, 3, 4, 5, 6});

TEST(Fold, ArithmeticBroadcasts) {
  const auto sum = onnx("Add", {kMatrix, f32({2, 1}, {10, 20})});
  EXPECT_THAT(sum.f32, ElementsAre(11, 12, 13, 24, 25, 26));
  EXPECT_THAT(onnx("Mul", {f32({3}, {1, 2, 3}), f32({2, 1}, {1, -1})}).dims, ElementsAre(2, 3));
  EXPECT_THAT(onnx("Sub", {f32({}, {1}), kMatrix}).f32, ElementsAre(0, -1, -2, -3, -4, -5));
  EXPECT_FALSE(try_fold("onnx", "Add", {kMatrix, f32({2}, {1, 2})}).ok());
}

TEST(Fold, IntegersDivideTowardsZeroAndNeverByZero) {
  EXPECT_THAT(onnx("Div", {i64({4}, {7, -7, 7, -7}), i64({4}, {2, 2, -2, -2})}).i64,
              ElementsAre(3, -3, -3, 3));
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  EXPECT_THAT(onnx("Div", {i64({1}, {kLeast}), i64({1}, {-1})}).i64, ElementsAre(kLeast));
  EXPECT_THAT(onnx("Abs", {i64({1}, {kLeast})}).i64, ElementsAre(kLeast));
  EXPECT_FALSE(try_fold("onnx", "Div", {i64({1}, {1}), i64({1}, {0})}).ok());
  EXPECT_THAT(aten("div.Tensor", {i64({1}, {7}), i64({1}, {2})}).f32, ElementsAre(3.5f));
}

TEST(Fold, RoundingGoesToEven) {
  EXPECT_THAT(onnx("Round", {f32({4}, {0.5f, 1.5f, -2.5f, 2.6f})}).f32, ElementsAre(0, 2, -2, 3));
}

TEST(Fold, ClipTakesEitherLimit) {
  const auto x = f32({3}, {-5, 0, 5});
  EXPECT_THAT(onnx("Clip", {x, f32({}, {-1}), f32({}, {1})}).f32, ElementsAre(-1, 0, 1));
  EXPECT_THAT(aten("clamp.default", {x}, {{"min", 0.0}, {"max", ops::ForeignNone{}}}).f32,
              ElementsAre(0, 0, 5));
}

TEST(Fold, AlphaScalesTheSecondOperand) {
  EXPECT_THAT(aten("add.Tensor", {f32({1}, {1}), f32({1}, {2})}, {{"alpha", std::int64_t{3}}}).f32,
              ElementsAre(7));
  EXPECT_THAT(aten("pow.Tensor_Scalar", {f32({2}, {2, 3}), i64({}, {2})}).f32, ElementsAre(4, 9));
}

TEST(Fold, WhereChooses) {
  const ForeignTensor yes{ForeignType::kBool, {2, 1}, {}, {1, 0}};
  EXPECT_THAT(onnx("Where", {yes, kMatrix, f32({}, {0})}).f32, ElementsAre(1, 2, 3, 0, 0, 0));
  EXPECT_THAT(onnx("Equal", {i64({2}, {1, -1}), i64({}, {-1})}).i64, ElementsAre(0, 1));
}

TEST(Fold, ReductionsTakeAxesFromInputOrAttribute) {
  EXPECT_THAT(onnx("ReduceMean", {kMatrix, i64({1}, {1})}).f32, ElementsAre(2, 5));
  EXPECT_THAT(onnx("ReduceMean", {kMatrix, i64({1}, {1})}).dims, ElementsAre(2, 1));
  const Attributes flat{{"axes", std::vector<std::int64_t>{-2}}, {"keepdims", std::int64_t{0}}};
  EXPECT_THAT(onnx("ReduceMax", {kMatrix}, flat).f32, ElementsAre(4, 5, 6));
  EXPECT_THAT(onnx("ReduceSum", {kMatrix}).f32, ElementsAre(21));
  EXPECT_THAT(onnx("ReduceSum", {kMatrix}, {{"noop_with_empty_axes", std::int64_t{1}}}).f32,
              ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_TRUE(aten("mean.default", {kMatrix}).dims.empty());
  EXPECT_THAT(aten("amin.default", {kMatrix}, {{"dim", std::vector<std::int64_t>{0}}}).f32,
              ElementsAre(1, 2, 3));
}

TEST(Fold, MovementsKeepEveryElement) {
  EXPECT_THAT(onnx("Transpose", {kMatrix}).f32, ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(aten("t.default", {kMatrix}).dims, ElementsAre(3, 2));
  EXPECT_THAT(onnx("Reshape", {kMatrix, i64({2}, {0, -1})}).dims, ElementsAre(2, 3));
  EXPECT_THAT(onnx("Reshape", {kMatrix, i64({2}, {-1, 2})}).dims, ElementsAre(3, 2));
  EXPECT_FALSE(try_fold("onnx", "Reshape", {kMatrix, i64({2}, {-1, 4})}).ok());
  EXPECT_FALSE(try_fold("onnx", "Reshape", {kMatrix, i64({2}, {-1, -1})}).ok());
  EXPECT_THAT(onnx("Unsqueeze", {kMatrix, i64({2}, {0, -1})}).dims, ElementsAre(1, 2, 3, 1));
  EXPECT_THAT(onnx("Squeeze", {f32({1, 2, 1}, {1, 2})}).dims, ElementsAre(2));
  EXPECT_THAT(onnx("Flatten", {f32({2, 1, 3}, {1, 2, 3, 4, 5, 6})}).dims, ElementsAre(2, 3));
  EXPECT_THAT(aten("flatten.using_ints", {f32({2, 1, 3}, {1, 2, 3, 4, 5, 6})}).dims,
              ElementsAre(6));
  EXPECT_THAT(onnx("Expand", {f32({2, 1}, {1, 2}), i64({2}, {1, 2})}).f32, ElementsAre(1, 1, 2, 2));
}

TEST(Fold, GatherAndConcatWorkAlongAnyAxis) {
  const Attributes axis1{{"axis", std::int64_t{1}}};
  EXPECT_THAT(onnx("Gather", {kMatrix, i64({2}, {-1, 0})}, axis1).f32, ElementsAre(3, 1, 6, 4));
  EXPECT_THAT(onnx("Gather", {i64({3}, {7, 8, 9}), i64({}, {1})}).i64, ElementsAre(8));
  EXPECT_TRUE(onnx("Gather", {i64({3}, {7, 8, 9}), i64({}, {1})}).dims.empty());
  EXPECT_FALSE(try_fold("onnx", "Gather", {kMatrix, i64({}, {2})}).ok());
  EXPECT_THAT(onnx("Concat", {kMatrix, f32({2, 1}, {8, 9})}, axis1).f32,
              ElementsAre(1, 2, 3, 8, 4, 5, 6, 9));
  EXPECT_FALSE(try_fold("onnx", "Concat", {kMatrix, f32({1, 1}, {8})}, axis1).ok());
  EXPECT_FALSE(try_fold("onnx", "Concat", {kMatrix, i64({2, 1}, {8, 9})}, axis1).ok());
}

TEST(Fold, SlicesClampAndWalkBackwards) {
  constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
  EXPECT_THAT(onnx("Slice", {i64({4}, {0, 1, 2, 3}), i64({1}, {1}), i64({1}, {kFar})}).i64,
              ElementsAre(1, 2, 3));
  EXPECT_THAT(onnx("Slice", {i64({4}, {0, 1, 2, 3}), i64({1}, {-1}), i64({1}, {-kFar}),
                             i64({1}, {0}), i64({1}, {-2})})
                  .i64,
              ElementsAre(3, 1));
  EXPECT_EQ(ops::slice_range(4, 3, 1, 1).count, 0);
  EXPECT_EQ(ops::slice_range(4, -kFar - 1, kFar, -kFar - 1).count, 0);
  EXPECT_EQ(ops::slice_range(4, 0, kFar, kFar).count, 1);
  EXPECT_THAT(
      aten("slice.Tensor", {kMatrix}, {{"dim", std::int64_t{1}}, {"start", std::int64_t{1}}}).f32,
      ElementsAre(2, 3, 5, 6));
  EXPECT_THAT(
      aten("select.int", {kMatrix}, {{"dim", std::int64_t{1}}, {"index", std::int64_t{-1}}}).f32,
      ElementsAre(3, 6));
}

TEST(Fold, ConstantsAreMadeOfNumbers) {
  EXPECT_THAT(onnx("Constant", {}, {{"value_ints", std::vector<std::int64_t>{3, 4}}}).i64,
              ElementsAre(3, 4));
  EXPECT_THAT(onnx("ConstantOfShape", {i64({2}, {1, 2})}, {{"value", i64({1}, {9})}}).i64,
              ElementsAre(9, 9));
  EXPECT_THAT(onnx("Range", {i64({}, {1}), i64({}, {6}), i64({}, {2})}).i64, ElementsAre(1, 3, 5));
  EXPECT_TRUE(onnx("Range", {i64({}, {6}), i64({}, {1}), i64({}, {2})}).i64.empty());
  EXPECT_FALSE(try_fold("onnx", "Range", {i64({}, {0}), i64({}, {1ll << 50}), i64({}, {1})}).ok());
  EXPECT_THAT(
      aten("full.default", {}, {{"size", std::vector<std::int64_t>{2}}, {"fill_value", 0.5}}).f32,
      ElementsAre(0.5f, 0.5f));
}

TEST(Fold, CastsSaturateFromFloatAndWrapFromIntegers) {
  const Attributes to_int{{"to", std::int64_t{7}}}, to_byte{{"to", std::int64_t{3}}};
  EXPECT_THAT(onnx("Cast", {f32({3}, {-1.9f, 1e30f, NAN})}, to_int).i64,
              ElementsAre(-1, std::numeric_limits<std::int64_t>::max(), 0));
  EXPECT_THAT(onnx("Cast", {i64({2}, {200, -3})}, to_byte).i64, ElementsAre(-56, -3));
  EXPECT_THAT(onnx("CastLike", {i64({1}, {3}), kMatrix}).f32, ElementsAre(3));
}

TEST(Fold, WeightExpressionsDisappear) {
  FileGraph file;
  file.graph.inputs = {{"x", {1, 3}, ForeignType::kF32}};
  file.graph.outputs = {{"y", {1, 2}, ForeignType::kF32}};
  file.graph.constants = {{"w", kMatrix}};
  const auto node = [](const char *op, std::vector<std::string> inputs, const char *output) {
    ForeignNode made;
    made.name = output;
    made.domain = "aten";
    made.op = op;
    made.inputs = std::move(inputs);
    made.outputs = {output};
    return made;
  };
  file.graph.nodes = {
      node("abs.default", {"w"}, "a"),     node("mean.default", {"a"}, "m"),
      node("div.Tensor", {"w", "m"}, "q"), node("round.default", {"q"}, "r"),
      node("mul.Tensor", {"r", "m"}, "s"), node("linear.default", {"x", "s", ""}, "y")};
  const auto graph = fold_constants(std::move(file));
  ASSERT_TRUE(graph.ok());
  ASSERT_EQ(graph->nodes.size(), 1u);
  EXPECT_EQ(graph->constants.size(), 1u);
  EXPECT_THAT(graph->constants.at("s").f32, ElementsAre(0, 3.5f, 3.5f, 3.5f, 3.5f, 7));
}

}  // namespace
}  // namespace thimble::frontends

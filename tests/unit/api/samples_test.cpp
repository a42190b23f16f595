#include "api/samples.h"

#include <gtest/gtest.h>

#include "ir/text.h"
#include "ops/evaluate.h"

namespace thimble::api {
namespace {

ir::Graph picture(const std::string &type = "f32[2x2x2]") {
  return *ir::parse(
      "graph g\ninput x: " + type + " dims [1, 2, 2, 2]\noutput x dims [1, 2, 2, 2]\n", "g.thm");
}

class Samples : public testing::Test {
 protected:
  std::string file(const std::string &name, const NpzEntries &entries) {
    const auto path = folder_.path() / name;
    const bool npz = name.ends_with(".npz");
    EXPECT_TRUE((npz ? write_npz(path, entries) : write_npy(path, entries[0].second)).ok());
    return path.string();
  }
  std::string what(const ir::Graph &graph, const std::string &path) {
    const auto samples = read_samples(graph, path);
    EXPECT_FALSE(samples.ok());
    EXPECT_EQ(samples.diagnostics().at(0).error_class, ErrorClass::kUsage);
    return samples.diagnostics().at(0).what;
  }
  TemporaryDirectory folder_;
};

NpyArray counting(std::vector<std::int64_t> shape) {
  NpyArray array{shape, std::vector<float>()};
  auto &data = std::get<std::vector<float>>(array.data);
  data.resize(static_cast<std::size_t>(array.element_count()));
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<float>(i);
  return array;
}

TEST_F(Samples, ComeInStoredOrderAndGoBackInTheFiles) {
  const ir::Graph graph = picture();
  const NpyArray array = counting({3, 2, 2, 2});
  const auto samples = read_samples(graph, file("x.npy", {{"x", array}}));
  ASSERT_TRUE(samples.ok());
  ASSERT_EQ(samples->size(), 3u);
  EXPECT_EQ((*samples)[0][0].f32, (std::vector<float>{0, 4, 1, 5, 2, 6, 3, 7}));
  const NpzEntries again = to_arrays(graph, *samples, false);
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].second.shape, array.shape);
  EXPECT_EQ(again[0].second.data, array.data);
}

TEST_F(Samples, WithoutTheSampleAxisAreRefusedWithAFix) {
  const std::string path = file("x.npy", {{"x", counting({2, 2, 2})}});
  EXPECT_EQ(what(picture(), path), "'x' has no sample axis: its shape is [2, 2, 2]");
}

TEST_F(Samples, OfAWrongShapeAreRefused) {
  EXPECT_EQ(what(picture(), file("x.npy", {{"x", counting({1, 2, 2, 3})}})),
            "'x' has shape [1, 2, 2, 3]");
  EXPECT_EQ(what(picture(), file("e.npy", {{"x", counting({0, 2, 2, 2})}})),
            "'x' holds no samples");
}

TEST_F(Samples, ThatAreNoArraysAreAUsersError) {
  EXPECT_EQ(what(picture(), "/nowhere/x.npy"), "cannot be read");
  ASSERT_TRUE(write_file(folder_.path() / "t.npy", "text").ok());
  EXPECT_EQ(what(picture(), (folder_.path() / "t.npy").string()), "is not a NumPy array");
}

TEST_F(Samples, OfSeveralInputsAreNamedAndEquallyMany) {
  const ir::Graph two = *ir::parse(
      "graph g\ninput a: f32[1x1x2]\ninput b: f32[1x1x1]\noutput a\noutput b\n", "g.thm");
  const NpyArray a = counting({2, 2}), b = counting({2, 1});
  EXPECT_TRUE(read_samples(two, file("ok.npz", {{"x0", a}, {"x1", b}, {"y", b}})).ok());
  EXPECT_EQ(what(two, file("one.npz", {{"x0", a}})), "has no array 'x1'");
  EXPECT_EQ(what(two, file("odd.npz", {{"x0", a}, {"x1", counting({3, 1})}})),
            "its arrays hold different numbers of samples");
}

TEST_F(Samples, OfIntegersAreAQuantizedModelsInput) {
  const ir::Graph graph = picture("i8[2x2x2] scale 0.5 zero 1");
  NpyArray array{{1, 2, 2, 2}, std::vector<std::int32_t>{-128, 1, 2, 3, 4, 5, 6, 127}};
  const auto raw = read_samples(graph, file("x.npy", {{"x", array}}));
  ASSERT_TRUE(raw.ok());
  EXPECT_EQ((*raw)[0][0].i8, (std::vector<std::int8_t>{-128, 4, 1, 5, 2, 6, 3, 127}));
  const auto real = read_samples(graph, file("r.npy", {{"x", counting({1, 2, 2, 2})}}));
  ASSERT_TRUE(real.ok());
  EXPECT_EQ((*real)[0][0].i8, (std::vector<std::int8_t>{1, 9, 3, 11, 5, 13, 7, 15}));
  std::get<std::vector<std::int32_t>>(array.data)[0] = 200;
  EXPECT_EQ(what(graph, file("b.npy", {{"x", array}})), "holds integers outside of -128..127");
}

TEST_F(Samples, GoToRawBytesAndBack) {
  const ir::Graph graph = picture("i8[2x2x2] scale 0.5 zero 1");
  const std::vector<Sample> samples = to_input_types(graph, random_samples(graph, 2));
  const auto again = from_raw({graph.value(0).type}, to_raw(samples));
  EXPECT_EQ(again[1][0].i8, samples[1][0].i8);
  const auto &i8 = samples[0][0].i8;
  EXPECT_NE(*std::min_element(i8.begin(), i8.end()), *std::max_element(i8.begin(), i8.end()));
}

TEST(Calibration, TakesRandomSamplesOnlyInSensibleNumbers) {
  const ir::Graph graph = picture();
  EXPECT_EQ(read_calibration(graph, "random:5")->size(), 5u);
  EXPECT_FALSE(read_calibration(graph, "random:0").ok());
  EXPECT_FALSE(read_calibration(graph, "random:-3").ok());
  EXPECT_FALSE(read_calibration(graph, "random:5x").ok());
  EXPECT_FALSE(read_calibration(graph, "random:99999999").ok());
}

TEST(Calibration, IsTheSameEveryTime) {
  const ir::Graph graph = picture();
  EXPECT_EQ(random_samples(graph, 3)[2][0].f32, random_samples(graph, 3)[2][0].f32);
}

}  // namespace
}  // namespace thimble::api

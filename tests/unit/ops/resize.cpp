// ResizeNearest and Resample: where elements come from and with what weights, and every import
// variant. Expected values are worked out by hand from the rules of ONNX's Resize.
#include <numeric>

#include "access_of.h"
#include "file_order.h"
#include "ops/resampling.h"

namespace thimble::ops {
namespace {

TEST(ResizeNearest, ReadsExactlyTheRowsAndColumnsItSays) {
  expect_exact_access(one_node("ResizeNearest", float_type(3, 2, 2), {}, {{"scale", list({2, 3})}}),
                      10);
}

ForeignNode resize(std::map<std::string, ForeignAttribute> attributes) {
  return {"n", "onnx", "Resize", 13, {"x", "", "s"}, {"y"}, std::move(attributes)};
}

TEST(ResizeNearest, AcceptsEveryMappingThatRepeatsPixels) {
  const std::map<std::string, ForeignTensor> twice = {{"s", floats({4}, {1, 1, 2, 2})}};
  const std::pair<const char *, const char *> good[] = {
      {"asymmetric", "floor"},
      {"half_pixel", "round_prefer_floor"},
      {"half_pixel", "round_prefer_ceil"},
      {"pytorch_half_pixel", "round_prefer_floor"},
      {"tf_half_pixel_for_nn", "floor"}};
  for (const auto &[transformation, rounding] : good) {
    SCOPED_TRACE(transformation);
    const auto out = run_file_order(
        imported({1, 1, 2, 2},
                 resize({{"mode", std::string("nearest")},
                         {"coordinate_transformation_mode", std::string(transformation)},
                         {"nearest_mode", std::string(rounding)}}),
                 twice, {1, 1, 4, 4}));
    EXPECT_EQ(out, (std::vector<float>{0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3}));
  }
}

TEST(Resize, RefusesWhatItCannotMap) {
  const auto refused = [](std::vector<float> scales, const char *transformation,
                          const char *rounding, const char *mode) {
    return !import_graph(
                foreign({1, 1, 4, 4},
                        resize({{"mode", std::string(mode)},
                                {"coordinate_transformation_mode", std::string(transformation)},
                                {"nearest_mode", std::string(rounding)}}),
                        {{"s", floats({4}, std::move(scales))}}))
                .ok();
  };
  EXPECT_TRUE(refused({1, 2, 2, 2}, "asymmetric", "floor", "nearest"));
  EXPECT_TRUE(refused({1, 1, 2, 2}, "asymmetric", "up", "nearest"));
  EXPECT_TRUE(refused({1, 1, 2, 2}, "by_hand", "floor", "nearest"));
  EXPECT_TRUE(refused({1, 1, 2, 2}, "asymmetric", "floor", "spline"));
  EXPECT_TRUE(refused({1, 1, 0.1f, 2}, "asymmetric", "floor", "linear"));
  EXPECT_FALSE(refused({1, 1, 1.5f, 2}, "asymmetric", "ceil", "nearest"));
}

TEST(Resize, TakesSizesOldUpsampleAndAten) {
  imported({1, 3, 2, 4},
           {"n",
            "onnx",
            "Resize",
            13,
            {"x", "", "", "s"},
            {"y"},
            {{"coordinate_transformation_mode", std::string("asymmetric")},
             {"nearest_mode", std::string("floor")}}},
           {{"s", integers({1, 3, 6, 4})}}, {1, 3, 6, 4});
  imported({1, 3, 2, 4}, {"n", "onnx", "Upsample", 9, {"x", "s"}, {"y"}, {}},
           {{"s", floats({4}, {1, 1, 2, 3})}}, {1, 3, 4, 12});
  imported({1, 3, 2, 4},
           {"n",
            "aten",
            "upsample_nearest2d.vec",
            0,
            {"x"},
            {"y"},
            {{"scale_factors", std::vector<double>{2, 2}}}},
           {}, {1, 3, 4, 8});
  imported(
      {1, 3, 2, 4},
      {"n", "aten", "upsample_nearest2d.default", 0, {"x"}, {"y"}, {{"output_size", Dims{4, 8}}}},
      {}, {1, 3, 4, 8});
}

ir::Attributes resampled(const char *mode, std::vector<std::int64_t> out, double scale_h,
                         double scale_w) {
  return {{"mode", std::string(mode)},
          {"out", std::move(out)},
          {"scale_h", scale_h},
          {"scale_w", scale_w}};
}

TEST(Resample, ReadsNoMoreThanItSays) {
  const ir::Graph graph =
      one_node("Resample", float_type(5, 4, 2), {}, resampled("linear", {12, 6}, 2.4, 1.5));
  const Access access = kept_modes(graph)[0].inputs[0];
  for (std::size_t i = 0; i < access.rows.size(); ++i) {
    EXPECT_EQ(access.rows[i].hi - access.rows[i].lo, 2);
    if (i > 0) {
      EXPECT_LE(access.rows[i - 1].lo, access.rows[i].lo);
    }
  }
  EXPECT_EQ(access.rows.front(), (Range{0, 2}));
  EXPECT_EQ(access.rows.back(), (Range{3, 5}));
}

TEST(Resample, LinearWeightsAreThoseOfTheDistances) {
  ResizeRule rule;
  rule.mode = "linear";
  const Resampling twice = resampling(rule, 2, 4, 2);
  EXPECT_EQ(twice.first, (std::vector<int>{0, 0, 0, 0}));
  EXPECT_EQ(twice.weights, (std::vector<double>{1, 0, 0.75, 0.25, 0.25, 0.75, 0, 1}));
  rule.transformation = "align_corners";
  const Resampling aligned = resampling(rule, 3, 5, 5.0 / 3);
  EXPECT_EQ(aligned.first, (std::vector<int>{0, 0, 1, 1, 1}));
  EXPECT_EQ(aligned.weights, (std::vector<double>{1, 0, 0.5, 0.5, 1, 0, 0.5, 0.5, 0, 1}));
}

TEST(Resample, WeightsAddUpToOneInEveryRule) {
  for (const char *mode : {"nearest", "linear", "cubic"})
    for (const char *transformation : {"asymmetric", "align_corners", "half_pixel_symmetric"})
      for (const bool antialias : {false, true})
        for (const bool exclude : {false, true})
          for (const auto &[in, out] : {std::pair{7, 3}, {3, 7}, {1, 4}, {5, 1}}) {
            const ResizeRule rule{mode, transformation, "ceil", -0.5, antialias, exclude};
            const Resampling axis = resampling(rule, in, out, 1.0 * out / in);
            const auto integers = integer_weights(axis, kResampleBits);
            ASSERT_EQ(axis.first.size(), static_cast<std::size_t>(out));
            for (int x = 0; x < out; ++x) {
              EXPECT_LE(axis.first[x] + axis.taps, in);
              const auto real = axis.weights.begin() + x * axis.taps;
              EXPECT_NEAR(std::accumulate(real, real + axis.taps, 0.0), 1, 1e-12);
              const auto whole = integers.begin() + x * axis.taps;
              EXPECT_EQ(std::accumulate(whole, whole + axis.taps, std::int64_t{0}), 256);
            }
          }
}

}  // namespace
}  // namespace thimble::ops

// The header for those who embed Thimble, alone as they see it.
#include <gtest/gtest.h>
#include <thimble/thimble.h>

#include <limits>

namespace thimble {
namespace {

Model decoder() { return *load(THIMBLE_SOURCE_DIR "/models/die/die_929.pt2", {}, "decoder"); }

Compiled compiled() { return *compile(decoder(), random_samples(8)); }

TEST(Embedded, ModelsHaveTheNameTheyAreCalledBy) {
  EXPECT_EQ(decoder().path(), "decoder");
  EXPECT_EQ(compiled().files()[0].name, "decoder.h");
  const auto missing = load("/no/such.onnx", {}, "net");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.diagnostics()[0].file, "net");
}

TEST(Embedded, FiguresAreWholeWithoutSamples) {
  const auto analysis = analyze(decoder());
  ASSERT_TRUE(analysis.ok());
  EXPECT_TRUE(analysis->fits);
  EXPECT_EQ(analysis->parameters, 929);
  std::int64_t macs = 0;
  for (const Layer &layer : analysis->layers) macs += layer.macs;
  EXPECT_EQ(macs, analysis->macs);
  for (const Buffer &buffer : analysis->buffers)
    EXPECT_LE(buffer.offset + buffer.bytes, analysis->arena_bytes) << buffer.tensor;
}

TEST(Embedded, SamplesAreNeededForIntegersAlone) {
  EXPECT_FALSE(compile(decoder(), {}).ok());
  Options floats;
  floats.numbers = "f32";
  EXPECT_TRUE(compile(decoder(), {}, floats).ok());
}

TEST(Embedded, EveryOptionThatIsOffIsNamed) {
  Options options;
  options.numbers = "f64";
  options.residency = "columns";
  options.ram = -1;
  const auto refused = compile(decoder(), random_samples(8), options);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.diagnostics().size(), 3u);
}

TEST(Embedded, ShapesAreThoseOfTheirElements) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const Compiled network = compiled();
  for (const std::vector<std::int64_t> &shape :
       {std::vector<std::int64_t>{}, {7}, {2, 7}, {-1, -7}, {most, most, 7}, {0, 7}, {1, 8}}) {
    const auto refused = network.run({{shape, std::vector<float>(7)}}, On::kInteger);
    ASSERT_FALSE(refused.ok()) << shape.size();
    EXPECT_EQ(refused.diagnostics()[0].error_class, ErrorClass::kUsage);
  }
  EXPECT_FALSE(network.run({}, On::kInteger).ok());
  EXPECT_FALSE(network.run({{{0, 7}, std::vector<float>()}}, On::kInteger).ok());
}

TEST(Embedded, OutputsHaveTheSamplesAlongTheFirstAxis) {
  const auto outputs = compiled().run({{{3, 7}, std::vector<float>(21)}}, On::kInteger, true);
  ASSERT_TRUE(outputs.ok());
  EXPECT_EQ(outputs->front().shape[0], 3);
  EXPECT_EQ(std::get<std::vector<std::int8_t>>(outputs->front().elements).size(), 3u * 1024);
}

TEST(Embedded, TheHostIsNotMeasured) {
  const auto refused = compiled().bench();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.diagnostics()[0].error_class, ErrorClass::kUsage);
}

}  // namespace
}  // namespace thimble

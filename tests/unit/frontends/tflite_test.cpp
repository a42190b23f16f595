// TensorFlow Lite files: what is read of a sound one, and that a damaged one is refused in words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "frontends/read_model.h"
#include "frontends/tflite/flatbuffer.h"
#include "ops/import.h"
#include "support/files.h"

namespace thimble::frontends::tflite {
namespace {

using ::testing::HasSubstr;

std::vector<std::uint8_t> bytes_of(std::initializer_list<int> values) {
  return {values.begin(), values.end()};
}

// Root at 4 + 12; its fields: 0 the byte 7, 1 absent, 2 a vector of the 16-bit numbers 5 and 6.
const std::vector<std::uint8_t> kSmall =
    bytes_of({16, 0, 0, 0, 10, 0, 12, 0, 4, 0, 0, 0, 8, 0, 0, 0,  // offset, list of fields
              12, 0, 0, 0, 7,  0, 0,  0, 4, 0, 0, 0,              // the table
              2,  0, 0, 0, 5,  0, 6,  0});                        // the vector

TEST(Flatbuffer, FindsFieldsByPlace) {
  Buffer buffer(kSmall);
  const Table table = root(buffer);
  EXPECT_EQ(table.scalar<std::int8_t>(0, 1), 7);
  EXPECT_EQ(table.scalar<std::int32_t>(1, 42), 42) << "absent: its default";
  EXPECT_EQ(table.scalar<std::int32_t>(9, 42), 42) << "beyond the list";
  const auto numbers = table.numbers<std::int16_t>(2);
  ASSERT_EQ(numbers.size(), 2u);
  EXPECT_EQ(numbers[1], 6);
  EXPECT_FALSE(buffer.broken());
}

TEST(Flatbuffer, AbsentTablesHaveDefaults) {
  const Table none;
  EXPECT_EQ(none.scalar<std::int32_t>(0, 3), 3);
  EXPECT_EQ(none.tables(0).size(), 0u);
  EXPECT_FALSE(none.table(0).present());
  EXPECT_EQ(none.text(0), "");
}

TEST(Flatbuffer, OffsetsThatLeadOutsideReadAsNothing) {
  for (const std::size_t place : {0u, 16u, 24u, 28u}) {
    auto bytes = kSmall;
    std::memset(bytes.data() + place, 0x7f, 4);
    Buffer buffer(bytes);
    const Table table = root(buffer);
    table.scalar<std::int8_t>(0, 1);
    EXPECT_EQ(table.numbers<std::int16_t>(2).size(), 0u) << place;
    EXPECT_TRUE(buffer.broken()) << place;
  }
}

class TfliteFile : public ::testing::Test {
 protected:
  std::filesystem::path case_path(const std::string &name) const {
    return std::filesystem::path(THIMBLE_SOURCE_DIR) / "tests/tflite/cases" / (name + ".tflite");
  }
  Bytes case_bytes(const std::string &name) const { return *read_file(case_path(name)); }
  Result<ops::ForeignGraph> read(const Bytes &bytes) {
    const auto path = directory_.path() / "model.tflite";
    EXPECT_TRUE(write_file(path, std::string(bytes.begin(), bytes.end())).ok());
    return read_model(path);
  }
  std::string told(const Result<ops::ForeignGraph> &graph) const {
    std::string text;
    for (const Diagnostic &found : graph.diagnostics()) text += to_string(found);
    return text;
  }

 private:
  TemporaryDirectory directory_;
};

TEST_F(TfliteFile, GivesOperatorsTheirOptionsAndTensorsTheirQuantization) {
  const auto graph = read_model(case_path("conv_stride_relu6"));
  ASSERT_TRUE(graph.ok()) << told(graph);
  EXPECT_EQ(graph->axes, ir::AxisOrder::kChannelsLast);
  EXPECT_EQ(graph->requant, "q31");
  ASSERT_EQ(graph->nodes.size(), 1u);
  const ops::ForeignNode &conv = graph->nodes[0];
  EXPECT_EQ(conv.op, "CONV_2D");
  EXPECT_EQ(conv.integer("stride_h", 0), 2);
  EXPECT_EQ(conv.integer("dilation_w_factor", 0), 1);
  EXPECT_EQ(conv.integer("fused_activation_function", 0), 3);
  EXPECT_EQ(graph->inputs[0].dims, (std::vector<std::int64_t>{1, 7, 6, 4}));
  EXPECT_TRUE(graph->quants.contains(conv.outputs[0]));
  const ops::ForeignTensor &weight = graph->constants.at(conv.inputs[1]);
  EXPECT_EQ(weight.dims, (std::vector<std::int64_t>{5, 3, 3, 4}));
  EXPECT_EQ(weight.scales.size(), 5u);
  for (std::size_t i = 0; i < weight.f32.size(); ++i) {
    const float multiple = weight.f32[i] / weight.scales[i / 36];
    EXPECT_NEAR(multiple, std::round(multiple), 1e-4);
  }
}

TEST_F(TfliteFile, ReshapesTakeTheDimensionsOfTheirOutput) {
  const auto graph = read_model(case_path("squeeze"));
  ASSERT_TRUE(graph.ok()) << told(graph);
  const ops::ForeignNode &squeeze = graph->nodes.back();
  EXPECT_EQ(squeeze.inputs.size(), 1u);
  EXPECT_EQ(squeeze.integers("new_shape"), (std::vector<std::int64_t>{1, 5, 3}));
}

TEST_F(TfliteFile, OtherFilesAreRefused) {
  EXPECT_THAT(told(read(Bytes(100, 0))), HasSubstr("not a TensorFlow Lite file"));
  EXPECT_THAT(told(read({})), HasSubstr("not a TensorFlow Lite file"));
  EXPECT_THAT(told(read_model("missing.tflite")), HasSubstr("missing.tflite"));
}

// Every prefix, and every word turned into the largest offset there is: an answer, and no crash.
TEST_F(TfliteFile, DamagedFilesAreAnswered) {
  const Bytes sound = case_bytes("residual");
  for (std::size_t size = 8; size < sound.size(); size += 7) {
    const auto cut = read(Bytes(sound.begin(), sound.begin() + static_cast<std::ptrdiff_t>(size)));
    if (cut.ok()) (void)ops::import_graph(*cut).ok();
  }
  for (std::size_t at = 0; at + 4 <= sound.size(); at += 4)
    for (const int value : {0x7f, 0xff}) {
      Bytes forged = sound;
      std::memset(forged.data() + at, value, 4);
      const auto graph = read(forged);
      if (graph.ok()) (void)ops::import_graph(*graph).ok();
    }
}

}  // namespace
}  // namespace thimble::frontends::tflite

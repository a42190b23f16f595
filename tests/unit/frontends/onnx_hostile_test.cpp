// Files that lie: each is refused with words, none crashes, hangs or makes the reader allocate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "builders.h"
#include "frontends/read_model.h"
#include "support/files.h"

namespace thimble::frontends {
namespace {

using test::Message;
using test::OnnxParts;
using testing::HasSubstr;

class HostileOnnx : public testing::Test {
 protected:
  // What is said about these bytes; fails if they are accepted.
  std::string refusal(const std::string &bytes) {
    const auto path = directory_.path() / "net.onnx";
    EXPECT_TRUE(write_file(path, bytes).ok());
    const auto graph = read_model(path);
    EXPECT_FALSE(graph.ok());
    std::string told;
    for (const Diagnostic &error : graph.diagnostics()) told += to_string(error);
    EXPECT_THAT(told, HasSubstr("net.onnx: error: "));
    return told;
  }
  std::string refusal(const OnnxParts &parts) { return refusal(test::onnx_file(parts)); }
  TemporaryDirectory directory_;
};

OnnxParts good() {
  return {.nodes = {test::node("Add", {"x", "w"}, {"y"})},
          .initializers = {test::tensor("w", test::kFloat32, {2}, test::floats({1, 2}))},
          .inputs = {test::value_info("x", {"1", "2"})},
          .outputs = {test::value_info("y", {"1", "2"})}};
}

OnnxParts with_weight(const Message &weight) {
  OnnxParts parts = good();
  parts.initializers = {weight};
  return parts;
}

Message external(const std::string &location, const std::string &offset,
                 const std::string &length) {
  Message weight;
  weight.integer(1, 2).integer(2, test::kFloat32).bytes(8, "w").integer(14, 1);
  weight.message(13, Message().bytes(1, "location").bytes(2, location));
  weight.message(13, Message().bytes(1, "offset").bytes(2, offset));
  return weight.message(13, Message().bytes(1, "length").bytes(2, length));
}

TEST_F(HostileOnnx, EveryTruncationIsSurvived) {
  const std::string whole = test::onnx_file(good());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto path = directory_.path() / "cut.onnx";
    ASSERT_TRUE(write_file(path, whole.substr(0, size)).ok());
    EXPECT_FALSE(read_model(path).ok()) << size;
  }
}

TEST_F(HostileOnnx, FlippedBytesAreSurvived) {
  const std::string whole = test::onnx_file(good());
  std::mt19937 random(1);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = whole;
    for (int flips = 0; flips < 3; ++flips) bytes[random() % bytes.size()] = char(random());
    const auto path = directory_.path() / "flipped.onnx";
    ASSERT_TRUE(write_file(path, bytes).ok());
    (void)read_model(path).ok();  // either answer will do
  }
}

TEST_F(HostileOnnx, OpsetsOutOfRangeAreNamed) {
  OnnxParts parts = good();
  parts.opset = 6;
  EXPECT_THAT(refusal(parts), HasSubstr("operator set 6 is not supported"));
  parts.opset = 29;
  EXPECT_THAT(refusal(parts), HasSubstr("operator set 29 is not supported"));
}

TEST_F(HostileOnnx, ForgedSizesAllocateNothing) {
  EXPECT_THAT(refusal(with_weight(test::tensor("w", test::kFloat32, {1 << 24}, "abcd"))),
              HasSubstr("need 67108864 bytes, it holds 4"));
  EXPECT_THAT(refusal(with_weight(test::tensor("w", test::kFloat32, {1ll << 40}, ""))),
              HasSubstr("make no sense"));
  EXPECT_THAT(refusal(with_weight(test::tensor("w", test::kFloat32, {1ll << 30, 1ll << 33}, ""))),
              HasSubstr("make no sense"));
  EXPECT_THAT(refusal(with_weight(test::tensor("w", test::kFloat32, {-1}, ""))),
              HasSubstr("make no sense"));
  EXPECT_THAT(refusal(with_weight(test::tensor("w", test::kFloat32, {1 << 27}, ""))),
              HasSubstr("more than 67108864 elements"));
}

TEST_F(HostileOnnx, TypedDataMustHaveTheNumberOfTheDimensions) {
  Message few, many;
  few.integer(1, 2).integer(2, test::kFloat32).bytes(8, "w").real(4, 1);
  many.integer(1, 1).integer(2, test::kFloat32).bytes(8, "w").real(4, 1).real(4, 2);
  EXPECT_THAT(refusal(with_weight(few)), HasSubstr("fewer numbers"));
  EXPECT_THAT(refusal(with_weight(many)), HasSubstr("more numbers"));
}

TEST_F(HostileOnnx, ElementTypesWithoutMeaningAreNamed) {
  EXPECT_THAT(refusal(with_weight(test::tensor("w", 8, {1}, "a"))),
              HasSubstr("element type 8 is not supported"));
}

TEST_F(HostileOnnx, ExternalDataStayInTheModelsDirectory) {
  const auto outside = [](const std::string &location) {
    return with_weight(external(location, "0", "8"));
  };
  EXPECT_THAT(refusal(outside("/etc/passwd")), HasSubstr("not a relative path"));
  EXPECT_THAT(refusal(outside("")), HasSubstr("not a relative path"));
  EXPECT_THAT(refusal(outside("../../etc/passwd")), HasSubstr("outside the model's directory"));
  EXPECT_THAT(refusal(outside("a/../../b")), HasSubstr("outside the model's directory"));
  EXPECT_THAT(refusal(outside(".")), HasSubstr("outside the model's directory"));
  std::filesystem::create_symlink("/etc/passwd", directory_.path() / "link");
  EXPECT_THAT(refusal(outside("link")), HasSubstr("outside the model's directory"));
  EXPECT_THAT(refusal(outside("missing")), HasSubstr("is not there"));
  std::filesystem::create_directory(directory_.path() / "folder");
  EXPECT_THAT(refusal(outside("folder")), HasSubstr("is not there"));
}

TEST_F(HostileOnnx, ExternalDataMustBeWhereTheySay) {
  ASSERT_TRUE(write_file(directory_.path() / "d", "0123456789").ok());
  EXPECT_THAT(refusal(with_weight(external("d", "4", "8"))), HasSubstr("beyond the end"));
  EXPECT_THAT(refusal(with_weight(external("d", "18446744073709551608", "8"))),
              HasSubstr("beyond the end"));
  EXPECT_THAT(refusal(with_weight(external("d", "-1", "8"))), HasSubstr("not a number"));
  EXPECT_THAT(refusal(with_weight(external("d", "0", "4"))), HasSubstr("needs 8 bytes"));
}

TEST_F(HostileOnnx, GraphsThatCannotRunAreRefused) {
  OnnxParts cycle = good();
  cycle.nodes = {test::node("Add", {"x", "b"}, {"a"}), test::node("Relu", {"a"}, {"b"}),
                 test::node("Relu", {"b"}, {"y"})};
  EXPECT_THAT(refusal(cycle), HasSubstr("can never run"));
  OnnxParts twice = good();
  twice.nodes.push_back(test::node("Relu", {"x"}, {"y"}));
  EXPECT_THAT(refusal(twice), HasSubstr("'y' is made a second time"));
  OnnxParts weights = good();
  weights.initializers.push_back(weights.initializers[0]);
  EXPECT_THAT(refusal(weights), HasSubstr("two initializers are named 'w'"));
  OnnxParts inputs = good();
  inputs.inputs.push_back(inputs.inputs[0]);
  EXPECT_THAT(refusal(inputs), HasSubstr("two inputs are named 'x'"));
  OnnxParts dangling = good();
  dangling.nodes[0] = test::node("Add", {"x", "ghost"}, {"y"});
  dangling.outputs.push_back(test::value_info("nowhere", {"1"}));
  const std::string told = refusal(dangling);
  EXPECT_THAT(told, HasSubstr("reads 'ghost', which nothing makes"));
  EXPECT_THAT(told, HasSubstr("nothing makes the output 'nowhere'"));
}

TEST_F(HostileOnnx, InputsNeedSizesThatMakeSense) {
  for (const char *size : {"0", "-4", "4294967296"}) {
    OnnxParts parts = good();
    parts.inputs = {test::value_info("x", {"1", size})};
    EXPECT_THAT(refusal(parts), HasSubstr("input 'x'")) << size;
  }
}

TEST_F(HostileOnnx, ConstantExpressionsMayNotExplode) {
  OnnxParts parts = good();
  parts.nodes = {test::node("ConstantOfShape", {"n"}, {"w"}), test::node("Add", {"x", "w"}, {"y"})};
  parts.initializers = {test::tensor("n", test::kInt64, {2}, test::integers({1 << 15, 1 << 15}))};
  EXPECT_THAT(refusal(parts), HasSubstr("too large to evaluate"));
}

TEST_F(HostileOnnx, LongChainsOfConstantWorkEnd) {
  OnnxParts parts = good();
  parts.nodes = {test::node("ConstantOfShape", {"n"}, {"c0"})};
  for (int i = 0; i < 200; ++i)
    parts.nodes.push_back(
        test::node("Exp", {"c" + std::to_string(i)}, {"c" + std::to_string(i + 1)}));
  parts.nodes.push_back(test::node("Add", {"x", "c200"}, {"y"}));
  parts.initializers = {test::tensor("n", test::kInt64, {1}, test::integers({1 << 20}))};
  EXPECT_THAT(refusal(parts), HasSubstr("too large to evaluate"));
}

TEST_F(HostileOnnx, BadConstantOperandsNameTheirNode) {
  OnnxParts parts = good();
  parts.nodes = {test::node("Mul", {"w", "v"}, {"wv"}).bytes(3, "odd"),
                 test::node("Add", {"x", "wv"}, {"y"})};
  parts.initializers.push_back(test::tensor("v", test::kFloat32, {3}, test::floats({1, 2, 3})));
  EXPECT_THAT(refusal(parts), HasSubstr("node 'odd' (Mul)"));
}

TEST_F(HostileOnnx, ManyEmptyMessagesStaySmall) {
  // Two bytes each in the file: a reader that makes objects of them needs a hundred times that.
  Message graph;
  for (int i = 0; i < 200000; ++i) graph.bytes(1, "");
  EXPECT_THAT(refusal(Message().message(7, graph).text()), HasSubstr("malformed"));
}

TEST_F(HostileOnnx, OtherFilesAreRefused) {
  EXPECT_THAT(refusal(std::string()), HasSubstr("malformed model"));
  EXPECT_THAT(refusal(std::string("PK\x03\x04 something else")), HasSubstr("malformed model"));
  const auto wrong_ending = read_model(directory_.path() / "net.h5");
  ASSERT_FALSE(wrong_ending.ok());
  EXPECT_THAT(wrong_ending.diagnostics()[0].why + wrong_ending.diagnostics()[0].fix,
              HasSubstr(".pt2, .onnx, .tflite and .thm"));
  EXPECT_FALSE(read_model(directory_.path() / "absent.onnx").ok());
}

}  // namespace
}  // namespace thimble::frontends

// `.pt2` archives: what they hold, and what hostile ones claim to hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "builders.h"
#include "frontends/read_model.h"
#include "support/files.h"

namespace thimble::frontends {
namespace {

using test::archive_of;
using test::one_weight;
using test::scaled_relu_program;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kStorage = test::floats({0, 1, 2, 3, 4, 5, 6, 7});

class Pt2 : public testing::Test {
 protected:
  Result<ops::ForeignGraph> read(const test::Entries &entries, bool deflated = false) {
    test::write_zip(directory_.path() / "net.pt2", entries, deflated);
    return read_model(directory_.path() / "net.pt2");
  }
  std::string refusal(const test::Entries &entries, bool deflated = false) {
    return told(read(entries, deflated));
  }
  std::string told(const Result<ops::ForeignGraph> &graph) {
    EXPECT_FALSE(graph.ok());
    std::string text;
    for (const Diagnostic &error : graph.diagnostics()) text += to_string(error);
    return text;
  }
  TemporaryDirectory directory_;
};

TEST_F(Pt2, NodesHaveTheirTensorsByPositionAndDefaultsFilledIn) {
  const auto graph = read(archive_of(scaled_relu_program(), one_weight({4}, {1}, 0), kStorage));
  ASSERT_TRUE(graph.ok());
  ASSERT_EQ(graph->nodes.size(), 2u);
  EXPECT_EQ(graph->nodes[0].domain, "aten");
  EXPECT_EQ(graph->nodes[0].op, "mul.Tensor");
  EXPECT_THAT(graph->nodes[0].inputs, ElementsAre("x", "p_scale"));
  EXPECT_THAT(graph->inputs[0].dims, ElementsAre(1, 4));
  EXPECT_EQ(graph->name, "net");
}

TEST_F(Pt2, OffsetAndStridesPickFromTheStorage) {
  const auto strided = read(archive_of(scaled_relu_program(), one_weight({4}, {2}, 1), kStorage));
  ASSERT_TRUE(strided.ok());
  EXPECT_THAT(strided->constants.at("p_scale").f32, ElementsAre(1, 3, 5, 7));
  const auto transposed =
      read(archive_of(scaled_relu_program(), one_weight({2, 4}, {1, 2}, 0), kStorage));
  ASSERT_TRUE(transposed.ok());
  EXPECT_THAT(transposed->constants.at("p_scale").f32, ElementsAre(0, 2, 4, 6, 1, 3, 5, 7));
}

TEST_F(Pt2, ViewsBeyondTheirStorageAreRefused) {
  for (const auto &[sizes, strides, offset] :
       std::vector<std::tuple<test::Dims, test::Dims, std::int64_t>>{
           {{4}, {1}, 5},
           {{4}, {1}, -1},
           {{9}, {1}, 0},
           {{2}, {1ll << 62}, 0},
           {{2}, {-1}, 4},
           {{4, 4}, {1}, 0},
           {{1 << 20, 1 << 20}, {0, 0}, 0},
           {{-1}, {1}, 0}})
    EXPECT_THAT(
        refusal(archive_of(scaled_relu_program(), one_weight(sizes, strides, offset), kStorage)),
        HasSubstr("tensor 'scale' cannot be read"));
}

TEST_F(Pt2, OlderArchivesSayHowToExportAnew) {
  const std::string fix = "torch.export.export(model.eval(), example_inputs)";
  EXPECT_THAT(refusal({{"serialized_exported_program.json", "{}"}, {"version", "8.7"}}),
              HasSubstr(fix));
  EXPECT_THAT(refusal({{"net/archive_format", "pt2"},
                       {"net/models/model.json", "{}"},
                       {"net/data/weights/model.pt", "pickle"}}),
              HasSubstr(fix));
}

TEST_F(Pt2, MissingAndCompressedEntriesAreRefused) {
  auto entries = archive_of(scaled_relu_program(), one_weight({4}, {1}, 0), kStorage);
  EXPECT_THAT(refusal(entries, true), HasSubstr("is compressed"));
  entries.pop_back();
  EXPECT_THAT(refusal(entries), HasSubstr("entry 'data/weights/weight_0' is missing"));
  EXPECT_THAT(refusal({{"net/readme", "hello"}}), HasSubstr("no models/model.json"));
  ASSERT_TRUE(write_file(directory_.path() / "text.pt2", "hello").ok());
  EXPECT_THAT(told(read_model(directory_.path() / "text.pt2")), HasSubstr("it is no zip file"));
  EXPECT_THAT(told(read_model(directory_.path() / "absent.pt2")), HasSubstr("no such file"));
}

TEST_F(Pt2, BigEndianWeightsAreRefused) {
  auto entries = archive_of(scaled_relu_program(), one_weight({4}, {1}, 0), kStorage);
  entries[1].second = "big";
  EXPECT_THAT(refusal(entries), HasSubstr("not little endian"));
}

TEST_F(Pt2, PicklesAndUnknownTypesAreRefused) {
  Json pickled = one_weight({4}, {1}, 0);
  pickled["config"]["scale"]["use_pickle"] = true;
  EXPECT_THAT(refusal(archive_of(scaled_relu_program(), pickled, kStorage)), HasSubstr("pickle"));
  EXPECT_THAT(refusal(archive_of(scaled_relu_program(), one_weight({4}, {1}, 0, 9), kStorage)),
              HasSubstr("dtype 9 is not supported"));
}

TEST_F(Pt2, JsonOfAnotherFormIsRefused) {
  const Json weights = one_weight({4}, {1}, 0);
  for (const char *program : {"", "{", "[]", "{\"graph_module\": 3}", "null"}) {
    auto entries = archive_of(Json(), weights, kStorage);
    entries[2].second = program;
    EXPECT_THAT(refusal(entries), HasSubstr("not what torch.export writes")) << program;
  }
  const Json leaves = scaled_relu_program().flatten();
  for (const auto &[path, value] : leaves.items()) {  // each replaced in turn
    Json broken = leaves;
    broken[path] = value.is_string() ? Json(17) : Json("text");
    (void)read(archive_of(broken.unflatten(), weights, kStorage)).ok();
  }
}

TEST_F(Pt2, DeepNestingIsSurvived) {
  const std::string deep = std::string(1000000, '[') + std::string(1000000, ']');
  auto entries = archive_of(scaled_relu_program(), one_weight({4}, {1}, 0), kStorage);
  std::string &program = entries[2].second, &weights = entries[3].second;
  program.insert(program.rfind('}'), ",\"more\":" + deep);
  weights.insert(weights.rfind("}}"), ",\"more\":" + deep);
  EXPECT_TRUE(read(entries).ok());
}

TEST_F(Pt2, SymbolicBatchIsOne) {
  Json program = scaled_relu_program();
  program["graph_module"]["graph"]["tensor_values"]["x"]["sizes"][0] = {
      {"as_expr", {{"expr_str", "Symbol('s77', positive=True, integer=True)"}}}};
  const auto entries = archive_of(program, one_weight({4}, {1}, 0), kStorage);
  const auto graph = read(entries);
  ASSERT_TRUE(graph.ok());
  EXPECT_THAT(graph->inputs[0].dims, ElementsAre(1, 4));
  const auto sized = read_model(directory_.path() / "net.pt2", {{{"s77", 5}}});
  ASSERT_TRUE(sized.ok());
  EXPECT_THAT(sized->inputs[0].dims, ElementsAre(5, 4));
}

TEST_F(Pt2, ChangedBuffersMeanTrainingMode) {
  Json program = scaled_relu_program();
  program["graph_module"]["signature"]["output_specs"].push_back(
      {{"buffer_mutation", {{"arg", {{"name", "relu"}}}, {"buffer_name", "b"}}}});
  EXPECT_THAT(refusal(archive_of(program, one_weight({4}, {1}, 0), kStorage)),
              HasSubstr("model.eval()"));
}

TEST_F(Pt2, NumbersBesideTensorsBecomeConstants) {
  Json program = scaled_relu_program();
  program["graph_module"]["graph"]["nodes"][0]["inputs"][1]["arg"] = {{"as_float", 0.5}};
  const auto graph = read(archive_of(program, one_weight({4}, {1}, 0), kStorage));
  ASSERT_TRUE(graph.ok());
  EXPECT_THAT(graph->constants.at(graph->nodes[0].inputs[1]).f32, ElementsAre(0.5f));
}

TEST_F(Pt2, TruncatedArchivesAreSurvived) {
  read(archive_of(scaled_relu_program(), one_weight({4}, {1}, 0), kStorage)).ok();
  const auto whole = read_text(directory_.path() / "net.pt2");
  ASSERT_TRUE(whole.ok());
  for (std::size_t size = 0; size < whole->size(); size += 13) {
    ASSERT_TRUE(write_file(directory_.path() / "cut.pt2", whole->substr(0, size)).ok());
    EXPECT_FALSE(read_model(directory_.path() / "cut.pt2").ok()) << size;
  }
}

}  // namespace
}  // namespace thimble::frontends

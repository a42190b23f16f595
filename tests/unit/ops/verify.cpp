// The whole graph's check: hostile text graphs are told what is wrong, and kernels get what they
// ask for.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "nodes.h"
#include "ops/operator.h"

namespace thimble::ops {
namespace {

using testing::HasSubstr;

ir::Graph conv_graph() {
  return one_node("Conv2d", float_type(6, 5, 2),
                  {{"w", {4, 3, 3, 2}, noises(72), {}}, {"b", {4}, noises(4), {}}},
                  {{"pad", list({1, 1, 1, 1})}});
}

ir::Graph int8_graph() {
  return one_node("Conv2d", int_type(6, 5, 2, 0.1f, 3),
                  {{"w", {4, 3, 3, 2}, std::vector<std::int8_t>(72, 3), {1, 2, 3, 4}},
                   {"b", {4}, std::vector<std::int32_t>(4), {}}},
                  {}, ir::Quant{0.2f, 0});
}

std::string verdict(const ir::Graph &graph) {
  std::string text;
  for (const Diagnostic &found : verify(graph)) text += to_string(found);
  return text;
}

TEST(Verify, AcceptsWhatIsSound) {
  EXPECT_EQ(verdict(conv_graph()), "");
  EXPECT_EQ(verdict(int8_graph()), "");
}

// Each change of a sound graph is found.
TEST(Verify, FindsEveryKindOfDamage) {
  using Damage = std::function<void(ir::Graph &)>;
  const std::pair<Damage, std::string> damages[] = {
      {[](auto &g) { g.node(0).op = "Conv9d"; }, "not an operator"},
      {[](auto &g) { g.node(0).constants.pop_back(); }, "1 constants"},
      {[](auto &g) {
         g.node(0).attributes["stride"] = list({0, 1});
       },
       "'stride'"},
      {[](auto &g) { g.node(0).attributes["stride"] = std::string("fast"); }, "'stride'"},
      {[](auto &g) {
         g.node(0).attributes["pad"] = list({-1, 0, 0, 0});
       },
       "'pad'"},
      {[](auto &g) {
         g.node(0).attributes["pad"] = list({0, 0, 0, 0});
       },
       "inferred"},
      {[](auto &g) {
         g.constant(0).dims = {4, 3, 2, 3};
       },
       "expected [4,3,2,2]"},
      {[](auto &g) { g.constant(0).dims = {72}; }, "weight is not"},
      {[](auto &g) {
         g.constant(1).dims = {2, 2};
       },
       "expected [4]"},
      {[](auto &g) { g.constant(1).data = std::vector<std::int32_t>(4); }, "expected f32"},
  };
  for (const auto &[damage, words] : damages) {
    ir::Graph graph = conv_graph();
    damage(graph);
    EXPECT_THAT(verdict(graph), HasSubstr(words));
  }
}

TEST(Verify, FindsDamagedQuantization) {
  using Damage = std::function<void(ir::Graph &)>;
  const std::pair<Damage, std::string> damages[] = {
      {[](auto &g) {
         g.constant(0).scales = {1, 2};
       },
       "2 scales"},
      {[](auto &g) {
         g.constant(0).scales = {1, 2, -3, 4};
       },
       "not positive"},
      {[](auto &g) { g.constant(1).data = std::vector<std::int32_t>(4, INT32_MAX); }, "overflow"},
      {[](auto &g) {
         g.constant(0).data = std::vector<std::int32_t>(72);
         g.constant(0).scales = {};
       },
       "expected i8"},
  };
  for (const auto &[damage, words] : damages) {
    ir::Graph graph = int8_graph();
    damage(graph);
    EXPECT_THAT(verdict(graph), HasSubstr(words));
  }
}

TEST(Verify, MaxPoolingKeepsItsInputsScale) {
  ir::Graph graph =
      one_node("MaxPool2d", int_type(4, 4, 1, 0.5f, 1), {}, {{"kernel", list({2, 2})}});
  EXPECT_EQ(verdict(graph), "");
  graph.value(1).type.quant->scale = 0.25f;
  EXPECT_THAT(verdict(graph), HasSubstr("share scale"));
}

TEST(Table, NamesAreUniqueAndEveryOperatorCanBeChecked) {
  std::set<std::string_view> names;
  for (const Operator *op : all_operators()) {
    EXPECT_TRUE(names.insert(op->name).second) << op->name;
    EXPECT_FALSE(op->summary.empty()) << op->name;
    EXPECT_TRUE(op->infer && op->eval_float) << op->name;
    EXPECT_TRUE(op->modes || op->view) << op->name;
    EXPECT_EQ(op->modes == nullptr, op->kernels == nullptr) << op->name;
  }
}

TEST(Table, NoForeignOperatorIsImportedTwice) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Operator *op : all_operators())
    for (const ImportRule &rule : op->imports)
      EXPECT_TRUE(seen.insert({rule.domain, rule.op}).second) << rule.op;
}

// Parameter names of function `file` in codegen/kernels/file.c, without those that codegen binds
// itself.
std::set<std::string> parameters(const std::string &file) {
  const std::string folder = THIMBLE_SOURCE_DIR "/src/codegen/kernels/";
  std::ifstream stream(folder + file + ".c");
  if (!stream) {  // one for all types of elements, or all codes of weights
    const std::string common = file.substr(0, file.rfind('_')), ending = file.substr(common.size());
    if (common == file || ending == "_packed" || ending == "_sparse") return {};
    if (ending.starts_with("_w")) return parameters(common + "_packed");
    return parameters(ending == "_i8" || ending == "_f32" ? common : common + "_sparse");
  }
  std::stringstream text;
  text << stream.rdbuf();
  const std::string source = text.str();
  const std::size_t open = source.find(" " + file + "("), close = source.find(')', open);
  std::set<std::string> names;
  if (open == std::string::npos) return names;
  std::string list = source.substr(open + file.size() + 2, close - open - file.size() - 2) + ",";
  const std::regex name("(\\w+)\\s*,"),
      bound("out|out_pixel|in\\d+\\w*|row\\d+|state|work|y|x0|x1");
  for (std::sregex_iterator i(list.begin(), list.end(), name), end; i != end; ++i)
    if (!std::regex_match((*i)[1].str(), bound)) names.insert((*i)[1].str());
  return names;
}

void expect_binds(const std::optional<Kernel> &kernel) {
  if (!kernel) return;
  std::set<std::string> given;
  for (const auto &[name, value] : kernel->sizes) EXPECT_TRUE(given.insert(name).second) << name;
  for (const auto &[name, value] : kernel->reals) EXPECT_TRUE(given.insert(name).second) << name;
  for (const Table &table : kernel->tables) EXPECT_TRUE(given.insert(table.role).second);
  EXPECT_EQ(given, parameters(kernel->file)) << kernel->file;
}

// Operators without weights, with attributes for an input of 2 x 3 x 4.
const std::pair<std::string, ir::Attributes> kMovers[] = {
    {"MaxPool2d", {{"kernel", list({2, 2})}}},
    {"ResizeNearest", {{"scale", list({2, 3})}}},
    {"Resample", {{"out", list({3, 4})}, {"scale_h", 1.5}, {"scale_w", 1.4}}},
    {"Permute", {{"perm", list({2, 0, 1})}}},
    {"Copy", {}},
    {"AsStrided", {{"size", list({2})}, {"stride", list({5})}, {"out_shape", list({1, 1, 2})}}},
    {"Gather",
     {{"count", std::int64_t{3}},
      {"inner", std::int64_t{4}},
      {"indices", list({2, 0, 1, 1})},
      {"out_shape", list({2, 4, 4})}}},
    {"Pad", {{"before", list({1, 0, 2})}, {"after", list({0, 1, 0})}}}};

TEST(Kernels, AreGivenExactlyTheParametersTheyTake) {
  const ir::Constant bias{"b", {4}, noises(4), {}},
      int_bias{"b", {4}, std::vector<std::int32_t>(4), {}};
  const auto weight = [](std::vector<int> dims) {
    ir::Constant constant{"w", std::move(dims), std::vector<float>{}, {}};
    constant.data = noises(constant.elements());
    return constant;
  };
  const auto int_weight = [](std::vector<int> dims) {
    ir::Constant constant{"w", std::move(dims), std::vector<std::int8_t>{}, {0.1f}};
    constant.data = std::vector<std::int8_t>(constant.elements(), 2);
    return constant;
  };
  const ir::Type real = float_type(2, 3, 4), integer = int_type(2, 3, 4, 0.1f, 0);
  const std::pair<std::string, std::vector<int>> weighted[] = {{"Conv2d", {4, 2, 2, 4}},
                                                               {"ConvTranspose2d", {4, 2, 2, 4}},
                                                               {"Linear", {4, 24}},
                                                               {"BatchNorm", {4}}};
  std::vector<ir::Graph> graphs;
  for (const auto &[op, dims] : weighted) {
    graphs.push_back(one_node(op, real, {weight(dims), bias}, {}));
    graphs.push_back(one_node(op, integer, {int_weight(dims), int_bias}, {}, ir::Quant{1, 0}));
  }
  for (const ir::Type &type : {real, integer})
    for (const auto &[op, attributes] : kMovers)
      graphs.push_back(one_node(op, type, {}, attributes));
  for (const ir::Graph &graph : graphs) {
    const Operator &op = operator_of(graph.node(0));
    const int modes = static_cast<int>(op.modes(graph, graph.node(0)).size());
    for (int mode = 0; mode < modes; ++mode) {
      const Kernels kernels = op.kernels(graph, graph.node(0), {}, mode);
      for (const auto &kernel : {kernels.row, kernels.begin, kernels.fold, kernels.end})
        expect_binds(kernel);
    }
  }
}

}  // namespace
}  // namespace thimble::ops

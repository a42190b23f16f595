// The networks of the shared models folder, in all their formats, mean what PyTorch computed.
// Skipped where that folder is absent.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "frontends/read_model.h"
#include "ops/evaluate.h"
#include "ops/import.h"
#include "support/npy.h"

namespace thimble::frontends {
namespace {

namespace fs = std::filesystem;

const fs::path kModels = fs::path(THIMBLE_SHARED_DIR) / "models";
constexpr int kSamples = 4;

std::string told(const Diagnostics &diagnostics) {
  std::string text;
  for (const Diagnostic &diagnostic : diagnostics) text += to_string(diagnostic);
  return text;
}

std::vector<float> sample_of(const NpyArray &array, int sample) {
  const std::vector<float> all = array.as_float();
  const std::size_t size = all.size() / array.shape[0];
  return {all.begin() + sample * size, all.begin() + (sample + 1) * size};
}

// The file's element order -> stored order.
ops::Tensor tensor_of(const ir::Graph &graph, const ir::Port &port,
                      const std::vector<float> &data) {
  ops::Tensor tensor{graph.value(port.value).type, {}, {}};
  for (std::int64_t from : ir::stored_order(port, tensor.type.shape))
    tensor.f32.push_back(data.at(from));
  return tensor;
}

const NpyArray *entry(const NpzEntries &entries, const std::string &name) {
  for (const auto &[key, array] : entries)
    if (key == name) return &array;
  return nullptr;
}

std::vector<float> run(const ir::Graph &graph, const NpzEntries &io, int sample) {
  std::vector<ops::Tensor> inputs;
  for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
    const NpyArray *array = entry(io, "x" + std::to_string(i));
    if (!array) array = entry(io, "x");
    inputs.push_back(tensor_of(graph, graph.inputs()[i], sample_of(*array, sample)));
  }
  const ops::Tensor output = ops::evaluate_outputs(graph, {}, inputs).at(0);
  const ir::Port &port = graph.outputs()[0];
  std::vector<float> in_file_order(output.f32.size());
  const auto order = ir::stored_order(port, output.type.shape);
  for (std::size_t i = 0; i < order.size(); ++i) in_file_order[order[i]] = output.f32[i];
  return in_file_order;
}

void expect_outputs_of(const fs::path &model, const fs::path &arrays) {
  const auto foreign = read_model(model);
  ASSERT_TRUE(foreign.ok()) << told(foreign.diagnostics());
  const auto graph = ops::import_graph(*foreign);
  ASSERT_TRUE(graph.ok()) << told(graph.diagnostics());
  const auto io = read_npz(arrays);
  ASSERT_TRUE(io.ok()) << told(io.diagnostics());
  const NpyArray &expected = *entry(*io, "y");
  const std::vector<float> all = expected.as_float();
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  const float range = *high - *low;
  ASSERT_GT(range, 0.01f) << "a constant output proves nothing";
  const int samples = std::min<int>(kSamples, static_cast<int>(expected.shape[0]));
  for (int sample = 0; sample < samples; ++sample) {
    const std::vector<float> got = run(*graph, *io, sample), want = sample_of(expected, sample);
    ASSERT_EQ(got.size(), want.size());
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_NEAR(got[i], want[i], 1e-4f * range) << "sample " << sample << ", element " << i;
  }
}

struct Case {
  const char *folder, *name, *file;
};

class SharedModels : public testing::TestWithParam<Case> {};

TEST_P(SharedModels, ComputeWhatPyTorchDid) {
  const auto &[folder, name, file] = GetParam();
  if (!fs::exists(kModels)) GTEST_SKIP() << "the shared models folder is not here";
  expect_outputs_of(kModels / folder / file, kModels / folder / (std::string(name) + "_io.npz"));
}

INSTANTIATE_TEST_SUITE_P(
    StepOne, SharedModels,
    testing::Values(
        Case{"die", "die_929", "die_929.onnx"}, Case{"die", "die_929", "die_929_ts.onnx"},
        Case{"die", "die_929", "die_929.pt2"}, Case{"die", "die_3889", "die_3889.onnx"},
        Case{"die", "die_3889", "die_3889_ts.onnx"}, Case{"die", "die_3889", "die_3889.pt2"},
        Case{"die", "eval", "eval.onnx"}, Case{"die", "eval_small", "eval_small.onnx"},
        Case{"die", "eval_small", "eval_small_ts.onnx"},
        Case{"die", "eval_small", "eval_small.pt2"}, Case{"torch", "dec_up", "dec_up.onnx"},
        Case{"torch", "dec_up", "dec_up_ts.onnx"}, Case{"torch", "dec_up", "dec_up.pt2"},
        Case{"torch", "dec_ct", "dec_ct.onnx"}, Case{"torch", "dec_ct", "dec_ct_ts.onnx"},
        Case{"torch", "dec_ct", "dec_ct.pt2"}, Case{"torch", "lenet5", "lenet5.onnx"},
        Case{"torch", "lenet5", "lenet5_ts.onnx"}, Case{"torch", "lenet5", "lenet5.pt2"}),
    [](const auto &info) {
      std::string name = info.param.file;
      std::replace(name.begin(), name.end(), '.', '_');
      return name;
    });

}  // namespace
}  // namespace thimble::frontends

// Int8 against float on the shared networks: the outputs' mean error is at most 3 % of their range,
// and LeNet-5 loses at most 0.3 points. Prints every figure.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "frontends/read_model.h"
#include "ops/evaluate.h"
#include "passes/pipeline.h"
#include "passes/quantize.h"
#include "support/npy.h"

namespace thimble {
namespace {

using passes::Samples;

std::filesystem::path shared(const std::string &path) {
  return std::filesystem::path(THIMBLE_SHARED_DIR) / "models" / path;
}

template <class T>
T require(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(to_string(result.diagnostics().front()));
  return *std::move(result);
}

ir::Graph load(const std::string &model) {
  const auto foreign = require(frontends::read_model(shared(model), {}));
  return require(passes::run_pipeline(require(ops::import_graph(foreign))));
}

NpyArray find(const NpzEntries &entries, const std::string &name) {
  for (const auto &[key, array] : entries)
    if (key == name) return array;
  return {};
}

// Part `sample` of an array with samples along its first axis, in stored order.
std::vector<float> stored(const std::vector<float> &all, std::size_t sample, const ir::Port &port,
                          const ir::Shape &shape) {
  std::vector<float> result;
  const std::size_t count = static_cast<std::size_t>(shape.elements());
  for (const std::int64_t at : ir::stored_order(port, shape))
    result.push_back(all[sample * count + static_cast<std::size_t>(at)]);
  return result;
}

Samples samples_of(const ir::Graph &graph, const std::vector<NpyArray> &arrays) {
  Samples samples(static_cast<std::size_t>(arrays[0].shape[0]));
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const ir::Port &port = graph.inputs()[i];
    const ir::Type &type = graph.value(port.value).type;
    const auto all = arrays[i].as_float();
    for (std::size_t s = 0; s < samples.size(); ++s)
      samples[s].push_back({type, stored(all, s, port, type.shape), {}});
  }
  return samples;
}

Samples inputs_of(const ir::Graph &graph, const NpzEntries &io) {
  std::vector<NpyArray> arrays;
  for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
    std::string name = "x";
    arrays.push_back(find(io, name += std::to_string(i)));
  }
  return samples_of(graph, arrays);
}

std::vector<float> run(const ir::Graph &graph, const std::vector<ops::Tensor> &sample) {
  std::vector<ops::Tensor> inputs;
  for (std::size_t i = 0; i < sample.size(); ++i)
    inputs.push_back(ops::from_real(graph.value(graph.inputs()[i].value).type, sample[i].f32));
  return ops::to_real(ops::evaluate_outputs(graph, {}, inputs)[0]);
}

// Largest and mean error against `y`, as parts of its range.
struct Error {
  double mean = 0, largest = 0;
};

Error error_of(const ir::Graph &graph, const Samples &samples, const std::vector<float> &y) {
  const auto [lo, hi] = std::minmax_element(y.begin(), y.end());
  EXPECT_GT(*hi, *lo) << "a constant output proves nothing";
  const ir::Port &port = graph.outputs()[0];
  Error error;
  for (std::size_t s = 0; s < samples.size(); ++s) {
    const auto expected = stored(y, s, port, graph.value(port.value).type.shape);
    const auto got = run(graph, samples[s]);
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double difference = std::abs(double{got[i]} - expected[i]) / (double{*hi} - *lo);
      error.mean += difference / static_cast<double>(y.size());
      error.largest = std::max(error.largest, difference);
    }
  }
  return error;
}

class Quantization : public testing::TestWithParam<std::string> {};

TEST_P(Quantization, StaysWithinThreePercentOfTheOutputsRange) {
  const std::string name = GetParam();
  if (!std::filesystem::exists(shared(name + ".onnx"))) GTEST_SKIP() << name << " is not here";
  const ir::Graph graph = load(name + ".onnx");
  const auto io = require(read_npz(shared(name + "_io.npz")));
  const Samples samples = inputs_of(graph, io);
  const auto y = find(io, "y").as_float();
  const Error as_float = error_of(graph, samples, y);
  EXPECT_LE(as_float.largest, 1e-4);
  const auto result = passes::quantize(graph, samples);
  ASSERT_TRUE(result.ok());
  for (const Diagnostic &warning : result.diagnostics())
    std::printf("  %s", to_string(warning).c_str());
  const Error as_int = error_of(*result, samples, y);
  std::printf("  %-20s int8 error: mean %.3f %%, largest %.2f %% of the range (float: %.1e)\n",
              name.c_str(), 100 * as_int.mean, 100 * as_int.largest, as_float.largest);
  EXPECT_LE(as_int.mean, 0.03);
}

INSTANTIATE_TEST_SUITE_P(SharedNetworks, Quantization,
                         testing::Values("die/die_929", "die/die_3889", "die/eval",
                                         "die/eval_small", "torch/dec_up", "torch/dec_ct",
                                         "torch/lenet5"),
                         [](const auto &info) {
                           return info.param.substr(info.param.find('/') + 1);
                         });

double accuracy(const ir::Graph &graph, const Samples &samples, const std::vector<float> &labels) {
  int right = 0;
  for (std::size_t s = 0; s < samples.size(); ++s) {
    const auto scores = run(graph, samples[s]);
    const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
    right += best == static_cast<std::ptrdiff_t>(labels[s]);
  }
  return 100.0 * right / static_cast<double>(samples.size());
}

TEST(Quantization, LeNetLosesAtMostThreeTenthsOfAPoint) {
  if (!std::filesystem::exists(shared("torch/lenet5.onnx"))) GTEST_SKIP() << "lenet5 is not here";
  const ir::Graph graph = load("torch/lenet5.onnx");
  const auto mnist = require(read_npz(shared("torch/mnist_1000.npz")));
  const Samples samples = samples_of(graph, {find(mnist, "x")});
  const auto labels = find(mnist, "y").as_float();
  const Samples calibration = inputs_of(graph, require(read_npz(shared("torch/lenet5_io.npz"))));
  const double as_float = accuracy(graph, samples, labels);
  const double as_int = accuracy(require(passes::quantize(graph, calibration)), samples, labels);
  std::printf("  LeNet-5: float %.1f %%, int8 %.1f %%\n", as_float, as_int);
  EXPECT_GE(as_int, as_float - 0.3);
}

}  // namespace
}  // namespace thimble

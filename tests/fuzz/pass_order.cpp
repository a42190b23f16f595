#include "pass_order.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "ir/text.h"
#include "ir/verify.h"
#include "ops/evaluate.h"
#include "passes/pipeline.h"
#include "random_graph.h"

namespace thimble::fuzz {
namespace {

using Tensors = std::vector<ops::Tensor>;
constexpr int kMaxPasses = 12;
constexpr float kTolerance = 1e-4f;  // of an output's largest value, at least of 1

Tensors input_of(const ir::Graph &graph) {
  Tensors tensors;
  for (const ir::Port &port : graph.inputs()) {
    const ir::Type &type = graph.value(port.value).type;
    std::vector<float> data(static_cast<std::size_t>(type.shape.elements()));
    for (std::size_t i = 0; i < data.size(); ++i)
      data[i] = std::sin(1.7f * static_cast<float>(i) + 0.3f);
    tensors.push_back(ops::from_real(type, data));
  }
  return tensors;
}

bool hardly_vary(const Tensors &outputs) {
  return std::all_of(outputs.begin(), outputs.end(), [](const ops::Tensor &output) {
    const auto [least, most] = std::minmax_element(output.f32.begin(), output.f32.end());
    return *most - *least < 0.01f;
  });
}

bool equal(const ops::Tensor &a, const ops::Tensor &b) {
  if (a.f32.size() != b.f32.size()) return false;
  float largest = 1;
  for (float value : a.f32) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < a.f32.size(); ++i) {
    if (!(std::abs(a.f32[i] - b.f32[i]) <= kTolerance * largest)) return false;
  }
  return true;
}

bool equal(const Tensors &a, const Tensors &b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const ops::Tensor &x, const ops::Tensor &y) { return equal(x, y); });
}

std::string first_of(const Diagnostics &errors) {
  return errors.empty() ? std::string() : to_string(errors.front());
}

// Runs the pass and proves the result; the complaint, if any, names it.
std::string run_pass(const passes::Pass &pass, ir::Graph &graph) {
  const std::string name = std::string(pass.name) + ": ";
  const auto once = pass.run(graph);
  if (!once) return name + first_of(once.diagnostics());
  if (const auto errors = ir::verify(*once); !errors.empty()) return name + first_of(errors);
  if (const auto errors = ops::verify(*once); !errors.empty()) return name + first_of(errors);
  const auto twice = pass.run(*once);
  if (!twice || ir::print(*twice) != ir::print(*once)) return name + "a second run changes more";
  graph = *once;
  return {};
}

}  // namespace

PassOrder check_pass_order(std::span<const std::uint8_t> bytes) {
  Choices choices(bytes);
  ir::Graph graph = random_graph(choices);
  const std::string before = ir::print(graph);
  const Tensors inputs = input_of(graph), expected = ops::evaluate_outputs(graph, {}, inputs);
  std::string order;
  for (int passes = choices.draw(1, kMaxPasses); passes > 0; --passes) {
    const auto all = passes::pipeline();
    const auto &pass = all[static_cast<std::size_t>(choices.draw(0, int(all.size()) - 1))];
    order += std::string(pass.name) + " ";
    if (std::string complaint = run_pass(pass, graph); !complaint.empty())
      return {false, complaint + "\nafter " + order + "over\n" + before};
  }
  if (equal(expected, ops::evaluate_outputs(graph, {}, inputs))) return {hardly_vary(expected), {}};
  return {false, "other values after " + order + "over\n" + before};
}

}  // namespace thimble::fuzz

// LpPool2d: the p-norm of each window, (sum of |element|^p)^(1/p) (pooling.h). Attribute p, a
// number above 0. Floats only.
#include <cmath>

#include "ops/families.h"
#include "ops/infer.h"
#include "ops/pooling.h"

namespace thimble::ops {
namespace {

double power_of(const ir::Node &node) { return node.real("p", 2); }

Result<std::vector<ir::Type>> infer(const ir::Graph &graph, const ir::Node &node) {
  if (!(power_of(node) > 0) || power_of(node) > 1000)
    return node_error(node, "attribute 'p' is not a number above 0 and up to 1000");
  return infer_pooling(graph, node);
}

void eval_float(const ir::Graph &graph, const ir::Node &node, std::span<const Tensor *const> inputs,
                std::span<Tensor> outputs) {
  const double power = power_of(node);
  pool(pooling_of(graph, node), inputs[0]->f32, outputs[0].f32,
       [&](const std::vector<float> &window, int, int) {
         double sum = 0;
         for (const float element : window) sum += std::pow(std::abs(double{element}), power);
         return static_cast<float>(std::pow(sum, 1 / power));
       });
}

Kernels kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  Kernel kernel = pooling_kernel("lp_pool2d", graph, node);
  kernel.reals = {{"power", static_cast<float>(power_of(node))}};
  return {.row = kernel};
}

void import_lp_pool(Builder &builder, const ForeignNode &node) {
  import_pooling(builder, node, "LpPool2d", {{"p", node.real("p", 2)}});
}

}  // namespace

const Operator kLpPool2d = {
    .name = "LpPool2d",
    .summary = "p-norm over a sliding window",
    .imports = {{"onnx", "LpPool", import_lp_pool}},
    .infer = infer,
    .eval_float = eval_float,
    .modes = pooling_modes,
    .kernels = kernels,
    .channelwise = true,
};

}  // namespace thimble::ops

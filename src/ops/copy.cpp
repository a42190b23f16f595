// Copy: the same tensor at another place. Passes add it where a view would be illegal (a value that
// is part of two concatenations); no importer makes one: what does nothing in inference is bound
// through, so the rules for that stand here.
#include "ops/families.h"
#include "ops/movement.h"
#include "ops/pointwise.h"
#include "ops/quantized.h"

namespace thimble::ops {
namespace {

void copy(const ir::Graph &, const ir::Node &, std::span<const Tensor *const> inputs,
          std::span<Tensor> outputs) {
  move_elements(*inputs[0], outputs[0], outputs[0].type.shape.elements(), same_place, same_place);
}

Kernels copy_kernels(const ir::Graph &graph, const ir::Node &node, const Numbers &, int) {
  return {.row = pointwise_kernel(kernel_file("copy", graph, node), graph, node)};
}

void pass_through(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input) return;
  const Imported bound = *input;
  builder.bind(node.outputs.at(0), bound.value, bound.dims);
}

// Whether a Dropout was exported for training: ATen says so itself, ONNX by a constant third input.
bool drops(const Builder &builder, const ForeignNode &node) {
  if (node.domain == "aten") return node.integer("train", 0) != 0;
  if (!builder.has_input(node, 2)) return false;
  const ForeignTensor *training = builder.constant(node.inputs[2]);
  return !training || training->i64 != std::vector<std::int64_t>{0};
}

void import_dropout(Builder &builder, const ForeignNode &node) {
  if (drops(builder, node))
    builder.error(node, "drops elements at random", "the model was exported in training mode",
                  "call model.eval() before exporting");
  pass_through(builder, node);
}

}  // namespace

const Operator kCopy = {
    .name = "Copy",
    .summary = "the same tensor at another place",
    .imports = {{"onnx", "Identity", pass_through},
                {"onnx", "Dropout", import_dropout},
                {"aten", "dropout.default", import_dropout},
                {"aten", "dropout_.default", import_dropout},
                {"aten", "feature_dropout.default", import_dropout},
                {"aten", "native_dropout.default", import_dropout},
                {"aten", "alias.default", pass_through},
                {"aten", "clone.default", pass_through},
                {"aten", "contiguous.default", pass_through},
                {"aten", "detach.default", pass_through},
                {"aten", "detach_.default", pass_through},
                {"aten", "lift_fresh_copy.default", pass_through}},
    .infer = infer_pointwise,
    .eval_float = move_float<copy>,
    .eval_int = move_int<copy>,
    .modes = elementwise_modes,
    .kernels = copy_kernels,
    .quant_rule = Operator::QuantRule::kSameAsInput,
    .elementwise = true,
};

}  // namespace thimble::ops

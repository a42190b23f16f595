// A Graph as an ONNX file: float32, or int8 as float operators between QuantizeLinear and
// DequantizeLinear (QDQ), as onnxruntime's static quantization writes it.
//
// Inside the file a tensor of shape {H, W, C} is [1, C, H, W], or [1, C] where H = W = 1; network
// inputs and outputs have their own dimensions and names. Weights and biases of an int8 graph are
// its very integers.
#pragma once

#include <string>

#include "ir/graph.h"
#include "support/diagnostic.h"

namespace thimble::frontends::onnx {

// The file's bytes, for a sound graph. Errors: an operator, or an attribute of one, that this
// writer does not know; a zero point beyond int8.
Result<std::string> write_onnx(const ir::Graph &graph);

}  // namespace thimble::frontends::onnx

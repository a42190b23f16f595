// Functions of single elements as the ONNX operators that they were imported from.
#pragma once

#include <string>

#include "frontends/onnx/write_layout.h"

namespace thimble::frontends::onnx {

// Whether an ONNX operator computes the node's function, with the node's parameters. Not those of
// truth values, which ONNX does not keep as floats.
bool has_elementwise_form(const ir::Node &node);
// Makes `to` of it, in file_dims, without the fused activation.
void write_elementwise(Writing &writing, const ir::Node &node, const std::string &to);

}  // namespace thimble::frontends::onnx

// One node of a Graph as ONNX nodes.
#pragma once

#include <string>

#include "frontends/onnx/write_layout.h"
#include "support/diagnostic.h"

namespace thimble::frontends::onnx {

// Makes `to`, the node's output as floats in file_dims, fused activation included. Errors: see
// write_onnx.
Status write_node(Writing &writing, const ir::Node &node, const std::string &to);

}  // namespace thimble::frontends::onnx

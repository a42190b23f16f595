// Operators with weights and windows as ONNX nodes: each makes `to`, the node's output in
// file_dims.
#pragma once

#include "frontends/onnx/write_layout.h"

namespace thimble::frontends::onnx {

void write_convolution(Writing &writing, const ir::Node &node, const std::string &to);
void write_linear(Writing &writing, const ir::Node &node, const std::string &to);
void write_batch_norm(Writing &writing, const ir::Node &node, const std::string &to);
void write_max_pool(Writing &writing, const ir::Node &node, const std::string &to);
void write_average_pool(Writing &writing, const ir::Node &node, const std::string &to);

}  // namespace thimble::frontends::onnx

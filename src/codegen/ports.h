// The network's inputs and outputs as the generated header describes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "codegen/emit.h"
#include "ir/graph.h"
#include "plan/plan.h"

namespace thimble::codegen {

struct PortCode {
  std::string macro;   // "IN0", "OUT1"
  std::string tensor;  // its name in the model
  ir::Type type;
  std::int64_t offset = -1;  // bytes into the arena; -1: streamed, or borrowed
  bool in_pieces = false;    // one row in the file: each of several here is a piece of it
  std::string c_type() const { return type.dtype == ir::DType::kF32 ? "float" : "int8_t"; }
};

struct Ports {
  std::vector<PortCode> inputs, outputs;
  bool stream_in = false, stream_out = false, borrow_input = false;
  std::int64_t lent_bytes() const;  // of borrowed inputs
};

// Errors: a port whose elements do not lie together, as the header promises.
Result<Ports> ports_of(const ir::Graph &graph, const plan::Plan &plan);

}  // namespace thimble::codegen

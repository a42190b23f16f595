// Ports of the generated header (ports.h).
#include "codegen/ports.h"

#include <algorithm>

#include "ir/layout.h"

namespace thimble::codegen {
namespace {

bool is_in_pieces(const ir::Port &port, const ir::Shape &shape) {
  const std::vector<std::int64_t> dims(port.dims.begin(), port.dims.end());
  return shape.rows > 1 && ir::layout_of(dims, port.axes).shape.rows == 1;
}

std::vector<PortCode> describe(const ir::Graph &graph, const std::vector<ir::Port> &ports,
                               const std::vector<std::int64_t> &offsets, const std::string &macro) {
  std::vector<PortCode> result;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const ir::Value &value = graph.value(ports[i].value);
    result.push_back({macro + std::to_string(i), value.name, value.type, offsets.at(i),
                      is_in_pieces(ports[i], value.type.shape)});
  }
  return result;
}

bool is_dense(const ir::Type &type, const plan::Address &address) {
  const ir::Shape &shape = type.shape;
  return (shape.cols == 1 || address.pixel_pitch == type.pixel_bytes()) &&
         (address.row_slots == 1 || address.row_pitch == type.row_bytes());
}

Diagnostic scattered(const std::string &tensor) {
  return model_error(
      "'" + tensor +
          "' is an input or output of the network, but part of another "
          "tensor's rows",
      "its elements do not lie together in the arena, as the generated header promises",
      "let the network hand out a copy of it");
}

}  // namespace

std::int64_t Ports::lent_bytes() const {
  std::int64_t bytes = 0;
  for (const PortCode &port : inputs) bytes += borrow_input ? port.type.bytes() : 0;
  return bytes;
}

Result<Ports> ports_of(const ir::Graph &graph, const plan::Plan &plan) {
  Ports ports;
  ports.stream_in = plan.options.stream_in;
  ports.stream_out = plan.options.stream_out;
  ports.borrow_input = plan.options.borrow_input;
  ports.inputs = describe(graph, graph.inputs(), plan.program.input_offsets, "IN");
  ports.outputs = describe(graph, graph.outputs(), plan.program.output_offsets, "OUT");
  Diagnostics errors;
  for (const plan::Call &call : plan.program.calls) {
    const auto check = [&](ir::ValueId value, const plan::Address &address) {
      if (value < 0 || is_dense(graph.value(value).type, address)) return;
      errors.push_back(scattered(graph.value(value).name));
    };
    if (call.phase == plan::Phase::kFill) check(call.output_value, call.output);
    if (call.phase == plan::Phase::kEmit) check(call.input_values.at(0), call.inputs.at(0));
    for (std::size_t i = 0; i < call.inputs.size(); ++i) {
      if (graph.is_input(call.input_values[i])) check(call.input_values[i], call.inputs[i]);
    }
  }
  if (!errors.empty()) return errors;
  return ports;
}

}  // namespace thimble::codegen

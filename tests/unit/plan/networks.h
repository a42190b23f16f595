// Networks for the planner's tests, built through ir::Graph and ops: int8, weights all zero
// (nothing is computed here, only rows are followed).
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ir/graph.h"
#include "ops/operator.h"
#include "plan/check_plan.h"
#include "plan/plan.h"

namespace thimble::plan {

class NetworkBuilder {
 public:
  using List = std::vector<std::int64_t>;

  ir::ValueId input(int rows, int cols, int channels) {
    const ir::ValueId value = graph_.add_value("in", int8({rows, cols, channels}));
    graph_.add_input(value, {1, channels, rows, cols});
    return value;
  }

  ir::ValueId conv(ir::ValueId from, int out, int kernel, int stride, int pad) {
    return add("Conv2d", {from}, {weight({out, kernel, kernel, channels(from)}), bias(out)},
               {{"stride", List{stride, stride}}, {"pad", List{pad, pad, pad, pad}}});
  }

  ir::ValueId depthwise(ir::ValueId from, int kernel, int stride, int pad) {
    const int count = channels(from);
    return add("Conv2d", {from}, {weight({count, kernel, kernel, 1}), bias(count)},
               {{"groups", std::int64_t{count}},
                {"stride", List{stride, stride}},
                {"pad", List{pad, pad, pad, pad}}});
  }

  ir::ValueId conv_transpose(ir::ValueId from, int out, int kernel, int stride, int pad,
                             int output_padding) {
    return add("ConvTranspose2d", {from},
               {weight({out, kernel, kernel, channels(from)}), bias(out)},
               {{"stride", List{stride, stride}},
                {"pad", List{pad, pad, pad, pad}},
                {"output_padding", List{output_padding, output_padding}}});
  }

  ir::ValueId pool(ir::ValueId from, int kernel, int stride, int pad = 0) {
    return add("MaxPool2d", {from}, {},
               {{"kernel", List{kernel, kernel}},
                {"stride", List{stride, stride}},
                {"pad", List{pad, pad, pad, pad}}});
  }

  ir::ValueId linear(ir::ValueId from, int rows, int cols, int out_channels) {
    const int out = rows * cols * out_channels;
    return add("Linear", {from}, {weight({out, static_cast<int>(elements(from))}), bias(out)},
               {{"out_shape", List{rows, cols, out_channels}}});
  }

  ir::ValueId relu(ir::ValueId from) { return add("Relu", {from}, {}, {}); }
  ir::ValueId sigmoid(ir::ValueId from) { return add("Sigmoid", {from}, {}, {}); }
  ir::ValueId softmax(ir::ValueId from) { return add("LogSoftmax", {from}, {}, {}); }
  ir::ValueId sum(ir::ValueId a, ir::ValueId b) { return add("Add", {a, b}, {}, {}); }
  ir::ValueId resize(ir::ValueId from, int scale) {
    return add("ResizeNearest", {from}, {}, {{"scale", List{scale, scale}}});
  }
  ir::ValueId concat(std::vector<ir::ValueId> from, std::int64_t axis) {
    return add("Concat", std::move(from), {}, {{"axis", axis}});
  }
  ir::ValueId reshape(ir::ValueId from, int rows, int cols, int channels) {
    return add("Reshape", {from}, {}, {{"out_shape", List{rows, cols, channels}}});
  }

  ir::ValueId lstm(ir::ValueId from, int hidden) {
    const int columns = shape(from).cols * channels(from) + hidden;
    return add("Lstm", {from}, {weight({4 * hidden, columns}), bias(4 * hidden)},
               {{"hidden", std::int64_t{hidden}}});
  }
  // One row alone.
  ir::ValueId row(ir::ValueId from, int row) {
    const std::int64_t count = elements(from) / shape(from).rows;
    return add("AsStrided", {from}, {},
               {{"size", List{count}},
                {"stride", List{1}},
                {"offset", row * count},
                {"out_shape", List{1, shape(from).cols, channels(from)}}});
  }

  void output(ir::ValueId value) {
    const ir::Shape &shape = graph_.value(value).type.shape;
    graph_.add_output(value, {1, shape.channels, shape.rows, shape.cols});
  }

  const ir::Shape &shape(ir::ValueId value) const { return graph_.value(value).type.shape; }
  const ir::Graph &graph() const { return graph_; }

 private:
  static ir::Type int8(ir::Shape shape) { return {shape, ir::DType::kI8, ir::Quant{0.5f, 0}}; }
  int channels(ir::ValueId value) const { return shape(value).channels; }
  std::int64_t elements(ir::ValueId value) const { return shape(value).elements(); }

  ir::ConstantId weight(std::vector<int> dims) {
    std::int64_t count = 1;
    for (int dim : dims) count *= dim;
    return graph_.add_constant(
        {"weight", std::move(dims), std::vector<std::int8_t>(count, 0), {0.5f}});
  }
  ir::ConstantId bias(int count) {
    return graph_.add_constant({"bias", {count}, std::vector<std::int32_t>(count, 0), {}});
  }

  ir::ValueId add(const std::string &op, std::vector<ir::ValueId> inputs,
                  std::vector<ir::ConstantId> constants, ir::Attributes attributes) {
    ir::Node node{op, op, std::move(inputs), std::move(constants), {}, std::move(attributes)};
    const ir::ValueId output = graph_.add_value("t", int8({1, 1, 1}));
    node.outputs = {output};
    const ir::NodeId id = graph_.add_node(std::move(node));
    const auto types = ops::operator_of(graph_.node(id)).infer(graph_, graph_.node(id));
    EXPECT_TRUE(types.ok()) << op << ": " << (types.ok() ? "" : to_string(types.diagnostics()[0]));
    if (types.ok()) graph_.value(output).type.shape = (*types)[0].shape;
    return output;
  }

  ir::Graph graph_;
};

inline ir::Graph lenet5() {
  NetworkBuilder net;
  ir::ValueId x = net.input(28, 28, 1);
  x = net.pool(net.conv(x, 6, 5, 1, 2), 2, 2);
  x = net.pool(net.conv(x, 16, 5, 1, 0), 2, 2);
  x = net.linear(x, 1, 1, 120);
  x = net.linear(x, 1, 1, 84);
  net.output(net.linear(x, 1, 1, 10));
  return net.graph();
}

inline ir::Graph die_929() {
  NetworkBuilder net;
  const ir::ValueId x = net.linear(net.input(1, 1, 7), 4, 4, 4);
  ir::ValueId y = net.conv_transpose(x, 4, 3, 2, 1, 1);
  y = net.conv_transpose(y, 4, 3, 2, 1, 1);
  y = net.conv_transpose(y, 4, 3, 1, 1, 0);
  y = net.conv_transpose(y, 1, 3, 2, 1, 1);
  net.output(net.sigmoid(y));
  return net.graph();
}

// With two full-resolution layers.
inline ir::Graph die_3889() {
  NetworkBuilder net;
  const ir::ValueId x = net.linear(net.input(1, 1, 7), 4, 4, 8);
  ir::ValueId y = net.conv_transpose(x, 8, 3, 2, 1, 1);
  y = net.conv_transpose(y, 8, 3, 2, 1, 1);
  y = net.conv_transpose(y, 8, 3, 1, 1, 0);
  y = net.conv_transpose(y, 8, 3, 2, 1, 1);
  y = net.conv(y, 8, 3, 1, 1);
  net.output(net.sigmoid(net.conv(y, 1, 3, 1, 1)));
  return net.graph();
}

inline std::string describe(const Plan &plan) {
  std::string text = "arena " + std::to_string(plan.arena_bytes) + " bound " +
                     std::to_string(plan.lower_bound) + (plan.placement_proven ? " proven" : "") +
                     (plan.schedule_proven ? " schedule-proven" : "") + " " +
                     std::to_string(plan.seconds) + " s\n";
  for (const Buffer &buffer : plan.buffers)
    text += "  " + buffer.name + " at " + std::to_string(buffer.offset) + " bytes " +
            std::to_string(buffer.bytes) + " rows " + std::to_string(buffer.rows) + " steps " +
            std::to_string(buffer.first_step) + ".." + std::to_string(buffer.last_step) + "\n";
  text += "  peak " + std::to_string(plan.peak.live_bytes) + " at step " +
          std::to_string(plan.peak.step) + ":";
  for (const Peak::Part &part : plan.peak.parts)
    text += " " + plan.buffers[part.buffer].name + " " + std::to_string(part.bytes);
  return text + "\n";
}

inline std::string messages(const Diagnostics &diagnostics) {
  std::string text;
  for (const Diagnostic &diagnostic : diagnostics) text += to_string(diagnostic);
  return text;
}

}  // namespace thimble::plan

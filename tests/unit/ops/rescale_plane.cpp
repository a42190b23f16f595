// Planes through the steps of sums: the same int8 as elementwise_int8.h says, for every pair.
#include "ops/rescale_plane.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "nodes.h"

namespace thimble::ops {
namespace {

using targets::Requant;

// a and b of these quantizations through `op` to `out`.
struct Sum {
  std::string op = "Add";
  ir::Quant a{0.0517713f, -128}, b{0.0312377f, 4}, out{0.0607193f, -128};
  ir::Attributes attributes = {};
};

ir::Graph graph_of(const Sum &sum) {
  ir::Graph graph;
  const ir::Shape shape{1, 1, 4};
  const auto value = [&](const char *name, const ir::Quant &quant) {
    return graph.add_value(name, {shape, ir::DType::kI8, quant});
  };
  const ir::ValueId a = value("a", sum.a), b = value("b", sum.b), out = value("out", sum.out);
  graph.add_input(a, {1, 4});
  graph.add_input(b, {1, 4});
  graph.add_node({"sum", sum.op, {a, b}, {}, {out}, sum.attributes});
  graph.add_output(out, {1, 4});
  return graph;
}

std::optional<RescalePlane> solved(const Sum &sum, Requant requant) {
  const ir::Graph graph = graph_of(sum);
  const ir::Node &node = graph.node(0);
  const ElementFunction &function = *operator_of(node).function;
  const IntegerCall call = integer_call(graph, node, {.requant = requant});
  const auto plane = plane_through(function, call, requant);
  for (int a = -128; plane && a <= 127; ++a)
    for (int b = -128; b <= 127; ++b)
      EXPECT_EQ(
          std::clamp((*plane)(a, b), call.limits.lo, call.limits.hi),
          apply(function, call, requant, static_cast<std::int8_t>(a), static_cast<std::int8_t>(b)))
          << a << ", " << b;
  return plane;
}

TEST(RescalePlane, RunsThroughSumsAndDifferences) {
  int count = 0;
  for (const Requant requant : {Requant::kQ31, Requant::kM16})
    for (const char *op : {"Add", "Sub"})
      for (const float scale : {0.0113172f, 0.0236731f, 0.0517713f, 0.0731197f})
        for (const int zero : {-128, -9, 40})
          count += solved({op, {scale, zero}, {0.0312377f, 4}, {0.0607193f, -zero - 1}}, requant)
                       .has_value();
  EXPECT_GE(count, 40) << "of 48";
}

TEST(RescalePlane, RunsThroughWhatALimitCutsOff) {
  EXPECT_TRUE(solved({.out = {0.0607193f, -20}, .attributes = {{"act", std::string("relu")}}},
                     Requant::kQ31));
}

TEST(RescalePlane, ProductsAndExtremesHaveNone) {
  for (const char *op : {"Mul", "Max", "Min"}) EXPECT_FALSE(solved({op}, Requant::kQ31)) << op;
}

TEST(RescalePlane, WhatMakesManyLevelsOfOneHasNone) {
  EXPECT_FALSE(solved({.a = {0.9f, 3}, .out = {0.02f, 0}}, Requant::kQ31));
}

}  // namespace
}  // namespace thimble::ops

// Proves an operator's Access by experiment: an input row (column) is changed, and exactly the
// output rows (columns) that say they read it must change.
#pragma once

#include "nodes.h"

namespace thimble::ops {

inline std::vector<Mode> kept_modes(const ir::Graph &graph) {
  return operator_of(graph.node(0)).modes(graph, graph.node(0));
}

inline bool contains(const Range &range, int i) { return range.lo <= i && i < range.hi; }

// `bump` is added to every element of the row or column under test.
inline void expect_exact_access(const ir::Graph &graph, float bump) {
  const ir::Type input = graph.value(graph.node(0).inputs[0]).type;
  const Access access = kept_modes(graph)[0].inputs[0];
  ASSERT_EQ(access.kind, AccessKind::kWindow);
  const Tensor before_in = sample(input);
  const Tensor before = eval_node(graph, before_in);
  const ir::Shape in = input.shape, out = before.type.shape;
  ASSERT_EQ(access.rows.size(), static_cast<std::size_t>(out.rows));
  ASSERT_EQ(access.cols.size(), static_cast<std::size_t>(out.cols));
  for (const bool by_rows : {true, false}) {
    const std::vector<Range> &ranges = by_rows ? access.rows : access.cols;
    for (int k = 0; k < (by_rows ? in.rows : in.cols); ++k) {
      Tensor changed = before_in;
      for (std::int64_t i = 0; i < in.elements(); ++i)
        if ((by_rows ? i / in.channels / in.cols : i / in.channels % in.cols) == k)
          changed.f32[i] += bump;
      const Tensor after = eval_node(graph, changed);
      std::vector<bool> differs(ranges.size());
      for (std::int64_t i = 0; i < out.elements(); ++i)
        if (after.f32[i] != before.f32[i])
          differs[by_rows ? i / out.channels / out.cols : i / out.channels % out.cols] = true;
      for (std::size_t o = 0; o < ranges.size(); ++o)
        EXPECT_EQ(differs[o], contains(ranges[o], k))
            << (by_rows ? "row " : "column ") << o << " of input " << k;
    }
    for (std::size_t o = 1; o < ranges.size(); ++o) {
      EXPECT_LE(ranges[o - 1].lo, ranges[o].lo);
      EXPECT_LE(ranges[o - 1].hi, ranges[o].hi);
    }
  }
}

}  // namespace thimble::ops

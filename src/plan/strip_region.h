// What column strips compute: the nodes that some value (the cut) comes from, and which columns of
// their values each strip of the cut asks for.
#pragma once

#include <optional>
#include <vector>

#include "ir/graph.h"
#include "ops/access.h"

namespace thimble::plan {

// Columns of every value, by ValueId; empty: none.
struct StripColumns {
  std::vector<ops::Range> read;  // that the strip's nodes read (of the cut: that it is)
  std::vector<ops::Range> made;  // that it makes: all of them, or those no strip before has made
};

class StripRegion {
 public:
  // `cut` is one of strip_cuts. Of each value in `kept` no column is made twice.
  StripRegion(const ir::Graph &graph, ir::ValueId cut, std::vector<ir::ValueId> kept = {});

  const ir::Graph &graph() const { return graph_; }
  ir::ValueId cut() const { return cut_; }
  const std::vector<ir::NodeId> &nodes() const { return nodes_; }  // ascending
  bool has(ir::NodeId id) const;
  bool keeps(ir::ValueId value) const;

  // Columns of its input `input` that the node at `index` of nodes() reads for `cols` of its
  // output.
  ops::Range reach(std::size_t index, std::size_t input, ops::Range cols) const;
  // Of a strip with columns `cols` of the cut, when all those left of it are there.
  StripColumns columns(ops::Range cols) const;

 private:
  std::vector<ops::Range> pull(ops::Range cols, const std::vector<ops::Range> *before,
                               std::vector<ops::Range> *made) const;

  const ir::Graph &graph_;
  const ir::ValueId cut_;
  const std::vector<ir::ValueId> kept_;
  const std::vector<ir::NodeId> nodes_;
  std::vector<std::vector<std::vector<ops::Range>>> windows_;  // of each of them, by input
};

// Nodes that the value is computed from, in order.
std::vector<ir::NodeId> nodes_before(const ir::Graph &graph, ir::ValueId value);
// Of each input: columns read by each output column. Nothing: it cannot be run by columns.
std::optional<std::vector<std::vector<ops::Range>>> column_windows(const ir::Graph &graph,
                                                                   const ir::Node &node);

int longest(const std::vector<ops::Range> &ranges);

}  // namespace thimble::plan

// Where strips end: as many as asked for, so that the one that needs most needs as little as can
// be, by an estimate from the columns that each reads and makes. It ranks; it need not be right.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ir/graph.h"
#include "plan/strip_region.h"
#include "plan/strips.h"

namespace thimble::plan {

class StripEnds {
 public:
  // `cut` is one of strip_cuts, each of `kept` is made before it.
  StripEnds(const ir::Graph &graph, ir::ValueId cut, std::vector<ir::ValueId> kept = {});

  // Of strips that need equally little, those with least work.
  Strips find(int count);
  std::int64_t bytes(const Strips &strips);  // at the strip that needs most, about
  std::int64_t macs(const Strips &strips);   // up to the cut

 private:
  struct Need {
    std::int64_t beside = 0;  // bytes, but for the cut, while nothing of this strip of it is there
    std::int64_t with_part = 0;  // and while it is made
    std::int64_t macs = 0;
  };

  // Of a node, by column of what it makes or reads.
  struct NodeCost {
    std::int64_t macs = 0;
    struct Input {
      std::int64_t column_bytes = 0;  // of the rows that windows overlap in
      std::int64_t window_bytes = 0;
    };
    std::vector<Input> inputs;
  };

  static NodeCost cost_of(const ir::Graph &graph, ir::NodeId id);
  const Need &need(ops::Range cols);
  std::int64_t bytes(ops::Range cols, bool apart);
  Need work_out(ops::Range cols) const;
  std::vector<int> find(int count, bool apart);
  std::vector<int> least_work(int count, bool apart, std::int64_t most);

  const StripRegion region_;
  const std::vector<ir::ValueId> kept_;  // as they are made
  const int cols_;
  const std::int64_t column_bytes_;                      // of the cut
  std::vector<NodeCost> costs_;                          // of the region's nodes
  std::vector<std::vector<std::optional<Need>>> needs_;  // by begin and end
};

}  // namespace thimble::plan

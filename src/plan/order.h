// The order of a graph's nodes in which fewest bytes are alive at once, exactly.
//
// A tensor is alive from the node that writes it (from the beginning, if none does) to the last
// that reads it, both included. While a node runs, what it reads and writes is alive together, less
// what is known to be saved where some of it dies there (stage_order.h has rows simulated for
// that).
//
// States are the sets of nodes that have run. A search from state to state at a bound on the peak,
// raised when all is searched, meets each state once; a run of nodes that stays within the bound
// and leaves no more alive than before is taken at once, for nothing is lost by it. Nodes that are
// before or after all others cut the graph into pieces, each searched alone.
#pragma once

#include <cstdint>
#include <vector>

namespace thimble::plan {

struct OrderProblem {
  struct Tensor {
    std::int64_t bytes = 0;
    bool kept = false;  // alive to the end
  };
  struct Node {
    struct Saving {
      std::vector<int> dying;  // of reads
      std::int64_t bytes = 0;  // of reads and writes, never alive at once where all these die
    };
    std::vector<int> reads, writes;  // tensors
    std::vector<Saving> savings;     // the largest that applies counts
  };
  std::vector<Tensor> tensors;  // each written by one node, or by none: there from the beginning
  std::vector<Node> nodes;      // in an order in which they can run
};

struct Order {
  std::vector<int> nodes;
  std::int64_t peak = 0;  // bytes alive at once
  std::int64_t lower_bound = 0;
  bool proven = false;      // no order has a lower peak
  std::int64_t states = 0;  // searched
};

// As good as the given order, at least; and as it, wherever another would not lower the peak. The
// search stops at a limit that counts work, not time; what is left is put in order greedily then.
Order least_peak_order(const OrderProblem &problem, std::int64_t most_states = 500'000);

// As the problem gives it, with its peak; nothing proven.
Order given_order(const OrderProblem &problem);

std::int64_t peak_of(const OrderProblem &problem, const std::vector<int> &order);

}  // namespace thimble::plan

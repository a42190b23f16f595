// Search over sets of nodes: see order.h.
//
// Why a run of nodes that ends with no more alive than before can be taken at once: in any order
// from here, put that run first. Its nodes have run in every later state, so what dies there dies
// no later than it did; and before it ends each of its own states has more alive than its end has.
// So no later state has more alive than it had, and the run itself is within the bound.
#include "plan/order.h"

#include <algorithm>
#include <numeric>
#include <queue>
#include <unordered_set>

#include "support/check.h"

namespace thimble::plan {
namespace {

// Of one search, in words of sets of nodes: looked at, and kept.
constexpr std::int64_t kMostLooks = 200'000'000, kMostKept = 20'000'000;

using Bits = std::vector<std::uint64_t>;  // a set of nodes

bool has(const Bits &bits, int i) { return bits[i / 64] >> (i % 64) & 1; }
void put(Bits &bits, int i) { bits[i / 64] |= std::uint64_t{1} << (i % 64); }
void put_all(Bits &bits, const Bits &others) {
  for (std::size_t w = 0; w < bits.size(); ++w) bits[w] |= others[w];
}
bool has_all(const Bits &bits, const Bits &others) {
  for (std::size_t w = 0; w < bits.size(); ++w)
    if (others[w] & ~bits[w]) return false;
  return true;
}
int count_of(const Bits &bits) {
  int count = 0;
  for (const std::uint64_t word : bits) count += __builtin_popcountll(word);
  return count;
}
struct BitsHash {
  std::size_t operator()(const Bits &bits) const {
    std::uint64_t hash = 0;
    for (std::uint64_t word : bits) {
      word = (word ^ word >> 32) * 0x9e3779b97f4a7c15u;
      hash = (hash ^ word ^ word >> 29) * 0xbf58476d1ce4e5b9u;
    }
    return hash;
  }
};

void keep_each_once(std::vector<int> &list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

// A problem with what follows from it.
struct Graph {
  explicit Graph(const OrderProblem &problem);
  int size() const { return static_cast<int>(nodes.size()); }
  // After the node that writes it.
  bool stays(int t) const { return tensors[t].kept || !readers[t].empty(); }
  bool dies_at(int v, int t, const Bits &done) const {
    return !tensors[t].kept && std::all_of(readers[t].begin(), readers[t].end(),
                                           [&](int r) { return r == v || has(done, r); });
  }

  std::vector<OrderProblem::Tensor> tensors;
  std::vector<OrderProblem::Node> nodes;
  std::vector<int> writer;                // by tensor; -1: none
  std::vector<std::vector<int>> readers;  // by tensor
  std::vector<Bits> before, after;        // by node: those that must run before, after it
};

Graph::Graph(const OrderProblem &problem)
    : tensors(problem.tensors),
      nodes(problem.nodes),
      writer(tensors.size(), -1),
      readers(tensors.size()) {
  const Bits none((nodes.size() + 63) / 64, 0);
  before.assign(nodes.size(), none);
  after.assign(nodes.size(), none);
  for (int v = 0; v < size(); ++v) {
    keep_each_once(nodes[v].reads);
    for (int t : nodes[v].writes) {
      CHECK(writer[t] < 0 && readers[t].empty(), "a tensor is written twice, or read before");
      writer[t] = v;
    }
    for (int t : nodes[v].reads) {
      CHECK(writer[t] != v, "a node reads what it writes");
      readers[t].push_back(v);
      if (writer[t] < 0) continue;
      put(before[v], writer[t]);
      put_all(before[v], before[writer[t]]);
    }
  }
  for (int v = size() - 1; v >= 0; --v)
    for (int t : nodes[v].writes)
      for (int reader : readers[t]) {
        put(after[v], reader);
        put_all(after[v], after[reader]);
      }
}

// Nodes that have run, and the bytes alive.
struct State {
  Bits done;
  std::int64_t live = 0;
};

State beginning(const Graph &graph) {
  State state{Bits((graph.nodes.size() + 63) / 64, 0), 0};
  for (int t = 0; t < static_cast<int>(graph.tensors.size()); ++t)
    if (graph.writer[t] < 0 && graph.stays(t)) state.live += graph.tensors[t].bytes;
  return state;
}

struct Move {
  int node = -1;
  std::int64_t peak = 0, live = 0;  // while it runs, after it
};

Move move_of(const Graph &graph, const State &state, int v) {
  Move move{v, state.live, state.live};
  for (int t : graph.nodes[v].writes) {
    const std::int64_t bytes = graph.tensors[t].bytes;
    move.peak += bytes;
    if (graph.stays(t)) move.live += bytes;
  }
  for (int t : graph.nodes[v].reads)
    if (graph.dies_at(v, t, state.done)) move.live -= graph.tensors[t].bytes;
  std::int64_t saved = 0;
  for (const auto &[dying, bytes] : graph.nodes[v].savings)
    if (bytes > saved && std::all_of(dying.begin(), dying.end(),
                                     [&](int t) { return graph.dies_at(v, t, state.done); }))
      saved = bytes;
  move.peak -= saved;
  return move;
}

void take(State &state, const Move &move) {
  put(state.done, move.node);
  state.live = move.live;
}

bool can_run(const Graph &graph, const Bits &done, int v) {
  return !has(done, v) && has_all(done, graph.before[v]);
}

// What every order has alive while v runs.
std::int64_t least_while(const Graph &graph, int v) {
  State state{graph.before[v], 0};
  for (int t = 0; t < static_cast<int>(graph.tensors.size()); ++t) {
    const bool is_there = graph.writer[t] < 0 || has(state.done, graph.writer[t]);
    const auto &readers = graph.readers[t];
    if (is_there && (graph.tensors[t].kept ||
                     std::any_of(readers.begin(), readers.end(),
                                 [&](int r) { return r == v || has(graph.after[v], r); })))
      state.live += graph.tensors[t].bytes;
  }
  // Whoever can have run before has, so that as much as possible dies.
  for (int other = 0; other < graph.size(); ++other)
    if (other != v && !has(graph.after[v], other)) put(state.done, other);
  return move_of(graph, state, v).peak;
}

// One piece of the graph, searched.
class Search {
 public:
  Search(const Graph &graph, std::int64_t most_states)
      : graph_(graph),
        words_(std::max<std::int64_t>((graph.size() + 63) / 64, 1)),
        most_states_(std::min(most_states, kMostKept / words_)) {}

  // An order whose peak is within `bound`, or else the least; none: the limit was reached.
  std::vector<int> run(std::int64_t bound) {
    bound_ = bound;
    remember(beginning(graph_), -1, {});
    while (true) {
      if (const int last = search(); last >= 0) return path_to(last);
      if (is_at_limit()) return {};
      raise_bound();
    }
  }

  std::int64_t bound() const { return bound_; }  // no order has a lower peak than this
  std::int64_t states() const { return static_cast<std::int64_t>(entries_.size()); }

 private:
  struct Entry {
    State state;
    int parent = -1;
    std::vector<int> run;  // of nodes, from the parent's state to this one
  };
  struct Blocked {  // a move above the bound
    std::int64_t peak = 0;
    int entry = 0, node = 0;
    bool operator>(const Blocked &other) const { return peak > other.peak; }
  };

  bool is_at_limit() const { return states() >= most_states_ || looks_ >= kMostLooks; }

  // Depth first. The entry at which all nodes have run; -1: nothing is left within the bound.
  int search() {
    while (!open_.empty() && !is_at_limit()) {
      const int at = open_.back();
      open_.pop_back();
      if (count_of(entries_[at].state.done) == graph_.size()) return at;
      expand(at, State(entries_[at].state));
    }
    return -1;
  }

  void expand(int at, const State &state) {
    std::vector<Move> moves;
    looks_ += graph_.size() * words_;
    for (int v = 0; v < graph_.size(); ++v) {
      if (!can_run(graph_, state.done, v)) continue;
      moves.push_back(move_of(graph_, state, v));
      if (go_for_nothing(at, state, moves.back())) return;
    }
    // What leaves least alive is searched first.
    std::stable_sort(moves.begin(), moves.end(),
                     [](const Move &a, const Move &b) { return a.live > b.live; });
    for (const Move &move : moves) {
      if (move.peak > bound_) {
        blocked_.push({move.peak, at, move.node});
      } else {
        go(at, state, {move});
      }
    }
  }

  // A run from `first` on, each node the only reader of the one before, within the bound, to where
  // no more is alive than now.
  bool go_for_nothing(int at, const State &state, Move move) {
    std::vector<Move> run;
    State then = state;
    while (move.peak <= bound_) {
      run.push_back(move);
      take(then, move);
      if (then.live <= state.live) {
        go(at, state, run);
        return true;
      }
      const int next = only_reader(move.node);
      if (next < 0 || !can_run(graph_, then.done, next)) return false;
      move = move_of(graph_, then, next);
    }
    return false;
  }

  // Of all that the node writes and leaves; -1: there is none, or there are several.
  int only_reader(int v) const {
    int reader = -1;
    for (int t : graph_.nodes[v].writes) {
      if (!graph_.stays(t)) continue;
      if (reader >= 0 || graph_.tensors[t].kept || graph_.readers[t].size() != 1) return -1;
      reader = graph_.readers[t][0];
    }
    return reader;
  }

  void go(int at, State state, const std::vector<Move> &run) {
    std::vector<int> nodes;
    for (const Move &move : run) {
      take(state, move);
      nodes.push_back(move.node);
    }
    remember(std::move(state), at, std::move(nodes));
  }

  void remember(State state, int parent, std::vector<int> run) {
    if (!known_.insert(state.done).second) return;
    open_.push_back(static_cast<int>(entries_.size()));
    entries_.push_back({std::move(state), parent, std::move(run)});
  }

  void raise_bound() {
    CHECK(!blocked_.empty(), "nodes that never can run");
    bound_ = blocked_.top().peak;
    while (!blocked_.empty() && blocked_.top().peak <= bound_) {
      const Blocked move = blocked_.top();
      blocked_.pop();
      const State state = entries_[move.entry].state;
      go(move.entry, state, {move_of(graph_, state, move.node)});
    }
  }

  std::vector<int> path_to(int entry) const {
    std::vector<int> order;
    for (; entry >= 0; entry = entries_[entry].parent)
      order.insert(order.end(), entries_[entry].run.rbegin(), entries_[entry].run.rend());
    std::reverse(order.begin(), order.end());
    return order;
  }

  const Graph &graph_;
  const std::int64_t words_;  // of a set
  const std::int64_t most_states_;
  std::int64_t bound_ = 0, looks_ = 0;
  std::vector<Entry> entries_;
  std::vector<int> open_;  // entries to expand
  std::unordered_set<Bits, BitsHash> known_;
  std::priority_queue<Blocked, std::vector<Blocked>, std::greater<>> blocked_;
};

// Next is whatever needs least now, and of those what leaves least.
std::vector<int> greedy_order(const Graph &graph) {
  std::vector<int> order;
  State state = beginning(graph);
  std::int64_t peak = state.live;
  while (static_cast<int>(order.size()) < graph.size()) {
    Move best;
    for (int v = 0; v < graph.size(); ++v) {
      if (!can_run(graph, state.done, v)) continue;
      Move move = move_of(graph, state, v);
      move.peak = std::max(move.peak, peak);
      if (best.node < 0 || std::pair{move.peak, move.live} < std::pair{best.peak, best.live})
        best = move;
    }
    peak = best.peak;
    take(state, best);
    order.push_back(best.node);
  }
  return order;
}

std::int64_t peak_in(const Graph &graph, const std::vector<int> &order) {
  State state = beginning(graph);
  std::int64_t peak = state.live;
  for (int v : order) {
    const Move move = move_of(graph, state, v);
    peak = std::max(peak, move.peak);
    take(state, move);
  }
  return peak;
}

// Nodes between two that are before or after all others, as a problem of their own.
struct Piece {
  OrderProblem problem;
  std::vector<int> nodes;      // of the whole problem
  std::int64_t untouched = 0;  // bytes alive all through it
};

// Consecutive pieces: each node that every other one must run before or after ends one.
std::vector<std::vector<int>> cut(const Graph &graph) {
  std::vector<std::pair<int, int>> sorted;  // by how many must run before: cuts are in order
  std::vector<int> ends;
  for (int v = 0; v < graph.size(); ++v) {
    const int before = count_of(graph.before[v]);
    if (before + count_of(graph.after[v]) + 1 == graph.size()) sorted.push_back({before, v});
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::vector<int>> pieces;
  std::vector<bool> is_taken(graph.nodes.size(), false);
  const auto take_all = [&](auto belongs) {
    std::vector<int> piece;
    for (int v = 0; v < graph.size(); ++v)
      if (!is_taken[v] && belongs(v)) {
        piece.push_back(v);
        is_taken[v] = true;
      }
    if (!piece.empty()) pieces.push_back(std::move(piece));
  };
  for (const auto &[before, end] : sorted)
    take_all([&, last = end](int v) { return v == last || has(graph.before[last], v); });
  take_all([](int) { return true; });
  return pieces;
}

Piece piece_of(const Graph &graph, const std::vector<int> &nodes, const Bits &done) {
  Piece piece;
  piece.nodes = nodes;
  std::vector<int> local(graph.tensors.size(), -1);
  std::vector<bool> is_inside(graph.nodes.size(), false);
  for (int v : nodes) is_inside[v] = true;
  const auto is_later = [&](int r) { return !is_inside[r] && !has(done, r); };
  const auto tensor = [&](int t) {
    if (local[t] < 0) {
      local[t] = static_cast<int>(piece.problem.tensors.size());
      const auto &readers = graph.readers[t];
      piece.problem.tensors.push_back(
          {graph.tensors[t].bytes,
           graph.tensors[t].kept || std::any_of(readers.begin(), readers.end(), is_later)});
    }
    return local[t];
  };
  for (int v : nodes) {
    OrderProblem::Node node;
    for (int t : graph.nodes[v].reads) node.reads.push_back(tensor(t));
    for (int t : graph.nodes[v].writes) node.writes.push_back(tensor(t));
    for (const auto &[dying, bytes] : graph.nodes[v].savings) {
      node.savings.push_back({{}, bytes});
      for (int t : dying) node.savings.back().dying.push_back(tensor(t));
    }
    piece.problem.nodes.push_back(std::move(node));
  }
  for (int t = 0; t < static_cast<int>(graph.tensors.size()); ++t) {
    const bool is_there = graph.writer[t] < 0 || has(done, graph.writer[t]);
    const auto &readers = graph.readers[t];
    if (local[t] < 0 && is_there &&
        (graph.tensors[t].kept || std::any_of(readers.begin(), readers.end(), is_later)))
      piece.untouched += graph.tensors[t].bytes;
  }
  return piece;
}

std::vector<int> as_given(const Piece &piece) {
  std::vector<int> order(piece.nodes.size());
  std::iota(order.begin(), order.end(), 0);
  return order;
}

// A piece and the best order found of it.
struct Work {
  Piece piece;
  Graph graph;
  std::vector<int> order;
  std::int64_t peak = 0;  // with what is untouched
  std::int64_t peak_in_order(const std::vector<int> &nodes) const {
    return piece.untouched + peak_in(graph, nodes);
  }
};

std::vector<Work> works_of(const Graph &graph) {
  std::vector<Work> works;
  Bits done((graph.nodes.size() + 63) / 64, 0);
  for (const std::vector<int> &nodes : cut(graph)) {
    Piece piece = piece_of(graph, nodes, done);
    for (int v : nodes) put(done, v);
    Graph inside(piece.problem);
    std::vector<int> order = as_given(piece);
    works.push_back({std::move(piece), std::move(inside), std::move(order)});
    works.back().peak = works.back().peak_in_order(works.back().order);
  }
  return works;
}

// No order of the piece has a lower peak than the one node that needs most in any order.
std::int64_t least_of_all_nodes(const Work &work) {
  std::int64_t bound = 0;
  for (int v = 0; v < work.graph.size(); ++v)
    bound = std::max(bound, work.piece.untouched + least_while(work.graph, v));
  return bound;
}

void improve(Work &work, std::int64_t most_states, Order &result) {
  Search search(work.graph, most_states - result.states);
  std::vector<int> order = search.run(result.lower_bound - work.piece.untouched);
  result.states += search.states();
  result.lower_bound = std::max(result.lower_bound, work.piece.untouched + search.bound());
  if (order.empty()) order = greedy_order(work.graph);
  const std::int64_t peak = work.peak_in_order(order);
  if (peak >= work.peak) return;
  work.peak = peak;
  work.order = std::move(order);
}

}  // namespace

std::int64_t peak_of(const OrderProblem &problem, const std::vector<int> &order) {
  return peak_in(Graph(problem), order);
}

Order given_order(const OrderProblem &problem) {
  Order order;
  order.nodes.resize(problem.nodes.size());
  std::iota(order.nodes.begin(), order.nodes.end(), 0);
  order.peak = peak_of(problem, order.nodes);
  return order;
}

Order least_peak_order(const OrderProblem &problem, std::int64_t most_states) {
  const Graph graph(problem);
  Order result;
  result.lower_bound = beginning(graph).live;
  std::vector<Work> works = works_of(graph);
  for (const Work &work : works)
    result.lower_bound = std::max(result.lower_bound, least_of_all_nodes(work));
  result.peak = result.lower_bound;
  for (Work &work : works) {
    if (work.peak > result.lower_bound) improve(work, most_states, result);
    result.peak = std::max(result.peak, work.peak);
  }
  for (Work &work : works) {
    // Another piece may have the peak: then the given order does here.
    const std::vector<int> given = as_given(work.piece);
    if (work.peak_in_order(given) <= result.peak) work.order = given;
    for (int v : work.order) result.nodes.push_back(work.piece.nodes[v]);
  }
  result.proven = result.peak == result.lower_bound;
  return result;
}

}  // namespace thimble::plan

// Maximum cardinality search visits next the object with most neighbours among the visited. In a
// chordal graph these neighbours form a clique; in another they are divided into several. What a
// search visits last is an end of the time axis, so a second one from there goes along it.
#include "plan/place_cliques.h"

#include <algorithm>
#include <numeric>

namespace thimble::plan {
namespace {

class Graph {
 public:
  explicit Graph(const PlaceProblem &problem)
      : count_(problem.objects.size()), adjacent_(count_ * count_), neighbours_(count_) {
    for (const PlaceProblem::Pair &pair : problem.pairs) {
      if (!keeps_clear(problem, pair)) continue;
      adjacent_[pair.a * count_ + pair.b] = adjacent_[pair.b * count_ + pair.a] = true;
      neighbours_[pair.a].push_back(pair.b);
      neighbours_[pair.b].push_back(pair.a);
    }
  }

  struct Step {
    int object = 0;
    std::vector<int> earlier;  // its neighbours that came before
  };

  std::vector<Step> search(int first) const {
    std::vector<Step> steps;
    std::vector<std::vector<int>> earlier(count_);
    std::vector<bool> visited(count_);
    for (std::size_t i = 0; i < count_; ++i) {
      int next = i == 0 ? first : -1;
      for (int object = 0; object < static_cast<int>(count_); ++object)
        if (i > 0 && !visited[object] &&
            (next < 0 || earlier[object].size() > earlier[next].size()))
          next = object;
      visited[next] = true;
      for (int neighbour : neighbours_[next])
        if (!visited[neighbour]) earlier[neighbour].push_back(next);
      steps.push_back({next, std::move(earlier[next])});
    }
    return steps;
  }

  bool is_clique_with(const std::vector<int> &clique, int object) const {
    return std::all_of(clique.begin(), clique.end(),
                       [&](int other) { return adjacent_[object * count_ + other]; });
  }

 private:
  const std::size_t count_;
  std::vector<bool> adjacent_;
  std::vector<std::vector<int>> neighbours_;
};

// First fit of `objects` into cliques.
std::vector<std::vector<int>> divide(const Graph &graph, const std::vector<int> &objects) {
  std::vector<std::vector<int>> cliques;
  for (int object : objects) {
    const auto home = std::find_if(cliques.begin(), cliques.end(), [&](const auto &clique) {
      return graph.is_clique_with(clique, object);
    });
    if (home == cliques.end()) {
      cliques.push_back({object});
    } else {
      home->push_back(object);
    }
  }
  if (cliques.empty()) cliques.emplace_back();
  return cliques;
}

// Without those that lie within another; in the same order.
std::vector<std::vector<int>> maximal(const std::vector<std::vector<int>> &cliques,
                                      int object_count) {
  std::vector<int> by_size(cliques.size());
  std::iota(by_size.begin(), by_size.end(), 0);
  std::stable_sort(by_size.begin(), by_size.end(),
                   [&](int a, int b) { return cliques[a].size() > cliques[b].size(); });
  std::vector<int> kept;
  std::vector<std::vector<int>> homes(object_count);  // kept cliques of an object
  for (int index : by_size) {
    const std::vector<int> &clique = cliques[index], &rivals = homes[clique[0]];
    const bool is_within = std::any_of(rivals.begin(), rivals.end(), [&](int rival) {
      return std::includes(cliques[rival].begin(), cliques[rival].end(), clique.begin(),
                           clique.end());
    });
    if (is_within) continue;
    for (int object : clique) homes[object].push_back(index);
    kept.push_back(index);
  }
  std::sort(kept.begin(), kept.end());
  std::vector<std::vector<int>> rest;
  for (int index : kept) rest.push_back(cliques[index]);
  return rest;
}

}  // namespace

bool keeps_clear(const PlaceProblem &problem, const PlaceProblem::Pair &pair) {
  const std::int64_t size_a = problem.objects[pair.a].size, size_b = problem.objects[pair.b].size;
  if (size_a == 0 || size_b == 0) return false;
  return std::any_of(pair.forbidden.begin(), pair.forbidden.end(),
                     [&](const Interval &gap) { return gap.lo <= 1 - size_a && gap.hi >= size_b; });
}

std::vector<std::vector<int>> find_cliques(const PlaceProblem &problem) {
  if (problem.objects.empty()) return {};
  const Graph graph(problem);
  std::vector<std::vector<int>> cliques;
  const int end = graph.search(0).back().object;
  for (const auto &[object, earlier] : graph.search(end)) {
    for (std::vector<int> &clique : divide(graph, earlier)) {
      clique.push_back(object);
      std::sort(clique.begin(), clique.end());
      cliques.push_back(std::move(clique));
    }
  }
  return maximal(std::move(cliques), static_cast<int>(problem.objects.size()));
}

}  // namespace thimble::plan

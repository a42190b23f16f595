// Kahn's algorithm with the lowest-numbered ready node first.
#include "frontends/graph_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <queue>

namespace thimble::frontends {
namespace {

using ops::ForeignGraph;
using ops::ForeignNode;

constexpr int kFromOutside = -1;            // an input of the network or a constant
using Makers = std::map<std::string, int>;  // value -> index of the node that makes it

Diagnostic node_error(const ForeignNode &node, std::string what) {
  Diagnostic error = model_error(std::move(what), "the file is damaged");
  error.node = node.name;
  error.op = node.op;
  return error;
}

Makers find_makers(const ForeignGraph &graph, Diagnostics &errors) {
  Makers makers;
  for (const auto &[name, tensor] : graph.constants) makers[name] = kFromOutside;
  for (const auto &port : graph.inputs)
    if (!makers.emplace(port.name, kFromOutside).second)
      errors.push_back(model_error(fmt::format("two inputs are named '{}'", port.name)));
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (const std::string &output : graph.nodes[i].outputs)
      if (!output.empty() && !makers.emplace(output, static_cast<int>(i)).second)
        errors.push_back(
            node_error(graph.nodes[i], fmt::format("value '{}' is made a second time", output)));
  return makers;
}

void check_reads(const ForeignGraph &graph, const Makers &makers, Diagnostics &errors) {
  for (const ForeignNode &node : graph.nodes)
    for (const std::string &input : node.inputs)
      if (!input.empty() && !makers.contains(input))
        errors.push_back(node_error(node, fmt::format("reads '{}', which nothing makes", input)));
  for (const auto &port : graph.outputs)
    if (!makers.contains(port.name))
      errors.push_back(model_error(fmt::format("nothing makes the output '{}'", port.name)));
}

// Indices of nodes in an order that can be run; shorter than the graph when there is a cycle.
std::vector<int> runnable_order(const ForeignGraph &graph, const Makers &makers) {
  std::vector<std::vector<int>> readers(graph.nodes.size());
  std::vector<int> waiting_for(graph.nodes.size(), 0);
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;
  for (int i = 0; i < std::ssize(graph.nodes); ++i) {
    for (const std::string &input : graph.nodes[i].inputs) {
      const int maker = input.empty() ? kFromOutside : makers.at(input);
      if (maker == kFromOutside) continue;
      readers[maker].push_back(i);
      ++waiting_for[i];
    }
    if (waiting_for[i] == 0) ready.push(i);
  }
  std::vector<int> order;
  while (!ready.empty()) {
    const int next = ready.top();
    ready.pop();
    order.push_back(next);
    for (int reader : readers[next])
      if (--waiting_for[reader] == 0) ready.push(reader);
  }
  return order;
}

void make_names_unique(ForeignGraph &graph) {
  std::map<std::string, int> next_suffix;  // of names that are taken
  for (const ForeignNode &node : graph.nodes) next_suffix.emplace(node.name, 1);
  std::set<std::string> seen;
  for (ForeignNode &node : graph.nodes) {
    if (seen.insert(node.name).second) continue;
    int &suffix = next_suffix[node.name];
    std::string name;
    do name = fmt::format("{}_{}", node.name, ++suffix);
    while (next_suffix.contains(name));
    node.name = name;
    next_suffix.emplace(name, 1);
    seen.insert(std::move(name));
  }
}

}  // namespace

Diagnostics sort_nodes(ForeignGraph &graph) {
  Diagnostics errors;
  const Makers makers = find_makers(graph, errors);
  check_reads(graph, makers, errors);
  if (!errors.empty()) return errors;
  const std::vector<int> order = runnable_order(graph, makers);
  if (order.size() < graph.nodes.size()) {
    std::vector<bool> runs(graph.nodes.size(), false);
    for (int i : order) runs[i] = true;
    const auto stuck = std::find(runs.begin(), runs.end(), false) - runs.begin();
    return {node_error(graph.nodes[stuck],
                       "can never run: it waits for a value that waits for it, or for such a one")};
  }
  std::vector<ForeignNode> sorted;
  for (int i : order) sorted.push_back(std::move(graph.nodes[i]));
  graph.nodes = std::move(sorted);
  make_names_unique(graph);
  return {};
}

void remove_unused(ForeignGraph &graph) {
  std::set<std::string> needed;
  for (const auto &port : graph.outputs) needed.insert(port.name);
  std::vector<ForeignNode> kept;
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    ForeignNode &node = graph.nodes[i];
    const bool used = std::any_of(node.outputs.begin(), node.outputs.end(),
                                  [&](const std::string &name) { return needed.contains(name); });
    if (!used) continue;
    needed.insert(node.inputs.begin(), node.inputs.end());
    kept.push_back(std::move(node));
  }
  graph.nodes.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
  std::erase_if(graph.constants, [&](const auto &entry) { return !needed.contains(entry.first); });
}

}  // namespace thimble::frontends

// Groups of values by union-find, then one walk over all steps: see halved_channels.h.
#include "plan/halved_channels.h"

#include <algorithm>
#include <numeric>

#include "plan/live.h"

namespace thimble::plan {
namespace {

// By ValueId: a value that stands for its group.
class Groups {
 public:
  explicit Groups(std::size_t values) : of_(values) { std::iota(of_.begin(), of_.end(), 0); }
  int of(int value) const {
    while (of_[value] != value) value = of_[value];
    return value;
  }
  void join(int a, int b) { of_[std::max(of(a), of(b))] = std::min(of(a), of(b)); }

 private:
  std::vector<int> of_;
};

// Element by element, or (a depthwise convolution) each channel a group of its own.
bool goes_by_channel(const ir::Graph &graph, const ir::Node &node, const Behaviour &behaviour) {
  const auto channels = [&](ir::ValueId value) { return graph.value(value).type.shape.channels; };
  const bool by_element =
      !behaviour.modes.empty() && behaviour.modes[0].order == ops::WriteOrder::kElement;
  return (by_element || node.integer("groups", 1) == channels(node.outputs[0])) &&
         std::all_of(node.inputs.begin(), node.inputs.end(), [&](ir::ValueId input) {
           return channels(input) == channels(node.outputs[0]);
         });
}

Groups find_groups(const ir::Graph &graph, const Behaviours &behaviours, const Storage &storage) {
  Groups groups(graph.values().size());
  for (std::size_t i = 0; i < graph.nodes().size(); ++i)
    if (const ir::Node &node = graph.nodes()[i]; goes_by_channel(graph, node, behaviours[i]))
      for (ir::ValueId input : node.inputs) groups.join(input, node.outputs[0]);
  for (const Block &block : storage.blocks)
    for (ir::ValueId value : block.values) groups.join(value, block.values[0]);
  return groups;
}

// By object: its group; -1: no tensor's.
std::vector<int> groups_of(const Network &network, const Candidate &candidate,
                           const Groups &groups) {
  std::vector<int> of_object;
  for (const Object &object : candidate.objects.list) {
    int value = -1;
    if (object.role == Role::kBlock) value = network.storage.blocks[object.block].values[0];
    if (object.role == Role::kTile) value = network.storage.tensors[object.task->tile_tensor].value;
    of_object.push_back(value < 0 ? -1 : groups.of(value));
  }
  return of_object;
}

// Groups that cannot be halved: of ports, and of single channels.
std::vector<bool> fixed_groups(const ir::Graph &graph, const Groups &groups) {
  std::vector<bool> fixed(graph.values().size(), false);
  for (int value = 0; value < static_cast<int>(graph.values().size()); ++value)
    if (graph.is_input(value) || graph.is_output(value) ||
        graph.value(value).type.shape.channels < 2)
      fixed[groups.of(value)] = true;
  return fixed;
}

}  // namespace

std::vector<Peak::Halved> halve_channels(const ir::Graph &graph, const Behaviours &behaviours,
                                         const Network &network, const Candidate &candidate) {
  const Groups groups = find_groups(graph, behaviours, network.storage);
  const std::vector<int> of_object = groups_of(network, candidate, groups);
  const std::vector<bool> fixed = fixed_groups(graph, groups);
  const LiveBytes peak = find_peak(network, candidate.trace, candidate.objects);

  std::vector<int> wanted;
  std::vector<Peak::Halved> all;
  for (const LiveBytes::Part &part : peak.parts) {
    const int group = of_object[part.object];
    if (group < 0 || fixed[group] || std::count(wanted.begin(), wanted.end(), group)) continue;
    wanted.push_back(group);
    all.emplace_back();
    for (int value = 0; value < static_cast<int>(graph.values().size()); ++value)
      if (groups.of(value) == group) all.back().values.push_back(value);
  }
  walk_live(network, candidate.trace, candidate.objects, [&](const LiveBytes &live) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      std::int64_t bytes = live.total;
      for (const LiveBytes::Part &part : live.parts)
        if (of_object[part.object] == wanted[i]) bytes -= part.bytes / 2;
      all[i].live_bytes = std::max(all[i].live_bytes, bytes);
    }
  });
  std::erase_if(all, [&](const auto &halved) { return halved.live_bytes >= peak.total; });
  std::stable_sort(all.begin(), all.end(),
                   [](const auto &a, const auto &b) { return a.live_bytes < b.live_bytes; });
  return all;
}

}  // namespace thimble::plan

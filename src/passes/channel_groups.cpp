// Classes of units (channel_units.h) that some node makes side by side are one group.
#include "passes/channel_groups.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "passes/channel_units.h"

namespace thimble::passes {
namespace {

struct Place {
  std::size_t group;
  int channel;
};

// By class; a class that no filter makes has none.
using Places = std::map<int, Place>;

// By class: one that stands for all that are made side by side with it, directly or not.
std::map<int, int> side_by_side(const ChannelUnits &units) {
  std::map<int, int> next;
  const auto first_of = [&](int one) {
    while (next.at(one) != one) one = next.at(one);
    return one;
  };
  for (const ConstantUnits &made : units.constants) {
    if (!made.makes) continue;
    for (const int one : made.classes) {
      next.emplace(one, one);
      const int a = first_of(one), b = first_of(made.classes[0]);
      next[std::max(a, b)] = std::min(a, b);
    }
  }
  std::map<int, int> first;
  for (const auto &[one, unused] : next) first[one] = first_of(one);
  return first;
}

Places place_classes(const ir::Graph &graph, const ChannelUnits &units,
                     std::vector<ChannelGroup> &groups) {
  const std::map<int, int> first_of = side_by_side(units);
  std::map<int, std::size_t> group_of;  // by the class that stands for all
  Places places;
  for (const ConstantUnits &made : units.constants) {
    if (!made.makes) continue;
    const auto [found, is_new] = group_of.emplace(first_of.at(made.classes[0]), groups.size());
    if (is_new) groups.emplace_back().name = graph.node(made.node).name;
    ChannelGroup &group = groups[found->second];
    for (const int one : made.classes) {
      if (!places.emplace(one, Place{found->second, group.channels}).second) continue;
      ++group.channels;
      if (group.fixed_by.empty()) group.fixed_by = units.fixed_by[one];
    }
  }
  return places;
}

// For each group that lies on the axis: add(group, channel of each index).
template <class Add>
void add_members(const std::vector<int> &classes, const Places &places, Add add) {
  std::map<std::size_t, std::vector<int>> members;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto place = places.find(classes[i]);
    if (place == places.end()) continue;
    auto &channel_of = members[place->second.group];
    channel_of.resize(classes.size(), kOtherGroup);
    channel_of[i] = place->second.channel;
  }
  for (auto &[group, channel_of] : members) add(group, std::move(channel_of));
}

}  // namespace

std::vector<ChannelGroup> channel_groups(const ir::Graph &graph) {
  const ChannelUnits units = channel_units(graph);
  std::vector<ChannelGroup> groups;
  const Places places = place_classes(graph, units, groups);
  for (const ConstantUnits &of : units.constants)
    add_members(of.classes, places, [&](std::size_t group, std::vector<int> channel_of) {
      groups[group].members.push_back({of.node, of.constant, of.axis, std::move(channel_of)});
    });
  for (const ValueUnits &of : units.values)
    add_members(of.classes, places, [&](std::size_t group, std::vector<int> channel_of) {
      groups[group].values.push_back({of.value, of.axis, std::move(channel_of)});
    });
  for (ChannelGroup &group : groups) group.prunable = group.fixed_by.empty() && group.channels > 1;
  return groups;
}

}  // namespace thimble::passes

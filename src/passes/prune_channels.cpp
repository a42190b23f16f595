// Which indices of each axis stay is decided for all groups first; then every constant loses the
// others, axis by axis, and the shapes that nodes hold follow.
#include "passes/prune_channels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "ops/operator.h"
#include "passes/rewrite.h"
#include "support/check.h"

namespace thimble::passes {
namespace {

using Stays = std::vector<bool>;  // by index along an axis

// Indices of channels that are not kept no longer stay.
void leave_out(Stays &stays, const std::vector<int> &channel_of, const std::vector<int> &kept) {
  stays.resize(channel_of.size(), true);
  for (std::size_t i = 0; i < channel_of.size(); ++i)
    if (channel_of[i] != kOtherGroup &&
        !std::binary_search(kept.begin(), kept.end(), channel_of[i]))
      stays[i] = false;
}

int count_of(const Stays &stays) {
  return static_cast<int>(std::count(stays.begin(), stays.end(), true));
}

// `items`: [outer][axis][inner], of which an index along the axis is `inner` items.
template <class T>
void keep(std::vector<T> &items, std::size_t inner, const Stays &stays) {
  std::vector<T> left;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (stays[i / inner % stays.size()]) left.push_back(items[i]);
  items = std::move(left);
}

void keep_along(ir::Constant &constant, int axis, const Stays &stays) {
  const auto behind = constant.dims.begin() + axis + 1;
  const auto inner = static_cast<std::size_t>(
      std::accumulate(behind, constant.dims.end(), std::int64_t{1}, std::multiplies<>()));
  std::visit([&](auto &data) { keep(data, inner, stays); }, constant.data);
  if (!constant.multiples.empty()) keep(constant.multiples, inner, stays);
  if (axis == 0 && constant.scales.size() == stays.size()) keep(constant.scales, 1, stays);
  constant.dims[axis] = count_of(stays);
}

int &side_of(ir::Shape &shape, int axis) {
  return axis == 0 ? shape.rows : axis == 1 ? shape.cols : shape.channels;
}

// What nodes say of their shapes: groups of depthwise convolutions, shapes to be made.
void update_attributes(ir::Graph &graph, const std::vector<int> &old_channels) {
  for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph.nodes().size()); ++id) {
    ir::Node &node = graph.node(id);
    if (node.inputs.empty()) continue;
    const std::int64_t groups = node.integer("groups", 1);
    if (groups > 1 && groups == old_channels[node.inputs[0]])
      node.attributes["groups"] = std::int64_t{graph.value(node.inputs[0]).type.shape.channels};
    if (node.attributes.count("out_shape")) {
      const ir::Shape &made = graph.value(node.outputs[0]).type.shape;
      node.attributes["out_shape"] = std::vector<std::int64_t>{made.rows, made.cols, made.channels};
    }
  }
}

std::vector<int> channels_of_values(const ir::Graph &graph) {
  std::vector<int> channels;
  for (const ir::Value &value : graph.values()) channels.push_back(value.type.shape.channels);
  return channels;
}

// Adds the square of each weight of the member to its channel's.
void add_squares(const ir::Constant &constant, const ChannelMember &member,
                 std::vector<double> &sums) {
  const auto behind = constant.dims.begin() + member.axis + 1;
  const auto inner = static_cast<std::size_t>(
      std::accumulate(behind, constant.dims.end(), std::int64_t{1}, std::multiplies<>()));
  std::visit(
      [&](const auto &data) {
        for (std::size_t i = 0; i < data.size(); ++i) {
          const int channel = member.channel_of[i / inner % member.channel_of.size()];
          if (channel != kOtherGroup) sums[channel] += double(data[i]) * double(data[i]);
        }
      },
      constant.data);
}

// By rank: the most important first, of equal ones the first.
std::vector<int> ranked(const std::vector<double> &importance) {
  std::vector<int> order(importance.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return importance[a] > importance[b]; });
  return order;
}

// A member without any of the kept gets the most important of its own.
void keep_one_of_each(const ChannelGroup &group, const std::vector<int> &order, Stays &keeps) {
  for (const ChannelMember &member : group.members) {
    const auto &on_it = member.channel_of;
    const bool has_one = std::any_of(on_it.begin(), on_it.end(), [&](int channel) {
      return channel == kOtherGroup || keeps[channel];
    });
    if (has_one) continue;
    const auto best = std::find_if(order.begin(), order.end(), [&](int channel) {
      return std::find(on_it.begin(), on_it.end(), channel) != on_it.end();
    });
    keeps[*best] = true;
  }
}

std::vector<int> most_important(const ir::Graph &graph, const ChannelGroup &group,
                                const ChannelShare &share) {
  constexpr double kRounding = 1e-9;  // a third of three is one
  auto count = static_cast<int>(std::ceil(share.share * group.channels - kRounding));
  count = (std::max(count, 1) + share.multiple - 1) / share.multiple * share.multiple;
  count = std::min(count, group.channels);
  const std::vector<int> order = ranked(channel_importance(graph, group));
  Stays keeps(group.channels, false);
  for (int i = 0; i < count; ++i) keeps[order[i]] = true;
  keep_one_of_each(group, order, keeps);
  std::vector<int> kept;
  for (int channel = 0; channel < group.channels; ++channel)
    if (keeps[channel]) kept.push_back(channel);
  return kept;
}

}  // namespace

ir::Graph prune_channels(ir::Graph graph, const ChannelGroup &group, const std::vector<int> &kept) {
  return prune_channels(std::move(graph), std::vector{group}, {kept});
}

ir::Graph prune_channels(ir::Graph graph, const std::vector<ChannelGroup> &groups,
                         const KeptChannels &kept) {
  std::map<std::pair<ir::ConstantId, int>, Stays> constants;
  std::map<std::pair<ir::ValueId, int>, Stays> values;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!kept.at(i)) continue;
    CHECK(groups[i].prunable, "channels of '" + groups[i].name + "' cannot be pruned");
    for (const ChannelMember &member : groups[i].members) {
      ir::ConstantId id = graph.node(member.node).constants.at(member.constant);
      if (graph.constant(id).dims.size() == 1) {  // weights that are shared stay so
        own_constant(graph, member.node, member.constant);
        id = graph.node(member.node).constants[member.constant];
      }
      leave_out(constants[{id, member.axis}], member.channel_of, *kept[i]);
    }
    for (const ChannelValue &value : groups[i].values)
      leave_out(values[{value.value, value.axis}], value.channel_of, *kept[i]);
  }
  const std::vector<int> old_channels = channels_of_values(graph);
  for (const auto &[place, stays] : constants) {
    CHECK(count_of(stays) > 0, "no channel of '" + graph.constant(place.first).name + "' is kept");
    keep_along(graph.constant(place.first), place.second, stays);
  }
  for (const auto &[place, stays] : values)
    side_of(graph.value(place.first).type.shape, place.second) = count_of(stays);
  update_attributes(graph, old_channels);
  const Status types = ops::infer_types(graph);
  CHECK(types.ok(), to_string(types.diagnostics().front()));
  return graph;
}

std::vector<double> channel_importance(const ir::Graph &graph, const ChannelGroup &group) {
  std::vector<double> sums(group.channels, 0);
  for (const ChannelMember &member : group.members) {
    const ir::Node &node = graph.node(member.node);
    const ir::Constant &constant = graph.constant(node.constants.at(member.constant));
    if (constant.dims.size() > 1 && node.op != "Constant") add_squares(constant, member, sums);
  }
  const double mean = std::accumulate(sums.begin(), sums.end(), 0.0) / group.channels;
  for (double &sum : sums) sum = mean > 0 ? sum / mean : 1;
  return sums;
}

ir::Graph with_channels(const ir::Graph &graph, const ChannelShare &share) {
  CHECK(share.share > 0 && share.share <= 1 && share.multiple > 0, "a share of the channels");
  const std::vector<ChannelGroup> groups = channel_groups(graph);
  KeptChannels kept;
  for (const ChannelGroup &group : groups)
    group.prunable ? kept.push_back(most_important(graph, group, share))
                   : kept.push_back(std::nullopt);
  return prune_channels(graph, groups, kept);
}

std::int64_t int8_weight_bytes(const ir::Graph &graph) {
  std::int64_t bytes = 0;
  for (const ir::Constant &constant : graph.constants())
    bytes += constant.elements() * (constant.dims.size() > 1 ? 1 : 4);
  return bytes;
}

Result<ir::Graph> with_channels_within(const ir::Graph &graph, const ChannelBudget &budget) {
  constexpr int kSteps = 64;
  const auto is_within = [&](const ir::Graph &pruned) {
    return (!budget.macs || ops::macs(pruned) <= *budget.macs) &&
           (!budget.weight_bytes || int8_weight_bytes(pruned) <= *budget.weight_bytes);
  };
  const auto with_steps = [&](int steps) {
    return with_channels(graph, {double(steps) / kSteps, budget.multiple});
  };
  ir::Graph best = with_steps(1);
  if (!is_within(best)) {
    Diagnostic error = model_error(
        "cannot be pruned so far",
        fmt::format("with the fewest channels it has {} MACs and {} bytes of int8 weights",
                    ops::macs(best), int8_weight_bytes(best)));
    error.error_class = ErrorClass::kBudget;
    return error;
  }
  int within = 1, beyond = kSteps + 1;
  while (beyond - within > 1) {
    const int middle = (within + beyond) / 2;
    ir::Graph pruned = with_steps(middle);
    const bool fits = is_within(pruned);
    (fits ? within : beyond) = middle;
    if (fits) best = std::move(pruned);
  }
  return best;
}

}  // namespace thimble::passes

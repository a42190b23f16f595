// Union-find over all units, one walk over the nodes, then one over the values.
#include "passes/channel_units.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "ops/operator.h"
#include "ops/permute.h"
#include "ops/strided.h"

namespace thimble::passes {
namespace {

using Sides = std::array<std::int64_t, 3>;

Sides sides_of(const ir::Shape &shape) { return {shape.rows, shape.cols, shape.channels}; }

class Classes {
 public:
  int add(std::int64_t count) {
    const int first = static_cast<int>(of_.size());
    of_.resize(of_.size() + static_cast<std::size_t>(count));
    std::iota(of_.begin() + first, of_.end(), first);
    return first;
  }
  int of(int unit) {
    while (of_[unit] != unit) unit = of_[unit] = of_[of_[unit]];
    return unit;
  }
  void join(int a, int b) {
    a = of(a);
    b = of(b);
    of_[std::max(a, b)] = std::min(a, b);
  }
  std::size_t size() const { return of_.size(); }

 private:
  std::vector<int> of_;
};

bool is_elementwise(const ir::Node &node) {
  const ops::Operator &op = ops::operator_of(node);
  return op.elementwise || op.function;
}

bool is_reshape(const ir::Graph &graph, const ir::Node &node) {
  const ops::Operator &op = ops::operator_of(node);
  const auto view = op.view ? op.view(graph, node) : std::nullopt;
  return view && view->kind == ops::View::Kind::kReshape;
}

// The values each element of which is a unit: what is reordered, and what goes there and comes from
// there element by element.
std::vector<bool> split_values(const ir::Graph &graph) {
  std::vector<bool> split(graph.values().size(), false);
  const auto split_all = [&](const ir::Node &node) {
    bool changed = false;
    for (const auto *list : {&node.inputs, &node.outputs})
      for (const ir::ValueId value : *list) {
        changed |= !split[value];
        split[value] = true;
      }
    return changed;
  };
  for (const ir::Node &node : graph.nodes())
    if (node.op == "Permute" || is_reshape(graph, node)) split_all(node);
  const auto touches_split = [&](const ir::Node &node) {
    const auto is_split = [&](ir::ValueId value) { return bool{split[value]}; };
    return std::any_of(node.inputs.begin(), node.inputs.end(), is_split) ||
           std::any_of(node.outputs.begin(), node.outputs.end(), is_split);
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (const ir::Node &node : graph.nodes())
      if (is_elementwise(node) && touches_split(node)) changed |= split_all(node);
  }
  return split;
}

class Walk {
 public:
  explicit Walk(const ir::Graph &graph) : graph_(graph), split_(split_values(graph)) {
    for (ir::ValueId value = 0; value < static_cast<ir::ValueId>(split_.size()); ++value)
      first_.push_back(classes_.add(unit_count(value)));
    fixed_by_.resize(classes_.size());
  }

  ChannelUnits run() {
    for (id_ = 0; id_ < static_cast<ir::NodeId>(graph_.nodes().size()); ++id_)
      join(graph_.node(id_));
    join_shared_weights();
    for (const auto &[ports, what] :
         {std::pair{&graph_.inputs(), "input "}, std::pair{&graph_.outputs(), "output "}})
      for (const ir::Port &port : *ports)
        fix(port.value, what + std::string("'") + graph_.value(port.value).name + "'");
    for (ir::ValueId value = 0; value < static_cast<ir::ValueId>(split_.size()); ++value)
      if (split_[value] && !axis_of(value)) join_pixels(value);
    return result();
  }

 private:
  const ir::Shape &shape(ir::ValueId value) const { return graph_.value(value).type.shape; }
  std::int64_t unit_count(ir::ValueId value) const {
    return split_[value] ? shape(value).elements() : shape(value).channels;
  }
  // Of a stored element.
  int unit(ir::ValueId value, std::int64_t element) const {
    return first_[value] +
           static_cast<int>(split_[value] ? element : element % shape(value).channels);
  }

  // Channel `c` of the value, all of it.
  int channel(ir::ValueId value, std::int64_t c) {
    if (!split_[value]) return unit(value, c);
    for (std::int64_t e = c; e < shape(value).elements(); e += shape(value).channels)
      classes_.join(unit(value, c), unit(value, e));
    return unit(value, c);
  }

  void fix(ir::ValueId value, const std::string &by) {
    for (std::int64_t i = 0; i < unit_count(value); ++i)
      if (std::string &name = fixed_by_[first_[value] + i]; name.empty()) name = by;
  }

  void fix_all(const ir::Node &node) {
    for (const auto *list : {&node.inputs, &node.outputs})
      for (const ir::ValueId value : *list) fix(value, "'" + node.name + "' (" + node.op + ")");
  }

  void join(const ir::Node &node) {
    static const std::map<std::string_view, void (Walk::*)(const ir::Node &)> kWeighted = {
        {"Conv2d", &Walk::join_convolution}, {"ConvTranspose2d", &Walk::join_convolution},
        {"Linear", &Walk::join_linear},      {"BatchNorm", &Walk::join_batch_norm},
        {"Constant", &Walk::join_constant},  {"Permute", &Walk::join_permute},
    };
    if (const auto found = kWeighted.find(node.op); found != kWeighted.end())
      return (this->*found->second)(node);
    if (is_elementwise(node)) return join_elements(node);
    if (ops::operator_of(node).channelwise) return join_alike(node);
    join_view(node);
  }

  void add_constant(std::size_t constant, int axis, bool makes, std::vector<int> units) {
    constants_.push_back({id_, constant, axis, makes, std::move(units)});
  }

  std::vector<int> channels_of(ir::ValueId value) {
    std::vector<int> units;
    for (int c = 0; c < shape(value).channels; ++c) units.push_back(channel(value, c));
    return units;
  }

  std::vector<int> elements_of(ir::ValueId value) const {
    std::vector<int> units;
    for (std::int64_t e = 0; e < shape(value).elements(); ++e) units.push_back(unit(value, e));
    return units;
  }

  // Weights [out][row][column][in / groups].
  void join_convolution(const ir::Node &node) {
    const std::vector<int> in = channels_of(node.inputs[0]), out = channels_of(node.outputs[0]);
    const std::int64_t groups = node.integer("groups", 1);
    const bool depthwise = groups > 1 && groups == static_cast<std::int64_t>(in.size());
    if (groups > 1 && !depthwise) return fix_all(node);
    if (depthwise)
      for (std::size_t o = 0; o < out.size(); ++o)
        classes_.join(out[o], in[o / (out.size() / in.size())]);
    else
      add_constant(0, 3, false, in);
    add_constant(0, 0, !depthwise, out);
    add_constant(1, 0, false, out);
  }

  // Weights [out][in], both flat.
  void join_linear(const ir::Node &node) {
    add_constant(0, 1, false, elements_of(node.inputs[0]));
    add_constant(0, 0, true, elements_of(node.outputs[0]));
    add_constant(1, 0, false, elements_of(node.outputs[0]));
  }

  void join_batch_norm(const ir::Node &node) {
    join_alike(node);
    for (std::size_t i = 0; i < node.constants.size(); ++i)
      add_constant(i, 0, false, channels_of(node.outputs[0]));
  }

  // Its one constant follows in the end, when the value's axis is known.
  void join_constant(const ir::Node &node) {
    int uses = 0;
    for (const ir::Node &other : graph_.nodes())
      uses += std::count(other.constants.begin(), other.constants.end(), node.constants[0]) > 0;
    if (uses > 1) fix_all(node);
  }

  void join_permute(const ir::Node &node) {
    const auto from =
        ops::sources(ops::permuted_axes(shape(node.inputs[0]), ops::permutation(node)));
    for (std::size_t e = 0; e < from.size(); ++e)
      classes_.join(unit(node.outputs[0], static_cast<std::int64_t>(e)),
                    unit(node.inputs[0], from[e]));
  }

  void join_elements(const ir::Node &node) {
    const ir::ValueId out = node.outputs[0];
    for (const ir::ValueId in : node.inputs) {
      const ir::Shape &from = shape(in), &to = shape(out);
      const bool one_for_all = from.channels == 1 && to.channels > 1;
      if (!split_[in] && !split_[out]) {
        for (int c = 0; c < to.channels && !one_for_all; ++c)
          classes_.join(unit(in, c), unit(out, c));
        continue;
      }
      const std::int64_t row = from.rows == 1 ? 0 : std::int64_t{from.cols} * from.channels;
      const std::int64_t col = from.cols == 1 ? 0 : from.channels,
                         step = from.channels == 1 ? 0 : 1;
      std::int64_t e = 0;
      for (int y = 0; y < to.rows; ++y)
        for (int x = 0; x < to.cols; ++x)
          for (int c = 0; c < to.channels; ++c, ++e)
            classes_.join(unit(in, y * row + x * col + c * step), unit(out, e));
    }
  }

  // Channel c of every input with channel c of the output.
  void join_alike(const ir::Node &node) {
    const ir::ValueId out = node.outputs[0];
    for (const ir::ValueId in : node.inputs) {
      if (shape(in).channels != shape(out).channels) return fix_all(node);
      for (int c = 0; c < shape(out).channels; ++c) classes_.join(channel(in, c), channel(out, c));
    }
  }

  void join_view(const ir::Node &node) {
    const ops::Operator &op = ops::operator_of(node);
    const auto view = op.view ? op.view(graph_, node) : std::nullopt;
    if (!view) return fix_all(node);
    switch (view->kind) {
      case ops::View::Kind::kReshape:
        for (std::int64_t e = 0; e < shape(node.outputs[0]).elements(); ++e)
          classes_.join(unit(node.inputs[0], e), unit(node.outputs[0], e));
        return;
      case ops::View::Kind::kConcatChannels:
        for (std::size_t i = 0; i < node.inputs.size(); ++i)
          for (int c = 0; c < shape(node.inputs[i]).channels; ++c)
            classes_.join(channel(node.inputs[i], c),
                          channel(node.outputs[0], view->offsets[i] + c));
        return;
      default:
        join_alike(node);
    }
  }

  // A weight that several nodes share stays one: what one of them loses, all do.
  void join_shared_weights() {
    std::map<std::pair<ir::ConstantId, int>, const ConstantUnits *> seen;
    for (const ConstantUnits &units : constants_) {
      const ir::ConstantId id = graph_.node(units.node).constants[units.constant];
      if (graph_.constant(id).dims.size() < 2) continue;
      const ConstantUnits *first = seen.emplace(std::pair{id, units.axis}, &units).first->second;
      for (std::size_t i = 0; i < units.classes.size(); ++i)
        classes_.join(first->classes[i], units.classes[i]);
    }
  }

  void join_pixels(ir::ValueId value) {
    for (int c = 0; c < shape(value).channels; ++c) channel(value, c);
  }

  // Whether the class of an element depends on its index along the axis alone.
  bool depends_on(ir::ValueId value, int axis) {
    const Sides sides = sides_of(shape(value));
    const std::int64_t inner = axis == 0 ? sides[1] * sides[2] : axis == 1 ? sides[2] : 1;
    for (std::int64_t e = 0; e < shape(value).elements(); ++e)
      if (classes_.of(unit(value, e)) != classes_.of(unit(value, e / inner % sides[axis] * inner)))
        return false;
    return true;
  }

  // The axis along which the value's classes differ.
  std::optional<int> axis_of(ir::ValueId value) {
    if (!split_[value]) return 2;
    const Sides sides = sides_of(shape(value));
    if (shape(value).elements() == 1) return 2;
    for (int axis = 2; axis >= 0; --axis)
      if (sides[axis] > 1 && depends_on(value, axis)) return axis;
    return std::nullopt;
  }

  ValueUnits units_of(ir::ValueId value) {
    const int axis = axis_of(value).value_or(2);
    const Sides sides = sides_of(shape(value));
    const std::int64_t inner = axis == 0 ? sides[1] * sides[2] : axis == 1 ? sides[2] : 1;
    ValueUnits units{value, axis, {}};
    for (std::int64_t i = 0; i < sides[axis]; ++i)
      units.classes.push_back(classes_.of(unit(value, i * inner)));
    return units;
  }

  ChannelUnits result() {
    ChannelUnits all;
    for (ir::ValueId value = 0; value < static_cast<ir::ValueId>(split_.size()); ++value)
      all.values.push_back(units_of(value));
    for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph_.nodes().size()); ++id)
      if (const ir::Node &node = graph_.node(id); node.op == "Constant") {
        const ValueUnits &units = all.values[node.outputs[0]];
        constants_.push_back({id, 0, units.axis, false, units.classes});
      }
    std::stable_sort(constants_.begin(), constants_.end(),
                     [](const auto &a, const auto &b) { return a.node < b.node; });
    all.constants = std::move(constants_);
    for (ConstantUnits &units : all.constants)
      for (int &unit : units.classes) unit = classes_.of(unit);
    all.fixed_by.resize(fixed_by_.size());
    for (int unit = 0; unit < static_cast<int>(fixed_by_.size()); ++unit)
      if (std::string &name = all.fixed_by[classes_.of(unit)]; name.empty()) name = fixed_by_[unit];
    return all;
  }

  const ir::Graph &graph_;
  std::vector<bool> split_;
  std::vector<int> first_;  // unit of each value
  Classes classes_;
  std::vector<std::string> fixed_by_;  // by unit
  std::vector<ConstantUnits> constants_;
  ir::NodeId id_ = 0;  // being walked over
};

}  // namespace

ChannelUnits channel_units(const ir::Graph &graph) { return Walk(graph).run(); }

}  // namespace thimble::passes

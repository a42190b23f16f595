// Strip by strip the nodes of the region are made again, for the columns that each asks for (see
// strips.h, strip_region.h).
#include "plan/strips.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "ops/operator.h"
#include "plan/strip_region.h"
#include "support/check.h"

namespace thimble::plan {
namespace {

using ops::Range;

bool can_be_cut(const ir::Graph &graph, ir::ValueId cut) {
  const std::vector<ir::NodeId> nodes = nodes_before(graph, cut);
  if (nodes.empty() || graph.is_output(cut) || graph.value(cut).type.shape.cols < 2) return false;
  for (const ir::NodeId id : nodes) {
    const ir::Node &node = graph.node(id);
    if (!column_windows(graph, node)) return false;
    if (node.outputs[0] == cut) continue;
    if (graph.is_output(node.outputs[0])) return false;
    for (const ir::NodeId reader : graph.consumers(node.outputs[0]))
      if (!std::binary_search(nodes.begin(), nodes.end(), reader)) return false;
  }
  return true;
}

class Stripper {
 public:
  Stripper(const ir::Graph &graph, const Strips &strips)
      : graph_(graph),
        strips_(strips),
        region_(graph, strips.cut, strips.kept),
        last_(graph.values().size()) {
    out_.name = graph.name;
    out_.requant = graph.requant;
    for (const ir::Value &value : graph.values()) out_.add_value(value.name, value.type);
    for (const ir::Constant &constant : graph.constants()) out_.add_constant(constant);
    for (const ir::Port &port : graph.inputs()) out_.add_input(port.value, port.dims, port.axes);
  }

  std::optional<ir::Graph> run() {
    const std::vector<int> &ends = strips_.ends;
    if (std::adjacent_find(ends.begin(), ends.end(), std::greater_equal<>()) != ends.end())
      return std::nullopt;
    std::vector<ir::ValueId> parts;
    int begin = 0;
    for (const int end : ends) {
      const ir::ValueId part = add_strip({begin, end}, static_cast<int>(parts.size()));
      if (part < 0) return std::nullopt;
      parts.push_back(part);
      begin = end;
    }
    if (strips_.apart)
      for (std::size_t i = 0; i < parts.size(); ++i)
        parts[i] = copy_of(parts[i], strips_.cut, "_strip" + std::to_string(i) + "_copy");
    concat(parts, strips_.cut, graph_.value(strips_.cut).name + "_strips");
    for (ir::NodeId id = 0; id < static_cast<ir::NodeId>(graph_.nodes().size()); ++id)
      if (!region_.has(id)) out_.add_node(graph_.node(id));
    for (const ir::Port &port : graph_.outputs()) out_.add_output(port.value, port.dims, port.axes);
    out_.remove_dead();
    return std::move(out_);
  }

 private:
  // A value as a strip has it.
  struct Held {
    ir::ValueId value = -1;
    Range cols;
  };

  // The strip of the cut; -1: a window lies in the padding alone.
  ir::ValueId add_strip(Range cols, int index) {
    const StripColumns wanted = region_.columns(cols);
    const std::string suffix = "_strip" + std::to_string(index);
    std::vector<Held> held(graph_.values().size());
    for (const ir::Port &port : graph_.inputs())
      held[port.value] = {port.value, {0, graph_.value(port.value).type.shape.cols}};
    if (!keep_columns(wanted, suffix, held)) return -1;
    for (std::size_t at = 0; at < region_.nodes().size(); ++at) {
      ir::Node node = graph_.node(region_.nodes()[at]);
      const ir::ValueId output = node.outputs[0];
      const Range made = wanted.made[output];
      if (made.lo >= made.hi) continue;
      for (std::size_t i = 0; i < node.inputs.size(); ++i)
        node.inputs[i] = columns_of(held[node.inputs[i]], region_.reach(at, i, made));
      node.name += suffix;
      pad_strip(node, made, graph_.value(output).type.shape.cols);
      const bool is_part = held[output].value >= 0;  // beside what is kept
      const ir::ValueId part =
          add_columns(output, made, graph_.value(output).name + suffix + (is_part ? "_new" : ""));
      node.outputs = {part};
      const ir::Node &added = out_.node(out_.add_node(node));
      const auto types = ops::operator_of(added).infer(out_, added);
      if (!types.ok() || (*types)[0].shape != out_.value(part).type.shape) return -1;
      held[output] = is_part ? join(held[output], {part, made}, output, suffix) : Held{part, made};
    }
    last_ = held;
    return held[strips_.cut].value;
  }

  // Copies first, so that the strip before need not stay. False: it does not have them.
  bool keep_columns(const StripColumns &wanted, const std::string &suffix,
                    std::vector<Held> &held) {
    for (const ir::NodeId id : region_.nodes()) {
      const ir::ValueId value = graph_.node(id).outputs[0];
      const Range kept{wanted.read[value].lo, wanted.made[value].lo};
      if (!region_.keeps(value) || kept.lo >= kept.hi) continue;
      if (last_[value].value < 0 || kept.lo < last_[value].cols.lo) return false;
      held[value] = {copy_of(columns_of(last_[value], kept), value, suffix + "_kept"), kept};
    }
    return true;
  }

  Held join(const Held &left, const Held &right, ir::ValueId value, const std::string &suffix) {
    const Range cols{left.cols.lo, right.cols.hi};
    const std::string name = graph_.value(value).name + suffix;
    const ir::ValueId whole = add_columns(value, cols, name);
    concat({left.value, right.value}, whole, name);
    return {whole, cols};
  }

  ir::ValueId add_columns(ir::ValueId value, Range cols, const std::string &name) {
    ir::Type type = graph_.value(value).type;
    type.shape.cols = cols.hi - cols.lo;
    return out_.add_value(name, type);
  }

  ir::ValueId columns_of(const Held &held, Range cols) {
    if (held.cols == cols) return held.value;
    ir::Type type = out_.value(held.value).type;
    type.shape.cols = cols.hi - cols.lo;
    const ir::ValueId some = out_.add_value(out_.value(held.value).name + "_columns", type);
    out_.add_node({out_.value(some).name,
                   "Columns",
                   {held.value},
                   {},
                   {some},
                   {{"begin", std::int64_t{cols.lo - held.cols.lo}},
                    {"end", std::int64_t{cols.hi - held.cols.lo}}}});
    return some;
  }

  // A copy of what a strip has of `whole`, named after it.
  ir::ValueId copy_of(ir::ValueId some, ir::ValueId whole, const std::string &suffix) {
    const ir::ValueId copy =
        out_.add_value(graph_.value(whole).name + suffix, out_.value(some).type);
    const std::string &node = graph_.node(*graph_.producer(whole)).name;
    out_.add_node({node + suffix, "Copy", {some}, {}, {copy}, {}});
    return copy;
  }

  void concat(const std::vector<ir::ValueId> &parts, ir::ValueId whole, const std::string &name) {
    out_.add_node({name, "Concat", parts, {}, {whole}, {{"axis", std::int64_t{1}}}});
  }

  // Padding, and what counts of it, is beside the outer strips, and as far as their neighbours'
  // windows reach.
  static void pad_strip(ir::Node &node, Range cols, int width) {
    const auto stride = node.integers("stride", node.integers("kernel", {1, 1}));
    for (const char *key : {"pad", "counted"}) {
      std::vector<std::int64_t> pad = node.integers(key);
      if (pad.empty()) continue;
      pad[1] = std::max<std::int64_t>(0, pad[1] - cols.lo * stride[1]);
      if (cols.hi < width) pad[3] = 0;
      node.attributes[key] = pad;
    }
  }

  const ir::Graph &graph_;
  const Strips &strips_;
  const StripRegion region_;
  ir::Graph out_;
  std::vector<Held> last_;  // what the strip before has of each value
};

}  // namespace

std::vector<ir::ValueId> strip_cuts(const ir::Graph &graph) {
  std::vector<ir::ValueId> cuts;
  for (const ir::Node &node : graph.nodes())
    if (node.outputs.size() == 1 && can_be_cut(graph, node.outputs[0]))
      cuts.push_back(node.outputs[0]);
  return cuts;
}

std::optional<ir::Graph> in_strips(const ir::Graph &graph, const Strips &strips) {
  CHECK(!strips.ends.empty() && strips.ends.back() == graph.value(strips.cut).type.shape.cols,
        "strips cover the value");
  return Stripper(graph, strips).run();
}

}  // namespace thimble::plan

// Every sentence of the invariant in graph.h as a check of its own; all that is broken is reported.
#include "ir/verify.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <set>

namespace thimble::ir {
namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 30;

class Verifier {
 public:
  explicit Verifier(const Graph &graph) : graph_(graph) {}

  Diagnostics run() {
    if (sizes_ok()) {
      names();
      for (const Value &value : graph_.values()) type(value);
      for (const Constant &item : graph_.constants()) constant(item);
      flow();
      ports();
    }
    return std::move(found_);
  }

 private:
  void report(std::string what, const Node *node = nullptr) {
    Diagnostic diagnostic = model_error(std::move(what));
    if (node) {
      diagnostic.node = node->name;
      diagnostic.op = node->op;
    }
    found_.push_back(std::move(diagnostic));
  }

  bool sizes_ok() {
    const std::size_t most =
        std::max({graph_.nodes().size(), graph_.values().size(), graph_.constants().size()});
    if (most > kMaxItems) report("the graph has more than " + std::to_string(kMaxItems) + " items");
    return most <= kMaxItems;
  }

  template <class Items>
  void unique(const Items &items, const char *kind) {
    std::set<std::string_view> seen;
    for (const auto &item : items) {
      if (item.name.empty()) report(std::string("a ") + kind + " has no name");
      if (!seen.insert(item.name).second) {
        report(std::string("two ") + kind + "s are named '" + item.name + "'");
      }
    }
  }

  void names() {
    unique(graph_.values(), "value");
    unique(graph_.nodes(), "node");
    unique(graph_.constants(), "constant");
  }

  void type(const Value &value) {
    const auto &[rows, cols, channels] = value.type.shape;
    if (rows < 1 || cols < 1 || channels < 1) {
      report("value '" + value.name + "' has an empty shape");
    } else if (kMaxElements / rows / cols / channels == 0) {
      report("value '" + value.name + "' has more than 2^30 elements");
    }
    const bool integer = value.type.dtype == DType::kI8;
    if (integer != value.type.quant.has_value()) {
      report("value '" + value.name + "' is " +
             (integer ? "i8 without scale and zero point" : "not i8, yet quantized"));
    }
    if (value.type.quant) quant(*value.type.quant, value.name);
  }

  void quant(const Quant &quant, const std::string &name) {
    if (!(std::isfinite(quant.scale) && quant.scale > 0)) {
      report("value '" + name + "' has a scale that is not positive");
    }
    const bool is_level = -128 <= quant.zero_point && quant.zero_point <= 127;
    if (!is_level && !(is_final_output(name) && std::abs(quant.zero_point) <= 32000)) {
      report("value '" + name + "' has a zero point outside of -128..127");
    }
  }

  // A network output that no node reads: nothing computes with its zero point.
  bool is_final_output(const std::string &name) {
    for (const Port &port : graph_.outputs()) {
      if (port.value < 0 || port.value >= static_cast<int>(graph_.values().size())) continue;
      if (graph_.value(port.value).name == name) return graph_.consumers(port.value).empty();
    }
    return false;
  }

  void constant(const Constant &item) {
    std::int64_t elements = 1;
    for (int dim : item.dims) {
      if (dim < 1 || elements > kMaxElements / dim) {
        return report("constant '" + item.name + "' has dimensions out of range");
      }
      elements *= dim;
    }
    const auto count = std::visit([](const auto &data) { return data.size(); }, item.data);
    if (static_cast<std::int64_t>(count) != elements) {
      report("constant '" + item.name + "' has " + std::to_string(count) + " elements for " +
             std::to_string(elements) + " places");
    }
    if (!item.multiples.empty() &&
        (item.dtype() != DType::kF32 || item.scales.empty() || item.multiples.size() != count)) {
      report("constant '" + item.name + "' has multiples that are not those of its elements");
    }
    scales(item);
  }

  void scales(const Constant &item) {
    const std::size_t rows = item.dims.empty() ? 1 : static_cast<std::size_t>(item.dims[0]);
    const std::size_t count = item.scales.size();
    if (count > 1 && count != rows) {
      report("constant '" + item.name + "' has " + std::to_string(count) + " scales for " +
             std::to_string(rows) + " output channels");
    }
    if (std::any_of(item.scales.begin(), item.scales.end(),
                    [](float scale) { return !(std::isfinite(scale) && scale > 0); })) {
      report("constant '" + item.name + "' has a scale that is not positive");
    }
  }

  // Values in the order in which they are made; a node may read only what is there.
  void flow() {
    made_.assign(graph_.values().size(), false);
    for (const Port &port : graph_.inputs()) {
      if (known(port.value, "a network input", nullptr)) make(port.value, nullptr);
    }
    for (const Node &node : graph_.nodes()) {
      for (ValueId value : node.inputs) {
        if (known(value, "an input", &node) && !made_[value]) {
          report("reads '" + graph_.value(value).name + "' before it is made", &node);
        }
      }
      for (ConstantId constant : node.constants) {
        if (constant < 0 || constant >= static_cast<int>(graph_.constants().size())) {
          report("names a constant that does not exist", &node);
        }
      }
      if (node.outputs.empty()) report("has no output", &node);
      for (ValueId value : node.outputs) {
        if (known(value, "an output", &node)) make(value, &node);
      }
    }
    for (std::size_t id = 0; id < made_.size(); ++id) {
      if (!made_[id]) report("value '" + graph_.values()[id].name + "' is made by nothing");
    }
  }

  bool known(ValueId value, const char *what, const Node *node) {
    if (value >= 0 && value < static_cast<int>(graph_.values().size())) return true;
    report(std::string(what) + " is a value that does not exist", node);
    return false;
  }

  void make(ValueId value, const Node *node) {
    if (made_[value]) report("'" + graph_.value(value).name + "' is made twice", node);
    made_[value] = true;
  }

  void ports() {
    if (graph_.outputs().empty()) report("the network has no output");
    for (const Port &p : graph_.inputs()) port(p);
    for (const Port &p : graph_.outputs()) {
      if (known(p.value, "a network output", nullptr)) port(p);
    }
  }

  void port(const Port &port) {
    if (port.value < 0 || port.value >= static_cast<int>(graph_.values().size())) return;
    const Value &value = graph_.value(port.value);
    double elements = 1;
    for (int dim : port.dims) elements *= dim;
    const bool negative =
        std::any_of(port.dims.begin(), port.dims.end(), [](int d) { return d < 1; });
    if (negative || elements != static_cast<double>(value.type.shape.elements())) {
      report("the dimensions of port '" + value.name + "' do not hold its elements");
    }
  }

  const Graph &graph_;
  std::vector<bool> made_;
  Diagnostics found_;
};

}  // namespace

Diagnostics verify(const Graph &graph) { return Verifier(graph).run(); }

}  // namespace thimble::ir

// Each value has a memory (that of the value it views, or its own). Overwriting one starts the
// memory's next version, whose name is the operator's output; older names of the same value mean
// that one.
#include "frontends/pt2/in_place.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

namespace thimble::frontends::pt2 {
namespace {

using ops::ForeignNode;

// Operators whose output may share its input's memory.
constexpr std::string_view kViews[] = {
    "alias",     "detach",           "contiguous", "reshape", "view",   "flatten", "squeeze",
    "unsqueeze", "permute",          "transpose",  "t",       "expand", "slice",   "select",
    "split",     "split_with_sizes", "chunk",      "dropout", "to",
};

std::string_view base_name(const ForeignNode &node) {
  return std::string_view(node.op).substr(0, node.op.find('.'));
}

bool is_view(const ForeignNode &node) {
  return std::find(std::begin(kViews), std::end(kViews), base_name(node)) != std::end(kViews);
}

bool is_in_place(const ForeignNode &node) {
  const std::string_view name = base_name(node);
  const bool is_marked = name.ends_with('_') && !name.ends_with("__");  // __and__ is not
  return node.domain == "aten" && name.size() > 1 && is_marked && !node.inputs.empty() &&
         !node.outputs.empty();
}

struct Place {
  std::string memory;  // named after the value that first had it
  int version = 0;     // how often the memory had been overwritten when the value was made
};

struct Memories {
  std::map<std::string, Place> places;        // by value; others have a memory of their own
  std::map<std::string, int> versions;        // by memory
  std::map<std::string, std::string> newest;  // overwritten value -> its name from then on

  Place place_of(const std::string &value) const {
    const auto found = places.find(value);
    return found == places.end() ? Place{value, 0} : found->second;
  }
  std::string current(std::string value) const {
    for (auto found = newest.find(value); found != newest.end(); found = newest.find(value))
      value = found->second;
    return value;
  }
};

Diagnostic stale_read(const ForeignNode &node, const std::string &input) {
  Diagnostic error =
      model_error(fmt::format("reads '{}' after its memory was overwritten through a view", input),
                  "in-place operators on views are not followed",
                  "use out-of-place forms (inplace=False), or program.run_decompositions({})");
  error.node = node.name;
  error.op = "aten." + node.op;
  return error;
}

// Reads of overwritten values take their newest name, or are reported.
void redirect_reads(ForeignNode &node, Memories &memories, Diagnostics &errors) {
  for (std::string &input : node.inputs) {
    input = memories.current(input);
    const Place place = memories.place_of(input);
    if (place.version != memories.versions[place.memory]) errors.push_back(stale_read(node, input));
  }
}

}  // namespace

Diagnostics remove_in_place(ops::ForeignGraph &graph) {
  Memories memories;
  Diagnostics errors;
  for (ForeignNode &node : graph.nodes) {
    redirect_reads(node, memories, errors);
    if (node.inputs.empty() || node.outputs.empty()) continue;
    const std::string memory = memories.place_of(node.inputs[0]).memory;
    if (is_in_place(node)) {
      memories.newest[node.inputs[0]] = node.outputs[0];
      ++memories.versions[memory];
      node.op.erase(base_name(node).size() - 1, 1);
    } else if (!is_view(node)) {
      continue;
    }
    for (const std::string &output : node.outputs)
      memories.places[output] = {memory, memories.versions[memory]};
  }
  for (auto &port : graph.outputs) port.name = memories.current(port.name);
  return errors;
}

}  // namespace thimble::frontends::pt2

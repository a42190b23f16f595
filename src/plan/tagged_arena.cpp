// Views seen through, byte by byte: see tagged_arena.h.
#include "plan/tagged_arena.h"

namespace thimble::plan {
namespace {

// Byte of input `which` that byte `byte` of a Concat's output is.
struct Source {
  std::size_t which = 0;
  std::int64_t byte = 0;
};

Source source_by_rows(const ir::Graph &graph, const ir::Node &node, std::int64_t byte) {
  Source source{0, byte};
  while (source.byte >= graph.value(node.inputs[source.which]).type.bytes())
    source.byte -= graph.value(node.inputs[source.which++]).type.bytes();
  return source;
}

Source source_by_channels(const ir::Graph &graph, const ir::Node &node, std::int64_t byte) {
  const std::int64_t pixel_bytes = graph.value(node.outputs[0]).type.pixel_bytes();
  const std::int64_t pixel = byte / pixel_bytes;
  std::int64_t within = byte % pixel_bytes;
  std::size_t which = 0;
  while (within >= graph.value(node.inputs[which]).type.pixel_bytes())
    within -= graph.value(node.inputs[which++]).type.pixel_bytes();
  return {which, pixel * graph.value(node.inputs[which]).type.pixel_bytes() + within};
}

// Of a value that is columns of `from`, the first at `column`.
std::int64_t byte_in_columns(std::int64_t byte, const ir::Type &type, const ir::Type &from,
                             int column) {
  return byte / type.row_bytes() * from.row_bytes() + column * type.pixel_bytes() +
         byte % type.row_bytes();
}

Source source_by_columns(const ir::Graph &graph, const ir::Node &node, const ops::View &view,
                         std::int64_t byte) {
  const ir::Type &whole = graph.value(node.outputs[0]).type;
  const auto column = static_cast<int>(byte % whole.row_bytes() / whole.pixel_bytes());
  std::size_t which = view.offsets.size() - 1;
  while (view.offsets[which] > column) --which;
  const ir::Type &part = graph.value(node.inputs[which]).type;
  return {which, byte / whole.row_bytes() * part.row_bytes() +
                     (byte % whole.row_bytes() - view.offsets[which] * whole.pixel_bytes())};
}

Source source_of(const ir::Graph &graph, const ir::Node &node, const ops::View &view,
                 std::int64_t byte) {
  switch (view.kind) {
    case ops::View::Kind::kReshape:
      return {0, byte};
    case ops::View::Kind::kConcatChannels:
      return source_by_channels(graph, node, byte);
    case ops::View::Kind::kConcatRows:
      return source_by_rows(graph, node, byte);
    case ops::View::Kind::kConcatColumns:
      return source_by_columns(graph, node, view, byte);
    case ops::View::Kind::kColumns:
      return {0, byte_in_columns(byte, graph.value(node.outputs[0]).type,
                                 graph.value(node.inputs[0]).type, view.offsets[0])};
  }
  return {};
}

}  // namespace

Origins::Origins(const ir::Graph &graph, const Behaviours &behaviours,
                 const std::vector<bool> &runs)
    : seen_through_(graph.values().size()) {
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    const ir::Node &node = graph.nodes()[i];
    const auto &view = behaviours[i].view;
    if (runs[i] || !view) continue;
    const ir::ValueId output = node.outputs[0];
    for (std::int64_t byte = 0; byte < graph.value(output).type.bytes(); ++byte) {
      const Source source = source_of(graph, node, *view, byte);
      seen_through_[output].push_back(origin(node.inputs[source.which], source.byte));
    }
  }
}

}  // namespace thimble::plan

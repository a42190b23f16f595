// Figures are those of the analysis; what happened to tensors that the plan does not know (fused
// into their readers, folded into weights) is for the file to say.
#include "cli/annotate.h"

#include <fmt/format.h>

#include "cli/console.h"
#include "frontends/onnx/annotate.h"

namespace thimble::cli {
namespace {

using frontends::onnx::Note;
using frontends::onnx::Notes;

// A view or a part of a Concat is where its buffer is.
Note buffer_note(const report::BufferUse &buffer) {
  Note note;
  note.text = fmt::format("Thimble: {} B at {} of the arena, steps {} to {}", buffer.bytes,
                          buffer.offset, buffer.first, buffer.last);
  if (buffer.rows > 0) note.text += fmt::format(", {} rows kept", buffer.rows);
  const auto add = [&](const char *key, std::int64_t value) {
    note.properties.emplace_back(std::string("thimble.") + key, std::to_string(value));
  };
  add("offset", buffer.offset);
  add("bytes", buffer.bytes);
  add("rows", buffer.rows);
  add("first_step", buffer.first);
  add("last_step", buffer.last);
  return note;
}

void add_layer(const report::Layer &layer, Note &note) {
  const auto add = [&](const char *key, std::string value) {
    note.properties.emplace_back(std::string("thimble.") + key, std::move(value));
  };
  note.text += fmt::format("{}{}, {} MACs, {} B of weights", note.text.empty() ? "Thimble: " : "; ",
                           layer.residency, layer.macs, layer.weight_bytes);
  add("residency", layer.residency);
  add("macs", std::to_string(layer.macs));
  add("weight_bytes", std::to_string(layer.weight_bytes));
}

}  // namespace

Result<std::string> annotated_model(const std::string &path, const api::Network &network,
                                    const api::Build &build, const report::Analysis &analysis) {
  const ir::Graph &graph = network.model.graph;
  Notes notes;
  for (std::size_t id = 0; id < graph.values().size(); ++id) {
    const int buffer = build.plan.residencies[id].buffer;
    if (buffer >= 0) notes[graph.values()[id].name] = buffer_note(analysis.buffers[buffer]);
  }
  for (std::size_t id = 0; id < graph.nodes().size(); ++id)
    add_layer(analysis.layers[id], notes[graph.value(graph.nodes()[id].outputs.front()).name]);
  TRY(frontends::onnx::Annotated annotated, frontends::onnx::annotate(path, notes));
  print_log(fmt::format("{} of {} tensors of the plan are in the annotated model", annotated.noted,
                        notes.size()));
  return std::move(annotated.file);
}

}  // namespace thimble::cli

// An analysis for people: each of their questions (will it fit, which layer costs what, why so
// much) is answered by a block of lines.
#include <fmt/format.h>

#include "report/analysis.h"
#include "report/memory_map.h"
#include "report/numbers.h"

namespace thimble::report {
namespace {

std::string shape_text(const ir::Shape &shape) {
  if (shape.rows == 1 && shape.cols == 1) return std::to_string(shape.channels);
  if (shape.cols == 1) return fmt::format("{}x{}", shape.rows, shape.channels);
  return fmt::format("{}x{}x{}", shape.rows, shape.cols, shape.channels);
}

std::string rows_text(const PeakPart &part) {
  if (part.first_row == part.last_row) return fmt::format("row {}", part.first_row);
  return fmt::format("rows {} to {}", part.first_row, part.last_row);
}

std::string proof_text(const Analysis &analysis) {
  if (!analysis.placement_proven) {
    return fmt::format("not proven least: lower bound {}", grouped(analysis.arena_lower_bound));
  }
  return analysis.schedule_proven ? "placement and schedule proven least"
                                  : "placement proven least";
}

// Why the arena is larger than what is ever alive at once.
std::string slack_text(const Analysis &analysis) {
  const std::int64_t slack = analysis.arena_bytes - analysis.peak.live_bytes;
  if (slack <= 0) return {};
  return fmt::format("  {:>7} B  lie between them: {}\n", grouped(slack),
                     analysis.placement_proven ? "no placement of these buffers in time needs less"
                                               : "a better placement may exist");
}

// "96 B", "48 B (4 bits)".
std::string weights_text(const Layer &layer) {
  const std::string bytes = grouped(layer.weight_bytes) + " B";
  return layer.weight_code.empty() ? bytes : bytes + " (" + layer.weight_code + ")";
}

}  // namespace

std::string layer_table(const Analysis &analysis) {
  std::vector<std::vector<std::string>> lines = {
      {"layer", "op", "output", "MACs", "weights", "kept in RAM as"}};
  for (const Layer &layer : analysis.layers) {
    lines.push_back({layer.name, layer.op, shape_text(layer.shape), grouped(layer.macs),
                     weights_text(layer), layer.residency});
  }
  return table(lines, 2);
}

std::string peak_text(const Peak &peak) {
  std::string text = fmt::format("peak: {} B are alive at step {} of {}", grouped(peak.live_bytes),
                                 peak.step, peak.step_count);
  text += peak.during.empty() ? ":\n" : ", while " + peak.during + ":\n";
  for (const PeakPart &part : peak.parts) {
    text += fmt::format("  {:>7} B  {}, {}: {}\n", grouped(part.bytes), part.tensor,
                        rows_text(part), part.why);
  }
  return text;
}

std::string borrowed_text(const Analysis &analysis) {
  if (analysis.borrowed_bytes == 0) return {};
  return fmt::format("; {} B of input stay with the caller, not counted",
                     grouped(analysis.borrowed_bytes));
}

std::string linked_text(const Analysis &analysis) {
  if (!analysis.predicted) return {};
  const Predicted &linked = *analysis.predicted;
  std::string text =
      fmt::format("linked {} B of flash, {} B of RAM with {}stack", grouped(linked.flash_total),
                  grouped(linked.ram_total), linked.has_run ? "" : "the most ");
  if (!linked.unit.empty() && linked.count > 0)
    text += fmt::format(", {}{} {}", linked.has_run ? "" : "about ", grouped(linked.count),
                        linked.unit);
  return text + "\n";
}

std::string summary(const Analysis &analysis) {
  std::string text = fmt::format(
      "flash  {} B (weights {}, constants {}; code not counted)\n"
      "RAM    {} B of arena ({}){}\n"
      "work   {} MACs, {} parameters\n",
      grouped(analysis.flash_weights + analysis.flash_constants), grouped(analysis.flash_weights),
      grouped(analysis.flash_constants), grouped(analysis.arena_bytes), proof_text(analysis),
      borrowed_text(analysis), grouped(analysis.macs), grouped(analysis.parameters));
  return text + linked_text(analysis);
}

std::string to_text(const Analysis &analysis, const TextStyle &style) {
  const Labels &labels = analysis.labels;
  return fmt::format("{} for {}, {}{}\n\n{}\n{}\n{}{}\n{}", labels.model, labels.target,
                     labels.numbers, labels.fits ? "" : ": does not fit", layer_table(analysis),
                     memory_map(analysis, style),
                     peak_text(analysis.peak) + slack_text(analysis) + remedies_text(analysis),
                     savings_table(analysis.savings), summary(analysis));
}

}  // namespace thimble::report

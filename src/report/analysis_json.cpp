// The keys that scripts rely on; more may be added, none changes its meaning.
#include "report/analysis.h"

namespace thimble::report {
namespace {

Json layers_json(const std::vector<Layer> &layers) {
  Json list = Json::array();
  for (const Layer &layer : layers) {
    list.push_back({{"name", layer.name},
                    {"op", layer.op},
                    {"shape", {layer.shape.rows, layer.shape.cols, layer.shape.channels}},
                    {"macs", layer.macs},
                    {"weight_bytes", layer.weight_bytes},
                    {"weight_code", layer.weight_code},
                    {"residency", layer.residency},
                    {"buffer", layer.buffer < 0 ? Json() : Json(layer.buffer)}});
  }
  return list;
}

Json buffers_json(const std::vector<BufferUse> &buffers) {
  Json list = Json::array();
  for (const BufferUse &buffer : buffers) {
    list.push_back({{"tensor", buffer.tensor},
                    {"offset", buffer.offset},
                    {"bytes", buffer.bytes},
                    {"rows", buffer.rows},
                    {"first", buffer.first},
                    {"last", buffer.last}});
  }
  return list;
}

Json remedies_json(const std::vector<Remedy> &remedies) {
  Json list = Json::array();
  for (const Remedy &remedy : remedies) {
    list.push_back({{"option", remedy.option}, {"bytes", remedy.bytes}, {"proven", remedy.proven}});
    if (remedy.outside_bytes > 0) list.back()["outside_bytes"] = remedy.outside_bytes;
  }
  return list;
}

Json retrainings_json(const std::vector<Retraining> &retrainings) {
  Json list = Json::array();
  for (const Retraining &retraining : retrainings)
    list.push_back({{"change", retraining.change},
                    {"command", retraining.command},
                    {"bytes", retraining.bytes},
                    {"proven", retraining.proven}});
  return list;
}

Json estimates_json(const std::vector<Estimate> &estimates) {
  Json list = Json::array();
  for (const Estimate &estimate : estimates)
    list.push_back({{"half_channels", estimate.tensors}, {"live_bytes", estimate.live_bytes}});
  return list;
}

Json peak_json(const Peak &peak) {
  Json tensors = Json::array(), parts = Json::array();
  for (const PeakPart &part : peak.parts) {
    tensors.push_back(part.tensor);
    parts.push_back({{"tensor", part.tensor},
                     {"bytes", part.bytes},
                     {"first_row", part.first_row},
                     {"last_row", part.last_row},
                     {"why", part.why}});
  }
  return {{"step", peak.step},
          {"steps", peak.step_count},
          {"during", peak.during},
          {"live_bytes", peak.live_bytes},
          {"tensors", tensors},
          {"parts", parts},
          {"remedies", remedies_json(peak.remedies)},
          {"retrainings", retrainings_json(peak.retrainings)},
          {"not_better", peak.not_better},
          {"not_tried", peak.not_tried},
          {"estimates", estimates_json(peak.estimates)}};
}

Json savings_json(const std::vector<plan::Saving> &savings) {
  Json list = Json::array();
  for (const plan::Saving &saving : savings)
    list.push_back({{"rule", rule_name(saving.rule)}, {"bytes", saving.bytes}});
  return list;
}

}  // namespace

Json to_json(const Analysis &analysis) {
  const Labels &labels = analysis.labels;
  Json json = {{"model", labels.model},     {"target", labels.target},
               {"numbers", labels.numbers}, {"parameters", analysis.parameters},
               {"macs", analysis.macs},     {"fits", labels.fits}};
  json["flash"] = {{"weights", analysis.flash_weights},
                   {"constants", analysis.flash_constants},
                   {"tables", analysis.flash_weights + analysis.flash_constants}};
  json["ram"] = {{"arena", analysis.arena_bytes}};
  if (analysis.borrowed_bytes > 0) json["ram"]["borrowed_input"] = analysis.borrowed_bytes;
  json["budget"] = Json::object();
  if (labels.flash_budget > 0) json["budget"]["flash"] = labels.flash_budget;
  if (labels.ram_budget > 0) json["budget"]["ram"] = labels.ram_budget;
  json["arena"] = {{"bytes", analysis.arena_bytes},
                   {"lower_bound", analysis.arena_lower_bound},
                   {"placement_proven", analysis.placement_proven},
                   {"schedule_proven", analysis.schedule_proven}};
  json["layers"] = layers_json(analysis.layers);
  json["buffers"] = buffers_json(analysis.buffers);
  json["peak"] = peak_json(analysis.peak);
  json["savings"] = savings_json(analysis.savings);
  if (analysis.predicted) {
    json["predicted"] = {{"flash_total", analysis.predicted->flash_total},
                         {"ram_total", analysis.predicted->ram_total},
                         {"from", analysis.predicted->has_run ? "run" : "tables"}};
    if (!analysis.predicted->unit.empty() && analysis.predicted->count > 0) {
      json["predicted"][analysis.predicted->unit] = analysis.predicted->count;
    }
  }
  return json;
}

}  // namespace thimble::report

// The page's sections, one after the other, with their style sheet; and the JSON that its numbers
// come from.
#include "report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "report/page/figures.h"
#include "report/page/html.h"
#include "report/page/sections.h"

namespace thimble::report {

std::string_view page_file(std::string_view name);  // embedded: see room.cmake

namespace {

Json losses_json(const std::vector<LayerLoss> &losses) {
  Json list = Json::array();
  for (const LayerLoss &loss : losses)
    list.push_back({{"name", loss.name},
                    {"max_error", loss.max_error},
                    {"mean_error", loss.mean_error},
                    {"added_error", loss.added_error}});
  return {{"layers", list}};
}

// By sample, by port, the values.
Json outputs_json(const std::vector<ShownSample> &samples,
                  std::vector<ShownValues> ShownSample::*outputs) {
  Json list = Json::array();
  for (const ShownSample &sample : samples) {
    Json ports = Json::array();
    for (const ShownValues &shown : sample.*outputs) ports.push_back(shown.values);
    list.push_back(ports);
  }
  return list;
}

page::Figures figures_of(const Page &page) {
  page::Figures figures;
  Json analyze = to_json(page.analysis);
  if (!page.front.empty()) analyze["pareto"] = to_json(page.front);
  figures.add("analyze", std::move(analyze));
  if (page.bench) figures.add("bench", to_json(*page.bench));
  if (!page.losses.empty()) figures.add("verify", losses_json(page.losses));
  if (page.shrink.is_object()) figures.add("shrink", page.shrink);
  figures.add("float", outputs_json(page.samples, &ShownSample::floats));
  figures.add("int", outputs_json(page.samples, &ShownSample::integers));
  return figures;
}

std::string footer(const Page &page) {
  const std::string words = page::escaped(page.analysis.labels.model + page.options);
  return fmt::format(
      "<footer>\n<p>Every figure is one of <code>thimble analyze {0} --json</code>{1}.</p>\n"
      "<p>Thimble {2}, model {3}</p>\n</footer>\n",
      words, page.bench ? ", or of <code>thimble bench</code> with the same words" : "",
      page::escaped(page.version), page::escaped(page.model_sha256));
}

}  // namespace

std::vector<std::vector<plan::Life>> lives_by_buffer(const ir::Graph &graph,
                                                     const plan::Plan &plan) {
  const auto buffer_of = [&](const plan::Life &life) {
    if (life.kind == plan::LifeKind::kRow) return plan.residencies[life.value].buffer;
    const auto same = [&](const plan::Buffer &buffer) {
      const bool inside =
          buffer.offset <= life.offset && life.offset + life.bytes <= buffer.offset + buffer.bytes;
      const bool alive = buffer.first_step <= life.born && life.born <= buffer.last_step;
      return buffer.kind != plan::BufferKind::kTensor && inside && alive;
    };
    const auto found = std::find_if(plan.buffers.begin(), plan.buffers.end(), same);
    return found == plan.buffers.end() ? -1 : static_cast<int>(found - plan.buffers.begin());
  };
  std::vector<std::vector<plan::Life>> lives(plan.buffers.size());
  for (const plan::Life &life : plan::arena_log(graph, plan.program).lives)
    if (const int buffer = buffer_of(life); buffer >= 0) lives[buffer].push_back(life);
  return lives;
}

std::string to_html(const Page &page) {
  const page::Figures figures = figures_of(page);
  std::string body;
  for (const auto section : {page::verdict, page::memory, page::peak, page::layers, page::shrinking,
                             page::front, page::samples})
    body += section(page, figures);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{} for {}</title>\n<style>\n{}</style>\n</head>\n<body>\n<main>\n{}{}</main>\n"
      "</body>\n</html>\n",
      page::escaped(page.analysis.labels.model), page::escaped(page.analysis.labels.target),
      page_file("page.css"), body, footer(page));
}

}  // namespace thimble::report

// The rows are those of plan/arena_log.h. A large network has many thousands: all of a tensor are
// one path, on a grid of half pixels, and what would be drawn twice is drawn once.
#include "api/notebook.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "plan/arena_log.h"
#include "report/numbers.h"

namespace thimble::api {
namespace {

constexpr double kWidth = 720, kHeight = 260;  // of the picture, pixels
constexpr std::size_t kMostNamed = 10;         // tensors in the legend

std::string escaped(const std::string &text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '&':
        result += "&amp;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return result;
}

// The golden angle apart, neighbours differ; bright enough for light and dark notebooks.
std::string colour_of(std::size_t index) {
  const int hue = static_cast<int>(std::fmod(205 + 137.508 * static_cast<double>(index), 360));
  return fmt::format("hsl({},58%,{}%)", hue, 48 + 8 * (index % 2));
}

using Rectangle = std::tuple<double, double, double, double>;  // x, y, width, height

struct Drawn {
  std::string name;
  std::int64_t area = 0;  // bytes times steps: who is worth a name
  std::set<Rectangle> rectangles;
};

std::string name_of(const plan::Life &life, const ir::Graph &graph) {
  if (life.kind == plan::LifeKind::kState) return graph.node(life.node).name + " accumulators";
  if (life.kind == plan::LifeKind::kWorkspace) return graph.node(life.node).name + " workspace";
  return graph.value(life.value).name;
}

double on_grid(double x) { return std::round(2 * x) / 2; }

Rectangle rectangle_of(const plan::Life &life, const plan::ArenaLog &log) {
  const double across = kWidth / std::max(1, log.steps);
  const double up = kHeight / static_cast<double>(std::max<std::int64_t>(1, log.arena_bytes));
  const double left = on_grid(across * life.born), right = on_grid(across * (life.dies + 1));
  const double top = on_grid(kHeight - up * static_cast<double>(life.offset + life.bytes));
  const double bottom = on_grid(kHeight - up * static_cast<double>(life.offset));
  return {left, top, std::max(0.5, right - left), std::max(0.5, bottom - top)};
}

// In the order in which they first appear.
std::vector<Drawn> drawn_of(const plan::ArenaLog &log, const ir::Graph &graph) {
  std::vector<Drawn> tensors;
  std::map<std::string, std::size_t> index;
  for (const plan::Life &life : log.lives) {
    const std::string name = name_of(life, graph);
    const auto [at, is_new] = index.try_emplace(name, tensors.size());
    if (is_new) tensors.push_back({name, 0, {}});
    Drawn &tensor = tensors[at->second];
    tensor.area += life.bytes * (life.dies - life.born + 1);
    tensor.rectangles.insert(rectangle_of(life, log));
  }
  return tensors;
}

std::string picture(const plan::ArenaLog &log, const std::vector<Drawn> &tensors) {
  std::string svg = fmt::format(
      "<svg class=\"thimble-arena\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 -16 {0} {1}\" "
      "style=\"max-width:{0}px;width:100%;font:11px sans-serif\" role=\"img\">"
      "<title>The arena: {2} bytes upwards, {3} steps to the right</title>"
      "<text x=\"0\" y=\"-5\" fill=\"currentColor\">{2} B</text>"
      "<rect width=\"{0}\" height=\"{4}\" fill=\"none\" stroke=\"currentColor\" "
      "stroke-opacity=\".35\"/>",
      kWidth, kHeight + 34, report::grouped(log.arena_bytes), report::grouped(log.steps), kHeight);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    svg += fmt::format("<path fill=\"{}\" fill-opacity=\".85\" d=\"", colour_of(i));
    for (const auto &[x, y, width, height] : tensors[i].rectangles)
      svg += fmt::format("M{} {}h{}v{}h-{}z", x, y, width, height, width);
    svg += fmt::format("\"><title>{}</title></path>", escaped(tensors[i].name));
  }
  svg += fmt::format(
      "<text x=\"0\" y=\"{0}\" fill=\"currentColor\">0</text><text x=\"{1}\" y=\"{0}\" "
      "text-anchor=\"end\" fill=\"currentColor\">step {2}</text></svg>",
      kHeight + 13, kWidth, report::grouped(log.steps));
  return svg;
}

std::string legend(const std::vector<Drawn> &tensors) {
  std::vector<std::size_t> order(tensors.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return tensors[a].area > tensors[b].area; });
  const std::size_t named = std::min(kMostNamed, order.size());
  std::string html = "<div style=\"font-size:smaller\">";
  for (std::size_t i = 0; i < named; ++i)
    html += fmt::format("<span style=\"color:{}\">&#9632;</span>&nbsp;{} ", colour_of(order[i]),
                        escaped(tensors[order[i]].name));
  if (order.size() > named) html += fmt::format("and {} more", order.size() - named);
  return html + "</div>";
}

std::string figures(const report::Analysis &analysis) {
  const auto row = [](const char *what, const std::string &value) {
    return fmt::format("<tr><th style=\"text-align:left\">{}</th><td>{}</td></tr>", what, value);
  };
  const char *proven =
      analysis.placement_proven && analysis.schedule_proven ? " (proven least)" : "";
  return "<table>" +
         row("flash",
             fmt::format("{} B: weights {}, constants {}; code not counted",
                         report::grouped(analysis.flash_weights + analysis.flash_constants),
                         report::grouped(analysis.flash_weights),
                         report::grouped(analysis.flash_constants))) +
         row("RAM", fmt::format("{} B of arena{}", report::grouped(analysis.arena_bytes), proven)) +
         row("work", fmt::format("{} MACs, {} parameters", report::grouped(analysis.macs),
                                 report::grouped(analysis.parameters))) +
         "</table>";
}

}  // namespace

std::string notebook_html(const report::Analysis &analysis, const ir::Graph &graph,
                          const plan::Plan &plan) {
  const plan::ArenaLog log = plan::arena_log(graph, plan.program);
  const std::vector<Drawn> tensors = drawn_of(log, graph);
  const report::Labels &labels = analysis.labels;
  return fmt::format("<div class=\"thimble\"><p><b>{}</b> for {}, {}{}</p>", escaped(labels.model),
                     escaped(labels.target), labels.numbers,
                     labels.fits ? "" : ": <b>does not fit</b>") +
         figures(analysis) + picture(log, tensors) + legend(tensors) + "</div>";
}

}  // namespace thimble::api

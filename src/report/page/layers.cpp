// One line a layer: what it is, what it costs in work, flash, RAM and time, what its integers lose.
#include <fmt/format.h>

#include <algorithm>

#include "report/page/html.h"
#include "report/page/sections.h"

namespace thimble::report::page {
namespace {

// Which columns the table has.
struct Columns {
  bool time = false, loss = false;
};

// Layers that run together are one figure, "conv + pool", which stands with the last of them.
bool is_of(const LayerCount &count, const std::string &layer) {
  if (count.name == layer) return true;
  return count.name.ends_with(" + " + layer);
}

std::string meter(const Figures &figures, const std::string &key, const std::string &of) {
  const double whole = figures.number(of);
  if (whole <= 0) return {};
  return fmt::format("<span class=\"meter\"><i style=\"width:{:.1f}%\"></i></span>",
                     std::min(100.0, 100 * figures.number(key) / whole));
}

std::string time_key(const Page &page, std::size_t index) {
  return fmt::format("bench/per_layer/{}/{}", index, page.bench->unit);
}

std::string one_time(const Page &page, const Figures &figures, std::size_t index) {
  const std::string key = time_key(page, index), all = "bench/" + page.bench->unit;
  return figures.count(key) + " <small>" + figures.share(key, all) + "</small>" +
         meter(figures, key, all);
}

std::string times(const Page &page, const Figures &figures, const std::string &layer) {
  std::string text;
  const auto &counts = page.bench->layers;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (!is_of(counts[i], layer)) continue;
    const std::string with =
        counts[i].name == layer
            ? ""
            : " <small>with " +
                  escaped(std::string_view(counts[i].name)
                              .substr(0, counts[i].name.size() - layer.size() - 3)) +
                  "</small>";
    text += "<div>" + one_time(page, figures, i) + with + "</div>";
  }
  return text;
}

std::string loss(const Page &page, const Figures &figures, const std::string &layer) {
  for (std::size_t i = 0; i < page.losses.size(); ++i) {
    if (page.losses[i].name != layer) continue;
    const std::string key = fmt::format("verify/layers/{}/", i);
    return figures.percent(key + "mean_error") + " <small>adds " +
           figures.percent(key + "added_error") + "</small>";
  }
  return {};
}

std::string line(const Page &page, const Figures &figures, const Columns &columns,
                 std::size_t index) {
  const Layer &layer = page.analysis.layers[index];
  const std::string key = fmt::format("analyze/layers/{}/", index);
  std::string shape;
  for (int i = 0; i < 3; ++i)
    shape += (i ? "×" : "") + figures.count(fmt::format("{}shape/{}", key, i));
  std::string weights = figures.bytes(key + "weight_bytes");
  if (!layer.weight_code.empty()) weights += " <small>" + escaped(layer.weight_code) + "</small>";
  std::string ram = "<small>" + escaped(layer.residency) + "</small>";
  if (layer.buffer >= 0)
    ram = chip(layer.buffer) + " " +
          figures.bytes(fmt::format("analyze/buffers/{}/bytes", layer.buffer)) + " " + ram;
  std::string text =
      cell("", bold(layer.name) + " <small>" + escaped(layer.op) + "</small>", "name") +
      cell("shape", shape, "num") +
      cell("MACs", figures.count(key + "macs") + meter(figures, key + "macs", "analyze/macs"),
           "num") +
      cell("weights", weights, "num") + cell("RAM", ram, "ram");
  if (columns.time) text += cell("time", times(page, figures, layer.name), "num");
  if (columns.loss) text += cell("error", loss(page, figures, layer.name), "num");
  return "<tr>" + text + "</tr>\n";
}

// What was counted and belongs to no layer: rows that are handed in or out.
std::string other_times(const Page &page, const Figures &figures) {
  std::string text;
  const auto &counts = page.bench->layers;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto &layers = page.analysis.layers;
    if (std::any_of(layers.begin(), layers.end(),
                    [&](const Layer &layer) { return is_of(counts[i], layer.name); }))
      continue;
    text += fmt::format("<p>{}: {}</p>\n", escaped(counts[i].name), one_time(page, figures, i));
  }
  return text;
}

std::string heading(const Page &page, const Columns &columns) {
  std::string text =
      "<tr><th>layer</th><th class=\"num\">shape</th><th class=\"num\">MACs</th>"
      "<th class=\"num\">weights</th><th>RAM of its output</th>";
  if (columns.time) text += "<th class=\"num\">" + escaped(page.bench->unit) + "</th>";
  if (columns.loss) text += "<th class=\"num\">error against floats</th>";
  return "<thead>" + text + "</tr></thead>\n";
}

}  // namespace

std::string layers(const Page &page, const Figures &figures) {
  if (page.analysis.layers.empty()) return {};
  const Columns columns{page.bench && !page.bench->layers.empty(), !page.losses.empty()};
  std::string lines;
  for (std::size_t i = 0; i < page.analysis.layers.size(); ++i)
    lines += line(page, figures, columns, i);
  std::string text = "<table class=\"layers\">\n" + heading(page, columns) + "<tbody>\n" + lines +
                     "</tbody></table>\n";
  if (columns.time)
    text += other_times(page, figures) +
            "<p class=\"note\">A layer without a time runs within others, pixel by pixel, and is "
            "counted there.</p>\n";
  if (columns.loss)
    text +=
        "<p class=\"note\">Errors: the mean of the integers behind a layer against the floats "
        "there, and what the layer itself adds, as shares of the range.</p>\n";
  return section("layers", "Layers", text);
}

}  // namespace thimble::report::page

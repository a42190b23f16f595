// What each step of `thimble shrink` cost and brought: a table, and bars of what is left.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/page/html.h"
#include "report/page/sections.h"

namespace thimble::report::page {
namespace {

struct Column {
  const char *label, *key;
};
constexpr std::array kColumns = {
    Column{"weights", "weight_bytes"}, Column{"constants", "constant_bytes"},
    Column{"arena", "arena_bytes"},    Column{"flash", "flash_total"},
    Column{"RAM", "ram_total"},
};

std::string key_of(std::size_t step, const char *name) {
  return fmt::format("shrink/steps/{}/{}", step, name);
}

bool has_column(const Figures &figures, std::size_t steps, const char *key) {
  for (std::size_t i = 0; i < steps; ++i)
    if (figures.has(key_of(i, key))) return true;
  return false;
}

double most_of(const Figures &figures, std::size_t steps, const char *key) {
  double most = 1;
  for (std::size_t i = 0; i < steps; ++i) most = std::max(most, figures.number(key_of(i, key)));
  return most;
}

std::string meter(double part) {
  return fmt::format("<span class=\"meter\"><i style=\"width:{:.1f}%\"></i></span>", 100 * part);
}

}  // namespace

std::string shrinking(const Page &page, const Figures &figures) {
  if (!page.shrink.is_object()) return {};
  const Json &steps = page.shrink["steps"];
  const bool labelled = page.shrink["labelled"].get<bool>();
  const bool tested = has_column(figures, steps.size(), "test_accuracy");
  const char *accuracy = tested ? "test_accuracy" : "accuracy";
  const char *accuracy_label = labelled ? "accuracy" : "agrees";
  std::string heading = fmt::format(
      "<th>step</th><th class=\"num\">{}</th><th class=\"num\">distance</th>", accuracy_label);
  for (const Column &column : kColumns)
    if (has_column(figures, steps.size(), column.key))
      heading += fmt::format("<th class=\"num\">{}</th>", column.label);
  std::string lines;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::string line =
        cell("", "<b>" + escaped(steps[i]["step"].get<std::string>()) + "</b>", "name") +
        cell(accuracy_label, figures.percent(key_of(i, accuracy)), "num") +
        cell("distance", figures.real(key_of(i, "distance"), 4), "num");
    for (const Column &column : kColumns) {
      if (!has_column(figures, steps.size(), column.key)) continue;
      const std::string key = key_of(i, column.key);
      const double most = most_of(figures, steps.size(), column.key);
      line += cell(column.label,
                   figures.has(key) ? figures.bytes(key) + meter(figures.number(key) / most) : "",
                   "num");
    }
    line += cell("MACs",
                 figures.count(key_of(i, "macs")) + meter(figures.number(key_of(i, "macs")) /
                                                          most_of(figures, steps.size(), "macs")),
                 "num");
    lines += "<tr>" + line + "</tr>\n";
  }
  return section("shrinking", "How it became small",
                 "<table>\n<thead><tr>" + heading +
                     "<th class=\"num\">MACs</th></tr></thead>\n<tbody>\n" + lines +
                     "</tbody></table>\n");
}

}  // namespace thimble::report::page

// RAM against work: each point is the least arena found for its multiplications.
#include "report/front.h"

#include <fmt/format.h>

#include "report/page/html.h"
#include "report/page/sections.h"
#include "report/plot.h"

namespace thimble::report::page {

std::string front(const Page &page, const Figures &figures) {
  if (page.front.empty()) return {};
  Series series;
  series.line = true;
  std::string lines;
  for (std::size_t i = 0; i < page.front.size(); ++i) {
    const FrontLine &point = page.front[i];
    const std::string key = fmt::format("analyze/pareto/{}/", i);
    series.points.push_back({point.macs_ratio, static_cast<double>(point.arena_bytes), {}});
    const std::string options =
        point.options.empty() ? "as it is" : "<code>" + escaped(point.options) + "</code>";
    lines += "<tr>" + cell("arena", figures.bytes(key + "arena_bytes"), "num") +
             cell("multiplications", figures.real(key + "macs_ratio", 3) + "×", "num") +
             cell("options", options, "name") + "</tr>\n";
  }
  std::string picture;
  if (page.front.size() > 1) {
    Plot plot;
    plot.x.title = "multiplications, over those of the network";
    plot.y.title = "bytes of arena";
    plot.series = {series};
    picture = "<div class=\"picture\">" + to_svg(plot) + "</div>\n";
  }
  return section(
      "front", "RAM against work",
      "<p>What recomputing buys: line buffers, then strips that are computed twice where "
      "they overlap.</p>\n" +
          picture +
          "<table>\n<thead><tr><th class=\"num\">arena</th>"
          "<th class=\"num\">multiplications</th><th>options</th></tr></thead>\n<tbody>\n" +
          lines + "</tbody></table>\n");
}

}  // namespace thimble::report::page

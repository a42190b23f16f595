// The head of the page: which network on which chip, whether it fits, and what it takes of flash,
// RAM and time.
#include <fmt/format.h>

#include <algorithm>

#include "report/page/html.h"
#include "report/page/sections.h"

namespace thimble::report::page {
namespace {

struct Part {
  const char *name, *key;
};

// What stands in a tile: a figure, of which parts it is the sum, and what there is of it.
struct Share {
  const char *title;
  std::string total, budget;  // keys; no budget: none known
  std::vector<Part> parts;
  std::string note;
};

std::string bar(const Share &share, const Figures &figures) {
  double sum = 0;
  for (const Part &part : share.parts) sum += figures.number(part.key);
  const double budget = figures.number(share.budget), whole = std::max({sum, budget, 1.0});
  std::string text = "<div class=\"bar\">";
  for (std::size_t i = 0; i < share.parts.size(); ++i)
    text += fmt::format("<i class=\"p{}\" style=\"width:{:.2f}%\"></i>", i,
                        100 * figures.number(share.parts[i].key) / whole);
  if (sum > budget && budget > 0)
    text += fmt::format("<b style=\"left:{:.2f}%\"></b>", 100 * budget / whole);
  return text + "</div>\n";
}

std::string legend(const Share &share, const Figures &figures) {
  std::string text;
  for (std::size_t i = 0; i < share.parts.size(); ++i)
    text += fmt::format("<li><i class=\"p{}\"></i>{} {}</li>", i, share.parts[i].name,
                        figures.bytes(share.parts[i].key));
  return "<ul>" + text + "</ul>";
}

std::string tile(const Share &share, const Figures &figures) {
  std::string text = fmt::format("<div class=\"tile\"><h3>{}</h3>\n<p class=\"big\">{}</p>\n",
                                 share.title, figures.bytes(share.total));
  if (figures.has(share.budget))
    text += fmt::format("<p>{} of {}</p>\n", figures.share(share.total, share.budget),
                        figures.bytes(share.budget));
  text += bar(share, figures) + legend(share, figures);
  if (!share.note.empty()) text += "<p class=\"note\">" + share.note + "</p>";
  return text + "</div>\n";
}

std::string flash_tile(const Page &page, const Figures &figures) {
  if (page.bench)
    return tile({"Flash",
                 "bench/flash/total",
                 "analyze/budget/flash",
                 {{"weights", "bench/flash/weights"},
                  {"constants", "bench/flash/constants"},
                  {"code", "bench/flash/code"}},
                 {}},
                figures);
  const bool linked = figures.has("analyze/predicted/flash_total");
  return tile({linked ? "Flash" : "Flash, without code",
               linked ? "analyze/predicted/flash_total" : "analyze/flash/tables",
               "analyze/budget/flash",
               {{"weights", "analyze/flash/weights"}, {"constants", "analyze/flash/constants"}},
               linked ? "The rest of it is code." : ""},
              figures);
}

std::string ram_tile(const Page &page, const Figures &figures) {
  const std::string outside =
      figures.has("analyze/ram/borrowed_input")
          ? figures.bytes("analyze/ram/borrowed_input") + " of input stay with the caller."
          : "";
  if (page.bench)
    return tile({"RAM",
                 "bench/ram/total",
                 "analyze/budget/ram",
                 {{"arena", "bench/ram/arena"},
                  {"static", "bench/ram/static"},
                  {"stack", "bench/ram/stack"}},
                 outside},
                figures);
  const bool linked = figures.has("analyze/predicted/ram_total");
  return tile({linked ? "RAM, at most" : "RAM, without stack",
               linked ? "analyze/predicted/ram_total" : "analyze/arena/bytes",
               "analyze/budget/ram",
               {{"arena", "analyze/arena/bytes"}},
               outside},
              figures);
}

// Keys of what was counted, with words for each.
std::vector<Part> counts(const Page &page) {
  if (page.bench)
    return {{"cycles", "bench/cycles"},
            {"model cycles", "bench/model_cycles"},
            {"instructions", "bench/instructions"}};
  return {{"cycles, by tables", "analyze/predicted/cycles"},
          {"instructions, by tables", "analyze/predicted/instructions"}};
}

std::string time_tile(const Page &page, const Figures &figures) {
  std::string text;
  for (const Part &part : counts(page)) {
    if (!figures.has(part.key)) continue;
    text += fmt::format("<p{}>{} <small>{}</small></p>\n", text.empty() ? " class=\"big\"" : "",
                        figures.count(part.key), part.name);
  }
  if (text.empty()) return {};
  if (figures.has("bench/milliseconds"))
    text += "<p>" + figures.real("bench/milliseconds", 1) + " ms</p>\n";
  if (page.bench)
    text +=
        "<p class=\"note\">Counted on " + escaped(page.bench->emulator) + ", one inference.</p>";
  return "<div class=\"tile\"><h3>Time</h3>\n" + text + "</div>\n";
}

std::string network_tile(const Figures &figures) {
  return fmt::format(
      "<div class=\"tile\"><h3>Network</h3>\n<p class=\"big\">{} <small>MACs</small></p>\n"
      "<p>{} parameters</p></div>\n",
      figures.count("analyze/macs"), figures.count("analyze/parameters"));
}

std::string objections(const Page &page) {
  std::string text;
  for (const Diagnostic &one : page.objections) {
    text += "<li><b>" + escaped(one.what) + "</b>";
    if (!one.why.empty()) text += "<br>why: " + escaped(one.why);
    if (!one.fix.empty()) text += "<br>fix: " + escaped(one.fix);
    text += "</li>\n";
  }
  return text.empty() ? "" : "<ul class=\"objections\">\n" + text + "</ul>\n";
}

}  // namespace

std::string verdict(const Page &page, const Figures &figures) {
  const Labels &labels = page.analysis.labels;
  const bool fits = labels.fits && page.objections.empty();
  return fmt::format(
             "<header>\n<p class=\"badge {}\">{}</p>\n<h1>{}</h1>\n"
             "<p class=\"sub\">for <b>{}</b> in {} numbers</p>\n</header>\n",
             fits ? "yes" : "no", fits ? "It fits" : "It does not fit", escaped(labels.model),
             escaped(labels.target), escaped(labels.numbers)) +
         objections(page) + "<div class=\"tiles\">\n" + flash_tile(page, figures) +
         ram_tile(page, figures) + time_tile(page, figures) + network_tile(figures) + "</div>\n";
}

}  // namespace thimble::report::page

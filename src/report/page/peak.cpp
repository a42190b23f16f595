// When the arena is fullest and whose rows they are, what would need less, and what each rule of
// the plan saves.
#include <fmt/format.h>

#include <algorithm>

#include "report/page/html.h"
#include "report/page/sections.h"

namespace thimble::report::page {
namespace {

int buffer_of(const Page &page, const std::string &tensor) {
  const auto &buffers = page.analysis.buffers;
  const auto found = std::find_if(buffers.begin(), buffers.end(),
                                  [&](const BufferUse &buffer) { return buffer.tensor == tensor; });
  return found == buffers.end() ? -1 : static_cast<int>(found - buffers.begin());
}

std::string parts(const Page &page, const Figures &figures) {
  const Peak &peak = page.analysis.peak;
  std::string text;
  for (std::size_t i = 0; i < peak.parts.size(); ++i) {
    const PeakPart &part = peak.parts[i];
    const std::string key = fmt::format("analyze/peak/parts/{}/", i);
    const int buffer = buffer_of(page, part.tensor);
    text += fmt::format("<li>{} {} {}", buffer < 0 ? "" : chip(buffer),
                        figures.bytes(key + "bytes"), bold(part.tensor));
    if (buffer >= 0 && page.analysis.buffers[buffer].rows > 0) {
      const std::string first = figures.count(key + "first_row");
      text += part.first_row == part.last_row
                  ? ", row " + first
                  : ", rows " + first + " to " + figures.count(key + "last_row");
    }
    text += ": " + escaped(part.why) + "</li>\n";
  }
  return "<ul class=\"parts\">\n" + text + "</ul>\n";
}

std::string list_of(const char *words, const std::vector<std::string> &options) {
  std::string text;
  for (const std::string &option : options)
    text += (text.empty() ? " <code>" : ", <code>") + escaped(option) + "</code>";
  return text.empty() ? "" : fmt::format("<p class=\"note\">{}{}</p>\n", words, text);
}

std::string remedies(const Peak &peak, const Figures &figures) {
  std::string text;
  for (std::size_t i = 0; i < peak.remedies.size(); ++i) {
    const std::string key = fmt::format("analyze/peak/remedies/{}/", i);
    text += fmt::format("<li><code>{}</code>: {}{} of arena", escaped(peak.remedies[i].option),
                        peak.remedies[i].proven ? "" : "at most ", figures.bytes(key + "bytes"));
    if (peak.remedies[i].outside_bytes > 0)
      text += "; " + figures.bytes(key + "outside_bytes") + " of input stay with the caller";
    text += "</li>\n";
  }
  for (std::size_t i = 0; i < peak.retrainings.size(); ++i)
    text += fmt::format("<li>{} (<code>{}</code>, and learning again): {}{} of arena</li>\n",
                        escaped(peak.retrainings[i].change), escaped(peak.retrainings[i].command),
                        peak.retrainings[i].proven ? "" : "at most ",
                        figures.bytes(fmt::format("analyze/peak/retrainings/{}/bytes", i)));
  for (std::size_t i = 0; i < peak.estimates.size(); ++i) {
    std::string names;
    for (const std::string &name : peak.estimates[i].tensors)
      names += (names.empty() ? "" : ", ") + bold(name);
    text += fmt::format("<li>half the channels of {}: about {} alive</li>\n", names,
                        figures.bytes(fmt::format("analyze/peak/estimates/{}/live_bytes", i)));
  }
  const std::string others =
      list_of("No less with", peak.not_better) + list_of("Not tried:", peak.not_tried);
  if (text.empty()) return others;
  return "<h3>What would lower it</h3>\n<ul>\n" + text + "</ul>\n" + others;
}

std::string savings(const Page &page, const Figures &figures) {
  const auto &list = page.analysis.savings;
  if (list.empty()) return {};
  std::int64_t most = 1;
  for (const plan::Saving &saving : list) most = std::max(most, saving.bytes);
  std::string text;
  for (std::size_t i = 0; i < list.size(); ++i)
    text += fmt::format(
        "<li><span>{}</span> <span class=\"track\"><i style=\"width:{:.2f}%\"></i></span> "
        "{}</li>\n",
        rule_name(list[i].rule),
        100.0 * static_cast<double>(list[i].bytes) / static_cast<double>(most),
        figures.bytes(fmt::format("analyze/savings/{}/bytes", i)));
  return "<h3>The arena, each rule added to those before it</h3>\n<ul class=\"bars\">\n" + text +
         "</ul>\n";
}

}  // namespace

std::string peak(const Page &page, const Figures &figures) {
  const Peak &peak = page.analysis.peak;
  if (peak.parts.empty()) return {};
  const std::string text =
      fmt::format("<p>{} are alive at step {} of {}, while {}:</p>\n",
                  figures.bytes("analyze/peak/live_bytes"), figures.count("analyze/peak/step"),
                  figures.count("analyze/peak/steps"), escaped(peak.during));
  return section("peak", "The peak",
                 text + parts(page, figures) + remedies(peak, figures) + savings(page, figures));
}

}  // namespace thimble::report::page

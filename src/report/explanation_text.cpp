// What would lower the peak, and what lowered it already, for people: a line each.
#include <fmt/format.h>

#include <algorithm>

#include "report/analysis.h"
#include "report/numbers.h"

namespace thimble::report {
namespace {

constexpr std::size_t kMostRemedies = 4, kMostEstimates = 2, kMostNames = 3;

std::string change_text(std::int64_t bytes) {
  return (bytes > 0 ? "+" : "") + grouped(bytes) + " B";
}

// TensorFlow Lite names a fused tensor by all it comes from: the first stands for it.
std::string short_name(const std::string &name) { return name.substr(0, name.find(';')); }

// "a, b and 3 more"
std::string some_of(const std::vector<std::string> &names) {
  std::vector<std::string> all;
  for (const std::string &name : names)
    if (std::find(all.begin(), all.end(), short_name(name)) == all.end())
      all.push_back(short_name(name));
  std::string text;
  for (std::size_t i = 0; i < all.size() && i < kMostNames; ++i)
    text += (i == 0 ? "" : ", ") + all[i];
  if (all.size() > kMostNames) text += fmt::format(" and {} more", all.size() - kMostNames);
  return text;
}

std::string all_of(const std::vector<std::string> &options) {
  std::string text;
  for (const std::string &option : options) text += (text.empty() ? "" : ", ") + option;
  return text;
}

std::string remedy_text(const Remedy &remedy, std::int64_t arena_bytes) {
  const std::string outside =
      remedy.outside_bytes == 0
          ? ""
          : fmt::format("; {} B of input stay with the caller", grouped(remedy.outside_bytes));
  const std::string with = remedy.option.starts_with("no ") ? "without" + remedy.option.substr(2)
                                                            : "with " + remedy.option;
  return fmt::format("  {}: {}{} B ({}{})\n", with, remedy.proven ? "" : "at most ",
                     grouped(remedy.bytes), change_text(remedy.bytes - arena_bytes), outside);
}

std::string retraining_text(const Retraining &retraining, std::int64_t arena_bytes) {
  return fmt::format("  {}: {}{} B ({}), needs retraining ({})\n", retraining.change,
                     retraining.proven ? "" : "at most ", grouped(retraining.bytes),
                     change_text(retraining.bytes - arena_bytes), retraining.command);
}

}  // namespace

std::string remedies_text(const Analysis &analysis) {
  const Peak &peak = analysis.peak;
  std::string text;
  for (std::size_t i = 0; i < peak.remedies.size() && i < kMostRemedies; ++i)
    text += remedy_text(peak.remedies[i], analysis.arena_bytes);
  for (const Retraining &retraining : peak.retrainings)
    text += retraining_text(retraining, analysis.arena_bytes);
  for (std::size_t i = 0; i < peak.estimates.size() && i < kMostEstimates; ++i) {
    const Estimate &estimate = peak.estimates[i];
    text += fmt::format("  with half the channels of {}: about {} B alive ({}, an estimate)\n",
                        some_of(estimate.tensors), grouped(estimate.live_bytes),
                        change_text(estimate.live_bytes - peak.live_bytes));
  }
  if (!peak.not_better.empty()) text += "  no less with " + all_of(peak.not_better) + "\n";
  if (!peak.not_tried.empty())
    text += "  not tried, planning takes long: " + all_of(peak.not_tried) + "\n";
  return text.empty() ? "" : "what would lower it:\n" + text;
}

const char *rule_name(plan::Rule rule) {
  switch (rule) {
    case plan::Rule::kApart:
      return "every tensor apart";
    case plan::Rule::kLives:
      return "bytes used again when lives end";
    case plan::Rule::kOrder:
      return "order of layers";
    case plan::Rule::kInPlace:
      return "in place, over dying inputs";
    case plan::Rule::kViews:
      return "views: no copies";
    case plan::Rule::kRows:
      return "rows instead of layers";
    case plan::Rule::kLines:
      return "line buffers";
    case plan::Rule::kPorts:
      return "input or output outside";
  }
  return "";
}

std::string savings_table(const std::vector<plan::Saving> &savings) {
  if (savings.empty()) return "";
  std::vector<std::vector<std::string>> lines = {{"what each rule saves", "arena", "change"}};
  for (std::size_t i = 0; i < savings.size(); ++i) {
    lines.push_back({rule_name(savings[i].rule), grouped(savings[i].bytes) + " B",
                     i == 0 ? "" : change_text(savings[i].bytes - savings[i - 1].bytes)});
  }
  return "\n" + table(lines, 1);
}

}  // namespace thimble::report

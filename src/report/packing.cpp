// Counting and quartiles: see packing.h.
#include "report/packing.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/numbers.h"

namespace thimble::report {
namespace {

using plan::Packing;
using plan::Way;

constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kMemories[] = {2 * kMiB, 4 * kMiB};
constexpr int kWidths[] = {1, 2};  // bytes an element

struct Words {
  const char *key, *name, *head;
};
constexpr Words kWords[plan::kWayCount] = {
    {"apart", "nothing shared", "apart"},
    {"pool", "never-resized buffers, first fit", "pool"},
    {"by_size", "never-resized buffers, shared by size", "by size"},
    {"greedy", "offsets, largest first", "greedy"},
    {"offsets", "offsets, exact", "exact"},
    {"order", "+ order of operators", "+ order"},
    {"merged", "+ in place, over dying inputs, merged", "+ merged"},
    {"rows", "+ rows", "+ rows"},
};

std::int64_t bytes_of(const Packing &packing, int way) { return packing.ways[way].bytes; }

int fitting(const std::vector<Packing> &packings, int way, int width, std::int64_t memory) {
  return static_cast<int>(std::count_if(packings.begin(), packings.end(), [&](const Packing &p) {
    return bytes_of(p, way) * width <= memory;
  }));
}

// Of what never-resized buffers shared by size take, the part saved; sorted.
std::vector<double> savings(const std::vector<Packing> &packings, int way) {
  std::vector<double> parts;
  for (const Packing &packing : packings)
    parts.push_back(1 - static_cast<double>(bytes_of(packing, way)) /
                            static_cast<double>(packing.at(Way::kBySize).bytes));
  std::sort(parts.begin(), parts.end());
  return parts;
}

double quantile(const std::vector<double> &sorted, double part) {
  const double at = part * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::string share_text(int count, std::size_t all) {
  return fmt::format("{} ({:.0f} %)", count, 100.0 * count / static_cast<double>(all));
}

std::string shares_table(const std::vector<Packing> &packings) {
  std::string text = fmt::format(
      "| of {} networks fit | 2 MiB, 1 byte | 4 MiB, 1 byte | 2 MiB, 2 bytes | 4 MiB, 2 bytes | "
      "saved: quartiles |\n|---|---|---|---|---|---|\n",
      packings.size());
  for (int way = 0; way < plan::kWayCount; ++way) {
    text += fmt::format("| {} ", kWords[way].name);
    for (int width : kWidths)
      for (std::int64_t memory : kMemories)
        text += "| " + share_text(fitting(packings, way, width, memory), packings.size()) + " ";
    const std::vector<double> saved = savings(packings, way);
    if (way <= static_cast<int>(Way::kBySize)) {
      text += "| |\n";
    } else {
      text += fmt::format("| {:.0f}, **{:.0f}**, {:.0f} % |\n", 100 * quantile(saved, 0.25),
                          100 * quantile(saved, 0.5), 100 * quantile(saved, 0.75));
    }
  }
  return text;
}

std::string cell(const plan::Packed &packed) {
  const std::string bytes = grouped(packed.bytes);
  if (packed.lower_bound == 0 || packed.proven) return bytes;
  return fmt::format("{}<br>≥ {}", bytes, grouped(packed.lower_bound));
}

std::string networks_table(const std::vector<Packing> &packings) {
  std::string text = "| bytes at 1 byte an element ", rule = "|---";
  for (const Words &words : kWords) {
    text += fmt::format("| {} ", words.head);
    rule += "|---:";
  }
  text += "|\n" + rule + "|\n";
  for (const Packing &packing : packings) {
    text += "| " + packing.name + " ";
    for (const plan::Packed &packed : packing.ways) text += "| " + cell(packed) + " ";
    text += "|\n";
  }
  return text;
}

}  // namespace

std::string to_markdown(const std::vector<Packing> &packings) {
  return shares_table(packings) + "\n" + networks_table(packings);
}

Json to_json(const std::vector<Packing> &packings) {
  Json json = {{"networks", Json::array()}, {"ways", Json::array()}};
  for (const Packing &packing : packings) {
    Json entry = {{"name", packing.name}, {"order_proven", packing.order_proven}};
    for (int way = 0; way < plan::kWayCount; ++way) {
      const plan::Packed &packed = packing.ways[way];
      entry[kWords[way].key] = packed.bytes;
      if (packed.lower_bound > 0)
        entry[std::string(kWords[way].key) + "_at_least"] = packed.lower_bound;
    }
    json["networks"].push_back(std::move(entry));
  }
  for (int way = 0; way < plan::kWayCount && !packings.empty(); ++way) {
    Json entry = {{"way", kWords[way].key}, {"fit", Json::array()}};
    for (int width : kWidths)
      for (std::int64_t memory : kMemories)
        entry["fit"].push_back({{"element_bytes", width},
                                {"memory", memory},
                                {"networks", fitting(packings, way, width, memory)}});
    const std::vector<double> saved = savings(packings, way);
    entry["saved"] = {quantile(saved, 0.25), quantile(saved, 0.5), quantile(saved, 0.75)};
    json["ways"].push_back(std::move(entry));
  }
  return json;
}

Plot packing_plot(const std::vector<Packing> &packings) {
  Plot plot{"How many networks fit, by how their memory is shared",
            {"memory for activations at 1 byte an element, KiB", Scale::kLog},
            {"networks that fit", Scale::kLinear},
            {}};
  const auto count = static_cast<double>(packings.size());
  for (int way = plan::kWayCount - 1; way >= 0; --way) {
    std::vector<double> sizes;
    for (const Packing &packing : packings)
      sizes.push_back(static_cast<double>(bytes_of(packing, way)) / 1024);
    std::sort(sizes.begin(), sizes.end());
    Series series{
        kWords[way].name, series_colour(static_cast<std::size_t>(way)), Marker::kNone, true, {}};
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      series.points.push_back({sizes[i], static_cast<double>(i)});
      series.points.push_back({sizes[i], static_cast<double>(i + 1)});
    }
    plot.series.push_back(std::move(series));
  }
  for (std::int64_t memory : kMemories) {
    const auto at = static_cast<double>(memory) / 1024;
    plot.series.push_back({"",
                           "#9ca3af",
                           Marker::kNone,
                           true,
                           {{at, 0, fmt::format("{} MiB", memory / kMiB)}, {at, count}}});
  }
  return plot;
}

}  // namespace thimble::report

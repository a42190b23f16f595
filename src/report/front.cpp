#include "report/front.h"

#include <fmt/format.h>

namespace thimble::report {

std::string to_text(const std::vector<FrontLine> &front) {
  std::string text = "\nRAM against work:\n       arena   MACs\n";
  for (const FrontLine &line : front)
    text += fmt::format("  {:>10} {:>6.3f}  {}\n", fmt::format("{} B", line.arena_bytes),
                        line.macs_ratio, line.options.empty() ? "as asked" : line.options);
  return text;
}

Json to_json(const std::vector<FrontLine> &front) {
  Json json = Json::array();
  for (const FrontLine &line : front)
    json.push_back({{"arena_bytes", line.arena_bytes},
                    {"macs_ratio", line.macs_ratio},
                    {"placement_proven", line.placement_proven},
                    {"options", line.options}});
  return json;
}

}  // namespace thimble::report

// `thimble targets`: the chips that are known.
#include <fmt/core.h>

#include "cli/command.h"
#include "cli/console.h"
#include "targets/target.h"

namespace thimble::cli {
namespace {

std::string row(const targets::Target &target) {
  const auto or_dash = [](std::int64_t number) { return number ? std::to_string(number) : "-"; };
  return fmt::format("{:<12} {:>9} {:>9} {:>10}  {:<10} {}\n", target.name,
                     or_dash(target.flash_bytes), or_dash(target.ram_bytes),
                     or_dash(target.clock_hz), target.emulator, target.description);
}

std::vector<std::string> level_names(const targets::Target &target) {
  std::vector<std::string> names;
  for (const targets::Level &level : target.levels) names.push_back(level.name);
  return names;
}

Json to_json(const targets::Target &target) {
  return {{"name", target.name},
          {"description", target.description},
          {"compiler", target.compiler},
          {"flags", target.flags},
          {"emulator", target.emulator},
          {"flash_bytes", target.flash_bytes},
          {"ram_bytes", target.ram_bytes},
          {"clock_hz", target.clock_hz},
          {"index_bits", target.index_bits},
          {"requant", targets::to_string(target.requant)},
          {"levels", level_names(target)}};
}

Status print_targets(bool as_json) {
  TRY(const std::vector<targets::Target> all, targets::all_targets());
  Json list = Json::array();
  std::string table = fmt::format("{:<12} {:>9} {:>9} {:>10}  {:<10} {}\n", "target", "flash",
                                  "RAM", "clock Hz", "emulator", "");
  for (const targets::Target &target : all) {
    list.push_back(to_json(target));
    table += row(target);
  }
  as_json ? print_result(Json{{"targets", list}}) : print_result(table);
  return Unit{};
}

}  // namespace

Command targets_command(App root) {
  App app = root.add_subcommand("targets", "Print the chips that are known");
  auto as_json = std::make_shared<bool>(false);
  app->add_flag("--json", *as_json, "As one JSON object");
  return {app, [=] { return print_targets(*as_json); }};
}

}  // namespace thimble::cli

// `thimble passes`: what every network goes through, in its order.
#include <fmt/core.h>

#include "cli/command.h"
#include "cli/console.h"
#include "passes/pipeline.h"

namespace thimble::cli {
namespace {

Status print_passes(bool as_json) {
  Json list = Json::array();
  std::string table;
  const auto add = [&](const passes::Pass &pass, const std::string &when) {
    list.push_back({{"name", pass.name}, {"summary", std::string(pass.summary) + when}});
    table += fmt::format("{:<24} {}{}\n", pass.name, pass.summary, when);
  };
  for (const passes::Pass &pass : passes::pipeline()) add(pass, "");
  for (const passes::Pass &pass : passes::on_request()) add(pass, " (only where asked for)");
  for (const passes::Pass &pass : passes::shrinking())
    add(pass, " (changes what is computed; only where asked for)");
  as_json ? print_result(Json{{"passes", list}}) : print_result(table);
  return Unit{};
}

}  // namespace

Command passes_command(App root) {
  App app = root.add_subcommand("passes", "Print the passes of the pipeline, in order");
  auto as_json = std::make_shared<bool>(false);
  app->add_flag("--json", *as_json, "As one JSON object");
  return {app, [=] { return print_passes(*as_json); }};
}

}  // namespace thimble::cli

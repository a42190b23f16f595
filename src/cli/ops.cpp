// `thimble ops`: the operators, and what of a file becomes each of them.
#include <fmt/core.h>

#include "cli/command.h"
#include "cli/console.h"
#include "ops/operator.h"

namespace thimble::cli {
namespace {

std::vector<std::string> foreign_names(const ops::Operator &op, std::string_view domain) {
  std::vector<std::string> names;
  for (const ops::ImportRule &rule : op.imports) {
    if (rule.domain == domain) names.emplace_back(rule.op);
  }
  return names;
}

Json to_json(const ops::Operator &op) {
  return {{"name", op.name},
          {"summary", op.summary},
          {"onnx", foreign_names(op, "onnx")},
          {"aten", foreign_names(op, "aten")},
          {"float", op.eval_float != nullptr},
          {"int8", op.eval_int != nullptr}};
}

std::string row(const ops::Operator &op) {
  std::string text = fmt::format("{:<18} {}\n", op.name, op.summary);
  for (const char *domain : {"onnx", "aten"}) {
    std::string names;
    for (const std::string &name : foreign_names(op, domain)) names += " " + name;
    if (!names.empty()) text += fmt::format("{:<18}   {}:{}\n", "", domain, names);
  }
  return text;
}

Status print_operators(bool as_json) {
  Json list = Json::array();
  std::string table;
  for (const ops::Operator *op : ops::all_operators()) {
    list.push_back(to_json(*op));
    table += row(*op);
  }
  as_json ? print_result(Json{{"ops", list}}) : print_result(table);
  return Unit{};
}

}  // namespace

Command ops_command(CLI::App &root) {
  CLI::App *app = root.add_subcommand("ops", "Print the operators");
  auto as_json = std::make_shared<bool>(false);
  app->add_flag("--json", *as_json, "As one JSON object");
  return {app, [=] { return print_operators(*as_json); }};
}

}  // namespace thimble::cli

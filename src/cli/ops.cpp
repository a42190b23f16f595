// `thimble ops`: the operators, and what of a file becomes each of them.
#include <fmt/core.h>

#include "cli/command.h"
#include "cli/console.h"
#include "ops/composites.h"
#include "ops/operator.h"

namespace thimble::cli {
namespace {

std::vector<std::string> foreign_names(const std::vector<ops::ImportRule> &rules,
                                       std::string_view domain) {
  std::vector<std::string> names;
  for (const ops::ImportRule &rule : rules) {
    if (rule.domain == domain) names.emplace_back(rule.op);
  }
  return names;
}

Json to_json(const ops::Operator &op) {
  return {{"name", op.name},
          {"summary", op.summary},
          {"onnx", foreign_names(op.imports, "onnx")},
          {"aten", foreign_names(op.imports, "aten")},
          {"tflite", foreign_names(op.imports, "tflite")},
          {"float", op.eval_float != nullptr},
          {"int8", op.eval_int != nullptr}};
}

std::string row(std::string_view name, std::string_view summary,
                const std::vector<ops::ImportRule> &rules) {
  std::string text = fmt::format("{:<18} {}\n", name, summary);
  for (const char *domain : {"onnx", "aten", "tflite"}) {
    std::string names;
    for (const std::string &foreign : foreign_names(rules, domain)) names += " " + foreign;
    if (!names.empty()) text += fmt::format("{:<18}   {}:{}\n", "", domain, names);
  }
  return text;
}

Status print_operators(bool as_json) {
  Json list = Json::array();
  std::string table;
  for (const ops::Operator *op : ops::all_operators()) {
    list.push_back(to_json(*op));
    table += row(op->name, op->summary, op->imports);
  }
  const auto composites = ops::composite_rules();
  table += row("(several)", "operators of files that become several of the above", composites);
  const Json composed = {{"onnx", foreign_names(composites, "onnx")},
                         {"aten", foreign_names(composites, "aten")}};
  as_json ? print_result(Json{{"ops", list}, {"composed", composed}}) : print_result(table);
  return Unit{};
}

}  // namespace

Command ops_command(App root) {
  App app = root.add_subcommand("ops", "Print the operators");
  auto as_json = std::make_shared<bool>(false);
  app->add_flag("--json", *as_json, "As one JSON object");
  return {app, [=] { return print_operators(*as_json); }};
}

}  // namespace thimble::cli

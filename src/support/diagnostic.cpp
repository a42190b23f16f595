// The words of a Diagnostic. The form is a contract with users and editors: see style.md and the
// tests of diagnostics.
#include "support/diagnostic.h"

namespace thimble {
namespace {

const char *word(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kNote:
      return "note";
  }
  return "error";
}

Diagnostic error_of(ErrorClass error_class, std::string what, std::string why, std::string fix) {
  Diagnostic diagnostic;
  diagnostic.error_class = error_class;
  diagnostic.what = std::move(what);
  diagnostic.why = std::move(why);
  diagnostic.fix = std::move(fix);
  return diagnostic;
}

// Names come from model files: control characters in them must not reach a terminal.
std::string printable(const std::string &text) {
  std::string result;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += (byte < 0x20 && c != '\n') || byte == 0x7f ? '?' : c;
  }
  return result;
}

}  // namespace

std::string to_string(const Diagnostic &diagnostic) {
  std::string text;
  if (!diagnostic.file.empty()) text += printable(diagnostic.file) + ": ";
  text += word(diagnostic.severity);
  text += ": ";
  if (!diagnostic.node.empty()) text += "node '" + printable(diagnostic.node) + "'";
  if (!diagnostic.op.empty()) {
    text += (diagnostic.node.empty() ? "(" : " (") + printable(diagnostic.op) + ")";
  }
  if (!diagnostic.node.empty() || !diagnostic.op.empty()) text += ": ";
  text += printable(diagnostic.what) + "\n";
  if (!diagnostic.why.empty()) text += "  why: " + printable(diagnostic.why) + "\n";
  if (!diagnostic.fix.empty()) text += "  fix: " + printable(diagnostic.fix) + "\n";
  return text;
}

Diagnostic model_error(std::string what, std::string why, std::string fix) {
  return error_of(ErrorClass::kModel, std::move(what), std::move(why), std::move(fix));
}

Diagnostic usage_error(std::string what, std::string why, std::string fix) {
  return error_of(ErrorClass::kUsage, std::move(what), std::move(why), std::move(fix));
}

Diagnostic budget_error(std::string what, std::string why, std::string fix) {
  return error_of(ErrorClass::kBudget, std::move(what), std::move(why), std::move(fix));
}

Diagnostic missing_tool_error(std::string what, std::string why, std::string fix) {
  return error_of(ErrorClass::kMissingTool, std::move(what), std::move(why), std::move(fix));
}

}  // namespace thimble

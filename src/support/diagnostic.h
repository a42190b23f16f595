// What a model or a user did wrong, in one form for every room.
//
// A Diagnostic says what, why and how to fix it, and where: file, node, operator. `Result<T>`
// carries either a value (with warnings) or every error found; nothing here prints (only cli/
// does).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace thimble {

enum class Severity { kError, kWarning, kNote };

// Which exit code of the command line an error leads to.
enum class ErrorClass {
  kUsage = 1,       // the call is off
  kModel = 2,       // model unreadable or unsupported
  kBudget = 3,      // does not fit
  kVerify = 4,      // outputs differ
  kMissingTool = 5  // a compiler or emulator is not installed
};

struct Diagnostic {
  Severity severity = Severity::kError;
  ErrorClass error_class = ErrorClass::kModel;
  std::string file;  // as the user named it; may be empty
  std::string node;  // node name in the model; may be empty
  std::string op;    // operator in the words of the file ("Conv", "aten.conv2d.default")
  std::string what;  // one clause, no full stop
  std::string why;   // may be empty
  std::string fix;   // may be empty
};

using Diagnostics = std::vector<Diagnostic>;

// "file: error: node 'x' (Op): what\n  why: ...\n  fix: ...\n"
std::string to_string(const Diagnostic &diagnostic);

Diagnostic model_error(std::string what, std::string why = {}, std::string fix = {});
Diagnostic usage_error(std::string what, std::string why = {}, std::string fix = {});
Diagnostic budget_error(std::string what, std::string why = {}, std::string fix = {});
Diagnostic missing_tool_error(std::string what, std::string why = {}, std::string fix = {});

// A value, or every error that stands in the way of it. Warnings ride along with a value.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}                    // NOLINT: implicit
  Result(Diagnostic error) : diagnostics_{std::move(error)} {}     // NOLINT: implicit
  Result(Diagnostics errors) : diagnostics_(std::move(errors)) {}  // NOLINT: implicit
  Result(T value, Diagnostics warnings)
      : value_(std::move(value)), diagnostics_(std::move(warnings)) {}

  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }
  const T &operator*() const & { return *value_; }
  T &operator*() & { return *value_; }
  T &&operator*() && { return *std::move(value_); }
  const T *operator->() const { return &*value_; }
  T *operator->() { return &*value_; }
  // Errors when !ok(), warnings when ok().
  const Diagnostics &diagnostics() const { return diagnostics_; }

 private:
  std::optional<T> value_;
  Diagnostics diagnostics_;
};

struct Unit {};
using Status = Result<Unit>;

}  // namespace thimble

// `TRY(auto graph, import(...));` returns the diagnostics of a failed Result from the enclosing
// function, or binds its value. Warnings are dropped: collect them by hand where they matter.
#define THIMBLE_TRY_NAME2(a, b) a##b
#define THIMBLE_TRY_NAME(a, b) THIMBLE_TRY_NAME2(a, b)
#define TRY(declaration, ...)                                     \
  auto THIMBLE_TRY_NAME(try_result_, __LINE__) = (__VA_ARGS__);   \
  if (!THIMBLE_TRY_NAME(try_result_, __LINE__).ok())              \
    return THIMBLE_TRY_NAME(try_result_, __LINE__).diagnostics(); \
  declaration = *std::move(THIMBLE_TRY_NAME(try_result_, __LINE__))

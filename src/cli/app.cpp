// The list of commands, and the one place where exceptions and diagnostics become exit codes.
#include "cli/app.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <new>
#include <vector>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/teach.h"
#include "support/check.h"

namespace thimble::cli {
namespace {

std::vector<Command> all_commands(App root) {
  return {
      compile_command(root), analyze_command(root),    verify_command(root), run_command(root),
      bench_command(root),   report_command(root),     plan_command(root),   die_command(root),
      dice_command(root),    opt_command(root),        export_command(root), targets_command(root),
      ops_command(root),     passes_command(root),     train_command(root),  sweep_command(root),
      shrink_command(root),  completion_command(root), manual_command(root)};
}

int exit_code_of(const Diagnostics &errors) {
  int code = 0;
  for (const Diagnostic &error : errors) code = std::max(code, static_cast<int>(error.error_class));
  return std::max(code, 1);
}

int execute(const Command &command) {
  const Status status = command.run();
  print_diagnostics(status.diagnostics());
  return status.ok() ? 0 : exit_code_of(status.diagnostics());
}

int execute_guarded(const Command &command) {
  try {
    return execute(command);
  } catch (const InternalError &error) {
    print_log(std::string("thimble: internal error: ") + error.what());
    print_log("  fix: this is a bug in Thimble; please report it with the command line");
  } catch (const std::bad_alloc &) {
    print_diagnostics({model_error("not enough memory")});
    return static_cast<int>(ErrorClass::kModel);
  } catch (const std::system_error &error) {
    print_diagnostics({usage_error(error.what())});
    return static_cast<int>(ErrorClass::kUsage);
  } catch (const std::exception &error) {
    print_log(std::string("thimble: internal error: ") + error.what());
  }
  return kInternalError;
}

}  // namespace

int run(int argc, const char *const *argv) { return run(argc, argv, all_commands); }

int run(int argc, const char *const *argv, AddCommands add_commands) {
  CLI::App root("Turns trained networks into C that runs in a thimbleful of memory.", "thimble");
  root.set_version_flag("--version", "thimble " THIMBLE_VERSION);
  root.require_subcommand(1);
  root.get_formatter()->column_width(34);
  root.footer("thimble COMMAND --help says more.");
  const std::vector<Command> commands = add_commands(App(&root));
  teach(root);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return root.exit(error) == 0 ? 0 : static_cast<int>(ErrorClass::kUsage);
  }
  for (const Command &command : commands) {
    if (command.app.parser().parsed()) return execute_guarded(command);
  }
  return static_cast<int>(ErrorClass::kUsage);
}

}  // namespace thimble::cli

// What a command is: a subcommand of the parser and a function. One function below a file of the
// same name; app.cpp lists them all.
#pragma once

#include <functional>

#include "api/outcome.h"
#include "cli/parser.h"
#include "support/diagnostic.h"

namespace thimble::cli {

struct Command {
  App app;
  std::function<Status()> run;  // prints results on stdout; errors are app.cpp's to print
};

Command compile_command(App root);
Command analyze_command(App root);
Command verify_command(App root);
Command run_command(App root);
Command bench_command(App root);
Command report_command(App root);
Command plan_command(App root);
Command die_command(App root);
Command dice_command(App root);
Command sweep_command(App root);
Command opt_command(App root);
Command export_command(App root);
Command targets_command(App root);
Command ops_command(App root);
Command passes_command(App root);
Command train_command(App root);
Command shrink_command(App root);
Command completion_command(App root);
Command manual_command(App root);

}  // namespace thimble::cli

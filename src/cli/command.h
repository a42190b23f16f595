// What a command is: a CLI11 subcommand and a function. One function below a file of the same name;
// app.cpp lists them all.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "api/outcome.h"
#include "support/diagnostic.h"

namespace thimble::cli {

struct Command {
  CLI::App *app = nullptr;
  std::function<Status()> run;  // prints results on stdout; errors are app.cpp's to print
};

Command compile_command(CLI::App &root);
Command analyze_command(CLI::App &root);
Command verify_command(CLI::App &root);
Command run_command(CLI::App &root);
Command bench_command(CLI::App &root);
Command report_command(CLI::App &root);
Command plan_command(CLI::App &root);
Command die_command(CLI::App &root);
Command dice_command(CLI::App &root);
Command sweep_command(CLI::App &root);
Command opt_command(CLI::App &root);
Command export_command(CLI::App &root);
Command targets_command(CLI::App &root);
Command ops_command(CLI::App &root);
Command passes_command(CLI::App &root);
Command train_command(CLI::App &root);
Command shrink_command(CLI::App &root);
Command completion_command(CLI::App &root);
Command manual_command(CLI::App &root);

}  // namespace thimble::cli

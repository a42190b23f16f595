// The options that compile, analyze, bench, verify and run share.
#pragma once

#include <CLI/CLI.hpp>

#include "api/build.h"

namespace thimble::cli {

void add_model_options(CLI::App &app, api::ModelOptions &options);
void add_plan_options(CLI::App &app, api::PlanOptions &options);
// --stream-in, --stream-out, --keep-input, --borrow-input, --residency, --strips, --keep-columns:
// those that change the plan.
void add_layout_options(CLI::App &app, api::PlanOptions &options);

}  // namespace thimble::cli

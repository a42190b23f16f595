// The options that compile, analyze, bench, verify and run share.
#pragma once

#include "api/build.h"
#include "cli/parser.h"

namespace thimble::cli {

void add_model_options(App app, api::ModelOptions &options);
void add_plan_options(App app, api::PlanOptions &options);
// --stream-in, --stream-out, --keep-input, --borrow-input, --residency, --strips, --keep-columns:
// those that change the plan.
void add_layout_options(App app, api::PlanOptions &options);

}  // namespace thimble::cli

// What would need less RAM, and what each of the plan's rules saves: found by planning the same
// network with other options.
#pragma once

#include "api/build.h"
#include "report/analysis.h"

namespace thimble::api {

// Fills in the peak's remedies (and what retraining would need: poolings as strides) and what each
// rule saves. `network`: without the Copies that
// borrowed inputs need (before `prepare`); `plan`: of it with `options`. Planning stops, and the
// analysis says so, when one way takes more than two seconds, or all together that much more than
// the plan itself.
Status explain(const Network &network, const PlanOptions &options, const plan::Plan &plan,
               report::Analysis &analysis);

}  // namespace thimble::api

// The front RAM against work of a model, and the point of it that a budget asks for.
#pragma once

#include "api/build.h"
#include "plan/search.h"
#include "report/front.h"

namespace thimble::api {

// One point: the options that give it, and its line.
struct FrontChoice {
  PlanOptions options;
  report::FrontLine line;
};

// Of the network as `prepare` leaves it without strips; shows a progress bar.
Result<std::vector<FrontChoice>> front_of(const Network &network, const PlanOptions &options,
                                          plan::Effort effort = plan::Effort::kQuick);

struct Fitting {
  PlanOptions options;
  std::optional<report::FrontLine>
      line;  // of the front's point; nothing: no point of it was needed
};

// `options`, or those of the point with least work that fits into --ram, where the plan that they
// ask for does not and they name neither --residency lines nor --strips. Unchanged where none fits.
Result<Fitting> cheapest_that_fits(const Network &network, const PlanOptions &options);

}  // namespace thimble::api

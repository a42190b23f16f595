#include "plan/check_plan.h"

namespace thimble::plan {

Diagnostics check_plan(const ir::Graph &, const Program &, int) { return {}; }

}  // namespace thimble::plan

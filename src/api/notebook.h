// What a notebook shows of a compiled network: the figures, and the arena's rows over time.
#pragma once

#include <string>

#include "ir/graph.h"
#include "plan/plan.h"
#include "report/analysis.h"

namespace thimble::api {

// A fragment of HTML that needs nothing around it: tables, and an inline SVG (time goes right,
// addresses go up, one colour a tensor). Colours of text and ground are the notebook's own.
std::string notebook_html(const report::Analysis &analysis, const ir::Graph &graph,
                          const plan::Plan &plan);

}  // namespace thimble::api

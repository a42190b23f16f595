// The independent check: executes a Program on an arena whose every byte is tagged with (tensor,
// row, column, channel) and reports each read of a byte that holds another tag. Shares no code with
// the planner; knows only Program, Access, View and WriteOrder. Every plan that Thimble emits has
// passed it.
//
// A call whose mode promises nothing about its write order (WriteOrder::kAnywhere) is taken at its
// worst: its output bytes are gone before its first read. Bytes outside the arena, overlapping
// state or workspace, rows made twice or never, and outputs that are not all there at the end are
// errors too.
#pragma once

#include "ir/graph.h"
#include "plan/behaviour.h"
#include "plan/program.h"
#include "support/diagnostic.h"

namespace thimble::plan {

class ArenaRecorder;

// Empty: sound. Stops after `most` findings.
Diagnostics check_plan(const ir::Graph &graph, const Program &program, int most = 10);
// The same of nodes that the table of operators does not know. `recorder` is told of every read and
// write of the arena (arena_log.h).
Diagnostics check_plan(const ir::Graph &graph, const Behaviours &behaviours, const Program &program,
                       int most = 10, ArenaRecorder *recorder = nullptr);

}  // namespace thimble::plan

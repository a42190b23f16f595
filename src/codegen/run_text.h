// The body of NAME_run_rows: the plan's steps as nested loops.
#pragma once

#include "codegen/arena.h"
#include "codegen/groups.h"
#include "codegen/ports.h"
#include "ctext/c_writer.h"
#include "plan/program.h"

namespace thimble::codegen {

// Declares the row counters, then the steps. `emit`, `fill` and `user` are in scope.
void print_steps(ctext::CWriter &writer, const ir::Graph &graph, const plan::Program &program,
                 const std::vector<GroupCode> &groups, const ArenaStyle &style, const Ports &ports,
                 const std::string &announce);

}  // namespace thimble::codegen

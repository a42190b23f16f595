// Which row of which tensor is where in the arena, and when: the memory plan as a picture shows it.
// One source of this for everyone who draws: the check that every plan passes (check_plan.h), which
// writes down what it sees while it executes the Program.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.h"
#include "plan/behaviour.h"
#include "plan/program.h"

namespace thimble::plan {

enum class LifeKind {
  kRow,        // a row of a tensor (`value`, `row`)
  kState,      // a node's accumulators or carried state (`node`)
  kWorkspace,  // what one call of a node needs beside its rows (`node`); alive for that step
  kSaved,      // pixels of row `row` that a line buffer keeps while the row itself is replaced
};

// One thing in the arena from the step that makes it to the last one that reads it, both included.
// Where two things share bytes in a step, the one that is born in it follows the one that dies.
struct Life {
  LifeKind kind = LifeKind::kRow;
  ir::ValueId value = -1;  // kRow, kSaved: the tensor that is written, never a view of it
  ir::NodeId node = -1;    // kState, kWorkspace
  int row = -1;
  // From its first byte to behind its last; between them other rows may lie where the pixels of
  // several tensors alternate.
  std::int64_t offset = 0, bytes = 0;
  int born = 0, dies = 0;  // index into Program::steps
  bool operator==(const Life &) const = default;
};

struct ArenaLog {
  std::int64_t arena_bytes = 0;
  int steps = 0;            // of the Program
  std::vector<Life> lives;  // in the order in which they begin; the network's inputs at step 0
};

// `program` is sound (check_plan). A network output that stays in the arena lives to the last step;
// borrowed inputs are not in the arena, and not in the log.
ArenaLog arena_log(const ir::Graph &graph, const Program &program);
// The same of nodes that the table of operators does not know.
ArenaLog arena_log(const ir::Graph &graph, const Behaviours &behaviours, const Program &program);

}  // namespace thimble::plan

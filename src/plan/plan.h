// The memory plan: which rows of which tensor are where, when. Made from Access alone; nothing here
// knows a trick by name.
//
// make_plan chooses modes, regions, fused pairs, ring lengths and the order of rows by simulating
// rows (rows.h), turns every pair of buffers into safe distances (distances.h), places them
// (place.h), writes the Program (program.h) and has it executed on tagged bytes (check_plan.h)
// before anyone sees it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "ops/operator.h"
#include "plan/behaviour.h"
#include "plan/program.h"
#include "support/diagnostic.h"

namespace thimble::plan {

enum class Lines { kChosen, kNever, kAlways };  // always: wherever a window slides

struct Options {
  bool stream_in = false;   // every network input is handed in row by row, each row once, in order
  bool stream_out = false;  // every network output is handed out row by row and not kept
  bool keep_input = false;  // the input's bytes are not reused
  // Every network input stays where the caller has it, outside the arena: any row is read there, as
  // often as needed, none is written. Not with stream_in.
  bool borrow_input = false;
  bool layer_by_layer = false;     // one node after the other, every tensor whole (for comparisons)
  bool keep_all = false;           // and no tensor's bytes are reused: all can be read at the end
  Lines lines = Lines::kNever;     // line buffers: less RAM for more code and time
  bool whole_rows = false;         // no fused pairs: more RAM for fewer calls, of more pixels each
  double time_limit_seconds = 10;  // about, and the same work on every machine: see place.h
};

enum class ResidencyKind { kWhole, kRing, kLine, kTile, kStreamed, kBorrowed, kView, kConstant };
std::string to_string(ResidencyKind kind);

struct Residency {
  ResidencyKind kind = ResidencyKind::kWhole;
  int rows = 0;     // slots kept (kRing, kLine, kTile, kStreamed)
  int cols = 0;     // kTile: columns kept; kLine: pixels saved of the row that is replaced
  int buffer = -1;  // index into Plan::buffers; views: that of what they view; -1: none (kBorrowed)
  bool network_input = false, network_output = false;
};

enum class BufferKind { kTensor, kState, kWorkspace };

// One object of the placement: a tensor's rows (with all its views), a node's accumulators, carried
// state or workspace.
struct Buffer {
  BufferKind kind = BufferKind::kTensor;
  std::string name;        // of the tensor, "NODE accumulators", "NODE state"
  ir::ValueId value = -1;  // kTensor
  ir::NodeId node = -1;    // kState, kWorkspace
  std::int64_t bytes = 0;
  std::int64_t offset = 0;  // in the arena
  int alignment = 1;
  int rows = 0;                       // rows kept
  int first_step = 0, last_step = 0;  // of Program::steps, both included
};

// The step at which most bytes are alive, and whose they are.
struct Peak {
  int step = 0;
  std::int64_t live_bytes = 0;
  struct Part {
    int buffer = 0;
    std::int64_t bytes = 0;           // alive then (rows still to be read, and the row being made)
    int first_row = 0, last_row = 0;  // alive rows, both included (tensors)
  };
  std::vector<Part> parts;
  struct Halved {
    std::vector<ir::ValueId> values;  // whose channels are one thing
    std::int64_t live_bytes = 0;      // the peak, about, if they had half of them
  };
  std::vector<Halved> halved;  // halved_channels.h
};

// The least peak of live bytes that any order of the nodes has, run one after the other.
struct OrderFound {
  bool changed = false;  // regions are of that order, not of the graph's (each has its own inside)
  std::int64_t peak = 0, lower_bound = 0;
  bool proven = false;  // peak == lower_bound
};

struct Plan {
  Options options;
  std::vector<int> modes;  // by NodeId: index into the operator's modes; -1: a view, no call
  std::vector<Residency> residencies;  // by ValueId
  std::vector<Buffer> buffers;
  std::vector<int> region_of;  // by NodeId: regions are numbered in order
  Program program;
  Peak peak;
  std::int64_t arena_bytes = 0;
  std::int64_t lower_bound = 0;   // of the placement, for this schedule
  bool placement_proven = false;  // arena_bytes == least possible for this schedule
  // No other regions, modes or fusions of the search space need less, directions of rows apart.
  bool schedule_proven = false;
  OrderFound order;
  double seconds = 0;
};

// `graph` is typed and verified (ops::verify). Errors: an operator without modes; options that
// contradict each other; a borrowed input that should lie in the arena (the pass copy-borrowed sees
// to it that none does); never "does not fit".
Result<Plan> make_plan(const ir::Graph &graph, const Options &options);
// The same of nodes that the table of operators does not know.
Result<Plan> make_plan(const ir::Graph &graph, const Behaviours &behaviours,
                       const Options &options);

}  // namespace thimble::plan

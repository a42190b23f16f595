// The objects of the arena for one trace: blocks as rings, as one pixel or whole, accumulators,
// workspaces, tiles, saved pixels of line buffers.
#pragma once

#include <map>
#include <vector>

#include "plan/network.h"
#include "plan/pixels.h"
#include "plan/place.h"
#include "plan/rows.h"

namespace thimble::plan {

enum class Role { kBlock, kState, kTile, kSaved, kSinkWorkspace, kProducerWorkspace };

struct Object {
  Role role = Role::kBlock;
  int block = -1;              // kBlock
  const Task *task = nullptr;  // the others
  std::int64_t bytes = 0;
  int alignment = 1;
  int slots = 0;            // kBlock: rows kept; 0: one pixel
  int first = 0, last = 0;  // events, both included
};

// Indices of a task's own objects; -1: none.
struct TaskObjects {
  int state = -1, tile = -1;
  int saved = -1;  // of a lane: pixels of the row that its row replaces, where they are read
  int sink_workspace = -1, producer_workspace = -1;
};

struct Objects {
  std::vector<Object> list;
  std::vector<int> of_block;                    // by block; -1: nothing of it is in the arena
  std::map<const Task *, TaskObjects> of_task;  // tasks that run
  bool sound = true;  // every row that a lane makes is there when it is read
};

Objects find_objects(const Network &network, const Trace &trace, const Boundary &boundary);
// The same for one of many traces of the network.
Objects find_objects(const Network &network, const Trace &trace, const Boundary &boundary,
                     PixelWalks &walks);

// Bytes [lo, hi) of its block that row `row` of a tensor lies in (with what stands between its
// pixels).
Interval row_bytes_in_block(const Network &network, const Objects &objects, int tensor, int row);

}  // namespace thimble::plan

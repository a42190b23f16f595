// Makes an ArenaLog of the reads and writes that check_plan reports to it.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.h"
#include "plan/arena_log.h"
#include "plan/tagged_arena.h"

namespace thimble::plan {

class ArenaRecorder {
 public:
  ArenaRecorder(const ir::Graph &graph, const Program &program);

  void step(std::size_t index);
  // Bytes [at, at + bytes) of the arena are of that row from now on.
  void wrote(ir::ValueId value, int row, std::int64_t at, std::int64_t bytes);
  // That byte is read, or still there; what is not in the arena is passed over.
  void read(const Tag &tag);
  void put_state(ir::NodeId node, std::int64_t at, std::int64_t bytes);
  void put_workspace(ir::NodeId node, std::int64_t at, std::int64_t bytes);
  void saved(ir::ValueId value, int row, std::int64_t at, std::int64_t bytes);

  ArenaLog take() { return std::move(log_); }

 private:
  int begin(Life life);
  void widen(Life &life, std::int64_t at, std::int64_t bytes) const;

  const ir::Graph &graph_;
  ArenaLog log_;
  int now_ = 0;
  std::vector<std::vector<int>> of_row_;  // by ValueId, row: index into lives, or -1
  std::vector<int> of_state_;             // by NodeId
};

}  // namespace thimble::plan

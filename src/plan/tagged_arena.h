// An arena whose every byte knows what it holds: for check_plan, which shares nothing with the
// planner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "plan/behaviour.h"

namespace thimble::plan {

// Byte `byte` (in stored order) of a value; or, with negative owners, of something else.
struct Tag {
  int owner = kNothing;  // ValueId, kNothing, or below kNothing: state or workspace of a call
  std::int64_t byte = 0;
  static constexpr int kNothing = -1;
  bool operator==(const Tag &) const = default;
};

// Tag owners of what a call keeps besides tensors.
inline int state_owner(ir::NodeId node) { return -2 - 2 * node; }
inline int workspace_owner(ir::NodeId node) { return -3 - 2 * node; }

class TaggedArena {
 public:
  explicit TaggedArena(std::int64_t bytes) : cells_(static_cast<std::size_t>(bytes)) {}
  bool contains(std::int64_t at, std::int64_t bytes) const {
    return at >= 0 && bytes >= 0 && at + bytes <= static_cast<std::int64_t>(cells_.size());
  }
  // Both only within the arena.
  const Tag &at(std::int64_t byte) const { return cells_[static_cast<std::size_t>(byte)]; }
  void put(std::int64_t byte, Tag tag) { cells_[static_cast<std::size_t>(byte)] = tag; }

 private:
  std::vector<Tag> cells_;
};

// Where the bytes of values come from when views are seen through: a view's byte is a byte of the
// value that some call, or the caller, writes.
class Origins {
 public:
  // `runs`: by NodeId, whether a call makes the node's output (else it is a view).
  Origins(const ir::Graph &graph, const Behaviours &behaviours, const std::vector<bool> &runs);
  Tag origin(ir::ValueId value, std::int64_t byte) const {
    return seen_through_[value].empty() ? Tag{value, byte}
                                        : seen_through_[value][static_cast<std::size_t>(byte)];
  }

 private:
  std::vector<std::vector<Tag>> seen_through_;  // by ValueId; empty: its bytes are its own
};

}  // namespace thimble::plan

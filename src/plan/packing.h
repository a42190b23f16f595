// What each way to share memory saves, from none to all, of one network: of many graphs, for
// comparisons, and of the plan of one, rule by rule.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "ir/graph.h"
#include "plan/outline.h"
#include "plan/plan.h"
#include "support/diagnostic.h"

namespace thimble::plan {

// Each way but the first three adds to the one before.
enum class Way {
  kApart,    // nothing shared: the sum
  kPool,     // buffers that are never resized: each tensor takes the first free one that is large
             // enough, else a new one, as they come
  kBySize,   // buffers that are never resized, shared by tensors that never live together, the
             // largest first
  kGreedy,   // offsets, the largest first, each as low as it can lie
  kOffsets,  // offsets, exact (place.h)
  kOrder,    // and the order in which fewest bytes are alive (order.h)
  kMerged,   // and layer by layer with safe distances: in place, over dying inputs; parts of a
             // Concat made where the whole lies
  kRows,     // and in rows: regions of layers run together
};
inline constexpr int kWayCount = 8;

struct Packed {
  std::int64_t bytes = 0;
  std::int64_t lower_bound = 0;  // kOffsets on: of the placement; else 0
  bool proven = false;
};

struct Packing {
  std::string name;
  std::array<Packed, kWayCount> ways;  // by Way
  bool order_proven = false;
  const Packed &at(Way way) const { return ways[static_cast<std::size_t>(way)]; }
};

// At one byte an element; network inputs and outputs included, weights not. `seconds`: of the
// solver, for each way (place.h). Errors: as outlined.
Result<Packing> pack(const Outline &outline, double seconds);

// What a plan is made by; each rule adds to those before it.
enum class Rule {
  kApart,    // nothing shared: tensors, accumulators and workspace side by side
  kLives,    // offsets, exact: bytes that are free again are used again
  kOrder,    // the order of operators
  kInPlace,  // safe distances: in place, over dying inputs
  kViews,    // Reshape, Concat and Slice are no copies
  kRows,     // in rows: regions of layers run together
  kLines,    // rows made pixel by pixel: line buffers
  kPorts,    // streamed or borrowed inputs and outputs
};

struct Saving {
  Rule rule = Rule::kApart;
  std::int64_t bytes = 0;  // of the arena with this rule and those before it
  bool operator==(const Saving &) const = default;
};

// Those of `plan`, which is of the same network with `options`; rules that do not apply are left
// out. `graph`: without Copies of borrowed inputs (they come with kPorts). `seconds`: as above.
Result<std::vector<Saving>> savings(const ir::Graph &graph, const Options &options,
                                    const Plan &plan, double seconds);

}  // namespace thimble::plan

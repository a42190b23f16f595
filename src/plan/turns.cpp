// Directions by turns: see turns.h.
#include "plan/turns.h"

#include <algorithm>

namespace thimble::plan {
namespace {

// The read of a task that covers most bytes; null: it reads nothing of the arena.
const Read *largest_read(const std::vector<Tensor> &tensors, const Task &task) {
  const auto bytes = [&](const Read &read) {
    return tensors[read.tensor].rows * tensors[read.tensor].row_bytes;
  };
  const auto most =
      std::max_element(task.reads.begin(), task.reads.end(),
                       [&](const Read &a, const Read &b) { return bytes(a) < bytes(b); });
  return most == task.reads.end() ? nullptr : &*most;
}

}  // namespace

std::vector<Region> with_turns(const Network &network, std::vector<Region> regions) {
  const std::vector<Tensor> &tensors = network.storage.tensors;
  std::vector<bool> descends(tensors.size(), false);
  for (Region &region : regions) {
    if (!can_be_mirrored(region)) continue;
    const Task &task = *region.tasks[0];
    const Read *most = largest_read(tensors, task);
    region.mirrored = most != nullptr && !descends[most->tensor];
    descends[task.output] = region.mirrored;
  }
  return regions;
}

std::vector<Region> turned(std::vector<Region> regions, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i)
    if (can_be_mirrored(regions[i])) regions[i].mirrored = !regions[i].mirrored;
  return regions;
}

bool is_any_mirrored(const std::vector<Region> &regions) {
  return std::any_of(regions.begin(), regions.end(),
                     [](const Region &region) { return region.mirrored; });
}

}  // namespace thimble::plan

// The objects of the arena: see objects.h. A block is a ring when all of its tensors are made and
// read within one region and fewer rows than all are alive at any time; one pixel when each row is
// read as it is made, pixel by pixel.
#include "plan/objects.h"

#include <algorithm>

namespace thimble::plan {
namespace {

std::vector<std::vector<int>> tensors_by_block(const Storage &storage) {
  std::vector<std::vector<int>> tensors(storage.blocks.size());
  for (int t = 0; t < static_cast<int>(storage.tensors.size()); ++t)
    tensors[storage.layouts[storage.tensors[t].value].block].push_back(t);
  return tensors;
}

// Does any row of it lie in the arena?
bool is_present(const Tensor &tensor, const Lifetime &lifetime, bool made_before) {
  if (lifetime.made.empty() || tensor.borrowed) return false;
  if (made_before && tensor.producer < 0) return true;  // the caller writes all of it
  for (std::size_t row = 0; row < lifetime.made.size(); ++row)
    if (lifetime.made[row] != kNever || lifetime.last[row] != kNever) return true;
  return false;
}

// Made and read within one region, and not needed after it.
bool is_internal(const Trace &trace, const Lifetime &lifetime) {
  for (std::size_t row = 0; row < lifetime.made.size(); ++row) {
    const int made = lifetime.made[row], last = lifetime.last[row];
    if (last == kForever) return false;
    if (last == kNever) continue;
    if (made == kNever) return false;
    if (trace.region_of_event[made] != trace.region_of_event[last]) return false;
  }
  return true;
}

// Whether a row that is still read gives way to a lane's, and is not `slots` rows before it: where
// rows between them are not wanted. Pixels are saved of that one alone. Rows die in order.
bool loses_pixels(const Lifetime &lifetime, int slots) {
  for (int row = 0; row < static_cast<int>(lifetime.made.size()); ++row) {
    const int now = lifetime.made[row];
    if (now == kNever) continue;
    for (int before = row - 1; before >= 0; --before) {
      const int last = lifetime.last[before];
      if (last == kNever) continue;
      if (last < now) break;
      if (row - before != slots && (row - before) % slots == 0) return true;
    }
  }
  return false;
}

int slots_of(const Trace &trace, const Block &block, const std::vector<int> &tensors) {
  if (!block.ringable) return block.rows;
  int slots = 1;
  for (int t : tensors) {
    if (trace.lifetimes[t].made.empty() || !is_internal(trace, trace.lifetimes[t]))
      return block.rows;
    slots = std::max(slots, ring_rows(trace.lifetimes[t]));
  }
  const auto loses = [&](int t) { return loses_pixels(trace.lifetimes[t], slots); };
  while (slots < block.rows && std::any_of(tensors.begin(), tensors.end(), loses)) ++slots;
  return std::min(slots, block.rows);
}

class Finder {
 public:
  Finder(const Network &network, const Trace &trace, const Boundary &boundary, PixelWalks &walks)
      : network_(network),
        trace_(trace),
        boundary_(boundary),
        end_(last_event()),
        ahead_(network.storage.tensors.size(), 0) {
    for (const Event &event : trace.events)
      if (!event.lanes.empty()) walks_.push_back({&event, &walks.reads(event)});
  }

  Objects run() {
    find_ahead();
    add_blocks();
    find_saved();
    add_task_objects();
    return std::move(objects_);
  }

 private:
  int last_event() const { return std::max(0, static_cast<int>(trace_.events.size()) - 1); }

  // How far lanes get ahead of those who read the rows that they make.
  void find_ahead() {
    for (const auto &[event, reads] : walks_) {
      for (const LaneRead &found : *reads) {
        const Lane &lane = event->lanes[found.lane];
        if (!reads_row(*event, found, lane.row)) continue;
        if (found.late) objects_.sound = false;
        int &ahead = ahead_[lane.task->output];
        ahead = std::max(ahead, found.behind);
      }
    }
  }

  static bool reads_row(const Event &event, const LaneRead &found, int row) {
    const Range rows = found.read->rows[row_in(event, found.reader)];
    return rows.lo <= row && row < rows.hi;
  }

  // Is each row a lane, and read only then, just the pixel that was made?
  bool is_one_pixel(int tensor) const {
    const Lifetime &life = trace_.lifetimes[tensor];
    if (ahead_[tensor] != 1) return false;
    for (std::size_t row = 0; row < life.made.size(); ++row) {
      if (life.made[row] != life.last[row]) return false;
      if (life.made[row] == kNever) continue;
      const std::vector<Lane> &lanes = trace_.events[life.made[row]].lanes;
      if (std::none_of(lanes.begin(), lanes.end(),
                       [&](const Lane &lane) { return lane.task->output == tensor; }))
        return false;
    }
    return true;
  }

  // Pixels kept of rows that are read in the event that replaces them.
  void find_saved() {
    saved_cols_.assign(network_.storage.tensors.size(), 0);
    for (const auto &[event, reads] : walks_) {
      for (const LaneRead &found : *reads) {
        const Lane &lane = event->lanes[found.lane];
        const int tensor = lane.task->output;
        const int block = network_.storage.layouts[network_.storage.tensors[tensor].value].block;
        const int slots = objects_.list[objects_.of_block[block]].slots;
        if (slots == 0 || !reads_row(*event, found, lane.row - slots)) continue;
        // All of a window is there still, or all of it is saved, where calls look for it: under the
        // lane's own value.
        if (found.read->cols.empty() || found.read->of_columns || (found.late && found.behind > 0))
          objects_.sound = false;
        saved_cols_[tensor] = std::max(saved_cols_[tensor], found.behind);
      }
    }
  }

  void add_blocks() {
    const Storage &storage = network_.storage;
    const auto tensors = tensors_by_block(storage);
    objects_.of_block.assign(storage.blocks.size(), -1);
    for (int b = 0; b < static_cast<int>(storage.blocks.size()); ++b) {
      std::vector<int> present;
      for (int t : tensors[b])
        if (is_present(storage.tensors[t], trace_.lifetimes[t], boundary_.made_before[t]))
          present.push_back(t);
      if (present.empty()) continue;
      Object object;
      object.block = b;
      object.alignment = storage.blocks[b].alignment;
      object.slots = slots_of(trace_, storage.blocks[b], tensors[b]);
      object.bytes = object.slots * storage.blocks[b].row_pitch;
      if (storage.blocks[b].values.size() == 1 && is_one_pixel(tensors[b][0])) {
        object.slots = 0;
        object.bytes = storage.tensors[tensors[b][0]].pixel_bytes;
      }
      object.first = end_;
      for (int t : present) widen(trace_.lifetimes[t], object);
      objects_.of_block[b] = static_cast<int>(objects_.list.size());
      objects_.list.push_back(object);
    }
  }

  void widen(const Lifetime &lifetime, Object &object) const {
    for (std::size_t row = 0; row < lifetime.made.size(); ++row) {
      object.first = std::min(object.first, std::max(0, lifetime.made[row]));
      object.last = std::max({object.last, lifetime.made[row], std::min(lifetime.last[row], end_)});
    }
  }

  void add_task_objects() {
    for (int now = 0; now < static_cast<int>(trace_.events.size()); ++now) {
      for (const Lane &lane : trace_.events[now].lanes) add_lane_objects(lane, now);
      const Task &task = *trace_.events[now].task;
      const auto [found, is_new] = objects_.of_task.try_emplace(&task);
      TaskObjects &own = found->second;
      if (is_new) add_own_objects(task, own, now);
      for (int index : {own.state, own.tile, own.sink_workspace, own.producer_workspace})
        if (index >= 0) objects_.list[index].last = now;
    }
  }

  void add_lane_objects(const Lane &lane, int now) {
    const Task &task = *lane.task;
    const std::int64_t pixel = network_.storage.tensors[task.output].pixel_bytes;
    const auto [found, is_new] = objects_.of_task.try_emplace(&task);
    TaskObjects &own = found->second;
    if (is_new) add_own_objects(task, own, now);
    if (own.saved < 0)
      own.saved =
          add(Role::kSaved, task, saved_cols_[task.output] * pixel, alignment_of(task.output), now);
    for (int index : {own.saved, own.tile, own.sink_workspace, own.producer_workspace})
      if (index >= 0) objects_.list[index].last = now;
  }

  void add_own_objects(const Task &task, TaskObjects &own, int now) {
    own.state = add(Role::kState, task, task.state_bytes, task.sink_alignment, now);
    own.tile = add(Role::kTile, task, task.tile_bytes, alignment_of(task.tile_tensor), now);
    own.sink_workspace =
        add(Role::kSinkWorkspace, task, task.sink_workspace_bytes, task.sink_alignment, now);
    own.producer_workspace = add(Role::kProducerWorkspace, task, task.producer_workspace_bytes,
                                 task.producer_alignment, now);
  }

  int alignment_of(int tensor) const {
    if (tensor < 0) return 1;
    const Storage &storage = network_.storage;
    return storage.blocks[storage.layouts[storage.tensors[tensor].value].block].alignment;
  }

  int add(Role role, const Task &task, std::int64_t bytes, int alignment, int now) {
    if (bytes == 0) return -1;
    objects_.list.push_back({role, -1, &task, bytes, alignment, 0, now, now});
    return static_cast<int>(objects_.list.size()) - 1;
  }

  const Network &network_;
  const Trace &trace_;
  const Boundary &boundary_;
  const int end_;
  // By event with lanes: who reads them, in its pixels.
  std::vector<std::pair<const Event *, const std::vector<LaneRead> *>> walks_;
  std::vector<int> ahead_;       // by tensor: most pixels of a lane's row from a window's first on
  std::vector<int> saved_cols_;  // by tensor
  Objects objects_;
};

}  // namespace

Objects find_objects(const Network &network, const Trace &trace, const Boundary &boundary) {
  PixelWalks walks(network.storage.tensors);
  return find_objects(network, trace, boundary, walks);
}

Objects find_objects(const Network &network, const Trace &trace, const Boundary &boundary,
                     PixelWalks &walks) {
  return Finder(network, trace, boundary, walks).run();
}

Interval row_bytes_in_block(const Network &network, const Objects &objects, int tensor, int row) {
  const Tensor &of = network.storage.tensors[tensor];
  const Layout &layout = network.storage.layouts[of.value];
  const Object &object = objects.list[objects.of_block[layout.block]];
  if (object.slots == 0) return {0, object.bytes};
  const bool is_ring = object.slots < network.storage.blocks[layout.block].rows;
  const std::int64_t begin =
      layout.offset + (is_ring ? row % object.slots : row) * layout.row_pitch;
  return {begin, begin + of.row_bytes + (of.cols - 1) * (layout.pixel_pitch - of.pixel_bytes)};
}

}  // namespace thimble::plan

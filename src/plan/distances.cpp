// Safe distances from writes and live rows: see distances.h.
//
// For a write of bytes W of a while bytes L of b are alive, the offsets at(a) - at(b) in {q - p : p
// in W, q in L} are forbidden; the sets of all events are joined. Pixel by pixel overlaps are
// derived once for each (task, read) with both rows at 0, and shifted to where the rows are.
#include "plan/distances.h"

#include <algorithm>
#include <map>
#include <utility>

#include "plan/intervals.h"
#include "plan/live.h"
#include "plan/pixel_lives.h"

namespace thimble::plan {
namespace {

// Joined when it has grown: adding is cheap, and the set stays small.
class GrowingSet {
 public:
  void add(Interval interval) {
    intervals_.push_back(interval);
    if (intervals_.size() < limit_) return;
    intervals_ = normalized(std::move(intervals_));
    limit_ = std::max<std::size_t>(64, 2 * intervals_.size());
  }
  IntervalSet take() { return normalized(std::move(intervals_)); }

 private:
  IntervalSet intervals_;
  std::size_t limit_ = 64;
};

// Columns of a dying row that are still to be read when output column x is written: from here on.
int first_live_column(const Read &read, std::size_t x, int input_cols) {
  if (read.dying == Dying::kFromOwnColumn) return read.cols[x].lo;
  return x + 1 < read.cols.size() ? read.cols[x + 1].lo : input_cols;
}

// Forbidden at(output row) - at(dying row), both rows at 0 of their objects, bytes as laid out.
IntervalSet overlap_in_row(const Read &read, const Tensor &input, const Layout &in,
                           const Tensor &output, const Layout &out) {
  IntervalSet forbidden;
  const std::int64_t row_end = (input.cols - 1) * in.pixel_pitch + input.pixel_bytes;
  for (std::size_t x = 0; x < read.cols.size(); ++x) {
    const std::int64_t pixel = static_cast<std::int64_t>(x) * out.pixel_pitch;
    const int live_from = first_live_column(read, x, input.cols);
    if (live_from < input.cols)
      forbidden.push_back(
          collision({pixel, pixel + output.pixel_bytes}, {live_from * in.pixel_pitch, row_end}));
    if (read.dying != Dying::kElements || input.pixel_bytes == input.element_bytes) continue;
    // Element c is written while channels behind c of its own columns are alive: most for c = 0.
    for (int col = read.cols[x].lo; col < std::min(read.cols[x].hi, live_from); ++col) {
      const std::int64_t column = col * in.pixel_pitch;
      forbidden.push_back({column - pixel + 1, column - pixel + input.pixel_bytes});
    }
  }
  return normalized(std::move(forbidden));
}

class Distances {
 public:
  Distances(const Network &network, const Trace &trace, const Objects &objects)
      : network_(network),
        trace_(trace),
        objects_(objects),
        walk_(network, trace),
        sets_(objects.list.size() * objects.list.size()) {}

  PlaceProblem run(const Boundary &boundary) {
    separate_what_is_there_before(boundary);
    for (int now = 0; now < static_cast<int>(trace_.events.size()); ++now) {
      walk_.advance(now);
      visit(now);
    }
    return problem();
  }

 private:
  struct Write {
    int object = -1;
    Interval bytes;
  };

  const Tensor &tensor(int index) const { return network_.storage.tensors[index]; }
  const Layout &layout(int index) const { return network_.storage.layouts[tensor(index).value]; }
  int object_of(int index) const { return objects_.of_block[layout(index).block]; }
  Interval row_bytes(int index, int row) const {
    return row_bytes_in_block(network_, objects_, index, row);
  }

  void forbid(int a, int b, Interval gap) {
    if (a == b) return;
    if (a > b) {
      std::swap(a, b);
      gap = {1 - gap.hi, 1 - gap.lo};
    }
    sets_[a * objects_.list.size() + b].add(gap);
  }

  void forbid_write(const Write &write, int object, Interval live) {
    forbid(write.object, object, collision(write.bytes, live));
  }

  // The caller writes the network's inputs in any order; the rest is alive side by side.
  void separate_what_is_there_before(const Boundary &boundary) {
    struct Present {
      int object;
      Interval written, live;
    };
    std::vector<Present> present;
    for (int t = 0; t < static_cast<int>(network_.storage.tensors.size()); ++t) {
      if (!boundary.made_before[t] || object_of(t) < 0) continue;
      const std::vector<int> &last = trace_.lifetimes[t].last;
      for (int row = 0; row < tensor(t).rows; ++row) {
        const Interval bytes = row_bytes(t, row);
        const bool is_live = last[row] != kNever;
        if (is_live || tensor(t).producer < 0)
          present.push_back({object_of(t), bytes, is_live ? bytes : Interval{}});
      }
    }
    for (const Present &a : present)
      for (const Present &b : present)
        if (b.live.lo < b.live.hi) forbid_write({a.object, a.written}, b.object, b.live);
  }

  void visit(int now) {
    const auto &[task, phase, row, lanes] = trace_.events[now];
    const bool makes_row = task->output >= 0 && phase != Phase::kBegin && phase != Phase::kFold;
    std::vector<int> own = own_objects(*task);
    for (const Lane &lane : lanes) add_lane_objects(*lane.task, own);
    std::vector<Write> writes;
    for (int object : own) writes.push_back({object, {0, objects_.list[object].bytes}});
    for (const Lane &lane : lanes)
      writes.push_back({object_of(lane.task->output), row_bytes(lane.task->output, lane.row)});
    std::vector<Write> live = writes;
    add_other_states(now, own, live);
    for (int t : walk_.tensors())
      for (const Interval &bytes : bytes_of(t, walk_.rows(t).staying))
        live.push_back({object_of(t), bytes});
    if (!lanes.empty()) add_dying(live);
    if (makes_row) {
      writes.push_back({object_of(task->output), row_bytes(task->output, row)});
      live.push_back(writes.back());
    }
    const PixelLives pixels(network_, objects_, trace_.events[now]);
    for (const Write &write : writes)
      for (const Write &other : live) {
        if (pixels.is_dead(other.object, write.object)) continue;
        if (const Read *read = pixels.in_step(other.object, write.object))
          overlap_pixel(write, *read, other);
        else
          forbid_write(write, other.object, other.bytes);
      }
    if (!lanes.empty()) return;
    for (int t : walk_.tensors())
      for (int dying : walk_.rows(t).dying) {
        for (int object : own)
          forbid_write({object, {0, objects_.list[object].bytes}}, object_of(t),
                       row_bytes(t, dying));
        if (makes_row) overlap(writes.back(), *task, row, t, dying);
      }
  }

  // Accumulators, workspaces, tiles and saved pixels are taken as written, and alive, all through
  // the event, but for those that never meet.
  std::vector<int> own_objects(const Task &task) const {
    const TaskObjects &all = objects_.of_task.at(&task);
    std::vector<int> own;
    for (int object : {all.state, all.tile, all.sink_workspace, all.producer_workspace})
      if (object >= 0) own.push_back(object);
    return own;
  }

  void add_lane_objects(const Task &task, std::vector<int> &own) const {
    const TaskObjects &all = objects_.of_task.at(&task);
    for (int object : {all.saved, all.tile, all.sink_workspace, all.producer_workspace})
      if (object >= 0) own.push_back(object);
  }

  // Of rows made side by side, none gives way to another's (but in a ring of its own).
  void add_dying(std::vector<Write> &live) const {
    for (int t : walk_.tensors())
      for (const Interval &bytes : bytes_of(t, walk_.rows(t).dying))
        live.push_back({object_of(t), bytes});
  }

  void add_other_states(int now, const std::vector<int> &own, std::vector<Write> &live) const {
    for (int i = 0; i < static_cast<int>(objects_.list.size()); ++i) {
      const Object &object = objects_.list[i];
      if (object.role == Role::kState && object.first <= now && now <= object.last &&
          std::find(own.begin(), own.end(), i) == own.end())
        live.push_back({i, {0, object.bytes}});
    }
  }

  IntervalSet bytes_of(int index, const std::vector<int> &rows) const {
    IntervalSet bytes;
    for (int row : rows) bytes.push_back(row_bytes(index, row));
    return normalized(std::move(bytes));
  }

  // A pixel against the one that is read to make it.
  void overlap_pixel(const Write &write, const Read &read, const Write &input) {
    if (read.dying == Dying::kFromNextColumn) return;
    if (read.dying == Dying::kElements)  // element c is written while channels behind c are alive
      forbid(write.object, input.object, {1, input.bytes.hi});
    else
      forbid_write(write, input.object, input.bytes);
  }

  // The output row against a row of tensor `t` that dies while it is written.
  void overlap(const Write &write, const Task &task, int row, int t, int dying) {
    for (std::size_t i = 0; i < task.reads.size(); ++i) {
      const Read &read = task.reads[i];
      if (read.tensor != t || dying < read.rows[row].lo || dying >= read.rows[row].hi) continue;
      const Interval live = row_bytes(t, dying);
      if (read.dying == Dying::kWholeRow) {
        forbid_write(write, object_of(t), live);
        continue;
      }
      const std::int64_t shift = live.lo - write.bytes.lo;
      for (const Interval &gap : pattern(task, static_cast<int>(i)))
        forbid(write.object, object_of(t), {gap.lo + shift, gap.hi + shift});
    }
  }

  const IntervalSet &pattern(const Task &task, int read_index) {
    const auto [found, is_new] = patterns_.try_emplace({&task, read_index});
    if (is_new) {
      const Read &read = task.reads[read_index];
      found->second = overlap_in_row(read, tensor(read.tensor), layout(read.tensor),
                                     tensor(task.output), layout(task.output));
    }
    return found->second;
  }

  PlaceProblem problem() {
    PlaceProblem problem;
    const int count = static_cast<int>(objects_.list.size());
    for (const Object &object : objects_.list)
      problem.objects.push_back({object.bytes, object.alignment, std::nullopt});
    for (int a = 0; a < count; ++a)
      for (int b = a + 1; b < count; ++b)
        if (IntervalSet forbidden = sets_[a * count + b].take(); !forbidden.empty())
          problem.pairs.push_back({a, b, std::move(forbidden)});
    problem.lower_bound = peak_bytes(network_, trace_, objects_);
    return problem;
  }

  const Network &network_;
  const Trace &trace_;
  const Objects &objects_;
  LiveWalk walk_;
  std::vector<GrowingSet> sets_;  // by a * objects + b, a < b: of at(a) - at(b)
  std::map<std::pair<const Task *, int>, IntervalSet> patterns_;
};

}  // namespace

PlaceProblem find_distances(const Network &network, const Trace &trace, const Objects &objects,
                            const Boundary &boundary) {
  return Distances(network, trace, objects).run(boundary);
}

}  // namespace thimble::plan

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

// Columns of a dying row that are still to be read when output column x is written.
Range live_columns(const Read &read, std::size_t x, int input_cols, bool descends) {
  const bool is_own = read.dying == Dying::kFromOwnColumn;
  if (descends) return {0, is_own ? read.cols[x].hi : x > 0 ? read.cols[x - 1].hi : 0};
  if (is_own) return {read.cols[x].lo, input_cols};
  return {x + 1 < read.cols.size() ? read.cols[x + 1].lo : input_cols, input_cols};
}

// Forbidden at(output row) - at(dying row), both rows at 0 of their objects, bytes as laid out.
// `set_by`: the column of the read at which each output column is written; empty: the same.
IntervalSet overlap_in_row(const Read &read, const std::vector<int> &set_by, const Tensor &input,
                           const Layout &in, const Tensor &output, const Layout &out,
                           bool descends) {
  IntervalSet forbidden;
  const std::size_t written = set_by.empty() ? read.cols.size() : set_by.size();
  for (std::size_t col = 0; col < written; ++col) {
    const std::int64_t pixel = static_cast<std::int64_t>(col) * out.pixel_pitch;
    const std::size_t x = set_by.empty() ? col : set_by[col];
    const Range live = live_columns(read, x, input.cols, descends);
    if (live.lo < live.hi)
      forbidden.push_back(collision(
          {pixel, pixel + output.pixel_bytes},
          {live.lo * in.pixel_pitch, (live.hi - 1) * in.pixel_pitch + input.pixel_bytes}));
    if (read.dying != Dying::kElements || input.pixel_bytes == input.element_bytes) continue;
    // Element c is written while channels behind c of its own columns are alive: most for c = 0.
    for (int col = read.cols[x].lo; col < read.cols[x].hi; ++col) {
      if (live.lo <= col && col < live.hi) continue;
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
    add(sets_[a * objects_.list.size() + b], gap);
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
    const Event &event = trace_.events[now];
    const std::vector<Lane> &lanes = event.lanes;
    std::vector<int> own = own_objects(event);
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
    const std::vector<Write> made = rows_made(event);
    for (std::vector<Write> *list : {&writes, &live})
      list->insert(list->end(), made.begin(), made.end());
    const PixelLives pixels(network_, objects_, event);
    for (const Write &write : writes)
      for (const Write &other : live) {
        if (pixels.is_dead(other.object, write.object)) continue;
        const std::vector<const Read *> reads = pixels.in_step(other.object, write.object);
        if (reads.empty()) forbid_write(write, other.object, other.bytes);
        for (const Read *read : reads) overlap_pixel(write, *read, other);
      }
    if (!lanes.empty()) return;
    if (ends_in_order(trace_.events[now])) overlap_sums(trace_.events[now], writes);
    for (int t : walk_.tensors())
      for (int dying : walk_.rows(t).dying) {
        for (int object : own)
          forbid_write({object, {0, objects_.list[object].bytes}}, object_of(t),
                       row_bytes(t, dying));
        for (const Write &write : made) overlap(write, event, t, dying);
      }
  }

  std::vector<Write> rows_made(const Event &event) const {
    std::vector<Write> made;
    const Range rows = rows_written(event);
    for (int row = rows.lo; row < rows.hi; ++row)
      made.push_back({object_of(event.task->output), row_bytes(event.task->output, row)});
    return made;
  }

  // Accumulators, workspaces, tiles and saved pixels are taken as written, and alive, all through
  // the event, but for those that never meet, and sums that give way to their elements.
  std::vector<int> own_objects(const Event &event) const {
    const TaskObjects &all = objects_.of_task.at(event.task);
    std::vector<int> own;
    if (all.state >= 0 && !ends_in_order(event)) own.push_back(all.state);
    for (int object : {all.tile, all.sink_workspace, all.producer_workspace})
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
          std::find(own.begin(), own.end(), i) == own.end() &&
          !(object.task == trace_.events[now].task && ends_in_order(trace_.events[now])))
        live.push_back({i, {walk_.sums_read(*object.task), object.bytes}});
    }
  }

  // The row, the last of the writes, against the sums that it is made of and those of later rows;
  // what else is written, against all of them. Sums are no narrower than elements, so the first
  // element of a pixel asks for most.
  void overlap_sums(const Event &event, const std::vector<Write> &writes) {
    const int state = objects_.of_task.at(event.task).state;
    const std::int64_t end = objects_.list[state].bytes;
    const Interval sums = sums_of_row(network_.storage.tensors, event);
    for (const Write &write : writes)
      if (&write != &writes.back()) forbid_write(write, state, {sums.lo, end});
    const Tensor &output = tensor(event.task->output);
    const std::int64_t pixel_sums = (sums.hi - sums.lo) / output.cols;
    for (int col = 0; col < output.cols; ++col) {
      const std::int64_t at = writes.back().bytes.lo + col * layout(event.task->output).pixel_pitch;
      const std::int64_t read = sums.lo + col * pixel_sums + event.task->sum_bytes;
      if (read < end)
        forbid_write({writes.back().object, {at, at + output.element_bytes}}, state, {read, end});
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

  // An output row against a row of tensor `t` that dies while it is written.
  void overlap(const Write &write, const Event &event, int t, int dying) {
    const Task &task = *event.task;
    for (const Read &read : event.phase == Phase::kFold ? task.fold_reads : task.reads) {
      const Range &rows = read.rows[event.row];
      if (read.tensor != t || dying < rows.lo || dying >= rows.hi) continue;
      const Interval live = row_bytes(t, dying);
      if (read.dying == Dying::kWholeRow) {
        forbid_write(write, object_of(t), live);
        continue;
      }
      const std::int64_t shift = live.lo - write.bytes.lo;
      for (const Interval &gap : pattern(task, read, columns_descend(event)))
        forbid(write.object, object_of(t), {gap.lo + shift, gap.hi + shift});
    }
  }

  // Of one task all rows go the same way.
  const IntervalSet &pattern(const Task &task, const Read &read, bool descends) {
    const auto [found, is_new] = patterns_.try_emplace(&read);
    if (is_new)
      found->second = overlap_in_row(read, task.set_by, tensor(read.tensor), layout(read.tensor),
                                     tensor(task.output), layout(task.output), descends);
    return found->second;
  }

  PlaceProblem problem() {
    PlaceProblem problem;
    const int count = static_cast<int>(objects_.list.size());
    for (const Object &object : objects_.list)
      problem.objects.push_back({object.bytes, object.alignment, std::nullopt});
    for (int a = 0; a < count; ++a)
      for (int b = a + 1; b < count; ++b)
        if (IntervalSet &forbidden = sets_[a * count + b]; !forbidden.empty())
          problem.pairs.push_back({a, b, std::move(forbidden)});
    problem.lower_bound = peak_bytes(network_, trace_, objects_);
    return problem;
  }

  const Network &network_;
  const Trace &trace_;
  const Objects &objects_;
  LiveWalk walk_;
  std::vector<IntervalSet> sets_;                 // by a * objects + b, a < b: of at(a) - at(b)
  std::map<const Read *, IntervalSet> patterns_;  // of a task's
};

}  // namespace

PlaceProblem find_distances(const Network &network, const Trace &trace, const Objects &objects,
                            const Boundary &boundary) {
  return Distances(network, trace, objects).run(boundary);
}

}  // namespace thimble::plan

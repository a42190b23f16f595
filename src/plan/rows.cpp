// The row simulator: see rows.h. A RegionRun pulls rows through one region by recursion; everything
// it does is one list of events, from which the life of each row is read off at the end.
#include "plan/rows.h"

#include <algorithm>

#include "support/check.h"

namespace thimble::plan {
namespace {

// Per tensor: rows before it are made, or nobody wants them.
using Progress = std::vector<int>;

class RegionRun {
 public:
  RegionRun(const std::vector<Tensor> &tensors, const Region &region, Progress &progress,
            std::vector<Event> &events)
      : tensors_(tensors),
        progress_(progress),
        events_(events),
        task_of_(tensors.size(), -1),
        followers_(tensors.size()) {
    for (const Task *task : region.tasks) {
      add_task(*task);
      if (task->output >= 0) task_of_[task->output] = static_cast<int>(runs_.size()) - 1;
    }
  }

  // Of a mirrored region: all that its task reads is there.
  void run_mirrored() {
    const Task &task = *runs_[0].task;
    const Tensor &output = tensors_[task.output];
    for (int row = output.rows - 1; row >= 0; --row)
      if (output.wanted[row]) events_.push_back({&task, Phase::kRow, row, {}, true});
    progress_[task.output] = output.rows;
  }

  // `targets`: tensors that must be complete when the region ends. They advance side by side.
  void run(const std::vector<int> &targets) {
    run_eager();
    while (true) {
      int behind = -1;
      for (int tensor : targets)
        if (next_wanted(tensor) < tensors_[tensor].rows && (behind < 0 || lags(tensor, behind)))
          behind = tensor;
      if (behind < 0) break;
      need(behind, next_wanted(behind));
    }
  }

 private:
  struct Run {  // of one task
    const Task *task = nullptr;
    std::vector<const Read *> reads, fold_reads;  // the deepest producer first
    int depth = 0;                                // longest chain of tasks before this one
    int next = 0;                                 // row to fold or to emit
    bool begun = false;
  };

  // The deepest input is pulled first, so that what shorter branches make waits least.
  void add_task(const Task &task) {
    Run run;
    run.task = &task;
    // What follows comes with what it reads.
    const auto depth_of = [&](const Read *read) {
      const int producer = task_of_[read->tensor];
      if (producer < 0) return -1;
      return runs_[producer].depth - (runs_[producer].task->follows ? 1 : 0);
    };
    const auto by_depth = [&](const std::vector<Read> &reads) {
      std::vector<const Read *> sorted;
      for (const Read &read : reads) sorted.push_back(&read);
      std::stable_sort(sorted.begin(), sorted.end(),
                       [&](const Read *a, const Read *b) { return depth_of(a) > depth_of(b); });
      return sorted;
    };
    run.reads = by_depth(task.reads);
    run.fold_reads = by_depth(task.fold_reads);
    for (const auto *reads : {&run.reads, &run.fold_reads})
      if (!reads->empty()) run.depth = std::max(run.depth, depth_of(reads->front()) + 1);
    // What folds all rows does so as they come; sums of some rows wait until they are asked for.
    if (task.kind == Task::Kind::kEmit || (task.fold_rows > 0 && task.folds_before.empty()))
      eager_.push_back(static_cast<int>(runs_.size()));
    if (task.follows) followers_[task.reads[0].tensor].push_back(static_cast<int>(runs_.size()));
    runs_.push_back(std::move(run));
  }

  int next_wanted(int tensor) const {
    int row = progress_[tensor];
    while (row < tensors_[tensor].rows && !tensors_[tensor].wanted[row]) ++row;
    return row;
  }

  // Less of `a` is there than of `b`, in proportion.
  bool lags(int a, int b) const {
    return std::int64_t{next_wanted(a)} * tensors_[b].rows <
           std::int64_t{next_wanted(b)} * tensors_[a].rows;
  }

  // Makes every wanted row of `tensor` up to `row`.
  void need(int tensor, int row) {
    while (progress_[tensor] <= row) {
      const int next = progress_[tensor];
      if (tensors_[tensor].wanted[next]) {
        CHECK(task_of_[tensor] >= 0, "a row is read before its region runs");
        make_row(runs_[task_of_[tensor]], next);
      }
      progress_[tensor] = next + 1;
      run_eager();
    }
  }

  void need_rows(const std::vector<const Read *> &reads, int step) {
    for (const Read *read : reads)
      if (read->rows[step].lo < read->rows[step].hi) need(read->tensor, read->rows[step].hi - 1);
  }

  void make_row(Run &run, int row) {
    const std::vector<int> &before = run.task->folds_before;
    while (run.next < (before.empty() ? run.task->fold_rows : before[row])) {
      const int folded = run.next;
      settle(run.fold_reads, folded);
      if (run.next != folded) continue;  // it was folded as its row came
      std::vector<Lane> lanes;
      claim_read(run.fold_reads, folded, lanes);
      fold(run, std::move(lanes));
    }
    if (!run.task->folds_into.empty()) return;  // the last fold has made it
    Event event{run.task, phase_of(*run.task), row};
    settle(run.reads, row);
    follow(run.reads, row);
    claim(run.reads, row, event.lanes);
    if (run.task->carries) begin(run);
    events_.push_back(std::move(event));
  }

  // Makes all that an event reads, but rows that can be lanes of it. What one input needs may have
  // made what another could have had as a lane.
  void settle(const std::vector<const Read *> &reads, int row) {
    std::size_t before = 0;
    do {
      before = events_.size();
      settle_once(reads, row);
    } while (events_.size() != before);
  }

  void settle_once(const std::vector<const Read *> &reads, int row) {
    for (const Read *read : reads) {
      const Range rows = read->rows[row];
      if (rows.lo >= rows.hi) continue;
      need(read->tensor, may_be_lane(*read) ? rows.hi - 2 : rows.hi - 1);
      if (progress_[read->tensor] < rows.hi)
        settle_once(runs_[task_of_[read->tensor]].reads, rows.hi - 1);
    }
  }

  bool may_be_lane(const Read &read) const {
    const int producer = task_of_[read.tensor];
    return read.slides && producer >= 0 && runs_[producer].task->by_pixel;
  }

  // Once it is settled: lanes for what is not made yet. The indices of those that the reads pull.
  std::vector<int> claim(const std::vector<const Read *> &reads, int row,
                         std::vector<Lane> &lanes) {
    std::vector<int> pulled = claim_read(reads, row, lanes);
    for (const Read *read : reads)
      for (const int follower : followers_[read->tensor])
        if (const int next = row_to_follow(runs_[follower], *read, row, lanes);
            next >= 0 && runs_[follower].task->by_pixel) {
          add_lane(runs_[follower], next, true, lanes);
          pulled.push_back(static_cast<int>(lanes.size()) - 1);
        }
    return pulled;
  }

  // Without what follows: nothing follows a fold.
  std::vector<int> claim_read(const std::vector<const Read *> &reads, int row,
                              std::vector<Lane> &lanes) {
    std::vector<int> pulled;
    for (const Read *read : reads) {
      const Range rows = read->rows[row];
      if (rows.lo >= rows.hi || progress_[read->tensor] >= rows.hi) continue;
      const Run &producer = runs_[task_of_[read->tensor]];
      add_lane(producer, rows.hi - 1, false, lanes);
      pulled.push_back(static_cast<int>(lanes.size()) - 1);
    }
    return pulled;
  }

  // Rows of followers that are whole rows, made before the one that they follow.
  void follow(const std::vector<const Read *> &reads, int row) {
    for (const Read *read : reads)
      for (const int follower : followers_[read->tensor])
        if (const Task &task = *runs_[follower].task; !task.by_pixel)
          if (const int next = row_to_follow(runs_[follower], *read, row, {}); next >= 0)
            need(task.output, next);
  }

  void add_lane(const Run &run, int row, bool follows, std::vector<Lane> &lanes) {
    const std::vector<int> pulled = claim(run.reads, row, lanes);
    const int index = static_cast<int>(lanes.size());
    for (const int lane : pulled) lanes[lane].reader = index;
    lanes.push_back({run.task, row, -1, follows});
    progress_[run.task->output] = row + 1;
  }

  // The next row of a follower, if it is the one whose last row of the read tensor nobody but the
  // follower needs after this row of the reader; or -1.
  int row_to_follow(const Run &follower, const Read &read, int row,
                    const std::vector<Lane> &lanes) const {
    const Task &task = *follower.task;
    const auto is_of_task = [&](const Lane &lane) { return lane.task == &task; };
    if (is_of_follower(read) || std::any_of(lanes.begin(), lanes.end(), is_of_task)) return -1;
    const bool is_last = row + 1 == static_cast<int>(read.rows.size());
    const int end = is_last ? tensors_[read.tensor].rows : read.rows[row + 1].lo;
    const int next = next_wanted(task.output);
    const auto dies_by = [&](int made) {
      return made < task.rows && task.reads[0].rows[made].hi <= end &&
             task.reads[0].rows[made].hi <= progress_[read.tensor];
    };
    const bool is_of_this_row = dies_by(next) && task.reads[0].rows[next].hi > read.rows[row].lo;
    return is_of_this_row && !dies_by(next + 1) ? next : -1;
  }

  // Followers do not follow each other: each would wait for the other one.
  bool is_of_follower(const Read &read) const {
    const std::vector<int> &followers = followers_[read.tensor];
    return std::any_of(followers.begin(), followers.end(),
                       [&](int follower) { return &runs_[follower].task->reads[0] == &read; });
  }

  static Phase phase_of(const Task &task) {
    if (task.kind == Task::Kind::kFill) return Phase::kFill;
    return task.fold_rows > 0 ? Phase::kEnd : Phase::kRow;
  }

  bool is_ready(const std::vector<const Read *> &reads, int step) const {
    return std::all_of(reads.begin(), reads.end(), [&](const Read *read) {
      return read->rows[step].lo >= read->rows[step].hi ||
             read->rows[step].hi <= progress_[read->tensor];
    });
  }

  void begin(Run &run) {
    if (!run.begun) events_.push_back({run.task, Phase::kBegin, 0});
    run.begun = true;
  }

  void fold(Run &run, std::vector<Lane> lanes = {}) {
    if (run.task->folds_into.empty()) begin(run);
    events_.push_back({run.task, Phase::kFold, run.next++, std::move(lanes)});
  }

  // Folds and emits everything that can be.
  void run_eager() {
    for (int index : eager_) {
      Run &run = runs_[index];
      if (run.task->kind == Task::Kind::kEmit) {
        while (run.next < run.task->rows && is_ready(run.reads, run.next))
          events_.push_back({run.task, Phase::kEmit, run.next++});
      } else {
        while (run.next < run.task->fold_rows && is_ready(run.fold_reads, run.next)) fold(run);
      }
    }
  }

  const std::vector<Tensor> &tensors_;
  Progress &progress_;
  std::vector<Event> &events_;
  std::vector<int> task_of_;  // by tensor: index into runs_, -1: made in another region
  std::vector<std::vector<int>> followers_;  // by tensor: runs that follow its other readers
  std::vector<Run> runs_;
  std::vector<int> eager_;  // tasks that run as soon as they can: indices into runs_
};

bool needed_later(const Boundary &boundary, int tensor, int row) {
  const std::vector<bool> &rows = boundary.needed_later[tensor];
  return !rows.empty() && rows[row];
}

// Tensors made in region `index` that a later region reads, or that outlive the trace.
std::vector<int> targets_of(const std::vector<Tensor> &tensors, const std::vector<Region> &regions,
                            const Boundary &boundary, const std::vector<int> &last_reader,
                            int index) {
  std::vector<int> targets;
  for (const Task *task : regions[index].tasks) {
    if (task->output < 0) continue;
    if (tensors[task->output].kept || last_reader[task->output] > index ||
        !boundary.needed_later[task->output].empty())
      targets.push_back(task->output);
  }
  // An emitted tensor is pulled even if it is not kept.
  for (const Task *task : regions[index].tasks)
    if (task->kind == Task::Kind::kEmit)
      for (const Read &read : task->reads)
        if (std::find(targets.begin(), targets.end(), read.tensor) == targets.end())
          targets.push_back(read.tensor);
  return targets;
}

std::vector<int> last_reader_regions(std::size_t tensor_count, const std::vector<Region> &regions) {
  std::vector<int> last(tensor_count, -1);
  for (int i = 0; i < static_cast<int>(regions.size()); ++i)
    for (const Task *task : regions[i].tasks)
      for (const std::vector<Read> *reads : {&task->reads, &task->fold_reads})
        for (const Read &read : *reads) last[read.tensor] = i;
  return last;
}

void mark_reads(const std::vector<Read> &reads, int step, int now,
                std::vector<Lifetime> &lifetimes) {
  for (const Read &read : reads)
    for (int row = read.rows[step].lo; row < read.rows[step].hi; ++row)
      lifetimes[read.tensor].last[row] = now;
}

// What is folded into is begun once, and needed until the last fold.
void mark_writes(const Event &event, int now, Lifetime &lifetime) {
  const Range rows = rows_written(event);
  for (int row = rows.lo; row < rows.hi; ++row) {
    int &made = lifetime.made[row];
    if (made == kNever)
      made = now;
    else
      lifetime.last[row] = now;
  }
}

void find_lifetimes(const std::vector<Tensor> &tensors, const Boundary &boundary, Trace &trace) {
  trace.lifetimes.resize(tensors.size());
  std::vector<bool> touched = boundary.made_before;
  for (const Event &event : trace.events) {
    if (event.task->output >= 0) touched[event.task->output] = true;
    for (const Lane &lane : event.lanes) touched[lane.task->output] = true;
  }
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    if (!touched[t]) continue;
    trace.lifetimes[t].made.assign(tensors[t].rows, kNever);
    trace.lifetimes[t].last.assign(tensors[t].rows, kNever);
  }
  for (int now = 0; now < static_cast<int>(trace.events.size()); ++now) {
    const Event &event = trace.events[now];
    const auto &[task, phase, row, lanes, mirrored] = event;
    for (const Lane &lane : lanes) {
      mark_reads(lane.task->reads, lane.row, now, trace.lifetimes);
      trace.lifetimes[lane.task->output].made[lane.row] = now;
    }
    if (phase == Phase::kFold) mark_reads(task->fold_reads, row, now, trace.lifetimes);
    if (phase != Phase::kFold && phase != Phase::kBegin)
      mark_reads(task->reads, row, now, trace.lifetimes);
    if (task->output >= 0) mark_writes(event, now, trace.lifetimes[task->output]);
  }
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    if (!touched[t]) continue;
    for (int row = 0; row < tensors[t].rows; ++row)
      if (tensors[t].kept || needed_later(boundary, static_cast<int>(t), row))
        trace.lifetimes[t].last[row] = kForever;
  }
}

}  // namespace

bool can_be_mirrored(const Region &region) {
  if (region.tasks.size() != 1) return false;
  const Task &task = *region.tasks[0];
  return task.kind == Task::Kind::kNode && task.output >= 0 && task.fold_rows == 0 &&
         !task.carries && task.rows > 1;
}

Range rows_written(const Event &event) {
  if (event.task->output < 0 || event.phase == Phase::kBegin) return {};
  if (event.phase != Phase::kFold) return {event.row, event.row + 1};
  return event.task->folds_into.empty() ? Range{} : event.task->folds_into[event.row];
}

Trace simulate(const std::vector<Tensor> &tensors, const std::vector<Region> &regions,
               const Boundary &boundary) {
  Progress progress;
  for (std::size_t t = 0; t < tensors.size(); ++t)
    progress.push_back(boundary.made_before[t] ? tensors[t].rows : 0);
  Trace trace;
  const std::vector<int> last_reader = last_reader_regions(tensors.size(), regions);
  for (int i = 0; i < static_cast<int>(regions.size()); ++i) {
    RegionRun run(tensors, regions[i], progress, trace.events);
    if (regions[i].mirrored)
      run.run_mirrored();
    else
      run.run(targets_of(tensors, regions, boundary, last_reader, i));
    trace.region_of_event.resize(trace.events.size(), i);
  }
  find_lifetimes(tensors, boundary, trace);
  return trace;
}

int ring_rows(const Lifetime &lifetime) {
  int most = 0, first = 0;
  for (int row = 0; row < static_cast<int>(lifetime.made.size()); ++row) {
    const int now = lifetime.made[row];
    if (now == kNever) continue;
    while (first < row && (lifetime.made[first] == kNever || lifetime.last[first] <= now)) ++first;
    most = std::max(most, row - first + 1);
  }
  return most;
}

}  // namespace thimble::plan

// Live rows, live bytes and their peak: see live.h.
#include "plan/live.h"

#include <algorithm>
#include <map>

namespace thimble::plan {

bool ends_in_order(const Event &event) {
  return event.phase == Phase::kEnd && event.task->sum_bytes > 0 && event.lanes.empty();
}

Interval sums_of_row(const std::vector<Tensor> &tensors, const Event &event) {
  const Tensor &output = tensors[event.task->output];
  const std::int64_t bytes = output.row_bytes / output.element_bytes * event.task->sum_bytes;
  return {event.row * bytes, (event.row + 1) * bytes};
}

LiveWalk::LiveWalk(const Network &network, const Trace &trace)
    : all_(network.storage.tensors),
      trace_(trace),
      rows_(all_.size()),
      first_(rows_.size(), 0),
      descends_(rows_.size(), false) {
  for (int t = 0; t < static_cast<int>(rows_.size()); ++t)
    if (!trace.lifetimes[t].made.empty()) candidates_.push_back(t);
  for (const Event &event : trace.events)
    if (event.mirrored) descends_[event.task->output] = true;
}

std::int64_t LiveWalk::sums_read(const Task &task) const {
  const auto found = sums_read_.find(&task);
  return found == sums_read_.end() ? 0 : found->second;
}

void LiveWalk::read_sums(const Event &event) {
  if (ends_in_order(event)) sums_read_[event.task] = sums_of_row(all_, event).hi;
}

void LiveWalk::advance(int now) {
  if (now > 0) read_sums(trace_.events[now - 1]);
  tensors_.clear();
  for (int t : candidates_) {
    const Lifetime &life = trace_.lifetimes[t];
    const int count = static_cast<int>(life.made.size());
    LiveRows &rows = rows_[t];
    rows.staying.clear();
    rows.dying.clear();
    int &first = first_[t];
    // A row that is not made yet (made > now) is still to come; one never made nor read is not.
    while (first < count && life.made[first] <= now && life.last[first] < now) ++first;
    for (int row = first; row < count; ++row) {
      if (life.made[row] >= now && descends_[t]) continue;
      if (life.made[row] >= now) break;
      if (life.last[row] > now) rows.staying.push_back(row);
      if (life.last[row] == now) rows.dying.push_back(row);
    }
    if (!rows.staying.empty() || !rows.dying.empty()) tensors_.push_back(t);
  }
}

namespace {

// Is every read of the row by this task one that lets the output overwrite it as it dies?
bool gives_way(const Event &event, int tensor, int row) {
  if (!event.lanes.empty()) return true;  // maybe: the bound stays a bound
  const bool folds = event.phase == Phase::kFold;
  if (folds && event.task->folds_into.empty()) return false;
  for (const Read &read : folds ? event.task->fold_reads : event.task->reads) {
    const Range &rows = read.rows[event.row];
    const bool is_read = read.tensor == tensor && rows.lo <= row && row < rows.hi;
    if (is_read && read.dying == Dying::kWholeRow) return false;
  }
  return true;
}

class Accountant {
 public:
  Accountant(const Network &network, const Objects &objects)
      : network_(network), objects_(objects), part_of_(objects.list.size(), -1) {}

  void add_rows(int tensor, const std::vector<int> &rows) {
    if (rows.empty()) return;
    const Tensor &of = network_.storage.tensors[tensor];
    const int object = objects_.of_block[network_.storage.layouts[of.value].block];
    add(object, static_cast<std::int64_t>(rows.size()) * of.row_bytes, rows.front(), rows.back());
  }

  void add_object(int object) {
    if (object >= 0) add(object, objects_.list[object].bytes, 0, 0);
  }

  // Of accumulators, without the first bytes.
  void add_state(int object, std::int64_t bytes_read) {
    if (const std::int64_t left = objects_.list[object].bytes - bytes_read; left > 0)
      add(object, left, 0, 0);
  }

  LiveBytes take(int event) {
    live_.event = event;
    std::sort(live_.parts.begin(), live_.parts.end(),
              [](const auto &a, const auto &b) { return a.object < b.object; });
    return std::move(live_);
  }

 private:
  void add(int object, std::int64_t bytes, int first_row, int last_row) {
    live_.total += bytes;
    int &at = part_of_[static_cast<std::size_t>(object)];
    if (at < 0) {
      at = static_cast<int>(live_.parts.size());
      live_.parts.push_back({object, bytes, first_row, last_row});
      return;
    }
    LiveBytes::Part &part = live_.parts[static_cast<std::size_t>(at)];
    part.bytes += bytes;
    part.first_row = std::min(part.first_row, first_row);
    part.last_row = std::max(part.last_row, last_row);
  }

  const Network &network_;
  const Objects &objects_;
  std::vector<int> part_of_;  // by object: in live_.parts; -1: not there yet
  LiveBytes live_;
};

// As the event begins: every row that it or a later one reads.
LiveBytes live_before(const Network &network, const Objects &objects, const LiveWalk &walk,
                      int now) {
  Accountant accountant(network, objects);
  for (int t : walk.tensors()) {
    accountant.add_rows(t, walk.rows(t).staying);
    accountant.add_rows(t, walk.rows(t).dying);
  }
  for (const auto &[task, own] : objects.of_task)
    if (own.state >= 0 && objects.list[own.state].first < now &&
        objects.list[own.state].last >= now)
      accountant.add_state(own.state, walk.sums_read(*task));
  return accountant.take(now);
}

// Of the rows that an event writes, those that no event has written before.
std::vector<int> rows_begun(const Trace &trace, int now) {
  const Event &event = trace.events[now];
  const Range written = rows_written(event);
  std::vector<int> rows;
  for (int row = written.lo; row < written.hi; ++row)
    if (trace.lifetimes[event.task->output].made[row] == now) rows.push_back(row);
  return rows;
}

std::int64_t bytes_of_call(const Objects &objects, const TaskObjects &own) {
  std::int64_t bytes = 0;
  for (const int object : {own.tile, own.sink_workspace, own.producer_workspace})
    if (object >= 0) bytes += objects.list[object].bytes;
  return bytes;
}

// Of the tasks that take turns in an event, the objects of the one whose calls need most.
const TaskObjects &most_for_a_call(const Objects &objects, const Event &event) {
  const TaskObjects *most = &objects.of_task.at(event.task);
  for (const Lane &lane : event.lanes)
    if (const TaskObjects &own = objects.of_task.at(lane.task);
        bytes_of_call(objects, own) > bytes_of_call(objects, *most))
      most = &own;
  return *most;
}

std::int64_t sums_read_by(const Network &network, const LiveWalk &walk, const Event &event,
                          const Task &task) {
  if (event.task != &task || !ends_in_order(event)) return walk.sums_read(task);
  return sums_of_row(network.storage.tensors, event).hi;
}

// As it ends: the row that it made, its workspace, and dying rows that did not give way.
LiveBytes live_after(const Network &network, const Trace &trace, const Objects &objects,
                     const LiveWalk &walk, int now) {
  Accountant accountant(network, objects);
  const Event &event = trace.events[now];
  for (int t : walk.tensors()) {
    accountant.add_rows(t, walk.rows(t).staying);
    for (int dying : walk.rows(t).dying)
      if (!gives_way(event, t, dying)) accountant.add_rows(t, {dying});
  }
  for (const int row : rows_begun(trace, now)) accountant.add_rows(event.task->output, {row});
  for (const Lane &lane : event.lanes) {
    if (trace.lifetimes[lane.task->output].last[lane.row] > now)
      accountant.add_rows(lane.task->output, {lane.row});
    accountant.add_object(objects.of_task.at(lane.task).saved);
  }
  const TaskObjects &most = most_for_a_call(objects, event);
  for (int object : {most.tile, most.sink_workspace, most.producer_workspace})
    accountant.add_object(object);
  for (const auto &[other, own] : objects.of_task)
    if (own.state >= 0 && objects.list[own.state].first <= now &&
        objects.list[own.state].last >= now)
      accountant.add_state(own.state, sums_read_by(network, walk, trace.events[now], *other));
  return accountant.take(now);
}

}  // namespace

void walk_live(const Network &network, const Trace &trace, const Objects &objects,
               const std::function<void(LiveBytes)> &show) {
  LiveWalk walk(network, trace);
  for (int now = 0; now < static_cast<int>(trace.events.size()); ++now) {
    walk.advance(now);
    show(live_before(network, objects, walk, now));
    show(live_after(network, trace, objects, walk, now));
  }
}

namespace {

// The totals that walk_live shows: what lives is added where its life begins, and taken away where
// it ends.
class Totals {
 public:
  Totals(const Network &network, const Trace &trace, const Objects &objects)
      : network_(network),
        trace_(trace),
        objects_(objects),
        end_(static_cast<int>(trace.events.size())),
        before_(end_ + 1, 0),
        after_(end_ + 1, 0) {
    for (int t = 0; t < static_cast<int>(trace.lifetimes.size()); ++t) add_rows(t);
    for (const auto &[task, own] : objects.of_task) add_state(own.state);
    for (int now = 0; now < end_; ++now) {
      add_own(now);
      if (ends_in_order(trace.events[now])) take_sums(now);
    }
    sum_up(before_);
    sum_up(after_);
  }

  std::int64_t before(int event) const { return before_[event]; }
  std::int64_t after(int event) const { return after_[event]; }

 private:
  // In events [first, end).
  static void add(std::vector<std::int64_t> &changes, int first, int end, std::int64_t bytes) {
    if (first >= end) return;
    changes[first] += bytes;
    changes[end] -= bytes;
  }

  static void sum_up(std::vector<std::int64_t> &changes) {
    for (std::size_t i = 1; i < changes.size(); ++i) changes[i] += changes[i - 1];
  }

  std::int64_t row_bytes(int tensor) const { return network_.storage.tensors[tensor].row_bytes; }

  void add_rows(int tensor) {
    const Lifetime &life = trace_.lifetimes[tensor];
    for (int row = 0; row < static_cast<int>(life.made.size()); ++row) {
      const int made = life.made[row], last = life.last[row];
      if (last == kNever) continue;
      add(before_, made + 1, std::min(last, end_ - 1) + 1, row_bytes(tensor));
      add(after_, made + 1, std::min(last, end_), row_bytes(tensor));
      if (made < last && last < end_ && !gives_way(trace_.events[last], tensor, row))
        add(after_, last, last + 1, row_bytes(tensor));
    }
  }

  void add_state(int state) {
    if (state < 0) return;
    const Object &object = objects_.list[state];
    add(before_, object.first + 1, object.last + 1, object.bytes);
    add(after_, object.first, object.last + 1, object.bytes);
  }

  // The event has read the sums of its row for the last time.
  void take_sums(int now) {
    const Event &event = trace_.events[now];
    const Object &state = objects_.list[objects_.of_task.at(event.task).state];
    std::int64_t &read = sums_read_[event.task];
    const std::int64_t before = std::min(read, state.bytes);
    read = sums_of_row(network_.storage.tensors, event).hi;
    const std::int64_t gone = std::min(read, state.bytes) - before;
    add(before_, now + 1, state.last + 1, -gone);
    add(after_, now, state.last + 1, -gone);
  }

  // What the event itself makes and works with.
  void add_own(int now) {
    const Event &event = trace_.events[now];
    std::int64_t bytes = bytes_of_call(objects_, most_for_a_call(objects_, event));
    for (std::size_t begun = rows_begun(trace_, now).size(); begun > 0; --begun)
      bytes += row_bytes(event.task->output);
    for (const Lane &lane : event.lanes) {
      if (trace_.lifetimes[lane.task->output].last[lane.row] > now)
        bytes += row_bytes(lane.task->output);
      const int saved = objects_.of_task.at(lane.task).saved;
      if (saved >= 0) bytes += objects_.list[saved].bytes;
    }
    add(after_, now, now + 1, bytes);
  }

  const Network &network_;
  const Trace &trace_;
  const Objects &objects_;
  const int end_;
  std::vector<std::int64_t> before_, after_;        // by event; changes at first
  std::map<const Task *, std::int64_t> sums_read_;  // as LiveWalk's
};

}  // namespace

LiveBytes find_peak(const Network &network, const Trace &trace, const Objects &objects) {
  const Totals totals(network, trace, objects);
  LiveBytes peak;
  int event = -1;
  bool is_after = false;
  for (int now = 0; now < static_cast<int>(trace.events.size()); ++now)
    for (const bool after : {false, true})
      if (const std::int64_t total = after ? totals.after(now) : totals.before(now);
          total > peak.total) {
        peak.total = total;
        event = now;
        is_after = after;
      }
  if (event < 0) return peak;
  LiveWalk walk(network, trace);
  for (int now = 0; now <= event; ++now) walk.advance(now);
  return is_after ? live_after(network, trace, objects, walk, event)
                  : live_before(network, objects, walk, event);
}

std::int64_t peak_bytes(const Network &network, const Trace &trace, const Objects &objects) {
  const Totals totals(network, trace, objects);
  std::int64_t most = 0;
  for (int now = 0; now < static_cast<int>(trace.events.size()); ++now)
    most = std::max({most, totals.before(now), totals.after(now)});
  return most;
}

}  // namespace thimble::plan

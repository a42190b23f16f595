// Live rows, live bytes and their peak: see live.h.
#include "plan/live.h"

#include <algorithm>

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

// Of the tasks that take turns in an event, the objects of the one whose calls need most.
const TaskObjects &most_for_a_call(const Objects &objects, const Event &event) {
  const auto bytes_of = [&](const TaskObjects &own) {
    std::int64_t bytes = 0;
    for (const int object : {own.tile, own.sink_workspace, own.producer_workspace})
      if (object >= 0) bytes += objects.list[object].bytes;
    return bytes;
  };
  const TaskObjects *most = &objects.of_task.at(event.task);
  for (const Lane &lane : event.lanes)
    if (const TaskObjects &own = objects.of_task.at(lane.task); bytes_of(own) > bytes_of(*most))
      most = &own;
  return *most;
}

// As the event ends.
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
  const Range written = rows_written(event);
  for (int row = written.lo; row < written.hi; ++row)
    if (const int output = event.task->output; trace.lifetimes[output].made[row] == now)
      accountant.add_rows(output, {row});
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

LiveBytes find_peak(const Network &network, const Trace &trace, const Objects &objects) {
  LiveBytes peak;
  walk_live(network, trace, objects, [&](LiveBytes next) {
    if (next.total > peak.total) peak = std::move(next);
  });
  return peak;
}

}  // namespace thimble::plan

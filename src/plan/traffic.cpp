// Events, one after the other: see traffic.h.
#include "plan/traffic.h"

namespace thimble::plan {
namespace {

class Counter {
 public:
  Counter(const Network &network, const Objects &objects)
      : network_(network), objects_(objects), traffic_(objects.list.size()) {}

  std::vector<Traffic> run(const Trace &trace) {
    for (const Event &event : trace.events) {
      if (event.phase == Phase::kFill || event.phase == Phase::kEmit) continue;  // the caller's
      for (const Lane &lane : event.lanes) {
        count_reads(lane.task->reads, lane.row);
        count_write(*lane.task);
        count_own(*lane.task);
      }
      const Task &task = *event.task;
      if (event.phase == Phase::kFold) {
        count_reads(task.fold_reads, event.row);
        count_folds(event);
      } else if (event.phase != Phase::kBegin) {
        count_reads(task.reads, event.row);
        count_write(task);
      }
      count_own(task);
    }
    return std::move(traffic_);
  }

 private:
  Traffic *traffic_of(int tensor) {
    const ir::ValueId value = network_.storage.tensors[tensor].value;
    const int object = objects_.of_block[network_.storage.layouts[value].block];
    return object < 0 ? nullptr : &traffic_[object];
  }

  void count_reads(const std::vector<Read> &reads, int step) {
    for (const Read &read : reads) {
      const Range &rows = read.rows[step];
      Traffic *traffic = traffic_of(read.tensor);
      if (rows.lo < rows.hi && traffic != nullptr)
        traffic->read += (rows.hi - rows.lo) * network_.storage.tensors[read.tensor].row_bytes;
    }
  }

  void count_write(const Task &task) {
    if (task.output < 0) return;
    if (Traffic *traffic = traffic_of(task.output))
      traffic->written += network_.storage.tensors[task.output].row_bytes;
  }

  // In the output: every row is read, too, as a part of it is made.
  void count_folds(const Event &event) {
    const Range rows = rows_written(event);
    for (int row = rows.lo; row < rows.hi; ++row) {
      count_write(*event.task);
      if (Traffic *traffic = traffic_of(event.task->output))
        traffic->read += network_.storage.tensors[event.task->output].row_bytes;
    }
  }

  void count_own(const Task &task) {
    const TaskObjects &own = objects_.of_task.at(&task);
    // A tile is made anew for each pixel of the row.
    const int tiles =
        own.tile < 0 || task.output < 0 ? 1 : network_.storage.tensors[task.output].cols;
    for (int object :
         {own.state, own.tile, own.saved, own.sink_workspace, own.producer_workspace}) {
      if (object < 0) continue;
      const std::int64_t bytes = objects_.list[object].bytes * (object == own.tile ? tiles : 1);
      traffic_[object].read += bytes;
      traffic_[object].written += bytes;
    }
  }

  const Network &network_;
  const Objects &objects_;
  std::vector<Traffic> traffic_;
};

}  // namespace

std::vector<Traffic> find_traffic(const Network &network, const Candidate &candidate) {
  return Counter(network, candidate.objects).run(candidate.trace);
}

}  // namespace thimble::plan

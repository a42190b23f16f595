// The row simulator on hand-made tasks: no graph, no operators.
#include "plan/rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

namespace thimble::plan {
namespace {

// tensors[0] is a streamed input; each add_* makes one more tensor with its task.
class Pipeline {
 public:
  Pipeline(int rows, bool streamed) {
    add_tensor(rows);
    tensors_[0].streamed_in = streamed;
    if (!streamed) return;
    Task &fill = tasks_.emplace_back();
    fill.kind = Task::Kind::kFill;
    fill.output = 0;
    fill.rows = rows;
  }

  // Row y reads rows [y * stride - pad, +kernel) of `from`.
  int add_window(int from, int rows, int kernel, int stride, int pad) {
    Task &task = tasks_.emplace_back();
    task.output = add_tensor(rows);
    task.rows = rows;
    Read read;
    read.tensor = from;
    for (int y = 0; y < rows; ++y)
      read.rows.push_back({std::max(0, y * stride - pad),
                           std::min(tensors_[from].rows, y * stride - pad + kernel)});
    task.reads = {read};
    return task.output;
  }

  int add_accumulate(int from) {
    Task &task = tasks_.emplace_back();
    task.output = add_tensor(1);
    task.rows = 1;
    task.fold_rows = tensors_[from].rows;
    Read read;
    read.tensor = from;
    for (int y = 0; y < task.fold_rows; ++y) read.rows.push_back({y, y + 1});
    task.fold_reads = {read};
    return task.output;
  }

  // Row y of the sum reads row y of both.
  int add_sum(int a, int b) {
    const int sum = add_window(a, tensors_[a].rows, 1, 1, 0);
    tasks_.back().reads.push_back(tasks_.back().reads[0]);
    tasks_.back().reads.back().tensor = b;
    return sum;
  }

  void emit(int from) {
    Task &task = tasks_.emplace_back();
    task.kind = Task::Kind::kEmit;
    task.rows = tensors_[from].rows;
    Read read;
    read.tensor = from;
    for (int y = 0; y < task.rows; ++y) read.rows.push_back({y, y + 1});
    task.reads = {read};
  }

  Trace run(bool mirrored = false) {
    Boundary boundary;
    for (const Tensor &tensor : tensors_) {
      boundary.made_before.push_back(&tensor == &tensors_[0] && !tensor.streamed_in);
      boundary.needed_later.emplace_back();
    }
    Region region;
    for (const Task &task : tasks_) region.tasks.push_back(&task);
    region.mirrored = mirrored;
    return simulate(tensors_, {region}, boundary);
  }

 private:
  int add_tensor(int rows) {
    Tensor tensor;
    tensor.rows = rows;
    tensor.wanted.assign(rows, true);
    tensors_.push_back(tensor);
    return static_cast<int>(tensors_.size()) - 1;
  }

  std::vector<Tensor> tensors_;
  std::deque<Task> tasks_;
};

TEST(Rows, AConvolutionKeepsAsManyRowsAsItsKernelIsHigh) {
  Pipeline net(16, true);
  const int conv = net.add_window(0, 16, 3, 1, 1);
  net.emit(conv);
  const Trace trace = net.run();
  EXPECT_EQ(ring_rows(trace.lifetimes[0]), 3);
  EXPECT_EQ(ring_rows(trace.lifetimes[conv]), 1);
}

TEST(Rows, OfAMirroredRegionComeFromTheLastToTheFirst) {
  Pipeline net(4, false);
  const int conv = net.add_window(0, 4, 3, 1, 1);
  const Trace trace = net.run(true);
  EXPECT_EQ(trace.lifetimes[conv].made, (std::vector<int>{3, 2, 1, 0}));
  EXPECT_EQ(trace.lifetimes[0].last, (std::vector<int>{3, 3, 2, 1}));
}

TEST(Rows, ALayerAndPoolingTakeInTwoRowsMoreThanTheKernel) {
  Pipeline net(28, true);
  const int conv = net.add_window(0, 28, 5, 1, 2);
  const int pool = net.add_window(conv, 14, 2, 2, 0);
  net.emit(pool);
  const Trace trace = net.run();
  EXPECT_EQ(ring_rows(trace.lifetimes[0]), 5);
  EXPECT_EQ(ring_rows(trace.lifetimes[conv]), 2);
}

TEST(Rows, ASkipConnectionIsARingAsLongAsTheOtherBranchIsLate) {
  Pipeline net(32, true);
  const int first = net.add_window(0, 32, 3, 1, 1);
  const int second = net.add_window(first, 32, 3, 1, 1);
  const int third = net.add_window(second, 32, 3, 1, 1);
  net.emit(net.add_sum(0, third));
  // Row y of the sum needs row y + 3 of the input by way of the three layers, and row y itself.
  EXPECT_EQ(ring_rows(net.run().lifetimes[0]), 4);
}

TEST(Rows, AccumulatingKeepsOneRowOfItsInput) {
  Pipeline net(32, true);
  const int conv = net.add_window(0, 32, 3, 1, 1);
  net.emit(net.add_accumulate(conv));
  const Trace trace = net.run();
  EXPECT_EQ(ring_rows(trace.lifetimes[conv]), 1);
  EXPECT_EQ(ring_rows(trace.lifetimes[0]), 3);
}

TEST(Rows, NothingIsMadeTwiceAndEverythingInOrder) {
  Pipeline net(9, true);
  const int a = net.add_window(0, 5, 3, 2, 1);
  const int b = net.add_window(0, 9, 5, 1, 2);
  const int c = net.add_window(b, 5, 2, 2, 0);
  net.emit(net.add_sum(a, c));
  const Trace trace = net.run();
  std::map<const Task *, int> last;
  for (const Event &event : trace.events) {
    const auto [found, is_new] = last.try_emplace(event.task, event.row);
    if (!is_new) {
      EXPECT_EQ(event.row, ++found->second);
    }
  }
}

TEST(Rows, RowsThatNobodyReadsAreNotMade) {
  Pipeline net(7, false);
  const int conv = net.add_window(0, 7, 3, 1, 1);
  const int pool = net.add_window(conv, 3, 2, 2, 0);
  net.emit(pool);
  const Trace trace = net.run();
  EXPECT_EQ(trace.lifetimes[conv].made[6], kNever);
}

}  // namespace
}  // namespace thimble::plan

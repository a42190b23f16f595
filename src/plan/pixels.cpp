// Walking through an event's pixels: see pixels.h.
#include "plan/pixels.h"

#include <algorithm>
#include <limits>

namespace thimble::plan {
namespace {

class Walk {
 public:
  Walk(const std::vector<Tensor> &tensors, const Event &event) : tensors_(tensors), event_(event) {
    own_ = static_cast<int>(event.lanes.size());
    made_.assign(own_, 0);
    for (int runner = 0; runner <= own_; ++runner)
      for (const Read &read : reads_of(runner))
        for (int lane = 0; lane < own_; ++lane)
          if (event.lanes[lane].task->output == read.tensor)
            found_.push_back({lane, runner, &read, 0, false});
  }

  std::vector<LaneRead> run() {
    for (int col = 0; col < own_width(); ++col) make_pixel(own_, col);
    return std::move(found_);
  }

 private:
  const std::vector<Read> &reads_of(int runner) const {
    if (runner < own_) return event_.lanes[runner].task->reads;
    return event_.phase == Phase::kFold ? event_.task->fold_reads : event_.task->reads;
  }

  int own_width() const {
    const Task &task = *event_.task;
    if (event_.phase != Phase::kFold) return tensors_[task.output].cols;
    if (task.tile_tensor >= 0) return tensors_[task.tile_tensor].cols;
    return static_cast<int>(task.fold_reads[0].cols.size());
  }

  void make_pixel(int runner, int col) {
    for (int lane = 0; lane < runner; ++lane)
      if (is_pulled(lane, runner, false)) pull(lane, end_of_window(runner, lane, col));
    for (LaneRead &found : found_)
      if (found.reader == runner) look(found, col);
    for (int lane = 0; lane < own_; ++lane)
      if (is_pulled(lane, runner, true)) follow(lane, runner, col);
  }

  bool is_pulled(int lane, int runner, bool follows) const {
    const Lane &of = event_.lanes[lane];
    return of.follows == follows && (of.reader < 0 ? own_ : of.reader) == runner;
  }

  int end_of_window(int runner, int lane, int col) const {
    for (const LaneRead &found : found_)
      if (found.reader == runner && found.lane == lane && !found.read->cols.empty())
        return found.read->cols[col].hi;
    return width_of(lane);
  }

  int width_of(int lane) const { return tensors_[event_.lanes[lane].task->output].cols; }

  void pull(int lane, int end) {
    while (made_[lane] < end) {
      make_pixel(lane, made_[lane]);
      ++made_[lane];
    }
  }

  void look(LaneRead &found, int col) const {
    const int made = made_[found.lane];
    const bool all = found.read->cols.empty();
    const Range window = all ? Range{0, width_of(found.lane)} : found.read->cols[col];
    found.behind = std::max(found.behind, made - window.lo);
    found.late |= made < window.hi;
  }

  // The pixels of a follower that read what nobody else reads after this pixel of its reader.
  void follow(int lane, int runner, int col) {
    const Read &mine = event_.lanes[lane].task->reads[0];
    int end = std::numeric_limits<int>::max();
    for (const Read &read : reads_of(runner))
      if (read.tensor == mine.tensor && col + 1 < static_cast<int>(read.cols.size()))
        end = read.cols[col + 1].lo;
    while (made_[lane] < width_of(lane) && mine.cols[made_[lane]].hi <= end) {
      make_pixel(lane, made_[lane]);
      ++made_[lane];
    }
  }

  const std::vector<Tensor> &tensors_;
  const Event &event_;
  int own_ = 0;
  std::vector<int> made_;
  std::vector<LaneRead> found_;
};

}  // namespace

std::size_t PixelWalks::Hash::operator()(const Key &key) const {
  std::uint64_t hash = 0;
  for (const std::int64_t word : key)
    hash = (hash ^ static_cast<std::uint64_t>(word)) * 0x9e3779b97f4a7c15u;
  return static_cast<std::size_t>(hash ^ hash >> 32);
}

const std::vector<LaneRead> &PixelWalks::reads(const Event &event) {
  key_ = {reinterpret_cast<std::int64_t>(event.task), static_cast<std::int64_t>(event.phase)};
  for (const Lane &lane : event.lanes) {
    key_.push_back(reinterpret_cast<std::int64_t>(lane.task));
    key_.push_back(2 * lane.reader + (lane.follows ? 1 : 0));
  }
  const auto found = known_.find(key_);
  if (found != known_.end()) return found->second;
  return known_.emplace(key_, Walk(tensors_, event).run()).first->second;
}

int row_in(const Event &event, int lane) {
  return lane < static_cast<int>(event.lanes.size()) ? event.lanes[lane].row : event.row;
}

}  // namespace thimble::plan

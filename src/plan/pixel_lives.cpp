// A runner takes all pixels that it needs before it runs; so a tile or a workspace meets its own
// runner's only, and a pixel the runs from its own to its reader's: those of what follows it, of
// its reader's other lanes, and of what they need (see pixel_lives.h).
#include "plan/pixel_lives.h"

#include <algorithm>

namespace thimble::plan {

PixelLives::PixelLives(const Network &network, const Objects &objects, const Event &event)
    : event_(event) {
  const int count = static_cast<int>(event.lanes.size());
  if (count == 0) return;
  add_own(*event.task, objects, count);
  for (int i = 0; i < count; ++i) {
    const Task &task = *event.lanes[i].task;
    add_own(task, objects, i);
    const ir::ValueId value = network.storage.tensors[task.output].value;
    const int block = objects.of_block[network.storage.layouts[value].block];
    if (objects.list[block].slots == 0) add(block, {has_one_reader(i) ? i : kSeveral, true});
  }
}

void PixelLives::add_own(const Task &task, const Objects &objects, int runner) {
  const TaskObjects &own = objects.of_task.at(&task);
  for (const int object : {own.tile, own.sink_workspace, own.producer_workspace})
    if (object >= 0) add(object, {runner, false});
}

// Rows of one task can be several lanes: then nothing is known of their objects.
void PixelLives::add(int object, Life life) {
  const auto [found, is_new] = lives_.try_emplace(object, life);
  if (!is_new) found->second.runner = kSeveral;
}

bool PixelLives::is_dead(int alive, int written) const {
  const auto first = lives_.find(alive), second = lives_.find(written);
  if (first == lives_.end() || second == lives_.end()) return false;
  const Life &one = first->second, &other = second->second;
  if (one.runner == kSeveral || other.runner == kSeveral || one.runner == other.runner)
    return false;
  return !is_met_by(one, other);
}

std::vector<const Read *> PixelLives::in_step(int read, int written) const {
  const auto first = lives_.find(read), second = lives_.find(written);
  const int count = static_cast<int>(event_.lanes.size());
  if (first == lives_.end() || second == lives_.end()) return {};
  const Life &one = first->second, &other = second->second;
  if (!one.is_pixel || !other.is_pixel || one.runner == kSeveral || other.runner == kSeveral ||
      other.runner == count || reader_of(one.runner) != other.runner)
    return {};
  const int tensor = event_.lanes[one.runner].task->output;
  std::vector<const Read *> reads;
  for (const Read &candidate : event_.lanes[other.runner].task->reads)
    if (candidate.tensor == tensor) reads.push_back(&candidate);
  return reads;
}

bool PixelLives::has_one_reader(int lane) const {
  const int tensor = event_.lanes[lane].task->output;
  const auto reads_it = [&](const std::vector<Read> &reads) {
    return std::any_of(reads.begin(), reads.end(),
                       [&](const Read &read) { return read.tensor == tensor; });
  };
  const bool folds = event_.phase == Phase::kFold;
  int readers = reads_it(folds ? event_.task->fold_reads : event_.task->reads) ? 1 : 0;
  for (const Lane &other : event_.lanes) readers += reads_it(other.task->reads) ? 1 : 0;
  return readers == 1;
}

int PixelLives::reader_of(int lane) const {
  const int reader = event_.lanes[lane].reader;
  return reader < 0 ? static_cast<int>(event_.lanes.size()) : reader;
}

bool PixelLives::is_met_by(const Life &pixel, const Life &other) const {
  if (!pixel.is_pixel) return false;
  const int count = static_cast<int>(event_.lanes.size());
  const int reader = reader_of(pixel.runner);
  bool follows = false;
  // Up from the other's runner, to the reader or to a lane of the same reader.
  int above = other.runner;
  for (; above != count && above != reader && reader_of(above) != reader; above = reader_of(above))
    follows = event_.lanes[above].follows;
  if (above == count || above == reader) return above == reader;
  // What its own runner needs comes before the pixel, what follows it after.
  return above != pixel.runner || (other.runner != pixel.runner && follows);
}

}  // namespace thimble::plan

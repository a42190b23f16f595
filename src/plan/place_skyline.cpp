// Bounds by section: nothing below a section's floor is used any more, and floor, open objects and
// slack add up to the capacity. The floor is the lowest offset that any open object of it may have.
#include "plan/place_skyline.h"

#include <algorithm>

namespace thimble::plan {

Skyline::Skyline(const Stacking &stacking)
    : stacking_(stacking),
      lowest_(stacking.sizes.size()),
      floor_(stacking.members.size()),
      slack_(stacking.members.size()),
      offsets_(stacking.sizes.size()),
      failures_(stacking.members.size(), 1),
      is_touched_(stacking.members.size()) {}

bool Skyline::reset(std::int64_t capacity) {
  undo({});
  capacity_ = capacity;
  for (std::size_t section = 0; section < slack_.size(); ++section) {
    slack_[section] = capacity;
    for (int object : stacking_.members[section]) slack_[section] -= stacking_.sizes[object];
    if (slack_[section] < 0) return false;
  }
  return true;
}

void Skyline::undo(Mark mark) {
  for (; changes_.size() > mark.changes; changes_.pop_back())
    *changes_.back().where = changes_.back().old;
  placed_.resize(mark.placed);
}

void Skyline::set(std::int64_t &where, std::int64_t value) {
  changes_.push_back({&where, where});
  where = value;
}

bool Skyline::put(int object) {
  const std::int64_t at = lowest_[object], top = at + stacking_.sizes[object];
  offsets_[object] = at;
  placed_.push_back(object);
  set(lowest_[object], kPlaced);
  for (int section : stacking_.sections[object]) {
    if (!raise_floor(section, at)) return fail_in(section);
    set(floor_[section], top);
    touch(section);
  }
  looks_ += static_cast<std::int64_t>(stacking_.neighbours[object].size());
  for (int neighbour : stacking_.neighbours[object])
    if (!raise(neighbour, top)) return fail();
  return settle();
}

bool Skyline::leave(const std::vector<int> &objects) {
  for (int object : objects) {
    std::int64_t support = kPlaced;
    looks_ += static_cast<std::int64_t>(stacking_.neighbours[object].size());
    for (int neighbour : stacking_.neighbours[object])
      support = std::min(support, lowest_[neighbour] + stacking_.sizes[neighbour]);
    const std::int64_t above = lowest_[object] + 1;  // one that has to wait as well may support it
    if (!raise(object, std::max(support, above))) return fail();
  }
  return settle();
}

// False: it ends behind the last byte.
bool Skyline::raise(int object, std::int64_t offset) {
  if (lowest_[object] >= offset) return true;
  set(lowest_[object], offset);
  for (int section : stacking_.sections[object]) touch(section);
  return offset + stacking_.sizes[object] <= capacity_;
}

bool Skyline::raise_floor(int section, std::int64_t floor) {
  const std::int64_t wasted = floor - floor_[section];
  if (wasted <= 0) return true;
  set(floor_[section], floor);
  set(slack_[section], slack_[section] - wasted);
  return slack_[section] >= 0;
}

bool Skyline::settle() {
  for (int section : touched_) {
    is_touched_[section] = false;
    if (!settle_section(section)) return fail_in(section);
  }
  touched_.clear();
  return true;
}

bool Skyline::settle_section(int section) {
  const std::vector<int> &members = stacking_.members[section];
  std::int64_t lowest = kPlaced, at_lowest = 0, highest = 0;  // at_lowest: bytes
  for (int object : members) {
    const std::int64_t at = lowest_[object];
    if (at == kPlaced) continue;
    if (at < lowest) at_lowest = 0;
    if (at <= lowest) at_lowest += stacking_.sizes[object];
    lowest = std::min(lowest, at);
    highest = std::max(highest, at);
  }
  looks_ += static_cast<std::int64_t>(members.size());
  if (lowest == kPlaced) return true;
  if (!raise_floor(section, lowest)) return false;
  const bool may_waste = use_heads_ && lowest + at_lowest + slack_[section] < highest;
  return !may_waste || !is_too_late(section);
}

// One after the other, each as early as its lowest offset allows, in the order of these: no order
// is done sooner (Jackson 1955).
bool Skyline::is_too_late(int section) {
  heads_.clear();
  for (int object : stacking_.members[section])
    if (is_open(object)) heads_.emplace_back(lowest_[object], stacking_.sizes[object]);
  std::sort(heads_.begin(), heads_.end());
  looks_ += 4 * static_cast<std::int64_t>(heads_.size());
  std::int64_t end = 0;
  for (const auto &[lowest, size] : heads_) end = std::max(end, lowest) + size;
  return end > capacity_;
}

bool Skyline::fail_in(int section) {
  ++failures_[section];
  return fail();
}

bool Skyline::fail() {
  for (int section : touched_) is_touched_[section] = false;
  touched_.clear();
  return false;
}

void Skyline::touch(int section) {
  if (is_touched_[section]) return;
  is_touched_[section] = true;
  touched_.push_back(section);
}

}  // namespace thimble::plan

// A placement that grows from below: how high each section is filled, how low each open object may
// still lie, and what follows from putting an object down or from leaving it for later. All changes
// can be undone, last first.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace thimble::plan {

// The problem by number; sections list objects of which no two may share bytes.
struct Stacking {
  std::vector<std::int64_t> sizes;           // by object, above 0
  std::vector<std::vector<int>> members;     // by section
  std::vector<std::vector<int>> sections;    // by object, at least one
  std::vector<std::vector<int>> neighbours;  // by object: all that share a section with it
  std::vector<int> twin;                     // an earlier object that is equal in all this, or -1
};

class Skyline {
 public:
  static constexpr std::int64_t kPlaced = std::numeric_limits<std::int64_t>::max() / 4;

  explicit Skyline(const Stacking &stacking);

  // Nothing placed. False: a section's objects need more than `capacity` together.
  bool reset(std::int64_t capacity);

  // Whether heads are looked at (see is_too_late): fewer nodes, more work for each.
  void use_heads(bool use) { use_heads_ = use; }

  // Puts an object at its lowest offset. False: then there is no solution.
  bool put(int object);
  // None of these, which lie in one section, is at its lowest offset in the end; so each lies upon
  // another that is still open. False: then there is no solution.
  bool leave(const std::vector<int> &objects);

  struct Mark {
    std::size_t changes = 0, placed = 0;
  };
  Mark mark() const { return {changes_.size(), placed_.size()}; }
  void undo(Mark mark);

  std::int64_t floor(int section) const { return floor_[section]; }
  std::int64_t slack(int section) const { return slack_[section]; }
  // kPlaced once it is.
  std::int64_t lowest(int object) const { return lowest_[object]; }
  bool is_open(int object) const { return lowest_[object] != kPlaced; }
  bool is_complete() const { return placed_.size() == stacking_.sizes.size(); }
  const std::vector<std::int64_t> &offsets() const { return offsets_; }
  // How often a section has shown that there is no solution.
  std::int64_t failures(int section) const { return failures_[section]; }
  std::int64_t looks() const { return looks_; }

 private:
  struct Change {
    std::int64_t *where;
    std::int64_t old;
  };

  void set(std::int64_t &where, std::int64_t value);
  bool raise(int object, std::int64_t offset);
  bool raise_floor(int section, std::int64_t floor);
  bool settle();
  bool settle_section(int section);
  bool is_too_late(int section);
  bool fail_in(int section);
  bool fail();
  void touch(int section);

  const Stacking &stacking_;
  std::int64_t capacity_ = 0;
  bool use_heads_ = true;
  std::vector<std::int64_t> lowest_, floor_, slack_, offsets_, failures_;
  std::vector<Change> changes_;
  std::vector<int> placed_;
  std::vector<int> touched_;  // sections to be looked at
  std::vector<bool> is_touched_;
  std::vector<std::pair<std::int64_t, std::int64_t>> heads_;  // scratch: lowest offset, size
  std::int64_t looks_ = 0;
};

}  // namespace thimble::plan

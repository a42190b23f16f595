// Segments, their choices and boundaries: see segments.h.
#include "plan/segments.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

namespace thimble::plan {
namespace {

constexpr int kUndecided = -2;

bool can_fuse(const Stage &stage, Segment segment, int index, const Choice &choice) {
  return stage.fused_with > index && stage.fused_with < segment.last &&
         choice[stage.fused_with - segment.first] == kUndecided;
}

bool can_line(const Stage &stage, Segment segment) {
  return !stage.lines.empty() && stage.line_reader < segment.last;
}

int first_line(const Stage &stage) {
  return static_cast<int>(stage.alone.size() + stage.fused.size());
}

bool is_pair(const Stage &stage, int way) {
  return way >= static_cast<int>(stage.alone.size()) && way < first_line(stage) &&
         !stage.fused.empty();
}

// Decides the stages one after the other; false when `most` is exceeded.
bool extend(const Network &network, Segment segment, int index, std::size_t most, Choice &choice,
            std::vector<Choice> &choices) {
  if (index == segment.last) {
    choices.push_back(choice);
    return choices.size() <= most;
  }
  int &mine = choice[index - segment.first];
  if (mine == kInPair) return extend(network, segment, index + 1, most, choice, choices);
  const Stage &stage = network.stages[index];
  if (can_fuse(stage, segment, index, choice)) {
    choice[stage.fused_with - segment.first] = kInPair;
    for (std::size_t k = 0; k < stage.fused.size(); ++k) {
      mine = static_cast<int>(stage.alone.size() + k);
      if (!extend(network, segment, index + 1, most, choice, choices)) return false;
    }
    choice[stage.fused_with - segment.first] = kUndecided;
  }
  if (can_line(stage, segment)) {
    for (std::size_t k = 0; k < stage.lines.size(); ++k) {
      mine = first_line(stage) + static_cast<int>(k);
      if (!extend(network, segment, index + 1, most, choice, choices)) return false;
    }
  }
  for (std::size_t mode = 0; mode < std::max<std::size_t>(stage.alone.size(), 1); ++mode) {
    mine = static_cast<int>(mode);
    if (!extend(network, segment, index + 1, most, choice, choices)) return false;
  }
  mine = kUndecided;
  return true;
}

const Task *task_of(const Stage &stage, int choice) {
  const int alone = static_cast<int>(stage.alone.size());
  if (choice < 0 || stage.node < 0) return nullptr;
  if (choice >= first_line(stage)) return &stage.lines[choice - first_line(stage)];
  return choice < alone ? &stage.alone[choice] : &stage.fused[choice - alone];
}

void add_ports(const Stage &stage, Task::Kind kind, Region &region) {
  for (const Task *task : stage.ports)
    if (task->kind == kind) region.tasks.push_back(task);
}

}  // namespace

std::vector<Choice> all_choices(const Network &network, Segment segment, std::size_t most) {
  std::vector<Choice> choices;
  Choice choice(segment.last - segment.first, kUndecided);
  if (!extend(network, segment, segment.first, most, choice, choices)) return {};
  return choices;
}

namespace {

// Of the ways to run a stage, the one to prefer; -1: none of that kind.
using Prefer = int (*)(const Stage &stage, Segment segment, int index, const Choice &choice);

int fused_way(const Stage &stage, Segment segment, int index, const Choice &choice) {
  return can_fuse(stage, segment, index, choice) ? static_cast<int>(stage.alone.size()) : -1;
}

// The last of the pairs is by pixel where any is.
int line_way(const Stage &stage, Segment segment, int index, const Choice &choice) {
  const bool fuses = can_fuse(stage, segment, index, choice);
  const bool makes_block = fuses && stage.fused[0].tile_rows * stage.fused[0].tile_cols > 1;
  if (can_line(stage, segment) && !makes_block) return first_line(stage);
  return fuses ? first_line(stage) - 1 : -1;
}

int alone_way(const Stage &, Segment, int, const Choice &) { return -1; }

Choice choose(const Network &network, Segment segment, Prefer prefer) {
  Choice choice(segment.last - segment.first, kUndecided);
  for (int i = segment.first; i < segment.last; ++i) {
    int &mine = choice[i - segment.first];
    if (mine == kInPair) continue;
    const Stage &stage = network.stages[i];
    mine = std::max(0, prefer(stage, segment, i, choice));
    if (is_pair(stage, mine)) choice[stage.fused_with - segment.first] = kInPair;
  }
  return choice;
}

}  // namespace

std::vector<Choice> plain_choices(const Network &network, Segment segment) {
  std::vector<Choice> choices;
  for (const Prefer prefer : {line_way, fused_way, alone_way}) {
    Choice choice = choose(network, segment, prefer);
    if (std::find(choices.begin(), choices.end(), choice) == choices.end())
      choices.push_back(std::move(choice));
  }
  return choices;
}

std::vector<Choice> neighbours(const Network &network, Segment segment, const Choice &choice) {
  std::vector<Choice> found;
  for (int i = segment.first; i < segment.last; ++i) {
    const Stage &stage = network.stages[i];
    const int mine = choice[i - segment.first];
    if (mine == kInPair) continue;
    const int ways = first_line(stage) + (can_line(stage, segment) ? std::ssize(stage.lines) : 0);
    for (int other = 0; other < ways; ++other) {
      if (other == mine) continue;
      Choice next = choice;
      next[i - segment.first] = other;
      if (is_pair(stage, mine)) next[stage.fused_with - segment.first] = 0;
      if (is_pair(stage, other)) {
        if (stage.fused_with >= segment.last) continue;
        int &partner = next[stage.fused_with - segment.first];
        const Stage &sink = network.stages[stage.fused_with];
        if (partner == kInPair || is_pair(sink, partner)) continue;  // in another pair
        partner = kInPair;
      }
      found.push_back(std::move(next));
    }
  }
  return found;
}

bool is_connected(const Network &network, Segment segment) {
  if (segment.last - segment.first == 1) return true;
  std::vector<int> group(segment.last - segment.first);
  std::iota(group.begin(), group.end(), 0);
  const auto root = [&](int i) {
    while (group[i] != i) i = group[i];
    return i;
  };
  std::map<int, int> made_in;  // tensor: stage
  for (int i = segment.first; i < segment.last; ++i) {
    for (const Task &task : network.stages[i].alone) {
      for (const auto *reads : {&task.reads, &task.fold_reads})
        for (const Read &read : *reads)
          if (const auto made = made_in.find(read.tensor); made != made_in.end())
            group[root(made->second)] = root(i - segment.first);
      made_in[task.output] = i - segment.first;
    }
  }
  for (std::size_t i = 1; i < group.size(); ++i)
    if (root(static_cast<int>(i)) != root(0)) return false;
  return true;
}

Region region_of(const Network &network, Segment segment, const Choice &choice) {
  // A pair runs where its sink stands: by then all that either reads is there.
  std::vector<const Task *> pair_at(choice.size(), nullptr);
  Region region;
  for (int i = segment.first; i < segment.last; ++i) {
    const Stage &stage = network.stages[i];
    const int mine = choice[i - segment.first];
    add_ports(stage, Task::Kind::kFill, region);
    const Task *task = mine == kInPair ? pair_at[i - segment.first] : task_of(stage, mine);
    if (task != nullptr && mine != kInPair && task->producer >= 0) {
      pair_at[stage.fused_with - segment.first] = task;
    } else if (task != nullptr) {
      region.tasks.push_back(task);
    }
    add_ports(stage, Task::Kind::kEmit, region);
  }
  return region;
}

int complexity(const Network &network, Segment segment, const Choice &choice) {
  int sum = 2 * (segment.last - segment.first - 1);
  for (int i = segment.first; i < segment.last; ++i) {
    const int mine = choice[i - segment.first];
    const Stage &stage = network.stages[i];
    if (mine <= 0) continue;
    sum += mine < static_cast<int>(stage.alone.size()) ? 1 : mine < first_line(stage) ? 3 : 4;
    if (is_pair(stage, mine) && task_of(stage, mine)->sink_mode > 0) ++sum;
  }
  return sum;
}

Crossings::Crossings(const Network &network) {
  const std::vector<Tensor> &tensors = network.storage.tensors;
  constexpr int kAlways = std::numeric_limits<int>::max();
  made_in_.assign(tensors.size(), -1);
  for (const Tensor &tensor : tensors)
    last_reader_.emplace_back(tensor.rows, tensor.kept ? kAlways : -1);
  const auto read = [&](const std::vector<Read> &reads, int stage) {
    for (const Read &one : reads)
      for (const Range &rows : one.rows)
        for (int row = rows.lo; row < rows.hi; ++row)
          last_reader_[one.tensor][row] = std::max(last_reader_[one.tensor][row], stage);
  };
  for (int i = 0; i < static_cast<int>(network.stages.size()); ++i) {
    for (const Task &task : network.stages[i].alone) {
      read(task.reads, i);
      read(task.fold_reads, i);
      made_in_[task.output] = i;
    }
    for (const Task *task : network.stages[i].ports) {
      read(task->reads, i);
      if (task->output >= 0) made_in_[task->output] = i;
    }
  }
}

Boundary Crossings::boundary(Segment segment) const {
  Boundary boundary;
  for (std::size_t t = 0; t < made_in_.size(); ++t) {
    const auto read_from = [&](int stage) {
      return std::any_of(last_reader_[t].begin(), last_reader_[t].end(),
                         [&](int last) { return last >= stage; });
    };
    const bool begins_here = made_in_[t] < 0 && segment.first == 0;
    boundary.made_before.push_back(made_in_[t] < segment.first &&
                                   (begins_here || read_from(segment.first)));
    std::vector<bool> later;
    if (made_in_[t] < segment.last && read_from(segment.last))
      for (int last : last_reader_[t]) later.push_back(last >= segment.last);
    boundary.needed_later.push_back(std::move(later));
  }
  return boundary;
}

}  // namespace thimble::plan

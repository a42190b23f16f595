// Finding trees, and the groups that share them (trees.h).
#include "codegen/trees.h"

#include <algorithm>

#include "support/check.h"

namespace thimble::codegen {
namespace {

using plan::Call;
using plan::Group;
using plan::LineLane;
using plan::Phase;
using plan::Program;

bool folds_producer(const Program &program, const Group &group) {
  return program.calls.at(group.sink).phase == Phase::kFold && group.producer >= 0;
}

bool runs_by_pixel(const Group &group) { return !group.lanes.empty() || group.producer >= 0; }

bool is_whole_row(const Program &program, const Group &group) {
  const Call &sink = program.calls.at(group.sink);
  return !runs_by_pixel(group) && sink.node >= 0 &&
         (sink.phase == Phase::kRow || sink.phase == Phase::kFold);
}

// The stages of one group, numbered.
class TreeBuilder {
 public:
  TreeBuilder(const Program &program, const Group &group) : program_(program), group_(group) {}

  Tree build() {
    const bool is_fold = folds_producer(program_, group_);
    if (is_fold) tree_.fold = group_.sink;
    tree_.columns_descend = group_.columns_descend;
    Stage root{program_.calls.at(is_fold ? group_.producer : group_.sink), {}};
    if (!is_fold && group_.producer >= 0) root.block = program_.calls.at(group_.producer);
    add(-1, std::move(root));
    return std::move(tree_);
  }

 private:
  // The group's lanes that are made for this one (-1: for its own call), in its order.
  std::vector<int> lanes_of(int lane) const {
    std::vector<int> lanes;
    for (int i = 0; i < std::ssize(group_.lanes); ++i) {
      CHECK(group_.lanes[i].reader == -1 || group_.lanes[i].reader > i,
            "a lane follows its reader");
      if (group_.lanes[i].reader == lane) lanes.push_back(i);
    }
    return lanes;
  }

  int size_of(int lane) const {
    int size = 1;
    for (const int next : lanes_of(lane)) size += size_of(next);
    return size;
  }

  // Adds the stage, then those under it; its number.
  int add(int lane, Stage stage) {
    const int number = static_cast<int>(tree_.stages.size());
    tree_.stages.push_back(std::move(stage));
    const std::vector<int> lanes = lanes_of(lane);
    std::vector<int> by_size = lanes, number_of(group_.lanes.size());
    std::stable_sort(by_size.begin(), by_size.end(),
                     [&](int a, int b) { return size_of(a) < size_of(b); });
    for (const int next : by_size)
      number_of[next] = add(next, stage_of(group_.lanes[next], number));
    for (const int next : lanes) {
      Stage &reader = tree_.stages[number];
      (group_.lanes[next].follows ? reader.behind : reader.ahead).push_back(number_of[next]);
    }
    return number;
  }

  Stage stage_of(const LineLane &lane, int reader) const {
    Stage stage{program_.calls.at(lane.call), {}, lane, reader};
    if (lane.producer >= 0) stage.block = program_.calls.at(lane.producer);
    return stage;
  }

  const Program &program_;
  const Group &group_;
  Tree tree_;
};

bool same_call(const Call &a, const Call &b) {
  return a.node == b.node && a.phase == b.phase && a.mode == b.mode && a.inputs == b.inputs &&
         a.output == b.output && a.state_offset == b.state_offset &&
         a.workspace_offset == b.workspace_offset;
}

bool same_fold(const Program &program, int a, int b) {
  if (a < 0 || b < 0) return a == b;
  return same_call(program.calls[a], program.calls[b]);
}

bool same_calls(const Stage &a, const Stage &b) {
  if (a.block.has_value() != b.block.has_value()) return false;
  return same_call(a.call, b.call) && (!a.block || same_call(*a.block, *b.block));
}

bool same_lane(const Stage &a, const Stage &b) {
  return same_calls(a, b) && a.lane.follows == b.lane.follows &&
         a.lane.saved_offset == b.lane.saved_offset && a.lane.saved_cols == b.lane.saved_cols;
}

// The stages of `list` below `end`.
std::vector<int> below(int end, std::vector<int> list) {
  std::erase_if(list, [&](int stage) { return stage >= end; });
  return list;
}

// The stage of `tree` under `reader` that is the same as `stage`, or -1.
int same_stage(const Tree &tree, int reader, const Stage &stage) {
  for (int s = reader + 1; s < std::ssize(tree.stages); ++s)
    if (tree.stages[s].reader == reader && same_lane(tree.stages[s], stage)) return s;
  return -1;
}

// Whether the stages of `part`, its stage 0 at stage `first` of `tree`, are those from there on.
bool fits(const Tree &tree, int first, const Tree &part) {
  const int end = first + static_cast<int>(part.stages.size());
  if (!same_calls(part.stages[0], tree.stages[first])) return false;
  std::vector<int> place = {first};
  for (std::size_t i = 1; i < part.stages.size(); ++i) {
    place.push_back(same_stage(tree, place[part.stages[i].reader], part.stages[i]));
    if (place.back() < 0 || place.back() >= end) return false;
  }
  const auto same_order = [&](const std::vector<int> &mine, const std::vector<int> &its) {
    std::vector<int> placed;
    for (const int stage : mine) placed.push_back(place[stage]);
    return placed == below(end, its);
  };
  for (std::size_t i = 0; i < part.stages.size(); ++i) {
    const Stage &mine = part.stages[i], &its = tree.stages[place[i]];
    if (!same_order(mine.ahead, its.ahead) || !same_order(mine.behind, its.behind)) return false;
  }
  return true;
}

// The stage of `tree` at which `part` begins, or -1 where it is none of its.
int stage_of(const Program &program, const Tree &tree, const Tree &part) {
  if (tree.columns_descend != part.columns_descend) return -1;
  for (int first = 0; first < std::ssize(tree.stages); ++first) {
    const bool folds_alike = first == 0 ? same_fold(program, part.fold, tree.fold) : part.fold < 0;
    if (folds_alike && fits(tree, first, part)) return first;
  }
  return -1;
}

}  // namespace

int Tree::least_last() const {
  return std::min_element(branches.begin(), branches.end(),
                          [](const Branch &a, const Branch &b) { return a.last < b.last; })
      ->last;
}

int Tree::greatest_first() const {
  return std::max_element(branches.begin(), branches.end(),
                          [](const Branch &a, const Branch &b) { return a.first < b.first; })
      ->first;
}

bool Tree::has_root(int stage) const {
  return std::any_of(branches.begin(), branches.end(),
                     [&](const Branch &branch) { return branch.first == stage; });
}

Trees find_trees(const Program &program) {
  Trees trees;
  trees.of_group.assign(program.groups.size(), -1);
  std::vector<int> order;
  for (int g = 0; g < std::ssize(program.groups); ++g) order.push_back(g);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return program.groups[a].lanes.size() > program.groups[b].lanes.size();
  });
  for (const int g : order) {
    const Group &group = program.groups[g];
    if (!runs_by_pixel(group) && !is_whole_row(program, group)) continue;
    Tree mine = TreeBuilder(program, group).build();
    const int length = static_cast<int>(mine.stages.size());
    int &tree = trees.of_group[g];
    for (int t = 0; t < std::ssize(trees.list) && tree < 0; ++t) {
      const int first = stage_of(program, trees.list[t], mine);
      if (first < 0) continue;
      tree = t;
      trees.list[t].branches.push_back({g, first, first + length - 1});
    }
    if (tree >= 0 || !runs_by_pixel(group)) continue;
    tree = static_cast<int>(trees.list.size());
    mine.branches.push_back({g, 0, length - 1});
    trees.list.push_back(std::move(mine));
  }
  return trees;
}

}  // namespace thimble::codegen

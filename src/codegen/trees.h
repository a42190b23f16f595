// Groups that run pixel by pixel, as trees of stages. Stage 0 is the group's own call (of a folding
// sink with a producer: that); each lane is a stage under the one that its pixels are made for.
//
// Groups whose stages are a part of another's tree run by the one's function (tree_code.h). Stages
// are numbered so that those under a stage follow it, the smallest branches first: a group that
// makes rows of stage 3 and does not reach as deep as it could runs stages 3 to 5, say.
#pragma once

#include <optional>
#include <vector>

#include "plan/program.h"

namespace thimble::codegen {

struct Stage {
  plan::Call call;
  std::optional<plan::Call> block = {};      // the producer, where the call is a fused pair's sink
  plan::LineLane lane = {};                  // where it keeps pixels; not of stage 0
  int reader = -1;                           // the stage that it is made for
  std::vector<int> ahead = {}, behind = {};  // stages run before and after each pixel, in order
};

// The stages that one group runs, both included; `first` is its own call.
struct Branch {
  int group = -1;
  int first = 0, last = 0;
  bool runs(int stage) const { return first <= stage && stage <= last; }
};

struct Tree {
  std::vector<Stage> stages;
  int fold = -1;  // the folding sink's call in the plan, where stage 0 is its producer; or -1
  bool columns_descend = false;  // stage 0 goes from its last column to its first
  std::vector<Branch> branches;  // by group; the first is of the group with all stages

  int leader() const { return branches.front().group; }
  int least_last() const;
  int greatest_first() const;
  bool has_root(int stage) const;  // some branch begins there
  // What a function for all branches is told.
  bool takes_first() const { return greatest_first() > 0; }
  bool takes_last() const { return least_last() + 1 < static_cast<int>(stages.size()); }
  bool takes_row() const { return branches.size() > 1; }
};

struct Trees {
  std::vector<Tree> list;
  std::vector<int> of_group;  // by group of the program; -1: it is printed on its own
};

// Groups that run pixel by pixel, and those that make a whole row of one of their stages: these
// cost no function of their own then.
Trees find_trees(const plan::Program &program);

}  // namespace thimble::codegen

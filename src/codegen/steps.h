// A flat list of steps as nested loops: what repeats is written once.
#pragma once

#include <vector>

namespace thimble::codegen {

// Either one step (body empty: `token`, once) or `count` times `body`.
struct StepLoop {
  int token = -1;
  int count = 1;
  std::vector<StepLoop> body;
  bool operator==(const StepLoop &) const = default;
};

// expand(compress(tokens)) == tokens. Shortest periods are folded first, from the left, so the
// result is short but not provably the shortest.
std::vector<StepLoop> compress(const std::vector<int> &tokens);
std::vector<int> expand(const std::vector<StepLoop> &loops);

}  // namespace thimble::codegen

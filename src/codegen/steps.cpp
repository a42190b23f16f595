// Finding loops in a list of steps (steps.h). Sequences of symbols are folded in place: a run of
// equal blocks becomes one new symbol; equal loops get equal symbols, so that loops of loops are
// found the same way.
#include "codegen/steps.h"

#include <algorithm>
#include <map>

namespace thimble::codegen {
namespace {

constexpr int kLongestPeriod = 1024;  // steps; keeps huge lists cheap

struct Loop {
  std::vector<int> body;
  int count;
  auto operator<=>(const Loop &) const = default;
};

class Folder {
 public:
  explicit Folder(const std::vector<int> &tokens) : symbols_(tokens) {
    for (const int token : tokens) first_loop_ = std::max(first_loop_, token + 1);
  }

  std::vector<StepLoop> fold() {
    int period = 1;
    while (period <= std::min<int>(kLongestPeriod, static_cast<int>(symbols_.size()) / 2)) {
      period = fold_period(period) ? 1 : period + 1;
    }
    return expanded(symbols_);
  }

 private:
  // Two equal single steps read better as two lines than as a loop.
  static int least_count(int period) { return period == 1 ? 3 : 2; }

  int repeats_at(std::size_t start, int period) const {
    std::size_t end = start + period;
    while (end < symbols_.size() && symbols_[end] == symbols_[end - period]) ++end;
    return static_cast<int>((end - start) / period);
  }

  bool fold_period(int period) {
    std::vector<int> folded;
    bool changed = false;
    for (std::size_t i = 0; i < symbols_.size();) {
      const int count = i + period <= symbols_.size() ? repeats_at(i, period) : 1;
      if (count < least_count(period)) {
        folded.push_back(symbols_[i++]);
        continue;
      }
      folded.push_back(symbol_of({{symbols_.begin() + i, symbols_.begin() + i + period}, count}));
      i += std::size_t{1} * count * period;
      changed = true;
    }
    symbols_ = std::move(folded);
    return changed;
  }

  int symbol_of(Loop loop) {
    const auto [slot, fresh] =
        known_.emplace(std::move(loop), first_loop_ + static_cast<int>(loops_.size()));
    if (fresh) loops_.push_back(slot->first);
    return slot->second;
  }

  std::vector<StepLoop> expanded(const std::vector<int> &symbols) const {
    std::vector<StepLoop> result;
    for (const int symbol : symbols) {
      if (symbol < first_loop_) {
        result.push_back({symbol, 1, {}});
      } else {
        const Loop &loop = loops_[symbol - first_loop_];
        result.push_back({-1, loop.count, expanded(loop.body)});
      }
    }
    return result;
  }

  std::vector<int> symbols_;
  std::vector<Loop> loops_;
  std::map<Loop, int> known_;
  int first_loop_ = 0;
};

}  // namespace

std::vector<StepLoop> compress(const std::vector<int> &tokens) { return Folder(tokens).fold(); }

std::vector<int> expand(const std::vector<StepLoop> &loops) {
  std::vector<int> tokens;
  for (const StepLoop &loop : loops) {
    if (loop.body.empty()) {
      tokens.push_back(loop.token);
      continue;
    }
    const std::vector<int> once = expand(loop.body);
    for (int i = 0; i < loop.count; ++i) tokens.insert(tokens.end(), once.begin(), once.end());
  }
  return tokens;
}

}  // namespace thimble::codegen

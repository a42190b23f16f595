// Recurrent layers, a row a step (ops/recurrent.h has their constants and their equations).
#include "ops/recurrent.h"

#include <algorithm>
#include <cfloat>

#include "train/differentiable.h"

namespace thimble::train {
namespace {

using torch::Tensor;

// What all three read: sums over the input rows for all steps at once, weights of the last output.
class Gates {
 public:
  Gates(const Call &call, int count)
      : sizes_(ops::recurrent_sizes(call.graph, call.node)),
        batch_(call.batch),
        count_(count),
        limits_(ops::clip_limits(call.node)),
        inputs_(&call.inputs) {
    const Tensor &weight = call.constants[0];
    const Tensor rows = call.inputs[0].reshape({batch_, sizes_.rows, sizes_.in_count});
    of_last_ = weight.slice(1, sizes_.in_count);
    of_input_ = torch::linear(rows, weight.slice(1, 0, sizes_.in_count), call.constants[1]);
  }

  int rows() const { return sizes_.rows; }
  // Per unit and gate: [batch, hidden, count].
  Tensor of_input(int row) const { return apart(of_input_.select(1, row)); }
  Tensor of_last(const Tensor &last) const { return apart(torch::linear(last, of_last_)); }
  Tensor clipped(const Tensor &sums) const {
    return limits_.hi < FLT_MAX ? torch::clamp(sums, limits_.lo, limits_.hi) : sums;
  }
  Tensor sums(int row, const Tensor &last) const { return clipped(of_input(row) + of_last(last)); }
  // Behind input `index`, or zeros: [batch, hidden].
  Tensor initial(std::size_t index) const {
    if (index >= inputs_->size()) return torch::zeros({batch_, sizes_.hidden});
    return (*inputs_)[index].reshape({batch_, sizes_.hidden});
  }

 private:
  Tensor apart(const Tensor &sums) const { return sums.view({batch_, sizes_.hidden, count_}); }

  ops::RecurrentSizes sizes_;
  std::int64_t batch_;
  int count_;
  ops::RealLimits limits_;
  const std::vector<Tensor> *inputs_;
  Tensor of_last_, of_input_;
};

// Output rows, each [batch, channels], as one value.
Tensor stacked(const std::vector<Tensor> &rows) { return torch::stack(rows, 1).unsqueeze(2); }

// Gates: input, forget, cell, output.
Tensor lstm(const Call &call) {
  const Gates gates(call, 4);
  const bool shows_cells = call.node.integer("cell_rows", 0) != 0;
  Tensor last = gates.initial(1), cells = gates.initial(2);
  std::vector<Tensor> rows;
  for (int y = 0; y < gates.rows(); ++y) {
    const auto sums = gates.sums(y, last).unbind(2);
    cells = torch::sigmoid(sums[1]) * cells + torch::sigmoid(sums[0]) * torch::tanh(sums[2]);
    last = torch::sigmoid(sums[3]) * torch::tanh(cells);
    rows.push_back(shows_cells ? torch::cat({last, cells}, 1) : last);
  }
  return stacked(rows);
}

// What the new gate takes of the last output: `reset` scales the sums over it, or itself.
Tensor taken(const Call &call, const Gates &gates, const Tensor &reset, const Tensor &last) {
  if (call.node.integer("reset_after", 0) == 0) return gates.of_last(reset * last).select(2, 2);
  return reset * (gates.of_last(last).select(2, 2) + call.constants[2]);
}

// Gates: reset, update, new.
Tensor gru(const Call &call) {
  const Gates gates(call, 3);
  Tensor last = gates.initial(1);
  std::vector<Tensor> rows;
  for (int y = 0; y < gates.rows(); ++y) {
    const Tensor shares = torch::sigmoid(gates.sums(y, last));
    const Tensor reset = shares.select(2, 0), update = shares.select(2, 1);
    const Tensor sums = gates.of_input(y).select(2, 2) + taken(call, gates, reset, last);
    last = update * last + (1 - update) * torch::tanh(gates.clipped(sums));
    rows.push_back(last);
  }
  return stacked(rows);
}

Tensor rnn(const Call &call) {
  const Gates gates(call, 1);
  const bool rectified = call.node.text("activation", "tanh") == "relu";
  Tensor last = gates.initial(1);
  std::vector<Tensor> rows;
  for (int y = 0; y < gates.rows(); ++y) {
    const Tensor sums = gates.sums(y, last).squeeze(2);
    last = rectified ? torch::relu(sums) : torch::tanh(sums);
    rows.push_back(last);
  }
  return stacked(rows);
}

}  // namespace

Family recurrent_family() { return {{"Lstm", lstm}, {"Gru", gru}, {"Rnn", rnn}}; }

}  // namespace thimble::train

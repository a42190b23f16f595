// What Lstm, Gru and Rnn share. Input 0 is a sequence, a row a time step; row y of the output is
// made of row y of the input and of the output row before it, so the access is kCarry.
//
// Inputs: 0 the sequence {T, cols, channels}; then none, or the initial states {1, 1, hidden}: 1 of
// the output, 2 of an Lstm's cells. Without them they are zeros. Constants: 0 weight [gates *
// hidden][in + hidden], rows unit by unit and in a unit gate by gate, columns first those of an
// input row, then those of the last output row; 1 bias [gates * hidden]. Attributes: hidden; clip
// (absent: none) cuts what the gates' activations are taken of to +-clip.
//
// int8: the last output row is at the output's quantization. A weight row has two scales, of its
// input columns (as Constant::scales has it) and of the others, in inverse proportion to the
// scales of input and output: so one sum and one multiplier serve both. fixed_point.h has the rest.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ops/evaluate.h"
#include "ops/fixed_point.h"
#include "ops/fused.h"
#include "ops/operator.h"
#include "ops/quantized.h"

namespace thimble::ops {

struct RecurrentSizes {
  int rows, in_count, hidden;
  int columns() const { return in_count + hidden; }
};
RecurrentSizes recurrent_sizes(const ir::Graph &graph, const ir::Node &node);

// Limits on both sides of zero.
RealLimits clip_limits(const ir::Node &node);
int clip_gate(const ir::Node &node);  // as a gate: 0 to kGateMax

struct RecurrentForm {
  int gates = 1;
  int states = 1;  // initial states that inputs may give
  std::size_t constants = 2;
  int channels_per_unit = 1;  // of the output
};
Result<std::vector<ir::Type>> infer_recurrent(const ir::Graph &graph, const ir::Node &node,
                                              const RecurrentForm &form);

// One mode, "carry". Bytes of state and workspace a unit.
std::vector<Mode> recurrent_modes(const ir::Graph &graph, const ir::Node &node, int state_bytes,
                                  int workspace_bytes, int alignment);

std::int64_t recurrent_macs(const ir::Graph &graph, const ir::Node &node);

// Sums of a float node: weight row `row` over `in`, or over the last output row.
struct FloatGates {
  const std::vector<float> &weight, &bias;
  RecurrentSizes sizes;
  RealLimits limits;

  double of_input(int row, const float *in) const;  // with bias
  double of_last(int row, const float *last) const;
  double gate(int row, const float *in, const float *last) const;  // both, clipped
};
FloatGates float_gates(const ir::Graph &graph, const ir::Node &node);

// The same of an int8 node.
struct IntGates {
  const std::vector<std::int8_t> &weight;
  const std::vector<std::int32_t> &bias;
  RecurrentSizes sizes;
  std::vector<Multiplier> multipliers;  // of the sums, to gates
  targets::Requant requant;
  int in_zero, out_zero, clip;

  std::int32_t of_input(int row, const std::int8_t *in) const;  // with bias
  std::int32_t of_last(int row, const std::int8_t *last) const;
  std::int32_t finish(int row, std::int32_t sum, int most) const;  // a gate within +-most
  std::int32_t gate(int row, const std::int8_t *in, const std::int8_t *last) const;
  // What the sums start from in C, where the products are of elements with their zero points.
  std::int64_t start_of_input(int row) const;
  std::int64_t start_of_last(int row) const;
};
// `sum_one`: what 1 is in the scale that sums are brought to.
IntGates int_gates(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers,
                   double sum_one = kGateOne);

// The initial state behind input `index`, or zeros; int8: in units of 1 / one, or at the output's
// quantization.
std::vector<float> initial_state(std::span<const Tensor *const> inputs, std::size_t index,
                                 int hidden);
std::vector<std::int32_t> initial_fine(std::span<const Tensor *const> inputs, std::size_t index,
                                       int hidden, int one);
std::vector<std::int8_t> initial_last(std::span<const Tensor *const> inputs, int hidden,
                                      const ir::Quant &output);

// The biases of a row kernel; int8: full_bias, with the zero points taken off.
Table recurrent_bias(const ir::Graph &graph, const ir::Node &node, const Numbers &numbers);
// The row kernel `name`_f32 or `name`_i8 with everything that all of them take; int8: with factor
// and shift from units to the output.
Kernel recurrent_kernel(const std::string &name, const ir::Graph &graph, const ir::Node &node,
                        const Numbers &numbers);
// The begin kernel: zeros; or `load` where inputs give the states. `fine`: int8 states of 16 bits a
// unit, in units of 1 / fine (0: none).
Kernel recurrent_begin(const std::string &load, const ir::Graph &graph, const ir::Node &node,
                       int fine);
// Sizes NAME_factor and NAME_shift.
void add_scale(Kernel &kernel, const std::string &name, double real);

}  // namespace thimble::ops

// Both importers bring their node into one form, a stack of layers of one or two directions, and
// RecurrentImport builds it. A direction that runs backwards reads its sequence, and has its output
// read, through views with a negative stride; several samples run one after the other.
#include "ops/recurrent_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ops/strided_view.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

constexpr std::int64_t kMostCells = 256;  // nodes that one foreign node may become

// Weights of one layer in one direction as the file has them: [gates * hidden][in], [gates *
// hidden][hidden], and two biases [gates * hidden], of which either may be absent (empty).
struct Direction {
  std::vector<float> of_input, of_last, input_bias, last_bias;
  bool backwards = false;
};

// What a foreign node says.
struct Stack {
  const Imported *input = nullptr;
  std::size_t time_axis = 0, batch_axis = 1;
  std::vector<std::vector<Direction>> layers;  // by layer, by direction
  std::int64_t hidden = 0;
  std::vector<std::size_t> states;  // inputs of the node with initial states; empty: zeros
  // Axes of a state: [layers * directions][batch][hidden], or with the first two swapped.
  std::size_t state_batch_axis = 1;
  // Axes of output 0: time, batch, direction, hidden; the last two as one where merged.
  std::vector<std::int64_t> order;
  bool merged = true;
  bool reset_after = true;
  bool rectified = false;
  std::optional<double> clip;
};

class RecurrentImport {
 public:
  RecurrentImport(Builder &builder, const ForeignNode &node, const RecurrentRule &rule,
                  const Stack &stack)
      : builder_(builder), node_(node), rule_(rule), stack_(stack) {
    steps_ = stack.input->dims[stack.time_axis];
    batch_ = stack.input->dims[stack.batch_axis];
    directions_ = static_cast<std::int64_t>(stack.layers[0].size());
    cell_rows_ = rule.states == 2 && is_read(2);
  }

  void run() {
    const auto cells = static_cast<std::int64_t>(stack_.layers.size()) * directions_ * batch_;
    if (cells > kMostCells)
      return builder_.error(node_, fmt::format("has {} layers, directions and samples", cells),
                            fmt::format("at most {} are supported", kMostCells));
    StridedView sequence =
        permuted(builder_.view_of(*stack_.input), {static_cast<std::int64_t>(stack_.batch_axis),
                                                   static_cast<std::int64_t>(stack_.time_axis), 2});
    for (std::size_t layer = 0; layer < stack_.layers.size(); ++layer) {
      std::vector<ir::ValueId> samples;
      for (std::int64_t sample = 0; sample < batch_; ++sample)
        samples.push_back(add_layer(layer, sequence, sample));
      sequence = rows_view(concat(samples, 0));
    }
    bind_rows(sequence);
    bind_state(1, last_);
    bind_state(2, cells_);
  }

 private:
  bool is_read(std::size_t output) const {
    return output < node_.outputs.size() && builder_.is_read(node_.outputs[output]);
  }

  ir::ValueId concat(const std::vector<ir::ValueId> &parts, std::int64_t axis) {
    if (parts.size() == 1) return parts[0];
    return builder_.add(node_, "Concat", parts, {}, {{"axis", axis}});
  }

  // Axes sample, step, channel of a layer's rows, sample after sample.
  StridedView rows_view(ir::ValueId rows) const {
    const std::int64_t width = directions_ * stack_.hidden;
    return {rows, 0, {{{batch_, steps_ * width}}, {{steps_, width}}, {{width, 1}}}};
  }

  // Steps of one sample as {T, 1, channels}.
  ir::ValueId add_layer(std::size_t layer, const StridedView &sequence, std::int64_t sample) {
    std::vector<ir::ValueId> parts;
    for (std::size_t d = 0; d < stack_.layers[layer].size(); ++d) {
      const Direction &direction = stack_.layers[layer][d];
      StridedView view = sequence;
      slice(view, 0, sample, 1, 1);
      if (direction.backwards) slice(view, 1, steps_ - 1, -1, steps_);
      const ir::ValueId x =
          builder_.add_strided(node_, view.value, view.in_file_order(),
                               {static_cast<int>(steps_), 1, static_cast<int>(view.size(2))});
      const auto cell =
          static_cast<std::int64_t>(layer) * directions_ + static_cast<std::int64_t>(d);
      parts.push_back(add_direction(direction, x, cell, sample));
    }
    return concat(parts, 2);
  }

  // One node, its rows in the order of the sequence, its last states kept in mind.
  ir::ValueId add_direction(const Direction &direction, ir::ValueId x, std::int64_t cell,
                            std::int64_t sample) {
    const auto hidden = static_cast<int>(stack_.hidden);
    std::vector<ir::ValueId> inputs{x};
    for (const std::size_t state : stack_.states) inputs.push_back(add_state(state, cell, sample));
    const ir::ValueId rows =
        builder_.add(node_, rule_.op, inputs, constants_of(direction), attributes());
    const std::int64_t width = cell_rows_ ? 2 * hidden : hidden;
    const auto last_row = [&](std::int64_t first) {
      return builder_.add_strided(node_, rows, {(steps_ - 1) * width + first, {{hidden, 1}}},
                                  {1, 1, hidden});
    };
    if (is_read(1)) last_.push_back(last_row(0));
    if (cell_rows_) cells_.push_back(last_row(hidden));
    const std::int64_t first = direction.backwards ? (steps_ - 1) * width : 0;
    const std::int64_t step = direction.backwards ? -width : width;
    return builder_.add_strided(node_, rows, {first, {{steps_, step}, {hidden, 1}}},
                                {static_cast<int>(steps_), 1, hidden});
  }

  ir::ValueId add_state(std::size_t input, std::int64_t cell, std::int64_t sample) {
    const Imported *state = builder_.activation(node_, input);
    if (!state) return kFailedValue;
    StridedView view = builder_.view_of(*state);
    slice(view, stack_.state_batch_axis, sample, 1, 1);
    slice(view, 1 - stack_.state_batch_axis, cell, 1, 1);
    return builder_.add_strided(node_, view.value, view.in_file_order(),
                                {1, 1, static_cast<int>(stack_.hidden)});
  }

  ir::Attributes attributes() const {
    ir::Attributes all{{"hidden", stack_.hidden}};
    if (stack_.clip) all["clip"] = *stack_.clip;
    if (cell_rows_) all["cell_rows"] = std::int64_t{1};
    if (rule_.op == "Gru") all["reset_after"] = std::int64_t{stack_.reset_after};
    if (rule_.op == "Rnn") all["activation"] = std::string(stack_.rectified ? "relu" : "tanh");
    return all;
  }

  bool keeps_reset_bias() const { return rule_.op == "Gru" && stack_.reset_after; }

  // Rows unit by unit, in a unit in our order of gates; a row's input columns before the others.
  std::vector<ir::ConstantId> constants_of(const Direction &direction) {
    const auto gates = static_cast<std::int64_t>(rule_.gates.size()), hidden = stack_.hidden;
    const auto in = static_cast<std::int64_t>(direction.of_input.size()) / (gates * hidden);
    std::vector<float> weight, bias, reset_bias;
    const auto of = [](const std::vector<float> &biases, std::int64_t row) {
      return biases.empty() ? 0.0f : biases[row];
    };
    for (std::int64_t unit = 0; unit < hidden; ++unit)
      for (std::int64_t gate = 0; gate < gates; ++gate) {
        const std::int64_t row = rule_.gates[gate] * hidden + unit;
        const auto *input = direction.of_input.data() + row * in;
        const auto *last = direction.of_last.data() + row * hidden;
        weight.insert(weight.end(), input, input + in);
        weight.insert(weight.end(), last, last + hidden);
        const bool apart = keeps_reset_bias() && gate == gates - 1;
        if (apart) reset_bias.push_back(of(direction.last_bias, row));
        bias.push_back(of(direction.input_bias, row) + (apart ? 0 : of(direction.last_bias, row)));
      }
    const auto rows = static_cast<int>(gates * hidden);
    std::vector<ir::ConstantId> ids{
        builder_.add_constant(node_.name + ".weight", {rows, static_cast<int>(in + hidden)},
                              std::move(weight)),
        builder_.add_constant(node_.name + ".bias", {rows}, std::move(bias))};
    if (keeps_reset_bias())
      ids.push_back(builder_.add_constant(node_.name + ".reset_bias", {static_cast<int>(hidden)},
                                          std::move(reset_bias)));
    return ids;
  }

  void bind_rows(const StridedView &rows) {
    if (!is_read(0)) return;
    StridedView view = permuted(rows, {1, 0, 2});
    if (!stack_.merged) view = *split(view, 2, {directions_, stack_.hidden});
    builder_.bind_view(node_, permuted(view, stack_.order), 0);
  }

  // `parts`: by layer, sample, direction, as they were added.
  void bind_state(std::size_t output, const std::vector<ir::ValueId> &parts) {
    if (!is_read(output) || parts.empty()) return;
    const auto layers = static_cast<std::int64_t>(stack_.layers.size()), hidden = stack_.hidden;
    const ir::ValueId all = concat(parts, 2);
    StridedView view{all,
                     0,
                     {{{layers, batch_ * directions_ * hidden}, {directions_, hidden}},
                      {{batch_, directions_ * hidden}},
                      {{hidden, 1}}}};
    if (stack_.state_batch_axis == 0) view = permuted(view, {1, 0, 2});
    builder_.bind_view(node_, view, output);
  }

  Builder &builder_;
  const ForeignNode &node_;
  const RecurrentRule &rule_;
  const Stack &stack_;
  std::int64_t steps_ = 0, batch_ = 0, directions_ = 1;
  bool cell_rows_ = false;
  std::vector<ir::ValueId> last_, cells_;  // {1, 1, hidden} each
};

bool is_zero(const ForeignTensor *tensor) {
  return tensor && tensor->is_float() &&
         std::all_of(tensor->f32.begin(), tensor->f32.end(), [](float x) { return x == 0; });
}

// Sets the states that `inputs` give, unless all are zeros. False after a report.
bool set_states(Builder &builder, const ForeignNode &node, std::vector<std::size_t> inputs,
                Stack &stack) {
  const auto absent = [&](std::size_t input) {
    return !builder.has_input(node, input) || is_zero(builder.constant(node.inputs[input]));
  };
  if (std::all_of(inputs.begin(), inputs.end(), absent)) return true;
  const std::int64_t cells = std::ssize(stack.layers) * std::ssize(stack.layers[0]);
  Dims wanted{cells, stack.input->dims[stack.batch_axis], stack.hidden};
  if (stack.state_batch_axis == 0) std::swap(wanted[0], wanted[1]);
  for (const std::size_t input : inputs) {
    const Imported *state = builder.activation(node, input);
    if (!state) return false;
    if (state->dims == wanted) continue;
    builder.error(node, fmt::format("initial state is [{}]", fmt::join(state->dims, ",")),
                  fmt::format("[{}] is meant", fmt::join(wanted, ",")));
    return false;
  }
  stack.states = std::move(inputs);
  return true;
}

// The floats of an input that has these dimensions; nothing after a report.
std::optional<std::vector<float>> parameters(Builder &builder, const ForeignNode &node,
                                             std::size_t input, const Dims &dims) {
  const ForeignTensor *tensor = builder.weights(node, input);
  if (!tensor) return {};
  if (tensor->dims == dims) return tensor->f32;
  builder.error(node, fmt::format("input {} is [{}]", input, fmt::join(tensor->dims, ",")),
                fmt::format("[{}] is meant", fmt::join(dims, ",")));
  return {};
}

// The input of three axes, or null after a report.
const Imported *sequence_of(Builder &builder, const ForeignNode &node) {
  const Imported *input = builder.activation(node, 0);
  if (!input || input->dims.size() == 3) return input;
  builder.error(node, fmt::format("input is [{}]", fmt::join(input->dims, ",")),
                "three axes are meant: steps, samples, features");
  return nullptr;
}

// --- ONNX ---

// Which of ONNX's attributes and inputs are beyond us, in words; empty: none.
std::string unsupported(Builder &builder, const ForeignNode &node, const RecurrentRule &rule,
                        const Stack &stack) {
  if (node.integer("input_forget", 0) != 0) return "couples its input and forget gates";
  if (rule.op == "Lstm" && builder.has_input(node, 7) && !is_zero(builder.constant(node.inputs[7])))
    return "has peepholes";
  if (node.integer("layout", 0) != 0 && node.integer("layout", 0) != 1)
    return "has an unknown layout";
  if (!builder.has_input(node, 4)) return {};
  const ForeignTensor *lengths = builder.constant(node.inputs[4]);
  const std::int64_t steps = stack.input->dims[stack.time_axis];
  const bool full = lengths && !lengths->i64.empty() &&
                    std::all_of(lengths->i64.begin(), lengths->i64.end(),
                                [&](std::int64_t length) { return length == steps; });
  return full ? "" : "has sequences of different lengths";
}

// False after a report. Rnn with ReLU in all directions is rectified.
bool set_activations(Builder &builder, const ForeignNode &node, const RecurrentRule &rule,
                     std::size_t directions, Stack &stack) {
  const std::vector<std::string> names = node.texts("activations");
  if (names.empty()) return true;
  std::vector<std::string> wanted;
  for (std::size_t d = 0; d < directions; ++d)
    wanted.insert(wanted.end(), rule.activations.begin(), rule.activations.end());
  if (names == wanted) return true;
  stack.rectified = rule.op == "Rnn" && names == std::vector<std::string>(directions, "Relu");
  if (!stack.rectified)
    builder.error(node, fmt::format("has the activations {}", fmt::join(names, ", ")),
                  fmt::format("{} {} supported", fmt::join(wanted, ", "),
                              rule.op == "Rnn" ? "or Relu instead is" : "are"));
  return stack.rectified;
}

// W [directions, gates * hidden, in], R, B [directions, 2 * gates * hidden]. False after a report.
bool set_onnx_weights(Builder &builder, const ForeignNode &node, std::int64_t gates, Stack &stack) {
  auto &directions = stack.layers[0];
  const std::int64_t count = std::ssize(directions), rows = gates * stack.hidden;
  const std::int64_t in = stack.input->dims[2];
  const auto w = parameters(builder, node, 1, {count, rows, in});
  const auto r = parameters(builder, node, 2, {count, rows, stack.hidden});
  const bool has_bias = builder.has_input(node, 3);
  const auto b = has_bias ? parameters(builder, node, 3, {count, 2 * rows}) : std::vector<float>();
  if (!w || !r || !b) return false;
  const auto part = [](const std::vector<float> &all, std::int64_t first, std::int64_t size) {
    return std::vector<float>(all.begin() + first, all.begin() + first + size);
  };
  for (std::int64_t d = 0; d < count; ++d) {
    directions[d].of_input = part(*w, d * rows * in, rows * in);
    directions[d].of_last = part(*r, d * rows * stack.hidden, rows * stack.hidden);
    if (!has_bias) continue;
    directions[d].input_bias = part(*b, 2 * d * rows, rows);
    directions[d].last_bias = part(*b, (2 * d + 1) * rows, rows);
  }
  return true;
}

std::optional<Stack> read_onnx(Builder &builder, const ForeignNode &node,
                               const RecurrentRule &rule) {
  Stack stack;
  stack.input = sequence_of(builder, node);
  if (!stack.input) return {};
  const bool batch_first = node.integer("layout", 0) == 1;
  stack.time_axis = batch_first ? 1 : 0;
  stack.batch_axis = stack.state_batch_axis = batch_first ? 0 : 1;
  stack.order = batch_first ? Dims{1, 0, 2, 3} : Dims{0, 2, 1, 3};
  stack.merged = false;
  stack.reset_after = node.integer("linear_before_reset", 0) != 0;
  if (node.has("clip")) stack.clip = node.real("clip", 0);
  const std::string direction = node.text("direction", "forward");
  stack.layers = {{Direction{}}};
  if (direction == "bidirectional") stack.layers[0].emplace_back();
  stack.layers[0].back().backwards = direction != "forward";
  const std::string why =
      direction != "forward" && direction != "reverse" && direction != "bidirectional"
          ? "has an unknown direction"
          : unsupported(builder, node, rule, stack);
  if (!why.empty()) {
    builder.error(node, why);
    return {};
  }
  const ForeignTensor *last = builder.weights(node, 2);
  if (!last) return {};
  stack.hidden = node.integer("hidden_size", last->dims.empty() ? 0 : last->dims.back());
  if (stack.hidden < 1 || stack.hidden > (1 << 20)) {
    builder.error(node, fmt::format("has a hidden_size of {}", stack.hidden));
    return {};
  }
  if (!set_activations(builder, node, rule, stack.layers[0].size(), stack) ||
      !set_onnx_weights(builder, node, std::ssize(rule.gates), stack))
    return {};
  std::vector<std::size_t> states{5};
  if (rule.states == 2) states.push_back(6);
  if (!set_states(builder, node, states, stack)) return {};
  return stack;
}

// --- PyTorch ---

// From parameter `next` on: weights of input and last row, then their biases. False after a report.
bool set_aten_direction(Builder &builder, const ForeignNode &node, bool biased, Dims dims,
                        std::size_t &next, Direction &direction) {
  const Dims bias{dims[0]}, last{dims[0], dims[2]};
  auto w = parameters(builder, node, next++, {dims[0], dims[1]});
  auto r = parameters(builder, node, next++, last);
  if (!w || !r) return false;
  direction.of_input = std::move(*w);
  direction.of_last = std::move(*r);
  if (!biased) return true;
  auto b = parameters(builder, node, next++, bias);
  auto c = parameters(builder, node, next++, bias);
  if (!b || !c) return false;
  direction.input_bias = std::move(*b);
  direction.last_bias = std::move(*c);
  return true;
}

std::optional<Stack> read_aten(Builder &builder, const ForeignNode &node,
                               const RecurrentRule &rule) {
  Stack stack;
  stack.input = sequence_of(builder, node);
  if (!stack.input) return {};
  const bool batch_first = node.integer("batch_first", 0) != 0;
  const bool biased = node.integer("has_biases", 1) != 0;
  const std::int64_t directions = node.integer("bidirectional", 0) != 0 ? 2 : 1;
  const std::int64_t layers = node.integer("num_layers", 1);
  stack.time_axis = batch_first ? 1 : 0;
  stack.batch_axis = batch_first ? 0 : 1;
  stack.order = batch_first ? Dims{1, 0, 2} : Dims{0, 1, 2};
  stack.rectified = rule.rectified;
  std::size_t next = 1 + static_cast<std::size_t>(rule.states);
  const std::int64_t given = std::ssize(node.inputs) - static_cast<std::int64_t>(next);
  if (layers < 1 || layers > kMostCells || given != layers * directions * (biased ? 4 : 2)) {
    builder.error(node, fmt::format("has {} parameters for {} layers", given, layers),
                  "projections (proj_size) are not supported");
    return {};
  }
  const ForeignTensor *last = builder.weights(node, next + 1);
  if (!last) return {};
  stack.hidden = last->dims.empty() ? 0 : last->dims.back();
  const std::int64_t rows = std::ssize(rule.gates) * stack.hidden;
  std::int64_t in = stack.input->dims[2];
  for (std::int64_t layer = 0; layer < layers; ++layer) {
    auto &all = stack.layers.emplace_back(directions);
    for (std::int64_t d = 0; d < directions; ++d) {
      all[d].backwards = d == 1;
      if (!set_aten_direction(builder, node, biased, {rows, in, stack.hidden}, next, all[d]))
        return {};
    }
    in = directions * stack.hidden;
  }
  std::vector<std::size_t> states{1};
  if (rule.states == 2) states.push_back(2);
  if (!set_states(builder, node, states, stack)) return {};
  return stack;
}

}  // namespace

void import_onnx_recurrent(Builder &builder, const ForeignNode &node, const RecurrentRule &rule) {
  if (const auto stack = read_onnx(builder, node, rule))
    RecurrentImport(builder, node, rule, *stack).run();
}

void import_aten_recurrent(Builder &builder, const ForeignNode &node, const RecurrentRule &rule) {
  if (const auto stack = read_aten(builder, node, rule))
    RecurrentImport(builder, node, rule, *stack).run();
}

}  // namespace thimble::ops

// Attention of ONNX and scaled_dot_product_attention of ATen: two products of computed matrices, a
// Softmax between them, and biases that mask keys. Masks that are known when the network is
// compiled (causal, constant, of padded keys) become one constant.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/composites.h"
#include "ops/constant.h"
#include "ops/lanes.h"
#include "ops/matmul.h"
#include "ops/reduce_import.h"
#include "ops/strided_view.h"

namespace thimble::ops {
namespace {

using MaybeOperand = std::optional<Operand>;

// Far below any score, and still a number: a masked key's probability is 0.
constexpr float kMasked = -1e30f;

MaybeOperand bound_view(Builder &builder, const ForeignNode &node, const char *suffix,
                        const StridedView &view) {
  const ForeignNode step = step_of(node, suffix);
  if (view.value < 0) return Operand{{view.dims(), kFailedValue}, {}};
  builder.bind_view(step, view);
  const Imported *bound = builder.find(step.outputs[0]);
  if (!bound) return std::nullopt;
  return Operand{*bound, {}};
}

MaybeOperand step(Builder &builder, const ForeignNode &node, const char *suffix, const char *op,
                  std::vector<Operand> operands) {
  return add_elementwise(builder, step_of(node, suffix), op, std::move(operands));
}

// [batch, length, heads * size] as [batch, heads, length, size]; four axes stay.
MaybeOperand by_heads(Builder &builder, const ForeignNode &node, const char *suffix,
                      const MaybeOperand &input, std::int64_t heads) {
  if (!input || input->number) return std::nullopt;
  const Dims &dims = input->value.dims;
  if (dims.size() == 4) return input;
  if (dims.size() != 3 || heads < 1 || dims[2] % heads != 0) {
    builder.error(node, fmt::format("reads [{}] with {} heads", fmt::join(dims, ","), heads));
    return std::nullopt;
  }
  const auto divided = split(builder.view_of(input->value), 2, {heads, dims[2] / heads});
  if (!divided) return std::nullopt;
  return bound_view(builder, node, suffix, permuted(*divided, {0, 2, 1, 3}));
}

// Heads that serve several of the query's, as often as they do.
MaybeOperand repeated_heads(Builder &builder, const ForeignNode &node, const char *suffix,
                            const Operand &input, std::int64_t heads) {
  if (input.value.dims[1] == heads) return input;
  if (heads % input.value.dims[1] != 0) {
    builder.error(
        node, fmt::format("has {} heads of queries for {} of keys", heads, input.value.dims[1]));
    return std::nullopt;
  }
  StridedView view = builder.view_of(input.value);
  view.axes[1].push_back({heads / input.value.dims[1], 0});
  return bound_view(builder, node, suffix, view);
}

// What is known of the mask when the network is compiled: one addend for each [batch, head, query,
// key], where batch or head may be 1 for all.
class Mask {
 public:
  explicit Mask(Dims dims) : dims_(std::move(dims)) {
    addends_.resize(static_cast<std::size_t>(dims_[0] * dims_[1] * dims_[2] * dims_[3]));
  }

  // f(batch, head, query, key): whether the query sees the key.
  template <class F>
  void keep_where(F f) {
    each([&](float &addend, const Dims &at) {
      if (!f(at[0], at[1], at[2], at[3])) addend = kMasked;
    });
  }
  template <class F>
  void add(F f) {
    each([&](float &addend, const Dims &at) {
      addend = std::max(addend + f(at[0], at[1], at[2], at[3]), kMasked);
    });
  }

  bool is_empty() const {
    return std::all_of(addends_.begin(), addends_.end(), [](float x) { return x == 0; });
  }
  ForeignTensor tensor() const { return {ForeignType::kF32, dims_, addends_, {}}; }
  // 1 for each query that sees a key, else 0.
  ForeignTensor live_queries() const {
    ForeignTensor live{ForeignType::kF32, {dims_[0], dims_[1], dims_[2], 1}, {}, {}};
    for (std::size_t i = 0; i < addends_.size(); i += static_cast<std::size_t>(dims_[3]))
      live.f32.push_back(*std::max_element(addends_.begin() + static_cast<std::ptrdiff_t>(i),
                                           addends_.begin() + static_cast<std::ptrdiff_t>(i) +
                                               dims_[3]) > 0.5f * kMasked
                             ? 1.0f
                             : 0.0f);
    return live;
  }

 private:
  template <class F>
  void each(F f) {
    std::size_t i = 0;
    for (std::int64_t b = 0; b < dims_[0]; ++b)
      for (std::int64_t h = 0; h < dims_[1]; ++h)
        for (std::int64_t q = 0; q < dims_[2]; ++q)
          for (std::int64_t k = 0; k < dims_[3]; ++k) f(addends_[i++], Dims{b, h, q, k});
  }

  Dims dims_;
  std::vector<float> addends_;
};

// A constant mask against [batch, head, query, key], aligned at the last.
struct ConstantMask {
  const ForeignTensor *tensor;
  Dims dims;  // four
  // Keys behind the mask's end are not seen.
  float addend(std::int64_t b, std::int64_t h, std::int64_t q, std::int64_t k) const {
    if (k >= dims[3] && dims[3] > 1) return kMasked;
    const Dims at{b, h, q, k};
    std::int64_t index = 0;
    for (std::size_t i = 0; i < 4; ++i) index = index * dims[i] + (dims[i] == 1 ? 0 : at[i]);
    const auto element = static_cast<std::size_t>(index);
    if (tensor->is_float()) return std::max(tensor->f32[element], kMasked);
    return tensor->i64[element] != 0 ? 0.0f : kMasked;
  }
};

std::optional<ConstantMask> constant_mask(Builder &builder, const ForeignNode &node,
                                          std::size_t index, const Dims &scores) {
  const ForeignTensor *tensor = builder.constant(node.inputs[index]);
  ConstantMask mask{tensor, tensor->dims};
  while (mask.dims.size() < 4) mask.dims.insert(mask.dims.begin(), 1);
  bool fits =
      mask.dims.size() == 4 && mask.dims[3] <= scores[3] &&
      static_cast<std::int64_t>(tensor->f32.size() + tensor->i64.size()) == tensor->elements();
  for (std::size_t i = 0; fits && i < 3; ++i) fits = mask.dims[i] == 1 || mask.dims[i] == scores[i];
  if (fits) return mask;
  builder.error(node, fmt::format("has a mask of [{}] for scores of [{}]",
                                  fmt::join(tensor->dims, ","), fmt::join(scores, ",")));
  return std::nullopt;
}

// Everything about one attention but its matrices.
struct Attention {
  Dims scores;                           // [batch, heads, queries, keys]
  std::optional<std::size_t> mask = {};  // the input
  bool causal = false;
  std::int64_t left = -1, right = -1;    // keys seen on each side of the query's own; -1: all
  std::vector<std::int64_t> offsets{0};  // of the first query among the keys: one, or one a sample
  std::vector<std::int64_t> lengths = {};  // keys that are not padding, one a sample; empty: all
  double scale = 1, softcap = 0;
};

bool is_constant(const Builder &builder, const ForeignNode &node, std::size_t index) {
  return builder.has_input(node, index) && builder.constant(node.inputs[index]);
}

std::optional<Mask> known_mask(Builder &builder, const ForeignNode &node, const Attention &a) {
  std::optional<ConstantMask> constant;
  if (a.mask && is_constant(builder, node, *a.mask)) {
    constant = constant_mask(builder, node, *a.mask, a.scores);
    if (!constant) return std::nullopt;
  }
  const bool by_sample = !a.lengths.empty() || a.offsets.size() > 1;
  Mask mask({by_sample  ? a.scores[0]
             : constant ? constant->dims[0]
                        : 1,
             constant ? constant->dims[1] : 1, a.scores[2], a.scores[3]});
  if (constant && by_sample && constant->dims[0] > 1)
    mask = Mask({a.scores[0], constant->dims[1], a.scores[2], a.scores[3]});
  if (constant)
    mask.add([&](auto b, auto h, auto q, auto k) { return constant->addend(b, h, q, k); });
  mask.keep_where([&](std::int64_t b, std::int64_t, std::int64_t q, std::int64_t k) {
    const std::int64_t own = q + a.offsets[a.offsets.size() > 1 ? static_cast<std::size_t>(b) : 0];
    if (a.causal && k > own) return false;
    if (a.left >= 0 && own - k > a.left) return false;
    if (a.right >= 0 && k - own > a.right) return false;
    return a.lengths.empty() || k < a.lengths[static_cast<std::size_t>(b)];
  });
  return mask;
}

MaybeOperand constant_operand(Builder &builder, const ForeignNode &node, const char *suffix,
                              const ForeignTensor &tensor) {
  const auto value =
      add_constant_value(builder.graph(), node.name + suffix, tensor, builder.axes());
  if (value.ok()) return Operand{{tensor.dims, *value}, {}};
  builder.error(value.diagnostics().front());
  return std::nullopt;
}

// Scores at the stages of ONNX's qk_matmul_output_mode, and what comes of them.
struct Scores {
  MaybeOperand raw, capped, masked, probabilities;
};

MaybeOperand softmax(Builder &builder, const ForeignNode &node, const Operand &scores) {
  const ForeignNode step = step_of(node, "_softmax");
  const Lanes lanes = to_lanes(builder, step, scores.value, {scores.value.dims.size() - 1});
  bind_lanes(builder, step, lanes, builder.add(step, "Softmax", {lanes.value}, {}, {}));
  const Imported *bound = builder.find(step.outputs[0]);
  if (!bound) return std::nullopt;
  return Operand{*bound, {}};
}

// A mask that the network is given, in numbers; rows of it may mask every key.
struct GivenMask {
  MaybeOperand addends, live;
};

std::optional<GivenMask> given_mask(Builder &builder, const ForeignNode &node, const Attention &a) {
  if (!a.mask || is_constant(builder, node, *a.mask)) return GivenMask{};
  const auto mask = operand_of(builder, node, *a.mask);
  if (!mask) return std::nullopt;
  if (mask->value.dims.empty() || mask->value.dims.back() != a.scores[3]) {
    builder.error(node, "is given a mask of fewer keys than there are");
    return std::nullopt;
  }
  const auto finite = step(builder, node, "_mask", "Max", {*mask, number_operand(kMasked)});
  if (!finite) return std::nullopt;
  const Operand most = add_reduce(builder, step_of(node, "_seen"), "max", *finite,
                                  {finite->value.dims.size() - 1}, true);
  const auto live = step(builder, node, "_live", "Less", {number_operand(0.5 * kMasked), most});
  return GivenMask{finite, live};
}

Scores scores_of(Builder &builder, const ForeignNode &node, const Operand &query,
                 const Operand &key, const Attention &a) {
  Scores scores;
  const auto known = known_mask(builder, node, a);
  const auto given = given_mask(builder, node, a);
  if (!known || !given) return {};
  const auto product = add_matmul(builder, step_of(node, "_scores"), query, key, true);
  if (product)
    scores.raw = step(builder, node, "_scale", "Mul", {*product, number_operand(a.scale)});
  scores.capped = scores.raw;
  if (scores.raw && a.softcap > 0) {
    auto x = step(builder, node, "_cap_in", "Mul", {*scores.raw, number_operand(1 / a.softcap)});
    if (x) x = step(builder, node, "_cap", "Tanh", {*x});
    if (x) scores.capped = step(builder, node, "_cap_out", "Mul", {*x, number_operand(a.softcap)});
  }
  scores.masked = scores.capped;
  if (scores.masked && !known->is_empty()) {
    const auto constant = constant_operand(builder, node, "_known_mask", known->tensor());
    if (!constant) return {};
    scores.masked = step(builder, node, "_masked", "Add", {*scores.masked, *constant});
  }
  if (scores.masked && given->addends)
    scores.masked = step(builder, node, "_biased", "Add", {*scores.masked, *given->addends});
  if (scores.masked) scores.probabilities = softmax(builder, node, *scores.masked);
  const ForeignTensor live = known->live_queries();
  if (scores.probabilities && std::count(live.f32.begin(), live.f32.end(), 0.0f)) {
    const auto factor = constant_operand(builder, node, "_known_live", live);
    if (!factor) return {};
    scores.probabilities = step(builder, node, "_seeing", "Mul", {*scores.probabilities, *factor});
  }
  if (scores.probabilities && given->live)
    scores.probabilities =
        step(builder, node, "_masked_out", "Mul", {*scores.probabilities, *given->live});
  return scores;
}

void bind_at(Builder &builder, const ForeignNode &node, std::size_t output,
             const MaybeOperand &operand) {
  if (operand && output < node.outputs.size() && !node.outputs[output].empty())
    builder.bind(node.outputs[output], operand->value.value, operand->value.dims);
}

bool wants(const ForeignNode &node, std::size_t output) {
  return output < node.outputs.size() && !node.outputs[output].empty();
}

// What was there before, and what has come, along the sequence.
MaybeOperand continued(Builder &builder, const ForeignNode &node, const char *suffix,
                       std::size_t past, const MaybeOperand &now) {
  if (!now || !builder.has_input(node, past)) return now;
  ForeignNode concat = step_of(node, suffix);
  concat.op = "Concat";
  const ForeignNode holder = step_of(node, std::string(suffix) + "_now");
  builder.bind(holder.outputs[0], now->value.value, now->value.dims);
  concat.inputs = {node.inputs[past], holder.outputs[0]};
  concat.attributes = {{"axis", std::int64_t{2}}};
  import_as(builder, concat);
  const Imported *bound = builder.find(concat.outputs[0]);
  if (!bound) return std::nullopt;
  return Operand{*bound, {}};
}

// Lengths of the sequences that are not padding, which the file must hold.
bool read_lengths(Builder &builder, const ForeignNode &node, Attention &attention) {
  if (!builder.has_input(node, 6)) return true;
  const ForeignTensor *lengths = builder.constant(node.inputs[6]);
  if (!lengths || static_cast<std::int64_t>(lengths->i64.size()) != attention.scores[0]) {
    builder.error(node, "has lengths of sequences that are not known before it runs");
    return false;
  }
  attention.lengths = lengths->i64;
  attention.offsets.clear();
  for (const std::int64_t length : lengths->i64)
    attention.offsets.push_back(length - attention.scores[2]);
  return true;
}

// Heads side by side again: [batch, heads, length, size] as [batch, length, heads * size].
MaybeOperand joined_heads(Builder &builder, const ForeignNode &node, const MaybeOperand &input) {
  if (!input) return input;
  StridedView view = permuted(builder.view_of(input->value), {0, 2, 1, 3});
  merge(view, 2, 4);
  return bound_view(builder, node, "_joined", view);
}

MaybeOperand exposed_scores(Builder &builder, const ForeignNode &node, const Scores &scores,
                            const Attention &attention) {
  switch (node.integer("qk_matmul_output_mode", 0)) {
    case 0:
      return scores.raw;
    case 1:
      return scores.capped;
    case 3:
      return scores.probabilities;
    default:
      if (attention.mask || attention.causal || !attention.lengths.empty())
        builder.error(node, "gives scores with a mask added", "masked ones would not be infinite");
      return scores.masked;
  }
}

// Keys and values, each head repeated for the queries' heads that share it. False after a report.
bool share_heads(Builder &builder, const ForeignNode &node, std::int64_t heads, MaybeOperand &key,
                 MaybeOperand &value) {
  key = repeated_heads(builder, node, "_key_heads", *key, heads);
  value = repeated_heads(builder, node, "_value_heads", *value, heads);
  return key && value;
}

void import_attention(Builder &builder, const ForeignNode &node) {
  const std::int64_t q_heads = node.integer("q_num_heads", 0);
  const std::int64_t kv_heads = node.integer("kv_num_heads", 0);
  const auto query = by_heads(builder, node, "_query", operand_of(builder, node, 0), q_heads);
  auto key = by_heads(builder, node, "_key", operand_of(builder, node, 1), kv_heads);
  auto value = by_heads(builder, node, "_value", operand_of(builder, node, 2), kv_heads);
  if (!query || !key || !value) return;
  const bool has_past = builder.has_input(node, 4);
  const std::int64_t past_keys = has_past ? -key->value.dims[2] : 0;
  key = continued(builder, node, "_keys", 4, key);
  value = continued(builder, node, "_values", 5, value);
  if (!key || !value) return;
  bind_at(builder, node, 1, key);
  bind_at(builder, node, 2, value);
  const std::int64_t offset = has_past ? past_keys + key->value.dims[2] : 0;
  const Dims &q = query->value.dims;
  if (!share_heads(builder, node, q[1], key, value)) return;
  Attention attention{.scores = {q[0], q[1], q[2], key->value.dims[2]},
                      .causal = node.integer("is_causal", 0) != 0,
                      .left = node.integer("left_window_size", -1),
                      .right = node.integer("right_window_size", -1),
                      .offsets = {offset},
                      .scale = node.real("scale", 1 / std::sqrt(static_cast<double>(q[3]))),
                      .softcap = node.real("softcap", 0)};
  if (builder.has_input(node, 3)) attention.mask = 3;
  if (!read_lengths(builder, node, attention)) return;
  const Scores scores = scores_of(builder, node, *query, *key, attention);
  if (!scores.probabilities) return;
  auto out = add_matmul(builder, step_of(node, "_attended"), *scores.probabilities, *value);
  const Imported *original = builder.find(node.inputs[0]);
  if (original && original->dims.size() == 3) out = joined_heads(builder, node, out);
  bind_at(builder, node, 0, out);
  if (wants(node, 3)) bind_at(builder, node, 3, exposed_scores(builder, node, scores, attention));
}

// [..., length, size] with any axes before, as [batch, heads, length, size].
MaybeOperand as_four(Builder &builder, const ForeignNode &node, const char *suffix,
                     std::size_t index) {
  const auto input = operand_of(builder, node, index);
  if (!input || input->number) return std::nullopt;
  StridedView view = builder.view_of(input->value);
  if (view.axes.size() < 2 || view.axes.size() > 4) {
    builder.error(node, "reads a tensor of other than 2 to 4 dimensions");
    return std::nullopt;
  }
  while (view.axes.size() < 4) view.axes.insert(view.axes.begin(), {{1, 0}});
  return bound_view(builder, node, suffix, view);
}

void import_scaled_dot_product(Builder &builder, const ForeignNode &node) {
  const auto query = as_four(builder, node, "_query", 0);
  auto key = as_four(builder, node, "_key", 1), value = as_four(builder, node, "_value", 2);
  if (!query || !key || !value) return;
  const Dims &q = query->value.dims;
  if (!share_heads(builder, node, q[1], key, value)) return;
  Attention attention{.scores = {q[0], q[1], q[2], key->value.dims[2]},
                      .causal = node.integer("is_causal", 0) != 0,
                      .scale = node.real("scale", 1 / std::sqrt(static_cast<double>(q[3])))};
  if (builder.has_input(node, 3)) attention.mask = 3;
  const Scores scores = scores_of(builder, node, *query, *key, attention);
  if (!scores.probabilities) return;
  const auto out = add_matmul(builder, step_of(node, "_attended"), *scores.probabilities, *value);
  const Imported *original = builder.find(node.inputs[0]);
  if (!out || !original) return;
  StridedView view = builder.view_of(out->value);
  while (view.axes.size() > original->dims.size()) view.axes.erase(view.axes.begin());
  if (view.value >= 0) builder.bind_view(node, view);
}

}  // namespace

std::vector<ImportRule> attention_import_rules() {
  return {{"onnx", "Attention", import_attention},
          {"aten", "scaled_dot_product_attention.default", import_scaled_dot_product}};
}

}  // namespace thimble::ops

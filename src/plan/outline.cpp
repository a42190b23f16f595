// Access from operator types and shapes: see outline.h. kTypes is the list of what is known.
#include "plan/outline.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string_view>

#include "ops/axis.h"
#include "ops/pooling.h"

namespace thimble::plan {
namespace {

using ops::Access;
using ops::AccessKind;
using ops::Mode;
using ops::Range;
using ops::WriteOrder;

constexpr int kSumElements = 4;  // int32 sums of int8

// What the planner is given at most: it follows rows one by one.
constexpr int kMostRows = 4096;
constexpr std::int64_t kMostRowsOfAll = 200'000;
constexpr std::int64_t kMostReads = 20'000'000;

// One node of the graph: an operator and one of its outputs.
struct Subject {
  const Outline &outline;
  const Outline::Op &op;
  const ir::Graph &graph;
  std::vector<ir::ValueId> inputs;
  ir::ValueId output;

  const ir::Shape &in(std::size_t i) const { return graph.value(inputs[i]).type.shape; }
  const ir::Shape &out() const { return graph.value(output).type.shape; }
  const std::vector<int> &out_dims() const { return outline.tensors[op.out[0]].dims; }
};

ir::Shape shape_of(const std::vector<int> &dims) {
  const int rank = static_cast<int>(dims.size());
  const auto product = [&](int from, int to) {
    return std::accumulate(dims.begin() + from, dims.begin() + std::max(from, to), 1,
                           std::multiplies<>());
  };
  ir::Shape shape{1, 1, product(0, rank)};
  if (rank >= 1 && dims[0] > 1) {
    shape = {dims[0], 1, product(1, rank)};
  } else if (rank >= 4) {
    shape = {dims[rank - 2], dims[rank - 1], product(1, rank - 2)};
  } else if (rank == 3) {
    shape = {dims[2], 1, dims[1]};
  }
  return shape;
}

// --- accesses ---

Access same_rows(const ir::Shape &shape) {
  Access access;
  for (int y = 0; y < shape.rows; ++y) access.rows.push_back({y, y + 1});
  for (int x = 0; x < shape.cols; ++x) access.cols.push_back({x, x + 1});
  access.pitched = true;
  return access;
}

Access whole() { return {AccessKind::kWhole, {}, {}}; }

std::vector<Mode> one(Access access, WriteOrder order = WriteOrder::kAnywhere) {
  Mode mode;
  mode.inputs = {std::move(access)};
  mode.order = order;
  return {mode};
}

bool same_image(const ir::Shape &a, const ir::Shape &b) {
  return a.rows == b.rows && a.cols == b.cols;
}

// --- kinds of operators: each gives the ways to run one ---

std::vector<Mode> anyhow(const Subject &subject) {
  Mode mode;
  mode.inputs.assign(subject.inputs.size(), whole());
  return {mode};
}

ops::Axis axis_of(const Outline::Op &op, std::size_t i, int in, int out) {
  const auto at = [&](const std::vector<int> &list, int otherwise) {
    return i < list.size() ? list[i] : otherwise;
  };
  ops::Axis axis;
  axis.in = in;
  axis.out = out;
  axis.kernel = at(op.kernel, 1);
  axis.stride = at(op.strides, 1);
  axis.pad = at(op.pads, 0);
  axis.dilation = at(op.dilations, 1);
  axis.transposed = op.type == "ConvTranspose";
  return axis;
}

std::vector<Mode> window(const Subject &subject, WriteOrder order) {
  const ops::Axis rows = axis_of(subject.op, 0, subject.in(0).rows, subject.out().rows);
  const ops::Axis cols = axis_of(subject.op, 1, subject.in(0).cols, subject.out().cols);
  Access access{AccessKind::kWindow, all_reads(rows), {}, true};
  if (rows.dilation == 1 && cols.dilation == 1) access.cols = all_reads(cols);
  std::vector<Mode> modes = one(std::move(access), order);
  modes[0].inputs.resize(subject.inputs.size(), whole());
  return modes;
}

std::vector<Mode> convolution(const Subject &subject) {
  return window(subject, WriteOrder::kAnywhere);
}
std::vector<Mode> pooling(const Subject &subject) { return window(subject, WriteOrder::kElement); }

std::vector<Mode> max_pooling(const Subject &subject) {
  std::vector<Mode> modes = pooling(subject);
  if (subject.inputs.size() != 1) return modes;
  const ops::Axis rows = axis_of(subject.op, 0, subject.in(0).rows, subject.out().rows);
  const ops::Axis cols = axis_of(subject.op, 1, subject.in(0).cols, subject.out().cols);
  if (const auto fold = ops::pool_folding_mode(rows, cols)) modes.push_back(*fold);
  return modes;
}

// Functions of single elements. What has one row, or one column, has it for all.
std::vector<Mode> elementwise(const Subject &subject) {
  const ir::Shape &out = subject.out();
  Mode mode;
  mode.order = WriteOrder::kElement;
  for (std::size_t i = 0; i < subject.inputs.size(); ++i) {
    const ir::Shape &in = subject.in(i);
    Access access = same_rows(out);
    if (in.channels != out.channels) mode.order = WriteOrder::kAnywhere;
    if (in.rows != out.rows && in.rows == 1) access.rows.assign(out.rows, {0, 1});
    if (in.cols != out.cols) access.cols.clear();
    const bool fits = (in.rows == out.rows || in.rows == 1) &&
                      (in.cols == out.cols || in.cols == 1) &&
                      (in.channels == out.channels || in.channels == 1);
    mode.inputs.push_back(fits ? std::move(access) : whole());
    if (!fits) mode.order = WriteOrder::kAnywhere;
  }
  return {mode};
}

// Channels of each pixel on their own: some of them, or in another order.
std::vector<Mode> within_pixels(const Subject &subject) {
  if (subject.inputs.size() != 1 || !same_image(subject.in(0), subject.out()))
    return anyhow(subject);
  return one(same_rows(subject.out()));
}

std::vector<Mode> transpose(const Subject &subject) {
  const std::vector<int> &in = subject.outline.tensors[subject.op.in[0]].dims;
  const std::vector<int> &out = subject.out_dims();
  const bool is_image = in.size() >= 4 && out.size() >= 4 && in[0] == 1 && out[0] == 1;
  return is_image ? within_pixels(subject) : anyhow(subject);
}

// Of any mode: at most the two neighbours of the place in the input.
std::vector<Range> resized(int in, int out) {
  std::vector<Range> ranges;
  for (std::int64_t i = 0; i < out; ++i) {
    const std::int64_t doubled = (2 * i + 1) * in - out;  // 2 * out times the place in the input
    const auto lo = static_cast<int>(std::max<std::int64_t>(doubled, 0) / (2 * out));
    ranges.push_back({std::min(lo, in - 1), std::min(lo + 2, in)});
  }
  return ranges;
}

std::vector<Mode> resize(const Subject &subject) {
  if (subject.in(0).channels != subject.out().channels) return anyhow(subject);
  std::vector<Mode> modes =
      one({AccessKind::kWindow, resized(subject.in(0).rows, subject.out().rows), {}, true});
  modes[0].inputs.resize(subject.inputs.size(), whole());
  return modes;
}

std::vector<Mode> accumulate(const Subject &subject) {
  Mode mode;
  mode.inputs = {{AccessKind::kAccumulate, {}, {}}};
  mode.state_bytes = kSumElements * subject.out().elements();
  mode.alignment = kSumElements;
  return {mode};
}

std::vector<Mode> reduce(const Subject &subject) {
  return subject.inputs.size() == 1 && subject.out().rows == 1 ? accumulate(subject)
                                                               : anyhow(subject);
}

// A product with weights: of each row of a sequence, or of everything.
std::vector<Mode> linear(const Subject &subject) {
  if (subject.inputs.size() != 1) return anyhow(subject);
  const ir::Shape &in = subject.in(0);
  if (in.rows > 1 && in.rows == subject.out().rows && in.cols == 1) {
    Access access = same_rows(subject.out());
    access.cols.clear();
    return one(std::move(access));
  }
  std::vector<Mode> modes = anyhow(subject);
  if (in.rows > 1) modes.push_back(accumulate(subject)[0]);
  return modes;
}

// [T, directions, 1, H]; more than one direction needs the end of the sequence first.
std::vector<Mode> recurrent(const Subject &subject) {
  const std::vector<int> &out = subject.out_dims();
  const int rows = subject.out().rows;
  const bool is_sequence = out.size() == 4 && rows == out[0] && subject.in(0).rows == rows;
  const bool carries = is_sequence && out[1] == 1;
  Mode mode = anyhow(subject)[0];
  mode.state_bytes = 3 * subject.out().elements() / rows;
  if (carries) {
    mode.inputs[0] = same_rows(subject.out());
    mode.inputs[0].kind = AccessKind::kCarry;
    mode.inputs[0].cols.clear();
    for (std::size_t i = 1; i < mode.inputs.size(); ++i) {
      mode.inputs[i].kind = AccessKind::kWindow;
      for (int y = 0; y < rows; ++y)
        mode.inputs[i].rows.push_back(y == 0 ? Range{0, subject.in(i).rows} : Range{});
    }
  }
  return {mode};
}

// Rows of a table of weights, one for each of the input's.
std::vector<Mode> gather(const Subject &subject) {
  const ir::Shape &in = subject.in(0);
  const bool by_row = subject.inputs.size() == 1 && in.rows > 1 && in.rows == subject.out().rows &&
                      in.cols == 1 && subject.out().cols == 1;
  return by_row ? within_pixels(subject) : anyhow(subject);
}

std::vector<Mode> softmax(const Subject &subject) {
  const int rank = static_cast<int>(subject.out_dims().size());
  const int axis = subject.op.axis < 0 ? subject.op.axis + rank : subject.op.axis;
  const bool is_sequence = subject.out_dims()[0] > 1;
  const bool by_pixel = is_sequence ? rank == 2 && axis == 1 : axis == 1 && rank >= 2;
  if (!by_pixel || subject.in(0) != subject.out()) return anyhow(subject);
  return one(same_rows(subject.out()), WriteOrder::kPixel);
}

// The parts lie in the whole, or are copied there.
std::optional<ops::View> concat_view(const Subject &subject) {
  const int rank = static_cast<int>(subject.out_dims().size());
  const int axis = subject.op.axis < 0 ? subject.op.axis + rank : subject.op.axis;
  const bool is_sequence = subject.out_dims()[0] > 1;
  const ir::Shape &out = subject.out();
  bool by_rows = (is_sequence && axis == 0) || (!is_sequence && rank == 4 && axis == 2) ||
                 (!is_sequence && rank == 3 && axis == 2);
  bool by_channels = (is_sequence && axis == 1 && rank == 2) || (!is_sequence && axis == 1);
  ops::View rows{ops::View::Kind::kConcatRows, {}}, channels{ops::View::Kind::kConcatChannels, {}};
  std::int64_t row = 0, channel = 0;
  for (std::size_t i = 0; i < subject.inputs.size(); ++i) {
    const ir::Shape &in = subject.in(i);
    by_rows &= in.cols == out.cols && in.channels == out.channels;
    by_channels &= same_image(in, out);
    rows.offsets.push_back(static_cast<int>(row));
    channels.offsets.push_back(static_cast<int>(channel));
    row += in.rows;
    channel += in.channels;
  }
  if (by_rows && row == out.rows) return rows;
  if (by_channels && channel == out.channels) return channels;
  return std::nullopt;
}

std::vector<Mode> concat(const Subject &subject) {
  const std::optional<ops::View> view = concat_view(subject);
  if (!view) return anyhow(subject);
  Mode mode;
  for (std::size_t i = 0; i < subject.inputs.size(); ++i) {
    Access access = same_rows(subject.out());
    if (view->kind == ops::View::Kind::kConcatRows) {
      const int lo = view->offsets[i], rows = subject.in(i).rows;
      for (int y = 0; y < subject.out().rows; ++y)
        access.rows[y] = {std::clamp(y - lo, 0, rows), std::clamp(y - lo + 1, 0, rows)};
    }
    mode.inputs.push_back(std::move(access));
  }
  return {mode};
}

using Kind = std::vector<Mode> (*)(const Subject &);

const std::map<std::string_view, Kind> kTypes = {
    {"Conv", convolution},
    {"ConvTranspose", convolution},
    {"MaxPool", max_pooling},
    {"AveragePool", pooling},
    {"LpPool", pooling},
    {"Resize", resize},
    {"Upsample", resize},
    {"GlobalAveragePool", reduce},
    {"GlobalMaxPool", reduce},
    {"ReduceMean", reduce},
    {"ReduceSum", reduce},
    {"ReduceMax", reduce},
    {"Gemm", linear},
    {"MatMul", linear},
    {"LSTM", recurrent},
    {"GRU", recurrent},
    {"RNN", recurrent},
    {"Concat", concat},
    {"Slice", within_pixels},
    {"Transpose", transpose},
    {"Gather", gather},
    {"Softmax", softmax},
    {"LogSoftmax", softmax},
    {"Add", elementwise},
    {"Sub", elementwise},
    {"Mul", elementwise},
    {"Div", elementwise},
    {"Mod", elementwise},
    {"Pow", elementwise},
    {"Min", elementwise},
    {"Max", elementwise},
    {"Equal", elementwise},
    {"Less", elementwise},
    {"Greater", elementwise},
    {"Where", elementwise},
    {"BatchNormalization", elementwise},
    {"Relu", elementwise},
    {"LeakyRelu", elementwise},
    {"PRelu", elementwise},
    {"Clip", elementwise},
    {"Sigmoid", elementwise},
    {"HardSigmoid", elementwise},
    {"HardSwish", elementwise},
    {"SiLU", elementwise},
    {"Tanh", elementwise},
    {"Elu", elementwise},
    {"Selu", elementwise},
    {"Gelu", elementwise},
    {"Softplus", elementwise},
    {"Erf", elementwise},
    {"Exp", elementwise},
    {"Log", elementwise},
    {"Sqrt", elementwise},
    {"Abs", elementwise},
    {"Neg", elementwise},
    {"Not", elementwise},
    {"Floor", elementwise},
    {"Ceil", elementwise},
    {"Cast", elementwise},
    {"Identity", elementwise},
    {"QuantizeLinear", elementwise},
    {"DequantizeLinear", elementwise},
};

// --- windows that fit ---

bool is_pooling(Kind kind) { return kind == pooling || kind == max_pooling; }

bool slides(const Outline::Op &op) {
  const auto found = kTypes.find(op.type);
  return found != kTypes.end() && (found->second == convolution || is_pooling(found->second));
}

// Why the axis cannot give so many positions; empty: it does.
std::string contradiction(const ops::Axis &axis, int pad_after, bool may_exceed, const char *what) {
  const std::int64_t in = axis.in, out = axis.out, pads = std::int64_t{axis.pad} + pad_after;
  const std::int64_t span = std::int64_t{axis.kernel - 1} * axis.dilation + 1;
  std::int64_t least = (in + pads - span) / axis.stride + 1, most = least;
  if (in + pads < span) least = most = 0;
  if (axis.transposed) {
    least = most = (in - 1) * axis.stride + span - pads;
    most += std::max(axis.stride, axis.dilation) - 1;  // output_padding
  } else if (may_exceed && (in + pads - span) % axis.stride != 0) {
    ++most;  // ceil_mode
  }
  if (least <= out && out <= most) return "";
  return std::to_string(in) + " " + what + " give " + std::to_string(least) + ", the shape says " +
         std::to_string(out);
}

Diagnostics check_window(const Subject &subject) {
  const Outline::Op &op = subject.op;
  const std::size_t axes = op.kernel.size();
  const bool may_exceed = is_pooling(kTypes.at(op.type));
  const auto after = [&](std::size_t i) {
    return axes + i < op.pads.size() ? op.pads[axes + i] : 0;
  };
  Diagnostics errors;
  const auto check = [&](std::size_t i, int in, int out, const char *what) {
    const std::string why = contradiction(axis_of(op, i, in, out), after(i), may_exceed, what);
    if (!why.empty())
      errors.push_back(model_error("its window contradicts its shapes", why,
                                   "kernel_shape, strides, pads and dilations as ONNX has them, "
                                   "shapes as [1, channels, rows, columns]"));
  };
  check(0, subject.in(0).rows, subject.out().rows, "rows");
  check(1, subject.in(0).cols, subject.out().cols, "columns");
  return errors;
}

// --- the graph ---

class Builder {
 public:
  explicit Builder(const Outline &outline) : outline_(outline) {}

  Result<Outlined> run() {
    check_size();
    if (!errors_.empty()) return errors_;
    for (const Outline::Tensor &tensor : outline_.tensors)
      result_.graph.add_value(tensor.id, {shape_of(tensor.dims), ir::DType::kI8, ir::Quant{}});
    result_.graph.name = outline_.name;
    for (int input : outline_.inputs) result_.graph.add_input(input, outline_.tensors[input].dims);
    for (const Outline::Op &op : outline_.ops)
      for (int output : op.out) add_node(op, output);
    for (int output : outline_.outputs)
      result_.graph.add_output(output, outline_.tensors[output].dims);
    if (!errors_.empty()) return errors_;
    return std::move(result_);
  }

 private:
  void check_size() {
    std::int64_t all_rows = 0, reads = 0;
    std::vector<std::int64_t> parts(outline_.tensors.size(), 1);
    for (const Outline::Tensor &tensor : outline_.tensors) {
      const ir::Shape shape = shape_of(tensor.dims);
      all_rows += shape.rows;
      if (std::max(shape.rows, shape.cols) <= kMostRows) continue;
      errors_.push_back(model_error(
          "tensor '" + tensor.id + "' is too long to plan",
          std::to_string(shape.rows) + " rows of " + std::to_string(shape.cols) + " pixels",
          "at most " + std::to_string(kMostRows) + " of each: several elements as one"));
    }
    for (const Outline::Op &op : outline_.ops)
      for (int output : op.out) {
        const ir::Shape shape = shape_of(outline_.tensors[output].dims);
        std::int64_t read = 0;
        for (int input : op.in) read += parts[input];
        if (op.type == "Concat") parts[output] = std::max<std::int64_t>(read, 1);
        reads += read * (std::int64_t{shape.rows} + shape.cols);
      }
    if (errors_.empty() && (all_rows > kMostRowsOfAll || reads > kMostReads))
      errors_.push_back(model_error(
          "is too large to plan",
          std::to_string(all_rows) + " rows, " + std::to_string(reads) +
              " reads of rows and columns",
          "at most " + std::to_string(kMostRowsOfAll) + " and " + std::to_string(kMostReads)));
  }

  void add_node(const Outline::Op &whole_op, int output) {
    Outline::Op op = whole_op;
    if (op.type == "Concat") op.in = after_known_beginning(op);
    op.out = {output};
    const Subject subject{outline_, op, result_.graph, op.in, output};
    if (op.in.empty()) return fail(subject, {model_error("reads nothing")});
    if (slides(op))
      if (Diagnostics errors = check_window(subject); !errors.empty()) return fail(subject, errors);
    Behaviour behaviour;
    const auto found = kTypes.find(op.type);
    const bool is_known = found != kTypes.end() && whole_op.out.size() == 1;
    behaviour.modes = is_known ? found->second(subject) : anyhow(subject);
    if (is_known && op.type == "Concat") behaviour.view = concat_view(subject);
    result_.behaviours.push_back(std::move(behaviour));
    ir::Node node;
    node.name = outline_.tensors[output].id;
    node.op = op.type;
    node.inputs = op.in;
    node.outputs = {output};
    result_.graph.add_node(std::move(node));
    if (op.type == "Concat" && op.axis == 1) concats_.emplace_back(whole_op.in, output);
  }

  // Of all earlier Concats that this one begins like, the longest stands for its parts.
  std::vector<int> after_known_beginning(const Outline::Op &op) const {
    const std::pair<std::vector<int>, int> *best = nullptr;
    for (const auto &known : concats_) {
      const auto &[parts, output] = known;
      if (parts.size() < 2 || parts.size() >= op.in.size() ||
          !std::equal(parts.begin(), parts.end(), op.in.begin()))
        continue;
      if (same_but_channels(output, op.out[0]) &&
          (best == nullptr || parts.size() > best->first.size()))
        best = &known;
    }
    if (best == nullptr || op.axis != 1) return op.in;
    std::vector<int> in = {best->second};
    in.insert(in.end(), op.in.begin() + static_cast<std::ptrdiff_t>(best->first.size()),
              op.in.end());
    return in;
  }

  bool same_but_channels(int a, int b) const {
    return outline_.tensors[a].dims.size() == outline_.tensors[b].dims.size() &&
           outline_.tensors[a].dims[0] == 1 && outline_.tensors[b].dims[0] == 1 &&
           same_image(result_.graph.value(a).type.shape, result_.graph.value(b).type.shape);
  }

  void fail(const Subject &subject, Diagnostics errors) {
    for (Diagnostic &error : errors) {
      error.node = outline_.tensors[subject.output].id;
      error.op = subject.op.type;
      errors_.push_back(std::move(error));
    }
  }

  const Outline &outline_;
  Outlined result_;
  std::vector<std::pair<std::vector<int>, int>> concats_;  // parts, whole; by channels of images
  Diagnostics errors_;
};

}  // namespace

std::int64_t Outline::Tensor::elements() const {
  return std::accumulate(dims.begin(), dims.end(), std::int64_t{1}, std::multiplies<>());
}

Result<Outlined> outlined(const Outline &outline) { return Builder(outline).run(); }

}  // namespace thimble::plan

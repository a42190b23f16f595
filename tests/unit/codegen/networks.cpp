// The networks of networks.h. Sizes are odd on purpose: clipped windows on every side, strides that
// leave remainders, more channels out than in.
#include "networks.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "ir/text.h"
#include "ops/evaluate.h"
#include "passes/pipeline.h"
#include "passes/quantize.h"
#include "support/files.h"

namespace thimble::codegen {
namespace {

template <class T>
T must(Result<T> result) {
  if (result.ok()) return *std::move(result);
  std::string text;
  for (const Diagnostic &error : result.diagnostics()) text += to_string(error);
  throw std::runtime_error(text);
}

}  // namespace

const std::vector<Network> &networks() {
  static const std::vector<Network> kNetworks = {
      {"convs", R"(
graph convs
input x: f32[9x11x2]
node a: Conv2d(x; aw, ab) {stride = [1, 2], pad = [1, 0, 2, 1], act = "relu"} -> a
node b: Conv2d(a; bw, bb) {stride = [2, 1], pad = [1, 1, 1, 1]} -> b
output b dims [1, 3, 5, 5]
const aw: f32[5, 3, 4, 2] = random(1, 0.3)
const ab: f32[5] = random(2, 0.2)
const bw: f32[3, 3, 3, 5] = random(3, 0.3)
const bb: f32[3] = random(4, 0.2)
)"},
      {"pooled", R"(
graph pooled
input x: f32[13x12x1]
node a: Conv2d(x; aw, ab) {pad = [2, 2, 2, 2], act = "relu"} -> a
node p: MaxPool2d(a) {kernel = [2, 2], stride = [2, 2]} -> p
node b: Conv2d(p; bw, bb) {pad = [1, 1, 1, 1]} -> b
node q: MaxPool2d(b) {kernel = [3, 3], stride = [2, 2], pad = [1, 1, 0, 0]} -> q
node f: Linear(q; fw, fb) {out_shape = [1, 1, 7]} -> f
node s: Softmax(f) -> s
output s dims [1, 7]
const aw: f32[4, 5, 5, 1] = random(1, 0.4)
const ab: f32[4] = random(2, 0.2)
const bw: f32[6, 3, 3, 4] = random(3, 0.3)
const bb: f32[6] = random(4, 0.2)
const fw: f32[7, 54] = random(5, 0.3)
const fb: f32[7] = random(6, 0.2)
)"},
      // Steps of two columns backwards, both pictures with an odd order of channels, borders.
      {"moved", R"(
graph moved
input x: f32[9x7x3]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node s: AsStrided(a) {size = [4, 3, 4], stride = [56, -8, 1], offset = 44, out_shape = [4, 3, 4]} -> s
node g: Gather(s) {count = 4, inner = 1, indices = [3, 0, 1, 1, 2], out_shape = [4, 3, 5]} -> g
node p: Pad(g) {before = [1, 2, 0], after = [2, 0, 1], mode = "constant", value = 0.25} -> p
node r: Pad(p) {before = [2, 1, 0], after = [1, 1, 0], mode = "reflect", value = 0} -> r
node c: Constant(; cw) -> c
node j: Concat(r, c) {axis = 2} -> j
node b: Conv2d(j; bw, bb) {stride = [2, 2]} -> b
node t: Permute(b) {perm = [1, 2, 0]} -> t
output t dims [3, 2, 4]
const aw: f32[4, 3, 3, 3] = random(1, 0.3)
const ab: f32[4] = random(2, 0.2)
const cw: f32[10, 7, 2] = random(3, 0.5)
const bw: f32[2, 3, 3, 8] = random(4, 0.3)
const bb: f32[2] = random(5, 0.2)
)"},
      {"decoder", R"(
graph decoder
input x: f32[1x1x5]
node f: Linear(x; fw, fb) {out_shape = [3, 3, 4], act = "relu"} -> f
node a: ConvTranspose2d(f; aw, ab) {stride = [2, 2], pad = [1, 1, 1, 1], output_padding = [1, 1], act = "relu"} -> a
node b: ConvTranspose2d(a; bw, bb) {stride = [1, 1], pad = [1, 1, 1, 1], act = "relu"} -> b
node c: ConvTranspose2d(b; cw, cb) {stride = [3, 2], pad = [0, 1, 1, 0]} -> c
node s: Sigmoid(c) -> s
output s dims [1, 1, 18, 12]
const fw: f32[36, 5] = random(1, 0.6)
const fb: f32[36] = random(2, 0.2)
const aw: f32[3, 3, 3, 4] = random(3, 0.3)
const ab: f32[3] = random(4, 0.2)
const bw: f32[4, 3, 3, 3] = random(5, 0.3)
const bb: f32[4] = random(6, 0.2)
const cw: f32[1, 4, 3, 4] = random(7, 0.4)
const cb: f32[1] = random(8, 0.2)
)"},
      {"scattered", R"(
graph scattered
input x: f32[9x8x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node b: Conv2d(a; bw, bb) {pad = [1, 1, 1, 1], act = "relu"} -> b
node c: Conv2d(b; cw, cb) {pad = [2, 1, 1, 0]} -> c
output c dims [1, 1, 9, 6]
const aw: f32[16, 3, 3, 2] = random(1, 0.3)
const ab: f32[16] = random(2, 0.2)
const bw: f32[14, 3, 3, 16] = random(3, 0.2)
const bb: f32[14] = random(4, 0.2)
const cw: f32[1, 4, 4, 14] = random(5, 0.2)
const cb: f32[1] = random(6, 0.2)
)"},
      {"branches", R"(
graph branches
input x: f32[6x7x3]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node b: Conv2d(x; bw, bb) -> b
node s: Add(a, b) -> s
node k: Copy(x) -> k
node c: Concat(s, k) {axis = 2} -> c
node r: ResizeNearest(c) {scale = [2, 3]} -> r
node d: Conv2d(r; dw, db) {stride = [2, 2], pad = [1, 1, 0, 0]} -> d
output d dims [1, 2, 6, 10]
const aw: f32[4, 3, 3, 3] = random(1, 0.3)
const ab: f32[4] = random(2, 0.2)
const bw: f32[4, 1, 1, 3] = random(3, 0.5)
const bb: f32[4] = random(4, 0.2)
const dw: f32[2, 3, 3, 7] = random(5, 0.3)
const db: f32[2] = random(6, 0.2)
)"},
      {"vectors", R"(
graph vectors
input x: f32[4x3x2]
node n: BatchNorm(x; ns, nb) -> n
node t: Permute(n) {perm = [2, 0, 1]} -> t
node r: Relu(t) -> r
node f: Linear(r; fw, fb) {out_shape = [2, 3, 4]} -> f
node l: LogSoftmax(f) -> l
output l dims [1, 4, 2, 3]
const ns: f32[2] = [0.7, -1.3]
const nb: f32[2] = [0.1, 0.4]
const fw: f32[24, 24] = random(1, 0.4)
const fb: f32[24] = random(2, 0.2)
)"},
      {"lstm", R"(
graph lstm
input x: f32[9x1x5]
node a: Lstm(x; aw, ab) {hidden = 6} -> a
node b: Lstm(a; bw, bb) {hidden = 4, cell_rows = 1, clip = 0.9} -> b
output b dims [9, 1, 8]
const aw: f32[24, 11] = random(1, 0.8)
const ab: f32[24] = random(2, 0.4)
const bw: f32[16, 10] = random(3, 1.5)
const bb: f32[16] = random(4, 0.4)
)"},
      {"lstm_loaded", R"(
graph lstm_loaded
input x: f32[9x1x5]
node s: AsStrided(x) {size = [5], stride = [2], offset = 3, out_shape = [1, 1, 5]} -> s
node t: AsStrided(x) {size = [5], stride = [3], offset = 20, out_shape = [1, 1, 5]} -> t
node a: Lstm(x, s, t; aw, ab) {hidden = 5} -> a
output a dims [9, 1, 5]
const aw: f32[20, 10] = random(1, 0.8)
const ab: f32[20] = random(2, 0.4)
)"},
      {"gru", R"(
graph gru
input x: f32[9x1x5]
node s: AsStrided(x) {size = [6], stride = [2], offset = 3, out_shape = [1, 1, 6]} -> s
node a: Gru(x, s; aw, ab, ar) {hidden = 6, reset_after = 1} -> a
node b: Gru(a; bw, bb, br) {hidden = 4, reset_after = 1, clip = 0.9} -> b
output b dims [9, 1, 4]
const aw: f32[18, 11] = random(1, 0.8)
const ab: f32[18] = random(2, 0.4)
const ar: f32[6] = random(5, 0.4)
const bw: f32[12, 10] = random(3, 1.5)
const bb: f32[12] = random(4, 0.4)
const br: f32[4] = random(6, 0.4)
)"},
      {"gru_reset_first", R"(
graph gru_reset_first
input x: f32[9x1x5]
node a: Gru(x; aw, ab) {hidden = 6} -> a
node r: Relu(a) -> r
output r dims [9, 1, 6]
const aw: f32[18, 11] = random(1, 0.8)
const ab: f32[18] = random(2, 0.4)
)"},
      {"rnn", R"(
graph rnn
input x: f32[9x1x5]
node s: AsStrided(x) {size = [6], stride = [2], offset = 3, out_shape = [1, 1, 6]} -> s
node a: Rnn(x, s; aw, ab) {hidden = 6} -> a
node b: Rnn(a; bw, bb) {hidden = 4, activation = "relu", clip = 1.2} -> b
output b dims [9, 1, 4]
const aw: f32[6, 11] = random(1, 0.8)
const ab: f32[6] = random(2, 0.4)
const bw: f32[4, 10] = random(3, 0.9)
const bb: f32[4] = random(4, 0.6)
)"},
  };
  return kNetworks;
}

namespace {

class Stack {
 public:
  explicit Stack(unsigned seed) : seed_(seed * 2654435761u + 12345u) {}

  std::string text(const std::string &name) {
    const std::string input = size_text();
    const int layers = draw(3, 5);
    for (int layer = 0; layer < layers; ++layer) add_layer();
    return "graph " + name + "\ninput x: f32[" + input + "]\n" + nodes_ + "output " + value_ +
           " dims [1, " + std::to_string(channels_) + ", " + std::to_string(rows_) + ", " +
           std::to_string(cols_) + "]\n" + constants_;
  }

 private:
  int draw(int low, int high) {
    seed_ = seed_ * 1664525u + 1013904223u;
    return low + static_cast<int>((seed_ >> 9) % static_cast<unsigned>(high - low + 1));
  }

  std::string size_text() const { return fmt::format("{}x{}x{}", rows_, cols_, channels_); }

  void add_layer() {
    const int kernel_h = draw(1, std::min(5, rows_)), kernel_w = draw(1, std::min(5, cols_));
    const int most = rows_ > 20 || cols_ > 20 ? 1 : 2;
    const int stride_h = draw(1, 2), stride_w = draw(1, 2);
    const int pad_h = draw(0, (kernel_h - 1) / 2), pad_w = draw(0, (kernel_w - 1) / 2);
    switch (draw(0, 4)) {
      case 0:
        if (rows_ < 4 || cols_ < 4) return add_layer();
        nodes_ += fmt::format(
            "node n{0}: MaxPool2d({1}) {{kernel = [3, 2], stride = [{2}, 2]}} -> n{0}\n", count_,
            value_, stride_h);
        return done((rows_ - 3) / stride_h + 1, (cols_ - 2) / 2 + 1, channels_);
      case 1: {
        const int up_h = std::min(stride_h, most), up_w = std::min(stride_w, most);
        const int out = convolve("ConvTranspose2d", kernel_h, kernel_w, up_h, up_w, pad_h, pad_w);
        return done((rows_ - 1) * up_h + kernel_h - 2 * pad_h,
                    (cols_ - 1) * up_w + kernel_w - 2 * pad_w, out);
      }
      default: {
        const int down_h = rows_ < 6 ? 1 : stride_h, down_w = cols_ < 6 ? 1 : stride_w;
        const int out = convolve("Conv2d", kernel_h, kernel_w, down_h, down_w, pad_h, pad_w);
        return done((rows_ + 2 * pad_h - kernel_h) / down_h + 1,
                    (cols_ + 2 * pad_w - kernel_w) / down_w + 1, out);
      }
    }
  }

  int convolve(const char *op, int kernel_h, int kernel_w, int stride_h, int stride_w, int pad_h,
               int pad_w) {
    const int out = draw(1, 4);
    nodes_ += fmt::format(
        "node n{0}: {1}({2}; w{0}, b{0}) {{stride = [{3}, {4}], pad = [{5}, {6}, {5}, {6}]}} -> "
        "n{0}\n",
        count_, op, value_, stride_h, stride_w, pad_h, pad_w);
    constants_ += fmt::format("const w{0}: f32[{1}, {2}, {3}, {4}] = random({5}, 0.4)\n", count_,
                              out, kernel_h, kernel_w, channels_, draw(1, 9999));
    constants_ +=
        fmt::format("const b{0}: f32[{1}] = random({2}, 0.2)\n", count_, out, draw(1, 9999));
    return out;
  }

  void done(int rows, int cols, int channels) {
    rows_ = rows, cols_ = cols, channels_ = channels;
    value_ = "n" + std::to_string(count_++);
  }

  unsigned seed_;
  int rows_ = draw(6, 14), cols_ = draw(5, 12), channels_ = draw(1, 3), count_ = 0;
  std::string value_ = "x", nodes_, constants_;
};

}  // namespace

Network random_stack(unsigned seed) {
  const std::string name = "stack" + std::to_string(seed);
  return {name, Stack(seed).text(name)};
}

std::vector<ops::Tensor> random_inputs(const ir::Graph &graph, unsigned seed) {
  std::vector<ops::Tensor> inputs;
  for (const ir::Port &port : graph.inputs()) {
    const ir::Type &type = graph.value(port.value).type;
    std::vector<float> real(type.shape.elements());
    for (float &x : real) {
      seed = seed * 1664525u + 1013904223u;
      x = static_cast<float>(seed >> 8) / 8388608.0f - 1.0f;
    }
    inputs.push_back(ops::from_real(type, real));
  }
  return inputs;
}

Built build(const Network &network, const Variant &variant, const targets::Target &target,
            const std::string &symbol) {
  ir::Graph graph = must(ir::parse(network.text, network.name + ".thm"));
  must(ops::infer_types(graph));
  graph = must(passes::run_pipeline(std::move(graph)));
  if (variant.int8) {
    passes::Samples samples;
    for (unsigned i = 0; i < 16; ++i) samples.push_back(random_inputs(graph, 100 + i));
    graph = must(passes::quantize(graph, samples));
  }
  Options options;
  options.name = symbol;
  options.target = target;
  options.numbers.requant = variant.requant;
  options.model_sha256 = sha256_hex(nullptr, 0);
  options.version = "0";
  const plan::Plan plan = must(plan::make_plan(graph, variant.plan));
  Emitted emitted = must(emit(graph, plan, options));
  return {std::move(graph), options.numbers, std::move(emitted)};
}

targets::Target target_named(const std::string &name) { return must(targets::find_target(name)); }

void write_files(const Emitted &emitted, const std::string &directory) {
  for (const File &file : emitted.files) {
    must(write_file(std::filesystem::path(directory) / file.name, file.text));
  }
}

}  // namespace thimble::codegen

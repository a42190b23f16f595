// The networks of networks.h. Sizes are odd on purpose: clipped windows on every side, strides that
// leave remainders, more channels out than in.
#include "networks.h"

#include <filesystem>
#include <stdexcept>

#include "ir/text.h"
#include "ops/evaluate.h"
#include "passes/pipeline.h"
#include "passes/quantize.h"
#include "support/files.h"

namespace thimble::codegen {
namespace {

constexpr unsigned kSamples = 4;  // of random numbers there is no more to learn

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
      // Long vectors: streamed, they are pieces, and sums give way to what is made of them.
      {"pieces", R"(
graph pieces
input x: f32[1x1x96]
node t: Tanh(x) -> t
node a: Linear(t; aw, ab) {act = "relu"} -> a
node b: Linear(a; bw, bb) -> b
node s: Sigmoid(b) -> s
output s dims [1, 70]
const aw: f32[11, 96] = random(1, 0.2)
const ab: f32[11] = random(2, 0.2)
const bw: f32[70, 11] = random(3, 0.4)
const bb: f32[70] = random(4, 0.2)
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
      // Rows are folded into pooled ones, into two where windows overlap; each window has a clipped
      // one at some end.
      {"folded", R"(
graph folded
input x: f32[13x13x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node p: MaxPool2d(a) {kernel = [3, 3], stride = [2, 2], pad = [1, 1, 1, 1]} -> p
node b: Conv2d(p; bw, bb) {pad = [1, 1, 1, 1]} -> b
node q: MaxPool2d(b) {kernel = [2, 3], stride = [2, 3], pad = [0, 0, 1, 2]} -> q
node c: Conv2d(q; cw, cb) {pad = [1, 1, 1, 1]} -> c
output c dims [1, 3, 4, 3]
const aw: f32[7, 3, 3, 2] = random(1, 0.4)
const ab: f32[7] = random(2, 0.2)
const bw: f32[9, 3, 3, 7] = random(3, 0.3)
const bb: f32[9] = random(4, 0.2)
const cw: f32[3, 3, 3, 9] = random(5, 0.3)
const cb: f32[3] = random(6, 0.2)
)"},
      // Channels on their own, four at a time; windows that reach out on every side, one column
      // left over.
      {"spread", R"(
graph spread
input x: f32[9x7x8]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], groups = 8, act = "relu"} -> a
node b: Conv2d(a; bw, bb) {act = "relu"} -> b
node c: Conv2d(b; cw, cb) {stride = [2, 2], pad = [1, 0, 1, 1], groups = 12} -> c
node d: Conv2d(c; dw, db) {pad = [2, 4, 2, 3], groups = 12, act = "relu"} -> d
node f: Linear(d; fw, fb) -> f
output f dims [1, 5]
const aw: f32[8, 3, 3, 1] = random(1, 0.4)
const ab: f32[8] = random(2, 0.2)
const bw: f32[12, 1, 1, 8] = random(3, 0.3)
const bb: f32[12] = random(4, 0.2)
const cw: f32[12, 3, 3, 1] = random(5, 0.4)
const cb: f32[12] = random(6, 0.2)
const dw: f32[12, 3, 3, 1] = random(7, 0.4)
const db: f32[12] = random(8, 0.2)
const fw: f32[5, 672] = random(9, 0.2)
const fb: f32[5] = random(10, 0.2)
)"},
      {"grouped", R"(
graph grouped
input x: f32[9x10x4]
node a: Conv2d(x; aw, ab) {groups = 4, stride = [1, 2], pad = [1, 2, 1, 1], act = "relu"} -> a
node b: Conv2d(a; bw, bb) {groups = 2, pad = [1, 1, 1, 1]} -> b
node c: Conv2d(b; cw, cb) {groups = 6, dilation = [2, 3], pad = [3, 3, 2, 3]} -> c
node d: Conv2d(c; dw, db) {dilation = [3, 2], stride = [2, 1], pad = [3, 2, 3, 2], act = "relu"} -> d
node e: ConvTranspose2d(d; ew, eb) {groups = 2, dilation = [2, 1], stride = [2, 1], pad = [1, 1, 0, 1]} -> e
output e dims [1, 6, 12, 5]
const aw: f32[8, 3, 3, 1] = random(1, 0.5)
const ab: f32[8] = random(2, 0.2)
const bw: f32[6, 3, 3, 4] = random(3, 0.3)
const bb: f32[6] = random(4, 0.2)
const cw: f32[6, 3, 3, 1] = random(5, 0.5)
const cb: f32[6] = random(6, 0.2)
const dw: f32[4, 3, 3, 6] = random(7, 0.3)
const db: f32[4] = random(8, 0.2)
const ew: f32[6, 2, 3, 2] = random(9, 0.4)
const eb: f32[6] = random(10, 0.2)
)"},
      {"averaged", R"(
graph averaged
input x: f32[9x11x3]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node p: AveragePool2d(a) {kernel = [3, 2], stride = [2, 2], pad = [1, 1, 1, 0], counted = [1, 1, 0, 0]} -> p
node m: MaxPool2d(p) {kernel = [2, 2], stride = [1, 1], dilation = [2, 3], pad = [1, 0, 1, 0]} -> m
node b: Conv2d(m; bw, bb) {pad = [1, 1, 1, 1]} -> b
node g: Reduce(b) {kind = "mean", axes = [0, 1]} -> g
output g dims [1, 6]
const aw: f32[4, 3, 3, 3] = random(1, 0.3)
const ab: f32[4] = random(2, 0.2)
const bw: f32[6, 3, 3, 4] = random(3, 0.3)
const bb: f32[6] = random(4, 0.2)
)"},
      // A tile of a whole window: what the second convolution's window has outside of the map stays
      // padding.
      {"padded_pair", R"(
graph padded_pair
input x: f32[6x6x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node b: Conv2d(a; bw, bb) {stride = [4, 4], pad = [1, 1, 1, 1]} -> b
output b dims [1, 3, 2, 2]
const aw: f32[24, 3, 3, 2] = random(1, 0.3)
const ab: f32[24] = random(2, 0.2)
const bw: f32[3, 4, 4, 24] = random(3, 0.3)
const bb: f32[3] = random(4, 0.2)
)"},
      // A pooling of the whole input is summed as its rows come: here in 16 bits.
      {"pool_of_all", R"(
graph pool_of_all
input x: f32[9x8x3]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node g: AveragePool2d(a) {kernel = [9, 8], stride = [1, 1]} -> g
node l: Linear(g; lw, lb) {out_shape = [1, 1, 5]} -> l
output l dims [1, 5]
const aw: f32[7, 3, 3, 3] = random(1, 0.4)
const ab: f32[7] = random(2, 0.2)
const lw: f32[5, 7] = random(3, 0.5)
const lb: f32[5] = random(4, 0.2)
)"},
      // Sums of 272 pixels need 32 bits.
      {"pool_of_many", R"(
graph pool_of_many
input x: f32[17x16x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node g: AveragePool2d(a) {kernel = [17, 16], stride = [1, 1]} -> g
node s: Conv2d(g; sw, sb) -> s
output s dims [1, 4, 1, 1]
const aw: f32[5, 3, 3, 2] = random(1, 0.4)
const ab: f32[5] = random(2, 0.8)
const sw: f32[4, 1, 1, 5] = random(3, 0.5)
const sb: f32[4] = random(4, 0.2)
)"},
      // Rows as they come, in sums of 16 bits: a mean and a sum of rows alone, the greatest and the
      // least. The mean of all 99 has them too (averaged); one of 144 has not.
      {"narrow_sums", R"(
graph narrow_sums
input x: f32[7x6x3]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node m: Reduce(a) {kind = "mean", axes = [0]} -> m
node s: Reduce(a) {kind = "sum", axes = [0, 2]} -> s
node g: Reduce(a) {kind = "max", axes = [0, 1]} -> g
node l: Reduce(a) {kind = "min", axes = [0]} -> l
node t: Add(m, l) -> t
node u: Mul(t, s) -> u
node v: Add(u, g) -> v
output v dims [1, 4, 1, 6]
const aw: f32[4, 3, 3, 3] = random(1, 0.4)
const ab: f32[4] = random(2, 0.2)
)"},
      {"wide_sums", R"(
graph wide_sums
input x: f32[12x12x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node m: Reduce(a) {kind = "mean", axes = [0, 1]} -> m
output m dims [1, 4]
const aw: f32[4, 3, 3, 2] = random(1, 0.4)
const ab: f32[4] = random(2, 0.8)
)"},
      // Its sums step through the arena four times as fast as its input: GCC 12 dropped them
      // (THIMBLE_WROTE).
      {"mean_of_all", R"(
graph mean_of_all
input x: f32[8x8x3]
node a: Conv2d(x; aw, ab) {act = "relu"} -> a
node g: Reduce(a) {kind = "mean", axes = [0, 1]} -> g
node l: Linear(g; lw, lb) {out_shape = [1, 1, 5]} -> l
output l dims [1, 5]
const aw: f32[64, 1, 1, 3] = random(1, 0.5)
const ab: f32[64] = random(2, 0.2)
const lw: f32[5, 64] = random(3, 0.3)
const lb: f32[5] = random(4, 0.2)
)"},
      {"reduced", R"(
graph reduced
input x: f32[6x5x4]
node a: Conv2d(x; aw, ab) -> a
node s: Reduce(a) {kind = "sum", axes = [1]} -> s
node m: Reduce(a) {kind = "max", axes = [2]} -> m
node q: MatMul(m, s) {transposed = 0} -> q
node r: Reduce(q) {kind = "min", axes = [0]} -> r
output r dims [1, 5, 1, 7]
const aw: f32[7, 1, 1, 4] = random(1, 0.4)
const ab: f32[7] = random(2, 0.2)
)"},
      {"products", R"(
graph products
input x: f32[3x5x4]
node a: Conv2d(x; aw, ab) -> a
node b: Conv2d(x; bw, bb) -> b
node q: MatMul(a, b) {transposed = 1} -> q
node s: Softmax(q) -> s
node p: MatMul(s, b) -> p
output p dims [3, 5, 6]
const aw: f32[6, 1, 1, 4] = random(1, 0.4)
const ab: f32[6] = random(2, 0.2)
const bw: f32[6, 1, 1, 4] = random(3, 0.4)
const bb: f32[6] = random(4, 0.2)
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
      // Equal tensors that grow over each other, up and down by turns.
      {"up_and_down", R"(
graph up_and_down
input x: f32[6x6x8]
node a: Conv2d(x; aw, ab) {groups = 8, pad = [1, 1, 1, 1]} -> a
node b: Conv2d(a; bw, bb) {act = "relu"} -> b
node c: Conv2d(b; cw, cb) {groups = 8, pad = [1, 1, 1, 1]} -> c
node d: Conv2d(c; dw, db) -> d
node e: Conv2d(d; ew, eb) {pad = [1, 1, 1, 1]} -> e
node f: Conv2d(e; fw, fb) {stride = [2, 2], pad = [1, 1, 1, 1]} -> f
output f dims [1, 4, 3, 3]
const aw: f32[8, 3, 3, 1] = random(1, 0.4)
const ab: f32[8] = random(2, 0.2)
const bw: f32[8, 1, 1, 8] = random(3, 0.4)
const bb: f32[8] = random(4, 0.2)
const cw: f32[8, 3, 3, 1] = random(5, 0.4)
const cb: f32[8] = random(6, 0.2)
const dw: f32[8, 1, 1, 8] = random(7, 0.4)
const db: f32[8] = random(8, 0.2)
const ew: f32[8, 3, 3, 8] = random(9, 0.3)
const eb: f32[8] = random(10, 0.2)
const fw: f32[4, 3, 3, 8] = random(11, 0.3)
const fb: f32[4] = random(12, 0.2)
)"},
      // Two strips with their halos, as plan/strips.h makes them.
      {"side_by_side", R"(
graph side_by_side
input x: f32[7x9x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node l: Columns(a) {begin = 0, end = 6} -> l
node r: Columns(a) {begin = 4, end = 9} -> r
node p: Conv2d(l; pw, pb) {pad = [1, 1, 1, 0]} -> p
node q: Conv2d(r; pw, pb) {pad = [1, 0, 1, 1]} -> q
node c: Concat(p, q) {axis = 1} -> c
node b: Conv2d(c; bw, bb) {stride = [2, 2], pad = [1, 1, 1, 1]} -> b
output b dims [1, 2, 4, 5]
const aw: f32[4, 3, 3, 2] = random(1, 0.4)
const ab: f32[4] = random(2, 0.2)
const pw: f32[3, 3, 3, 4] = random(3, 0.3)
const pb: f32[3] = random(4, 0.2)
const bw: f32[2, 3, 3, 3] = random(5, 0.4)
const bb: f32[2] = random(6, 0.2)
)"},
      // The int8 convolution has a mode that adds up whole rows; the part that it reads lies in a
      // Concat all the same.
      {"part_of_a_whole", R"(
graph part_of_a_whole
input x: f32[7x6x3]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node b: Conv2d(a; bw, bb) {pad = [2, 2, 2, 2], dilation = [2, 2]} -> b
node c: Conv2d(a; cw, cb) {pad = [1, 1, 1, 1]} -> c
node d: Concat(a, b, c) {axis = 2} -> d
output d dims [1, 8, 7, 6]
const aw: f32[4, 3, 3, 3] = random(1, 0.4)
const ab: f32[4] = random(2, 0.2)
const bw: f32[3, 3, 3, 4] = random(3, 0.3)
const bb: f32[3] = random(4, 0.2)
const cw: f32[1, 3, 3, 4] = random(5, 0.3)
const cb: f32[1] = random(6, 0.2)
)"},
      {"resampled", R"(
graph resampled
input x: f32[5x6x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node l: Resample(a) {mode = "linear", out = [9, 8], scale_h = 1.8, scale_w = 1.3333} -> l
node c: Resample(l) {mode = "cubic", out = [7, 12], scale_h = 0.7777, scale_w = 1.5} -> c
node n: Resample(c) {out = [4, 5], scale_h = 0.5714, scale_w = 0.4167} -> n
output n dims [1, 3, 4, 5]
const aw: f32[3, 3, 3, 2] = random(1, 0.4)
const ab: f32[3] = random(2, 0.2)
)"},
      // One node for each kind of elementwise kernel: numbers, parameters, every way to broadcast.
      {"elements", R"(
graph elements
input x: f32[5x4x3]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1]} -> a
node t: Tanh(a) -> t
node e: Elu(a) {alpha = 0.5, beta = 1.5, gamma = 2.0} -> e
node r: Sub(t) {u = 1.0} -> r
node d: Div(e) {v = -3.0, act = "relu"} -> d
node m: Mul(r, e) {act_min = -0.5, act_max = 0.75} -> m
node k: Constant(; kw) -> k
node s: Sub(m, k) -> s
node l: Constant(; lw) -> l
node p: PRelu(s, l) -> p
node c: Conv2d(p; cw, cb) -> c
node w: Max(c, p) -> w
node i: Min(w, d) -> i
node j: MaxPool2d(i) {kernel = [5, 1], stride = [1, 1]} -> j
node q: Add(i, j) -> q
node g: Abs(q) -> g
node h: Add(g) {v = 0.5} -> h
node y: Div(q, h) -> y
output y dims [1, 3, 5, 4]
const aw: f32[3, 3, 3, 3] = random(1, 0.4)
const ab: f32[3] = random(2, 0.2)
const kw: f32[5, 1, 1] = random(3, 0.5)
const lw: f32[1, 4, 3] = random(4, 0.3)
const cw: f32[1, 1, 1, 3] = random(5, 0.5)
const cb: f32[1] = random(6, 0.2)
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

Variant variant_in_turn(int number) {
  constexpr targets::Requant kRequants[] = {targets::Requant::kM16, targets::Requant::kQ31,
                                            targets::Requant::kPow2};
  Variant variant;
  variant.int8 = true;
  variant.requant = kRequants[number % 3];
  variant.plan.stream_in = number & 1;
  variant.plan.stream_out = number & 2;
  variant.plan.keep_input = !variant.plan.stream_in && number % 5 == 0;
  variant.plan.borrow_input = number % 10 == 2 || number % 10 == 6;
  variant.blocks = number / 4 % 2 == 0;
  variant.pairs = number / 3 % 2 == 0;
  variant.vectors = number / 7 % 2 == 0;
  variant.eights = number / 5 % 2 == 0;
  variant.fours = number / 9 % 2 == 0;
  variant.windows = number / 3 % 4 == 1;
  variant.twins = number / 3 % 4 == 3;
  if (number % 2) variant.weights = static_cast<Weights>(number / 2 % kWeightsCount);
  return variant;
}

const Network &doubling() {
  static const Network kDoubling = {"doubling", R"(
graph doubling
input x: f32[9x8x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node b: ConvTranspose2d(a; bw, bb) {stride = [2, 2], pad = [1, 1, 1, 1], output_padding = [1, 1], act = "relu"} -> b
node c: ConvTranspose2d(b; cw, cb) {stride = [1, 3], pad = [2, 1, 2, 1], act = "relu"} -> c
node d: Conv2d(c; dw, db) {stride = [3, 4]} -> d
output d dims [1, 2, 5, 11]
const aw: f32[4, 3, 3, 2] = random(1, 0.3)
const ab: f32[4] = random(2, 0.2)
const bw: f32[4, 3, 3, 4] = random(3, 0.3)
const bb: f32[4] = [-0.68, -0.68, -0.68, -0.68]
const cw: f32[2, 5, 5, 4] = random(5, 0.2)
const cb: f32[2] = [0.3, 0.2]
const dw: f32[2, 5, 5, 2] = random(7, 0.2)
const db: f32[2] = random(8, 0.2)
)"};
  return kDoubling;
}

ir::Graph prepare(const Network &network, const Variant &variant) {
  ir::Graph graph = must(ir::parse(network.text, network.name + ".thm"));
  must(ops::infer_types(graph));
  graph = must(passes::run_pipeline(std::move(graph)));
  if (!variant.int8) return graph;
  passes::Samples samples;
  for (unsigned i = 0; i < kSamples; ++i) samples.push_back(random_inputs(graph, 100 + i));
  return with_weights(must(passes::quantize(graph, samples)), variant.weights);
}

namespace {

Options options_of(const Variant &variant, const targets::Target &target,
                   const std::string &symbol) {
  Options options;
  options.name = symbol;
  options.target = target;
  if (target.name == "host") {
    if (variant.windows) options.target.inner_loops += " wide";
    if (variant.blocks) options.target.inner_loops += " blocks larger high_mul";
  }
  options.numbers.requant = variant.requant;
  options.numbers.costs = target.code_costs;
  options.numbers.flash_bytes = target.flash_bytes;
  options.model_sha256 = sha256_hex(nullptr, 0);
  options.version = std::string("0");  // GCC 12 warns of an assigned literal
  return options;
}

}  // namespace

Built build(ir::Graph prepared, const Variant &variant, const targets::Target &target,
            const std::string &symbol) {
  const Options options = options_of(variant, target, symbol);
  std::vector<std::string> passes;
  if (variant.plan.borrow_input) passes.emplace_back("copy-borrowed");
  if (variant.plan.stream_in) passes.emplace_back("input-pieces");
  if (variant.plan.stream_out) passes.emplace_back("output-pieces");
  if (variant.eights) passes.emplace_back("byte-eights");
  if (variant.fours) passes.emplace_back("byte-fours");
  if (variant.vectors) passes.emplace_back("byte-vectors");
  if (variant.pairs) passes.emplace_back("byte-pairs");
  if (variant.pairs && variant.blocks) passes.emplace_back("byte-threes");
  if (variant.windows) passes.emplace_back("copy-windows");
  if (variant.twins) passes.emplace_back("pixel-twins");
  prepared = must(passes::run_passes(std::move(prepared), passes));
  plan::Plan plan = must(plan::make_plan(prepared, variant.plan));
  Emitted emitted = must(emit(prepared, plan, options));
  return {std::move(prepared), options.numbers, std::move(plan), std::move(emitted)};
}

Built build(const Network &network, const Variant &variant, const targets::Target &target,
            const std::string &symbol) {
  return build(prepare(network, variant), variant, target, symbol);
}

Built rebuild(const Built &built, const Variant &variant, const targets::Target &target) {
  const Options options = options_of(variant, target, built.emitted.name);
  return {built.graph, options.numbers, built.plan, must(emit(built.graph, built.plan, options))};
}

targets::Target target_named(const std::string &name) { return must(targets::find_target(name)); }

void write_files(const Emitted &emitted, const std::string &directory) {
  for (const File &file : emitted.files) {
    must(write_file(std::filesystem::path(directory) / file.name, file.text));
  }
}

}  // namespace thimble::codegen

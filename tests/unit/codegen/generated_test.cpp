// Generated C does what the graph's readings say: every kernel, all requantizations, streamed or
// not, in one sanitized program (host_program.h).
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "host_program.h"
#include "ops/evaluate.h"
#include "plan/strips.h"
#include "random_blocks.h"
#include "random_stacks.h"
#include "support/files.h"
#include "support/process.h"

namespace thimble::codegen {
namespace {

const std::vector<std::string> kSanitized = {"-fsanitize=address,undefined",
                                             "-fno-sanitize-recover=all"};

std::string symbol_of(const Network &network, const Variant &variant) {
  static constexpr const char *kRequants[] = {"q31", "m16", "pow2"};
  std::string name = network.name;
  name += variant.int8 ? std::string("_") + kRequants[static_cast<int>(variant.requant)] : "_f32";
  if (variant.plan.stream_in) name += "_in";
  if (variant.plan.stream_out) name += "_out";
  if (variant.plan.borrow_input) name += "_lent";
  if (variant.plan.layer_by_layer) name += "_layers";
  if (variant.plan.lines == plan::Lines::kAlways) name += "_lines";
  return name;
}

std::vector<Variant> variants() {
  std::vector<Variant> result;
  for (const bool int8 : {false, true}) {
    for (int options = 0; options < 4; ++options) {
      Variant variant;
      variant.int8 = int8;
      variant.plan.stream_in = options & 1;
      variant.plan.stream_out = options & 2;
      variant.plan.layer_by_layer = options == 0;
      result.push_back(variant);
      if (variant.plan.stream_in) continue;
      variant.plan.borrow_input = true;
      variant.plan.layer_by_layer = false;
      result.push_back(variant);
    }
  }
  for (const auto requant :
       {targets::Requant::kQ31, targets::Requant::kPow2, targets::Requant::kM16}) {
    result.push_back({true, requant, {}});
  }
  return result;
}

class Generated : public testing::Test {
 protected:
  std::string path(const std::string &name) const { return (directory_.path() / name).string(); }

  TemporaryDirectory directory_;
};

TEST_F(Generated, ComputesWhatTheEvaluatorsSay) {
  const targets::Target host = target_named("host");
  std::vector<Built> all;
  for (const Network &network : networks())
    for (Variant variant : variants()) {
      variant.blocks = all.size() % 2 != 0;
      variant.pairs = all.size() % 3 == 0;
      variant.vectors = all.size() % 7 < 3;
      variant.windows = all.size() % 6 == 1;
      variant.twins = all.size() % 6 == 4;
      variant.eights = all.size() % 5 == 0;
      variant.fours = all.size() % 4 == 1;
      all.push_back(build(network, variant, host, symbol_of(network, variant)));
    }
  expect_what_the_evaluators_say(all, kSanitized);
}

ops::Tensor output_of(const ir::Graph &graph, const Variant &variant) {
  return ops::evaluate_outputs(graph, {variant.requant}, random_inputs(graph, kInputSeed))[0];
}

// Kernels of coded weights that the C defines: "conv2d_w4".
void find_coded_kernels(const std::string &text, std::set<std::string> &kernels) {
  static const std::regex kDefinition(
      "static (?:THIMBLE_NOINLINE )?void (\\w+?_[wzmpoc][t\\d])(\\w*)\\(");
  for (std::sregex_iterator i(text.begin(), text.end(), kDefinition), end; i != end; ++i)
    if (!(*i)[1].str().starts_with("dot_")) kernels.insert((*i)[1]);
}

// Its second convolution is scattered: the sums of three rows are smaller than two rows of 20
// channels.
const Network kNarrowing = {"narrowing", R"(
graph narrowing
input x: f32[12x11x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node b: Conv2d(a; bw, bb) {pad = [1, 1, 1, 1]} -> b
output b dims [1, 3, 12, 11]
const aw: f32[20, 3, 3, 2] = random(1, 0.3)
const ab: f32[20] = random(2, 0.2)
const bw: f32[3, 3, 3, 20] = random(3, 0.2)
const bb: f32[3] = random(4, 0.2)
)"};

TEST_F(Generated, CodedWeightsGiveTheBitsOfTheirValues) {
  const targets::Target host = target_named("host");
  std::vector<Network> layers = networks();
  layers.push_back(kNarrowing);
  std::vector<Built> all;
  std::set<std::string> kernels;
  int number = 0;
  for (const Network &network : layers)
    for (int weights = 1; weights < kWeightsCount; ++weights) {
      Variant variant = variant_in_turn(++number);
      variant.weights = static_cast<Weights>(weights);
      variant.plan.lines = number % 2 ? plan::Lines::kNever : plan::Lines::kChosen;
      const ir::Graph graph = prepare(network, variant);
      if (is_constant(output_of(graph, variant))) continue;
      Built built =
          build(graph, variant, host, network.name + "_weights" + std::to_string(weights));
      const std::size_t known = kernels.size();
      find_coded_kernels(built.emitted.files[1].text, kernels);
      if (kernels.size() > known || number % 4 == 0) all.push_back(std::move(built));
    }
  for (const char *const layer : {"conv2d_", "linear_"})
    for (const char *const code : {"w4", "w2", "wt", "w1", "z4", "m4", "z8", "m8"})
      EXPECT_TRUE(kernels.contains(std::string(layer) + code)) << layer << code;
  for (const char *const layer :
       {"conv_transpose2d_w", "depthwise2d_w", "linear_fold_", "conv2d_scatter_fold_w"})
    EXPECT_TRUE(std::any_of(kernels.begin(), kernels.end(), [&](const std::string &name) {
      return name.starts_with(layer);
    })) << layer;
  expect_what_the_evaluators_say(all, kSanitized);
}

// Kernels whose rescaling is solved, that the C defines: "conv2d_i8_line".
void find_solved_kernels(const std::string &text, std::set<std::string> &kernels) {
  static const std::regex kDefinition(
      "static void ((?:conv2d|depthwise2d|linear)_i8_(?:line|doubled)|binary_plane_i8)\\w*\\(");
  for (std::sregex_iterator i(text.begin(), text.end(), kDefinition), end; i != end; ++i)
    kernels.insert((*i)[1]);
}

TEST_F(Generated, SolvedRescalingsGiveTheBitsOfTheirDefinition) {
  const targets::Target host = target_named("host");
  std::vector<Built> all;
  std::set<std::string> kernels;
  for (const auto requant : {targets::Requant::kQ31, targets::Requant::kM16})
    for (const Network &network : networks()) {
      Variant variant{true, requant, {}};
      variant.blocks = true;
      Built built = build(network, variant, host, symbol_of(network, variant));
      const std::size_t known = kernels.size();
      find_solved_kernels(built.emitted.files[1].text, kernels);
      if (kernels.size() > known) all.push_back(std::move(built));
    }
  for (const char *const kernel :
       {"conv2d_i8_line", "conv2d_i8_doubled", "depthwise2d_i8_line", "depthwise2d_i8_doubled",
        "linear_i8_line", "linear_i8_doubled", "binary_plane_i8"})
    EXPECT_TRUE(kernels.contains(kernel)) << kernel;
  expect_what_the_evaluators_say(all, kSanitized);
}

// "conv2d_twins_w4" where the C defines it.
std::string twin_kernel_of(const std::string &text) {
  static const std::regex kDefinition("void (conv2d_twins_[a-z]\\w)");
  std::smatch found;
  return std::regex_search(text, found, kDefinition) ? found[1].str() : "";
}

TEST_F(Generated, PixelsAsTwinsGiveTheBitsOfThemselves) {
  const targets::Target host = target_named("host");
  std::vector<Built> all;
  std::map<std::string, int> kernels;
  for (const Network &network : networks())
    for (int weights = 0; weights < kWeightsCount; ++weights) {
      Variant variant = variant_in_turn(static_cast<int>(all.size()));
      variant.pairs = false;
      variant.twins = true;
      variant.weights = static_cast<Weights>(weights);
      Built built =
          build(network, variant, host, network.name + "_twins" + std::to_string(weights));
      const std::string kernel = twin_kernel_of(built.emitted.files[1].text);
      if (!kernel.empty() && ++kernels[kernel] <= 5) all.push_back(std::move(built));
    }
  for (const char *const code : {"i8", "w4", "w2", "wt", "w1"})
    EXPECT_GT(kernels[std::string("conv2d_twins_") + code], 1) << code;
  expect_what_the_evaluators_say(all, kSanitized);
}

// Convolutions of three sizes.
const Network kSizes = {"sizes", R"(
graph sizes
input x: f32[9x9x3]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node b: Conv2d(a; bw, bb) {} -> b
node c: Conv2d(b; cw, cb) {pad = [1, 1, 1, 1], stride = [2, 2]} -> c
output c dims [1, 3, 5, 5]
const aw: f32[4, 3, 3, 3] = random(1, 0.3)
const ab: f32[4] = random(2, 0.2)
const bw: f32[5, 1, 1, 4] = random(3, 0.5)
const bb: f32[5] = random(4, 0.2)
const cw: f32[3, 3, 3, 5] = random(5, 0.3)
const cb: f32[3] = random(6, 0.2)
)"};

TEST_F(Generated, OneFunctionForThreeSizesGivesTheBitsOfThree) {
  const targets::Target host = target_named("host");
  const targets::Target small = *targets::at_level(host, "flash");
  const std::regex convolution("static void conv2d_\\w+\\(");
  const auto count = [&](const Built &built) {
    const std::string &text = built.emitted.files[1].text;
    return std::distance(std::sregex_iterator(text.begin(), text.end(), convolution), {});
  };
  std::vector<Built> all;
  for (const bool int8 : {false, true}) {
    const std::string symbol = int8 ? "sizes_int8" : "sizes_f32";
    EXPECT_EQ(count(build(kSizes, {int8}, host, symbol)), 3);
    all.push_back(build(kSizes, {int8}, small, symbol));
    EXPECT_EQ(count(all.back()), 1);
  }
  for (const Network &network : networks()) {
    const Variant variant = variant_in_turn(static_cast<int>(all.size()));
    all.push_back(build(network, variant, small, symbol_of(network, variant) + "_shared"));
  }
  expect_what_the_evaluators_say(all, kSanitized);
}

// Planes, and C for processors without a multiplier, which is C for all.
TEST_F(Generated, WithoutAMultiplierTheBitsAreTheSame) {
  targets::Target target = target_named("host");
  target.inner_loops = "no_mul";
  target.code_costs = {{"p4", 1, 0, 0}, {"p2", 1, 0, 0}, {"p1", 1, 0, 0}};
  std::vector<Built> all;
  std::set<std::string> kernels;
  int number = 0;
  for (const Network &network : networks())
    for (int weights = 0; weights < kWeightsCount; ++weights) {
      Variant variant = variant_in_turn(++number);
      variant.weights = static_cast<Weights>(weights);
      if (number % 2) variant.requant = targets::Requant::kM16;
      const ir::Graph graph = prepare(network, variant);
      if (is_constant(output_of(graph, variant))) continue;
      Built built =
          build(graph, variant, target, network.name + "_no_mul" + std::to_string(weights));
      const std::size_t known = kernels.size();
      find_coded_kernels(built.emitted.files[1].text, kernels);
      if (kernels.size() > known || number % 5 == 0) all.push_back(std::move(built));
    }
  for (const char *const code : {"linear_p4", "linear_p2", "linear_p1"})
    EXPECT_TRUE(kernels.contains(code)) << code;
  expect_what_the_evaluators_say(all, kSanitized);
}

Network narrowing_to_one_channel() {
  Network network{"narrowing_to_one", kNarrowing.text};
  for (const auto &[from, to] : {std::pair{"[1, 3, 12, 11]", "[1, 1, 12, 11]"},
                                 {"f32[3, 3, 3, 20]", "f32[1, 3, 3, 20]"},
                                 {"bb: f32[3]", "bb: f32[1]"}})
    network.text.replace(network.text.find(from), std::string_view(from).size(), to);
  return network;
}

// Its weights are used often, and few sums are made of each pixel.
const Network kWidening = {"widening", R"(
graph widening
input x: f32[12x11x2]
node a: Conv2d(x; aw, ab) {pad = [1, 1, 1, 1], act = "relu"} -> a
node b: ConvTranspose2d(a; bw, bb) {stride = [2, 2], pad = [1, 1, 1, 1], output_padding = [1, 1], act = "relu"} -> b
node c: Conv2d(b; cw, cb) {pad = [1, 1, 1, 1]} -> c
output c dims [1, 3, 24, 22]
const aw: f32[6, 3, 3, 2] = random(1, 0.3)
const ab: f32[6] = random(2, 0.2)
const bw: f32[8, 3, 3, 6] = random(3, 0.2)
const bb: f32[8] = random(4, 0.2)
const cw: f32[3, 3, 3, 8] = random(5, 0.2)
const cb: f32[3] = random(6, 0.2)
)"};

// They hold any values, where their sums are proven. On the host instructions are read.
TEST_F(Generated, OffsetWeightsGiveTheSameBits) {
  targets::Target target = target_named("host");
  target.flash_bytes = 1 << 20;
  std::vector<Network> layers = networks();
  layers.insert(layers.end(), {narrowing_to_one_channel(), kWidening, doubling()});
  std::vector<Built> all;
  std::set<std::string> kernels;
  int number = 0;
  for (const Network &network : layers)
    for (const std::string code : {"o8", "c8"}) {
      target.code_costs = {{"i8", 2, 0, 0}, {code, 1, 0, 0}};
      Variant variant = variant_in_turn(++number);
      variant.requant = targets::Requant::kM16;
      variant.weights = Weights::kInt8;
      variant.windows = false;
      const bool in_rows = number % 4 < 2 || network.name == doubling().name;
      variant.plan.lines = in_rows ? plan::Lines::kNever : plan::Lines::kChosen;
      const ir::Graph graph = prepare(network, variant);
      if (is_constant(output_of(graph, variant))) continue;
      Built built = build(graph, variant, target, network.name + "_" + code);
      const std::size_t known = kernels.size();
      find_coded_kernels(built.emitted.files[1].text, kernels);
      if (kernels.size() > known || number % 4 == 0) all.push_back(std::move(built));
    }
  for (const char *const kernel :
       {"conv2d_o8", "conv_transpose2d_o8", "conv2d_scatter_fold_o8", "conv2d_c8",
        "conv_transpose2d_c8", "conv2d_scatter_fold_c8", "conv_transpose2d_phases_c8"})
    EXPECT_TRUE(kernels.contains(kernel)) << kernel;
  expect_what_the_evaluators_say(all, kSanitized);
}

// LeNet-5 up to its first linear layer.
const Network kLeNet = {"lenet", R"(
graph lenet
input x: f32[28x28x1]
node a: Conv2d(x; aw, ab) {pad = [2, 2, 2, 2], act = "relu"} -> a
node p: MaxPool2d(a) {kernel = [2, 2], stride = [2, 2]} -> p
node b: Conv2d(p; bw, bb) {act = "relu"} -> b
node q: MaxPool2d(b) {kernel = [2, 2], stride = [2, 2]} -> q
node f: Linear(q; fw, fb) {out_shape = [1, 1, 7]} -> f
output f dims [1, 7]
const aw: f32[6, 5, 5, 1] = random(1, 0.3)
const ab: f32[6] = random(2, 0.2)
const bw: f32[16, 5, 5, 6] = random(3, 0.2)
const bb: f32[16] = random(4, 0.2)
const fw: f32[7, 400] = random(5, 0.1)
const fb: f32[7] = random(6, 0.2)
)"};

// Calls in this phase that fold in their output.
int folds(const Built &built, plan::Phase phase) {
  int count = 0;
  for (const plan::Call &call : built.plan.program.calls)
    if (call.node >= 0 && call.phase == phase) {
      const ir::Node &node = built.graph.node(call.node);
      count += ops::operator_of(node).modes(built.graph, node)[call.mode].in_output;
    }
  return count;
}

TEST_F(Generated, PoolingFoldsRowsAndBlocksIntoItsOutput) {
  const targets::Target host = target_named("host");
  std::vector<Built> all;
  int rows = 0, blocks = 0;
  for (const Network &network :
       {kLeNet, *std::find_if(networks().begin(), networks().end(),
                              [](const Network &one) { return one.name == "folded"; })})
    for (int options = 0; options < 8; ++options) {
      Variant variant;
      variant.int8 = options & 1;
      variant.plan.stream_in = options & 2;
      variant.plan.lines = options & 4 ? plan::Lines::kChosen : plan::Lines::kNever;
      all.push_back(build(network, variant, host, network.name + std::to_string(options)));
      rows += folds(all.back(), plan::Phase::kFold);
      blocks += folds(all.back(), plan::Phase::kRow);
    }
  EXPECT_GE(rows, 12);
  EXPECT_GE(blocks, 2);
  expect_what_the_evaluators_say(all, kSanitized);
}

TEST_F(Generated, RandomStacksGiveTheSameBitsInEachResidency) {
  const targets::Target host = target_named("host");
  std::vector<Built> all;
  unsigned seed = 0;
  for (int stack = 0; stack < 16; ++stack) {
    Variant variant;
    variant.int8 = stack % 4 != 0;
    variant.blocks = stack % 2 != 0;
    variant.pairs = stack % 3 == 1;
    variant.windows = stack % 6 == 2;
    variant.twins = stack % 6 == 5;
    variant.plan.stream_out = true;
    const ir::Graph graph = next_telling_stack(seed, variant);
    for (const auto lines : {plan::Lines::kNever, plan::Lines::kAlways, plan::Lines::kChosen}) {
      variant.plan.lines = lines;
      variant.plan.borrow_input = !variant.plan.borrow_input;
      const std::string symbol =
          "stack" + std::to_string(stack) + "_" + std::to_string(static_cast<int>(lines));
      all.push_back(build(graph, variant, host, symbol));
    }
  }
  expect_what_the_evaluators_say(all, kSanitized);
}

// What is not worth it, too: planning insists on check_plan.
TEST_F(Generated, EveryNetworkHasASoundPlanByPixel) {
  for (const Network &network : networks())
    for (const bool int8 : {false, true}) {
      Variant variant;
      variant.int8 = int8;
      variant.plan.lines = plan::Lines::kAlways;
      variant.plan.time_limit_seconds = 0.05;
      const auto plan = plan::make_plan(prepare(network, variant), variant.plan);
      EXPECT_TRUE(plan.ok()) << network.name;
    }
}

// As even as can be.
std::vector<int> even_ends(int cols, int strips) {
  std::vector<int> ends;
  for (int i = 1; i <= strips; ++i) ends.push_back(cols * i / strips);
  return ends;
}

TEST_F(Generated, StripsOfRandomBlocksGiveTheBitsOfTheWhole) {
  const targets::Target host = target_named("host");
  std::vector<Built> all;
  unsigned seed = 0;
  for (int number = 0; number < 6; ++number) {
    Variant variant = variant_in_turn(number);
    variant.int8 = number % 4 != 0;
    variant.plan.time_limit_seconds = 0.2;
    variant.plan.lines = number % 2 ? plan::Lines::kChosen : plan::Lines::kNever;
    const ir::Graph graph = next_telling_blocks(seed, variant);
    const ops::Tensor whole = output_of(graph, variant);
    const std::vector<ir::ValueId> cuts = plan::strip_cuts(graph);
    for (const ir::ValueId cut : cuts)
      for (int strips = 2; strips <= std::min(4, graph.value(cut).type.shape.cols); ++strips) {
        const std::vector<int> ends = even_ends(graph.value(cut).type.shape.cols, strips);
        const bool keeps = number % 3 > 0 && cut != cuts.front();
        const auto rewritten = plan::in_strips(
            graph, {cut, ends, keeps ? std::vector{cuts.front()} : std::vector<ir::ValueId>{},
                    number % 3 == 2});
        if (!rewritten) continue;
        const ops::Tensor output = output_of(*rewritten, variant);
        EXPECT_EQ(output.f32, whole.f32) << number << " " << graph.value(cut).name;
        EXPECT_EQ(output.i8, whole.i8) << number << " " << graph.value(cut).name;
        if (cut != cuts.back() || strips > 2) continue;  // planning takes its time
        const std::string symbol = "blocks" + std::to_string(number) + "_" + std::to_string(strips);
        all.push_back(build(*rewritten, variant, host, symbol));
      }
  }
  EXPECT_GE(all.size(), 3u);
  expect_what_the_evaluators_say(all, kSanitized);
}

struct Compiler {
  std::string program, package;
  std::vector<std::string> flags;
  std::string target;
};

void PrintTo(const Compiler &compiler, std::ostream *out) { *out << compiler.program; }

class CompilesClean : public Generated, public testing::WithParamInterface<Compiler> {};

TEST_P(CompilesClean, WithEveryWarning) {
  const Compiler &compiler = GetParam();
  if (!find_program(compiler.program, compiler.package).ok()) {
    GTEST_SKIP() << "skipped: " << compiler.program << " is not installed";
  }
  int number = 0;
  for (const Network &network : networks()) {
    for (const bool int8 : {false, true}) {
      Variant variant;
      variant.int8 = int8;
      variant.pairs = variant.vectors = ++number % 4 < 2;
      const Built built = build(network, variant, target_named(compiler.target), network.name);
      write_files(built.emitted, directory_.path().string());
      std::vector<std::string> command = {compiler.program};
      command.insert(command.end(), compiler.flags.begin(), compiler.flags.end());
      command.insert(command.end(), kWarnings.begin(), kWarnings.end());
      const char *const optimized = number % 8 == 1 || number % 8 == 4 ? "-O0" : "-O2";
      command.insert(command.end(),
                     {optimized, "-c", path(network.name + ".c"), "-o", path("x.o")});
      run_quietly(command);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Compilers, CompilesClean,
    testing::Values(Compiler{"gcc", "gcc", {"-std=c99"}, "host"},
                    Compiler{"clang-14", "clang-14", {"-std=c99"}, "host"},
                    Compiler{
                        "avr-gcc", "gcc-avr", {"-std=gnu99", "-mmcu=atmega328p"}, "atmega328p"},
                    Compiler{"arm-none-eabi-gcc",
                             "gcc-arm-none-eabi",
                             {"-std=c99", "-mcpu=cortex-m4", "-mthumb"},
                             "cortex-m4"}),
    [](const auto &info) {
      std::string name = info.param.program;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST_F(Generated, TheHeaderIsCPlusPlusToo) {
  Variant variant;
  variant.int8 = true;
  const Built built = build(networks()[3], variant, target_named("host"), "decoder");
  write_files(built.emitted, directory_.path().string());
  ASSERT_TRUE(write_file(path("use.cpp"),
                         "#define DECODER_EXPECT_API 1\n#include \"decoder.h\"\n"
                         "int main() { decoder_input(0)[0] = DECODER_QUANTIZE_IN0(0.5f);\n"
                         "  decoder_run(); return decoder_selftest(); }\n")
                  .ok());
  run_quietly({"c++", "-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c",
               path("use.cpp"), "-o", path("use.o")});
}

TEST_F(Generated, TheCallerCanOwnTheArena) {
  Variant variant;
  variant.int8 = true;
  const Built built = build(networks()[3], variant, target_named("host"), "decoder");
  write_files(built.emitted, directory_.path().string());
  ASSERT_TRUE(write_file(path("use.c"),
                         "#include \"decoder.h\"\n"
                         "DECODER_ARENA_TYPE mine[DECODER_ARENA_LENGTH];\n"
                         "int main(void) { return decoder_selftest(); }\n")
                  .ok());
  run_quietly({"cc", "-std=c99", "-DDECODER_ARENA=mine", path("use.c"), path("decoder.c"), "-o",
               path("use")});
  run_quietly({path("use")});
}

TEST_F(Generated, ABorrowedInputMayBeConstant) {
  Variant variant;
  variant.int8 = true;
  variant.plan.borrow_input = true;
  const Built built = build(networks()[3], variant, target_named("host"), "decoder");
  write_files(built.emitted, directory_.path().string());
  ASSERT_TRUE(write_file(path("use.c"),
                         "#include \"decoder.h\"\n"
                         "static const int8_t input[DECODER_IN0_COUNT] = {1};\n"
                         "#if !DECODER_BORROW_INPUT || defined(DECODER_IN0_OFFSET)\n"
                         "#error \"the input is in the arena\"\n"
                         "#endif\n"
                         "static int8_t room[DECODER_IN0_COUNT];\n"
                         "int main(void) { decoder_run(input); return decoder_selftest(room); }\n")
                  .ok());
  std::vector<std::string> command = {"cc", "-std=c99", "-Wcast-qual"};
  command.insert(command.end(), kWarnings.begin(), kWarnings.end());
  command.insert(command.end(), {path("use.c"), path("decoder.c"), "-o", path("use")});
  run_quietly(command);
  run_quietly({path("use")});
}

TEST(Emit, EqualInputGivesEqualBytes) {
  Variant variant;
  variant.int8 = true;
  const targets::Target host = target_named("host");
  for (const Network &network : networks()) {
    const Built one = build(network, variant, host, "same"),
                two = build(network, variant, host, "same");
    for (std::size_t i = 0; i < one.emitted.files.size(); ++i) {
      EXPECT_EQ(one.emitted.files[i].text, two.emitted.files[i].text) << network.name;
    }
  }
}

TEST(Emit, APrefixThatIsNoNameIsAUsageError) {
  const Network &network = networks()[0];
  EXPECT_THROW(build(network, {}, target_named("host"), "not a name"), std::runtime_error);
  EXPECT_THROW(build(network, {}, target_named("host"), "int"), std::runtime_error);
}

}  // namespace
}  // namespace thimble::codegen

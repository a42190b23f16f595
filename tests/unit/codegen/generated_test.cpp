// Generated C does what the graph's readings say: every kernel, all requantizations, streamed or
// not, in one sanitized program (host_program.h).
#include <gtest/gtest.h>

#include <algorithm>

#include "host_program.h"
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
    for (const Variant &variant : variants())
      all.push_back(build(network, variant, host, symbol_of(network, variant)));
  expect_what_the_evaluators_say(all, kSanitized);
}

TEST_F(Generated, RandomStacksGiveTheSameBitsInEachResidency) {
  const targets::Target host = target_named("host");
  std::vector<Built> all;
  unsigned seed = 0;
  for (int stack = 0; stack < 16; ++stack) {
    Variant variant;
    variant.int8 = stack % 4 != 0;
    variant.plan.stream_out = true;
    const ir::Graph graph = next_telling_stack(seed, variant);
    for (const auto lines : {plan::Lines::kNever, plan::Lines::kAlways, plan::Lines::kChosen}) {
      variant.plan.lines = lines;
      const std::string symbol =
          "stack" + std::to_string(stack) + "_" + std::to_string(static_cast<int>(lines));
      all.push_back(build(graph, variant, host, symbol));
    }
  }
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
  for (const Network &network : networks()) {
    for (const bool int8 : {false, true}) {
      Variant variant;
      variant.int8 = int8;
      const Built built = build(network, variant, target_named(compiler.target), network.name);
      write_files(built.emitted, directory_.path().string());
      std::vector<std::string> command = {compiler.program};
      command.insert(command.end(), compiler.flags.begin(), compiler.flags.end());
      command.insert(command.end(), kWarnings.begin(), kWarnings.end());
      command.insert(command.end(), {"-O2", "-c", path(network.name + ".c"), "-o", path("x.o")});
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

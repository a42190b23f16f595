// Generated C does what the graph's readings say: every kernel, all requantizations, streamed or
// not, in one sanitized program. Integers are equal bit for bit, floats within 1e-5 of the range.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "networks.h"
#include "ops/evaluate.h"
#include "support/files.h"
#include "support/process.h"

namespace thimble::codegen {
namespace {

const std::vector<std::string> kWarnings = {
    "-Wall",    "-Wextra", "-Wpedantic",          "-Wconversion",
    "-Wshadow", "-Wundef", "-Wstrict-prototypes", "-Werror"};

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

// Reads each network's input from stdin, writes its output to stdout; the selftest comes first.
std::string program_text(const std::vector<Built> &all) {
  std::string text = "#include <stdio.h>\n";
  for (const Built &one : all) text += "#include \"" + one.emitted.name + ".h\"\n";
  text +=
      "static void take(void *user, int output, int row, const void *data) {\n"
      "  (void)output; (void)row; fwrite(data, 1, *(const unsigned *)user, stdout);\n}\n"
      "static unsigned in_row;\n"
      "static void give(void *user, int input, int row, void *data) {\n"
      "  (void)user; (void)input; (void)row;\n"
      "  if (fread(data, 1, in_row, stdin) != in_row) fputs(\"short\", stderr);\n}\n"
      "int main(void) {\n  unsigned out_row = 0;\n  (void)in_row; (void)give;\n";
  for (const Built &one : all) {
    const std::string &name = one.emitted.name;
    std::string upper = name;
    std::transform(upper.begin(), upper.end(), upper.begin(), ::toupper);
    text += "  if (" + name + "_selftest() != 0) fputs(\"selftest " + name + "\", stderr);\n";
    text += "  in_row = " + upper + "_IN0_ROW_BYTES; out_row = " + upper + "_OUT0_ROW_BYTES;\n";
    if (!one.emitted.stream_in) {
      text +=
          "  if (fread(" + name + "_input(0), 1, " + upper + "_IN0_BYTES, stdin) == 0) return 1;\n";
    }
    text +=
        "  " + name + "_run_rows(" + (one.emitted.stream_in ? "give, " : "") + "take, &out_row);\n";
  }
  return text + "  return 0;\n}\n";
}

std::string bytes_of(const ops::Tensor &tensor) {
  if (tensor.type.dtype == ir::DType::kF32) {
    return {reinterpret_cast<const char *>(tensor.f32.data()), tensor.f32.size() * sizeof(float)};
  }
  return {reinterpret_cast<const char *>(tensor.i8.data()), tensor.i8.size()};
}

void expect_output(const Built &built, const ops::Tensor &expected, const std::string &bytes) {
  SCOPED_TRACE(built.emitted.name);
  if (expected.type.dtype == ir::DType::kI8) {
    EXPECT_NE(*std::min_element(expected.i8.begin(), expected.i8.end()),
              *std::max_element(expected.i8.begin(), expected.i8.end()));
    EXPECT_EQ(bytes, bytes_of(expected));
    return;
  }
  const auto [low, high] = std::minmax_element(expected.f32.begin(), expected.f32.end());
  EXPECT_GT(*high - *low, 1e-3f);
  for (std::size_t i = 0; i < expected.f32.size(); ++i) {
    float actual = 0;
    std::memcpy(&actual, bytes.data() + 4 * i, 4);
    EXPECT_NEAR(actual, expected.f32[i], 1e-5f * (*high - *low)) << i;
  }
}

class Generated : public testing::Test {
 protected:
  void run(const std::vector<std::string> &command, const std::string &input = {}) {
    const auto result = run_process(command, input, 300);
    ASSERT_TRUE(result.ok()) << to_string(result.diagnostics().front());
    EXPECT_EQ(result->exit_code, 0) << result->stderr_text;
    EXPECT_EQ(result->stderr_text, "");
    output_ = result->stdout_text;
  }
  std::string path(const std::string &name) const { return (directory_.path() / name).string(); }

  void expect_what_the_evaluators_say(const std::vector<Built> &all);

  TemporaryDirectory directory_;
  std::string output_;
};

// All of it in one sanitized program, against the evaluators.
void Generated::expect_what_the_evaluators_say(const std::vector<Built> &all) {
  std::vector<std::string> command = {
      "cc", "-std=c99",     "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
      "-o", path("program")};
  command.insert(command.end(), kWarnings.begin(), kWarnings.end());
  for (const Built &built : all) {
    write_files(built.emitted, directory_.path().string());
    command.push_back(path(built.emitted.name + ".c"));
  }
  ASSERT_TRUE(write_file(path("main.c"), program_text(all)).ok());
  command.insert(command.end(), {path("main.c"), "-lm"});
  run(command);

  std::string input;
  for (const Built &built : all) input += bytes_of(random_inputs(built.graph, 7)[0]);
  run({path("program")}, input);
  std::size_t at = 0;
  for (const Built &built : all) {
    const auto expected =
        ops::evaluate_outputs(built.graph, built.numbers, random_inputs(built.graph, 7));
    const std::size_t size = bytes_of(expected[0]).size();
    ASSERT_LE(at + size, output_.size()) << built.emitted.name;
    expect_output(built, expected[0], output_.substr(at, size));
    at += size;
  }
  EXPECT_EQ(at, output_.size());
}

TEST_F(Generated, ComputesWhatTheEvaluatorsSay) {
  const targets::Target host = target_named("host");
  std::vector<Built> all;
  for (const Network &network : networks())
    for (const Variant &variant : variants())
      all.push_back(build(network, variant, host, symbol_of(network, variant)));
  expect_what_the_evaluators_say(all);
}

TEST_F(Generated, RandomStacksGiveTheSameBitsInEachResidency) {
  const targets::Target host = target_named("host");
  std::vector<Built> all;
  for (unsigned seed = 0; seed < 24; ++seed) {
    const Network network = random_stack(seed);
    for (const auto lines : {plan::Lines::kNever, plan::Lines::kAlways, plan::Lines::kChosen}) {
      Variant variant;
      variant.int8 = seed % 4 != 0;
      variant.plan.lines = lines;
      variant.plan.stream_out = true;
      all.push_back(build(network, variant, host,
                          network.name + "_" + std::to_string(static_cast<int>(lines))));
    }
  }
  expect_what_the_evaluators_say(all);
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
      run(command);
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
  run({"c++", "-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c", path("use.cpp"),
       "-o", path("use.o")});
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
  run({"cc", "-std=c99", "-DDECODER_ARENA=mine", path("use.c"), path("decoder.c"), "-o",
       path("use")});
  run({path("use")});
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

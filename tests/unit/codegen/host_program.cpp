// One program for all networks: it reads each one's input from stdin and writes its output to
// stdout, so that one compiler call and one run serve hundreds of them.
#include "host_program.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "ops/evaluate.h"
#include "support/files.h"
#include "support/process.h"

namespace thimble::codegen {
namespace {

constexpr const char *kCallbacks = R"(#include <stdio.h>
#include <string.h>
static union { unsigned char bytes[1 << 16]; float f[1 << 14]; } room, given;
#define sample room.bytes
static unsigned in_row, out_row;
static void take(void *user, int output, int row, const void *data) {
  (void)user; (void)output; (void)row;
  fwrite(data, 1, out_row, stdout);
}
/* Rows behind the last one that is read are not asked for. */
static void give(void *user, int input, int row, void *data) {
  (void)user; (void)input;
  memcpy(data, sample + (unsigned)row * in_row, in_row);
}
void (*unused_give)(void *, int, int, void *) = give;
)";

// The sample goes where the network takes it; what is lent is noted, to see that it stays as it is.
std::string taken_text(const Emitted &emitted, const std::string &upper) {
  if (emitted.stream_in) return {};
  const std::string to = emitted.borrow_input ? "given.bytes" : emitted.name + "_input(0)";
  return fmt::format("  memcpy({}, sample, {}_IN0_BYTES);\n", to, upper);
}

// The C that runs one network: selftest, then sample in, output out.
std::string run_text(const Emitted &emitted) {
  const std::string &name = emitted.name;
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(), ::toupper);
  const bool is_float = emitted.inputs.at(0).dtype == ir::DType::kF32;
  const std::string lent = is_float ? "room.f" : "(int8_t *)sample";
  const std::string argument = emitted.stream_in      ? "give, "
                               : emitted.borrow_input ? lent + ", "
                                                      : "";
  return fmt::format(
      "  if ({0}_selftest({4}) != 0) fputs(\"selftest {0}\", stderr);\n"
      "  in_row = {1}_IN0_ROW_BYTES, out_row = {1}_OUT0_ROW_BYTES;\n"
      "  if (fread(sample, 1, {1}_IN0_BYTES, stdin) != {1}_IN0_BYTES) return 1;\n"
      "{2}  {0}_run_rows({3}take, 0);\n"
      "  if ({5}memcmp(given.bytes, sample, {1}_IN0_BYTES)) fputs(\"{0} wrote its input\", "
      "stderr);\n",
      name, upper, taken_text(emitted, upper), argument, emitted.borrow_input ? lent : "",
      emitted.borrow_input ? "" : "0 && ");
}

std::string program_text(const std::vector<Built> &all) {
  std::string text = kCallbacks, runs;
  for (const Built &one : all) {
    text += "#include \"" + one.emitted.name + ".h\"\n";
    runs += run_text(one.emitted);
  }
  return text + "int main(void) {\n" + runs + "  return 0;\n}\n";
}

std::string bytes_of(const ops::Tensor &tensor) {
  if (tensor.type.dtype == ir::DType::kF32) {
    return {reinterpret_cast<const char *>(tensor.f32.data()), tensor.f32.size() * sizeof(float)};
  }
  return {reinterpret_cast<const char *>(tensor.i8.data()), tensor.i8.size()};
}

void expect_output(const Built &built, const ops::Tensor &expected, const std::string &bytes) {
  SCOPED_TRACE(built.emitted.name);
  EXPECT_FALSE(is_constant(expected));
  if (expected.type.dtype == ir::DType::kI8) {
    const std::string right = bytes_of(expected);
    const auto differ = std::mismatch(bytes.begin(), bytes.end(), right.begin()).first;
    EXPECT_EQ(differ - bytes.begin(), std::ssize(right)) << "is the first byte that differs";
    return;
  }
  const auto [low, high] = std::minmax_element(expected.f32.begin(), expected.f32.end());
  for (std::size_t i = 0; i < expected.f32.size(); ++i) {
    float actual = 0;
    std::memcpy(&actual, bytes.data() + 4 * i, 4);
    EXPECT_NEAR(actual, expected.f32[i], 1e-5f * (*high - *low)) << i;
  }
}

// Compiling is most of the time, and sanitizers see most of what is not optimised.
std::vector<std::string> command_of(HostCompiler compiler, const std::vector<std::string> &flags) {
  if (compiler == HostCompiler::kQuick && find_program("tcc", "tcc").ok())
    return {"tcc", "-std=c99"};
  std::vector<std::string> command = {"cc", "-std=c99", "-O0"};
  command.insert(command.end(), kWarnings.begin(), kWarnings.end());
  command.insert(command.end(), flags.begin(), flags.end());
  return command;
}

// Links all sources into directory/program.
void compile(const std::vector<Built> &all, std::vector<std::string> command,
             const std::filesystem::path &directory) {
  command.insert(command.end(), {"-o", directory / "program"});
  for (const Built &built : all) {
    write_files(built.emitted, directory.string());
    command.push_back(directory / (built.emitted.name + ".c"));
  }
  ASSERT_TRUE(write_file(directory / "main.c", program_text(all)).ok());
  command.insert(command.end(), {directory / "main.c", "-lm"});
  run_quietly(command);
}

}  // namespace

const std::vector<std::string> kWarnings = {
    "-Wall",    "-Wextra", "-Wpedantic",          "-Wconversion",
    "-Wshadow", "-Wundef", "-Wstrict-prototypes", "-Werror"};

std::string run_quietly(const std::vector<std::string> &command, const std::string &input) {
  const auto result = run_process(command, input, 300);
  if (!result.ok()) {
    ADD_FAILURE() << to_string(result.diagnostics().front());
    return {};
  }
  EXPECT_EQ(result->exit_code, 0) << result->stderr_text;
  EXPECT_EQ(result->stderr_text, "");
  return result->stdout_text;
}

bool is_constant(const ops::Tensor &tensor) {
  if (tensor.type.dtype == ir::DType::kI8) {
    const auto [low, high] = std::minmax_element(tensor.i8.begin(), tensor.i8.end());
    return *low == *high;
  }
  const auto [low, high] = std::minmax_element(tensor.f32.begin(), tensor.f32.end());
  return *high - *low <= 1e-3f;
}

ir::Graph next_telling(Network (*random)(unsigned seed), unsigned &seed, const Variant &variant) {
  while (true) {
    ir::Graph graph = prepare(random(seed++), variant);
    const auto outputs =
        ops::evaluate_outputs(graph, {variant.requant}, random_inputs(graph, kInputSeed));
    if (!is_constant(outputs[0])) return graph;
  }
}

HostCompiler compiler_in_turn(int batch) {
  return batch % 4 == 0 ? HostCompiler::kStrict : HostCompiler::kQuick;
}

void expect_what_the_evaluators_say(const std::vector<Built> &all,
                                    const std::vector<std::string> &flags, HostCompiler compiler) {
  const TemporaryDirectory directory;
  compile(all, command_of(compiler, flags), directory.path());
  std::string input;
  for (const Built &built : all) input += bytes_of(random_inputs(built.graph, kInputSeed)[0]);
  const std::string output = run_quietly({directory.path() / "program"}, input);
  std::size_t at = 0;
  for (const Built &built : all) {
    const ops::Tensor expected = ops::evaluate_outputs(built.graph, built.numbers,
                                                       random_inputs(built.graph, kInputSeed))[0];
    const std::size_t size = bytes_of(expected).size();
    ASSERT_LE(at + size, output.size()) << built.emitted.name;
    expect_output(built, expected, output.substr(at, size));
    at += size;
  }
  EXPECT_EQ(at, output.size());
}

}  // namespace thimble::codegen

// Small hand-written "emitted" networks with the API of codegen/README.md, so that emulators are
// tested apart from everything that makes networks. Input and output are int8 rows of 4 bytes.
#pragma once

#include <string>

#include "codegen/emit.h"
#include "emulate/run.h"
#include "targets/target.h"

namespace thimble::emulate {

struct Fake {
  int rows = 3;
  bool stream_in = false, stream_out = false;
  std::string tables = "";  // C at file scope
  std::string work = "";    // C statements run once an inference
  std::int64_t weight_bytes = 0;
};

// Output (row, i) is input + 3 * row + i.
inline codegen::Emitted fake_network(const Fake &fake) {
  const std::string rows = std::to_string(fake.rows);
  const std::string parameters =
      std::string(fake.stream_in ? "fake_fill_fn fill, " : "") + "fake_row_fn emit, void *user";
  const bool by_rows = fake.stream_in || fake.stream_out;
  const std::string prototype =
      by_rows ? "void fake_run_rows(" + parameters + ")" : std::string("void fake_run(void)");
  codegen::Emitted emitted;
  emitted.name = "fake";
  emitted.files.push_back(
      {"fake.h",
       "#ifndef FAKE_H\n#define FAKE_H\n#include <stdint.h>\n"
       "#define FAKE_ARENA_BYTES " +
           std::to_string(8 * fake.rows) +
           "u\n"
           "#define FAKE_ARENA_TYPE uint8_t\n"
           "#define FAKE_ARENA_LENGTH FAKE_ARENA_BYTES\n"
           "extern FAKE_ARENA_TYPE fake_arena[FAKE_ARENA_LENGTH];\n"
           "#define fake_input(port) ((int8_t *)fake_arena)\n"
           "#define fake_output(port) ((int8_t *)fake_arena + 4 * " +
           rows +
           ")\n"
           "typedef void (*fake_row_fn)(void *user, int output, int row, const void *data);\n"
           "typedef void (*fake_fill_fn)(void *user, int input, int row, void *data);\n" +
           prototype + ";\n#endif\n"});
  emitted.files.push_back(
      {"fake.c",
       "#include \"fake.h\"\nFAKE_ARENA_TYPE fake_arena[FAKE_ARENA_LENGTH];\n" + fake.tables +
           "\n" + prototype + " {\n  for (int row = 0; row < " + rows +
           "; ++row) {\n"
           "    int8_t *in = fake_input(0) + 4 * row, *out = fake_output(0) + 4 * row;\n" +
           (fake.stream_in ? "    fill(user, 0, row, in);\n" : "") +
           "    for (int i = 0; i < 4; ++i) out[i] = (int8_t)(in[i] + 3 * row + i);\n" +
           (fake.stream_out ? "    emit(user, 0, row, out);\n" : "") +
           (by_rows ? "    (void)emit; (void)user;\n" : "") + "  }\n" + fake.work + "\n}\n"});
  emitted.weight_bytes = fake.weight_bytes;
  emitted.arena_bytes = 8 * fake.rows;
  emitted.stream_in = fake.stream_in;
  emitted.stream_out = fake.stream_out;
  const ir::Type type{{fake.rows, 1, 4}, ir::DType::kI8, ir::Quant{}};
  emitted.inputs = emitted.outputs = {type};
  return emitted;
}

inline std::vector<RawSample> fake_samples(int count, int rows = 3) {
  std::vector<RawSample> samples;
  for (int s = 0; s < count; ++s) {
    RawSample sample(1);
    for (int i = 0; i < 4 * rows; ++i)
      sample[0].push_back(static_cast<std::uint8_t>(7 * s + 5 * i));
    samples.push_back(sample);
  }
  return samples;
}

inline std::vector<RawSample> fake_outputs(std::vector<RawSample> samples) {
  for (RawSample &sample : samples) {
    for (std::size_t i = 0; i < sample[0].size(); ++i) {
      sample[0][i] = static_cast<std::uint8_t>(sample[0][i] + 3 * (i / 4) + i % 4);
    }
  }
  return samples;
}

// Skips a test by name where the tools of a target are missing.
#define SKIP_WITHOUT(result)                                                               \
  if (!(result).ok() && (result).diagnostics()[0].error_class == ErrorClass::kMissingTool) \
  GTEST_SKIP() << to_string((result).diagnostics()[0])

#define ASSERT_OK(result) ASSERT_TRUE((result).ok()) << to_string((result).diagnostics()[0])

}  // namespace thimble::emulate

// The die on a CH32V003: the image that would be flashed, on the simulated chip.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "die/board.h"
#include "die/die.h"
#include "die/firmware.h"
#include "die/parts.h"
#include "expected_picture.h"
#include "support/files.h"

namespace thimble::die {
namespace {

targets::Target ch32v003() {
  Result<targets::Target> target = targets::find_target("ch32v003");
  EXPECT_TRUE(target);
  return *target;
}

const Part &its_part() { return **part_of(ch32v003()); }

std::string messages(const Diagnostics &diagnostics) {
  std::string text;
  for (const Diagnostic &diagnostic : diagnostics) text += to_string(diagnostic);
  return text;
}

TEST(DieOnCh32v003, FacesAreRecognisedWithinItsMemoryAndHalfASecond) {
  const TemporaryDirectory directory;
  DieOptions options;
  options.target = ch32v003();
  options.rolls = 60;
  options.output = directory.path();
  const Result<DieReport> report = run_die(options, [](const std::string &) {});
  ASSERT_TRUE(report) << messages(report.diagnostics());
  EXPECT_EQ(report->model, "faces_929_4_bits");
  EXPECT_GE(report->recognised, 0.97);
  EXPECT_GE(report->pictures_different, 55);
  EXPECT_LE(report->bill.flash_total, 8 * 1024);  // of 16
  EXPECT_LE(report->bill.ram_total, 1100);        // of 2,048, with the stack
  EXPECT_LE(report->seconds_per_face, 0.15);      // of the chip's time
  EXPECT_TRUE(std::filesystem::exists(directory.path() / "firmware/ch32v003.ld"));
  EXPECT_TRUE(std::filesystem::exists(report->hex));
  RecordProperty("report", to_json(*report).dump());
}

TEST(DieOnCh32v003, ThePanelShowsTheIntegerEvaluatorsPictureBitForBit) {
  const TemporaryDirectory directory;
  DieOptions options;
  options.target = ch32v003();
  options.rolls = 1;
  options.output = directory.path();
  ASSERT_TRUE(run_die(options, [](const std::string &) {}));
  const std::filesystem::path image = directory.path() / "die.elf";
  ASSERT_TRUE(build_firmware(directory.path() / "firmware", its_part(), options.target,
                             {"DIE_ROLLING_FRAMES=0"}, image));
  const ops::Numbers numbers{options.target.requant};
  Result<Model> model = load_shipped_model("faces_929_4_bits.onnx");
  ASSERT_TRUE(model);
  const Result<Decoder> decoder = make_decoder(*std::move(model), numbers);
  ASSERT_TRUE(decoder);
  Result<Board> board = Board::power_up(image, its_part());
  ASSERT_TRUE(board) << messages(board.diagnostics());
  Finger finger(5, its_part().clock_hz);
  for (int i = 0; i < 10; ++i) {
    const Result<Roll> roll = board->roll(finger);
    ASSERT_TRUE(roll) << messages(roll.diagnostics());
    EXPECT_TRUE(show_the_same_die(roll->picture, expected_picture(*decoder, numbers, *roll)))
        << "roll " << i;
    EXPECT_TRUE(board->falls_asleep()) << "roll " << i;
  }
}

// A stand-in for the network, by its source.
codegen::Emitted network_of(const std::string &source) {
  codegen::Emitted network;
  network.files.push_back({"die.h", *read_text(std::filesystem::path(THIMBLE_SOURCE_DIR) /
                                               "tests/die/fake_network/die.h")});
  network.files.push_back({"die.c", "#include \"die.h\"\n" + source});
  return network;
}

TEST(DieOnCh32v003, ANetworkThatDoesNotFitIsOverBudget) {
  const TemporaryDirectory directory;
  const std::string large =
      "int8_t die_arena[7];\n"
      "static int8_t large[4096];\n"
      "void die_run_rows(die_row_fn emit, void *user) {\n"
      "  emit(user, 0, 0, large);\n"
      "}\n";
  ASSERT_TRUE(write_firmware(network_of(large), its_part(), directory.path()));
  const Status built =
      build_firmware(directory.path(), its_part(), ch32v003(), {}, directory.path() / "die.elf");
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.diagnostics()[0].error_class, ErrorClass::kBudget);
}

}  // namespace
}  // namespace thimble::die

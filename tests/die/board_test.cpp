// The whole die on the simulated board: what it needs, how long it takes, and whether people would
// know the faces.
#include "die/board.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "chi_square.h"
#include "die/decoder.h"
#include "die/die.h"
#include "die/firmware.h"
#include "die/grey.h"
#include "expected_picture.h"
#include "fake_port.h"
#include "support/files.h"
#include "targets/target.h"

extern "C" {
#include "count.h"
#include "ssd1306.h"
}

namespace thimble::die {
namespace {

targets::Target target_of(const std::string &name) {
  Result<targets::Target> target = targets::find_target(name);
  EXPECT_TRUE(target);
  return *target;
}
targets::Target uno() { return target_of("atmega328p"); }

const Part &part(const targets::Target &target) {
  const Result<const Part *> part = part_of(target);
  EXPECT_TRUE(part);
  return **part;
}

std::string messages(const Diagnostics &diagnostics) {
  std::string text;
  for (const Diagnostic &diagnostic : diagnostics) text += to_string(diagnostic);
  return text;
}

TEST(DieBoard, SixHundredFacesAreRecognisedAndFitTheUno) {
  const TemporaryDirectory directory;
  DieOptions options;
  options.target = uno();
  options.model = "die_929";
  options.rolls = 600;
  options.weights = "int8";
  options.output = directory.path();
  const Result<DieReport> report = run_die(options, [](const std::string &) {});
  ASSERT_TRUE(report) << messages(report.diagnostics());
  EXPECT_GE(report->recognised, report->recognised_float - 0.02);
  EXPECT_GE(report->recognised_float, 0.94);  // 96.6 % of 2,000
  EXPECT_GE(report->pictures_different, 90);
  EXPECT_LE(report->bill.flash_total, 10 * 1024);
  EXPECT_LE(report->bill.ram_total, 1000);
  EXPECT_LE(report->seconds_per_face, 0.3);
  EXPECT_EQ(report->pictures.size(), 6u);
  for (const FacePicture &picture : report->pictures) {
    EXPECT_GT(std::filesystem::file_size(picture.image), 500u);
  }
  EXPECT_TRUE(std::filesystem::exists(report->hex));
  RecordProperty("report", to_json(*report).dump());
}

TEST(DieBoard, ADieFitsTheAttiny85) {
  const TemporaryDirectory directory;
  DieOptions options;
  options.target = target_of("attiny85");
  options.rolls = 12;
  options.output = directory.path();
  const Result<DieReport> report = run_die(options, [](const std::string &) {});
  ASSERT_TRUE(report) << messages(report.diagnostics());
  EXPECT_GE(report->recognised, report->recognised_float - 0.1);
  EXPECT_LE(report->bill.flash_total, 8192);
  EXPECT_LE(report->bill.ram_total, 512);
  EXPECT_LE(report->seconds_per_face, 0.4);
  EXPECT_GE(report->frames_per_second, 2.5);
}

TEST(DieBoard, TheUnoRollsTenFramesASecond) {
  const TemporaryDirectory directory;
  DieOptions options;
  options.target = uno();
  options.model = "die_929";
  options.rolls = 4;
  options.output = directory.path();
  const Result<DieReport> report = run_die(options, [](const std::string &) {});
  ASSERT_TRUE(report) << messages(report.diagnostics());
  EXPECT_LE(report->cycles_per_face, 960'000);  // 60 ms
  EXPECT_GE(report->frames_per_second, 10);
  EXPECT_LE(report->frames_per_second, 1.1 / report->seconds_per_face);
}

class EveryPart : public testing::TestWithParam<Part> {};

// A firmware whose network is never run, so that a roll takes no time but the button's.
Result<Board> board_without_network(const Part &part, const std::string &setting,
                                    const std::filesystem::path &directory) {
  codegen::Emitted network;
  network.files.push_back({"die.h", *read_text(std::filesystem::path(THIMBLE_SOURCE_DIR) /
                                               "tests/die/fake_network/die.h")});
  network.files.push_back(
      {"die.c",
       "#include \"die.h\"\n"
       "int8_t die_arena[7];\n"
       "void die_run_rows(die_row_fn emit, void *user) { (void)emit; (void)user; }\n"});
  TRY([[maybe_unused]] const Unit written, write_firmware(network, part, directory));
  const std::filesystem::path image = directory / "die.elf";
  TRY([[maybe_unused]] const Unit built,

      build_firmware(directory, part, target_of(std::string(part.target)), {setting}, image));
  return Board::power_up(image, part);
}

TEST_P(EveryPart, SleepsBetweenRollsUntilTheButtonWakesIt) {
  const TemporaryDirectory directory;
  Result<Board> board = board_without_network(GetParam(), "DIE_ROLLING_FRAMES=3", directory.path());
  ASSERT_TRUE(board) << messages(board.diagnostics());
  Finger finger(2, GetParam().clock_hz);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(board->falls_asleep()) << "roll " << i;
    const Result<Roll> roll = board->roll(finger);
    ASSERT_TRUE(roll) << messages(roll.diagnostics());
    EXPECT_EQ(roll->frames.size(), 3u);
  }
  EXPECT_TRUE(board->falls_asleep());
}

// What the panel shows after each of the first twelve rolls, as the firmware's code has it here.
const std::vector<PanelPicture> &counts() {
  static const std::vector<PanelPicture> pictures = [] {
    std::vector<PanelPicture> made;
    fake_port = {};
    ssd1306_init();
    for (int i = 0; i < 12; ++i) {
      count_roll();
      made.push_back(fake_port.panel.picture());
    }
    return made;
  }();
  return pictures;
}

TEST_P(EveryPart, CountsItsRollsInACorner) {
  const TemporaryDirectory directory;
  Result<Board> board = board_without_network(GetParam(), "DIE_ROLLING_FRAMES=0", directory.path());
  ASSERT_TRUE(board) << messages(board.diagnostics());
  Finger finger(2, GetParam().clock_hz);
  for (const PanelPicture &picture : counts()) {
    const Result<Roll> roll = board->roll(finger);
    ASSERT_TRUE(roll) << messages(roll.diagnostics());
    EXPECT_TRUE(roll->picture == picture);
  }
}

TEST_P(EveryPart, RollsUniformly) {
  const TemporaryDirectory directory;
  Result<Board> board = board_without_network(GetParam(), "DIE_DRAW=0", directory.path());
  ASSERT_TRUE(board) << messages(board.diagnostics());
  Finger finger(1, GetParam().clock_hz);
  std::vector<int> faces(6), pairs(36);
  int before = 0;
  for (int i = 0; i < 500; ++i) {
    const Result<Roll> roll = board->roll(finger);
    ASSERT_TRUE(roll) << messages(roll.diagnostics());
    ++faces.at(roll->face - 1);
    if (i > 0) ++pairs.at(before * 6 + roll->face - 1);
    before = roll->face - 1;
  }
  EXPECT_LT(chi_square(faces), chi_square_limit_1_percent(5));
  EXPECT_LT(chi_square(pairs),
            chi_square_limit_1_percent(35));  // a face does not hang on the one before
}

INSTANTIATE_TEST_SUITE_P(DieBoard, EveryPart,
                         testing::ValuesIn(all_parts().begin(), all_parts().end()),
                         [](const auto &info) { return std::string(info.param.target); });

// Decoders of `thimble sweep die`, and what each must reach.
struct Trained {
  const char *name;
  int rolls;
  double recognised;
  double seconds;  // of the simulated chip, a face
};
void PrintTo(const Trained &trained, std::ostream *out) { *out << trained.name; }
class TrainedDecoder : public testing::TestWithParam<Trained> {};

TEST_P(TrainedDecoder, IsRecognisedFromThePanelAsOftenAsInFloat) {
  const TemporaryDirectory directory;
  DieOptions options;
  options.target = uno();
  options.model = GetParam().name;
  options.rolls = GetParam().rolls;
  options.output = directory.path();
  const Result<DieReport> report = run_die(options, [](const std::string &) {});
  ASSERT_TRUE(report) << messages(report.diagnostics());
  EXPECT_GE(report->recognised_float, GetParam().recognised);
  EXPECT_GE(report->recognised, report->recognised_float - 0.01);
  EXPECT_GE(report->pictures_different, 90);
  EXPECT_LE(report->seconds_per_face, GetParam().seconds);
}

INSTANTIATE_TEST_SUITE_P(DieBoard, TrainedDecoder,
                         testing::Values(Trained{"faces_616", 600, 0.95, 0.1},
                                         Trained{"faces_929", 600, 0.98, 0.1},
                                         Trained{"faces_3889", 200, 0.995, 0.6}),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(DieBoard, TheBestDecoderFitsTheUno) {
  const TemporaryDirectory directory;
  DieOptions options;
  options.target = uno();
  options.rolls = 60;
  options.output = directory.path();
  const Result<DieReport> report = run_die(options, [](const std::string &) {});
  ASSERT_TRUE(report) << messages(report.diagnostics());
  EXPECT_GE(report->recognised, report->recognised_float - 0.02);
  EXPECT_LE(report->bill.ram_total, 1900);
  EXPECT_LE(report->seconds_per_face, 0.6);
}

// Of the AVRs; ch32v003_test.cpp asks the same of its chip.
class DieOnAvr : public testing::TestWithParam<const char *> {};
INSTANTIATE_TEST_SUITE_P(DieBoard, DieOnAvr, testing::Values("atmega328p", "attiny85"),
                         [](const auto &info) { return std::string(info.param); });

TEST_P(DieOnAvr, ThePanelShowsTheIntegerEvaluatorsPictureBitForBit) {
  const TemporaryDirectory directory;
  DieOptions options;
  options.target = target_of(GetParam());
  options.rolls = 1;
  options.output = directory.path();
  ASSERT_TRUE(run_die(options, [](const std::string &) {}));
  const std::filesystem::path image = directory.path() / "die.elf";
  ASSERT_TRUE(build_firmware(directory.path() / "firmware", part(options.target), options.target,
                             {"DIE_ROLLING_FRAMES=0"}, image));
  const ops::Numbers numbers{options.target.requant};
  Result<Model> model = load_decoder(part(options.target).model);
  ASSERT_TRUE(model);
  const Result<Decoder> decoder = make_decoder(*std::move(model), numbers);
  ASSERT_TRUE(decoder);
  Result<Board> board = Board::power_up(image, part(options.target));
  ASSERT_TRUE(board);
  Finger finger(5, part(options.target).clock_hz);
  for (int i = 0; i < 12; ++i) {
    const Result<Roll> roll = board->roll(finger);
    ASSERT_TRUE(roll) << messages(roll.diagnostics());
    const std::size_t lit = roll->picture.pixels.count();
    EXPECT_TRUE(lit > 1000 && lit < 4000) << lit;  // of 4096: neither dark nor one even white
    EXPECT_TRUE(show_the_same_die(roll->picture, expected_picture(*decoder, numbers, *roll)))
        << "roll " << i;
  }
}

TEST(DieBoard, ADecoderThatIsTooLargeIsOverBudget) {
  const TemporaryDirectory directory;
  DieOptions options;
  options.target = uno();
  options.target.ram_bytes = 300;  // less than its line buffers, too
  options.output = directory.path();
  const Result<DieReport> report = run_die(options, [](const std::string &) {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.diagnostics()[0].error_class, ErrorClass::kBudget);
}

}  // namespace
}  // namespace thimble::die

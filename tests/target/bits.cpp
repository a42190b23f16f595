// One network, one answer: the integer evaluator, C on the host and C on each chip agree bit for
// bit; float C agrees with the float evaluator within 1e-5 of the output's range. Through the built
// program, as a user would. Shipped models get inputs made here; the shared ones come with theirs
// and are skipped by name where they are not there.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "support/files.h"
#include "support/npy.h"
#include "support/process.h"

namespace thimble {
namespace {

namespace fs = std::filesystem;

constexpr int kMissingToolExit = 5;

struct Case {
  std::string model;  // below the source directory, or the shared one
  bool shared = false;
  bool on_avr = false;  // fits an ATmega328P
  // Chips of the other kinds, too; the unit tests of `emulate` see to it that each of them runs.
  std::vector<std::string> more = {};
};

// The CH32V003's core with memory for every network.
constexpr const char *kLargeRv32ec = R"([rv32ec]
toolchain = "riscv"
compiler = "riscv64-unknown-elf-gcc"
debian_package = "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf"
flags = ["-march=rv32ec", "-mabi=ilp32e", "-Os"]
emulator = "qemu-riscv"
machine = "rv32,e=true,i=false,m=false,a=false,f=false,d=false,h=false"
count_unit = "instructions"
inner_loops = "rv32 no_mul"
costs = "ch32v003"
flash_bytes = 1048576
ram_bytes = 1048576
)";

std::ostream &operator<<(std::ostream &out, const Case &c) { return out << c.model; }

// Latents even in +-1.5 with each class in turn, as the decoders take them.
NpyArray decoder_inputs(int samples) {
  std::vector<float> data;
  for (int i = 0; i < samples; ++i) {
    data.push_back(-1.5f + 3.0f * static_cast<float>(i) / static_cast<float>(samples - 1));
    for (int face = 0; face < 6; ++face) data.push_back(i % 6 == face ? 1.0f : 0.0f);
  }
  return {{samples, 7}, data};
}

NpyArray noise_pictures(int samples, int channels, int rows, int columns) {
  std::mt19937 random(5);
  std::vector<float> data(static_cast<std::size_t>(samples * channels * rows * columns));
  for (float &value : data) value = static_cast<float>(random() % 1001) / 1000.0f;
  return {{samples, channels, rows, columns}, data};
}

NpyArray noise_for(const std::string &name) {
  if (name == "depthwise_phases") return noise_pictures(4, 8, 9, 17);
  if (name == "depthwise_short") return noise_pictures(4, 8, 4, 5);
  if (name == "depthwise_still") return noise_pictures(4, 8, 4, 6);
  if (name == "threes") return noise_pictures(4, 1, 9, 7);
  if (name == "convolution_runs") return noise_pictures(4, 8, 9, 11);
  if (name == "sparse_runs") return noise_pictures(4, 3, 7, 11);
  const int side = name == "lenet5" ? 28 : 32;
  return noise_pictures(4, 1, side, side);
}

class Bits : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    const fs::path root = GetParam().shared ? THIMBLE_SHARED_DIR : THIMBLE_SOURCE_DIR;
    model_ = root / GetParam().model;
    if (!fs::exists(model_)) GTEST_SKIP() << "skipped: no " << model_.filename();
    ASSERT_TRUE(write_file(directory_.path() / "more.toml", kLargeRv32ec).ok());
    setenv("THIMBLE_TARGETS", (directory_.path() / "more.toml").c_str(), 1);
    inputs_ = GetParam().shared ? shared_inputs() : made_inputs();
  }

  void TearDown() override { unsetenv("THIMBLE_TARGETS"); }

  // "lenet5_ts.onnx" and "lenet5.pt2" share lenet5_io.npz.
  fs::path shared_inputs() const {
    std::string stem = model_.stem().string();
    if (stem.ends_with("_ts")) stem.resize(stem.size() - 3);
    return model_.parent_path() / (stem + "_io.npz");
  }

  fs::path made_inputs() const {
    const fs::path path = directory_.path() / "inputs.npy";
    const std::string name = model_.stem().string();
    const NpyArray inputs = name.starts_with("die_") ? decoder_inputs(12) : noise_for(name);
    EXPECT_TRUE(write_npy(path, inputs).ok());
    return path;
  }

  // The model's outputs for all inputs, or nothing where a tool is missing (it is named).
  std::optional<NpyArray> run(const std::string &on, std::vector<std::string> options) {
    const fs::path output = directory_.path() / "output.npy";
    std::vector<std::string> command = {
        THIMBLE_PROGRAM, "run", model_.string(), "--input", inputs_.string(), "-o", output.string(),
        "--on",          on};
    command.insert(command.end(), options.begin(), options.end());
    const auto process = run_process(command, {}, 500);
    EXPECT_TRUE(process.ok());
    if (!process.ok()) return std::nullopt;
    if (process->exit_code == kMissingToolExit) {
      std::fprintf(stderr, "skipped on %s: %s", on.c_str(), process->stderr_text.c_str());
      return std::nullopt;
    }
    EXPECT_EQ(process->exit_code, 0) << process->stderr_text;
    const auto array = read_npy(output);
    EXPECT_TRUE(array.ok());
    fs::remove(output);
    return array.ok() ? std::optional(*array) : std::nullopt;
  }

  TemporaryDirectory directory_;
  fs::path model_, inputs_;
};

// An equality of constant outputs would prove nothing.
float range_of(const NpyArray &array) {
  const std::vector<float> values = array.as_float();
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  return *most - *least;
}

TEST_P(Bits, IntegersAreEqualOnEveryTarget) {
  const std::vector<std::string> options = {"--raw", "--calib", inputs_.string()};
  const auto expected = run("int", options);
  ASSERT_TRUE(expected);
  ASSERT_GT(range_of(*expected), 20) << "hardly any output: nothing would be proven";
  std::vector<std::string> targets = {"host", "cortex-m4"};
  if (GetParam().on_avr) targets.push_back("atmega328p");
  targets.insert(targets.end(), GetParam().more.begin(), GetParam().more.end());
  for (const std::string &target : targets) {
    for (const char *port : {"", "--stream-out", "--borrow-input"}) {
      std::vector<std::string> ways = options;
      if (*port) ways.push_back(port);
      if (const auto got = run(target, ways)) {
        EXPECT_TRUE(got->data == expected->data) << target << " " << port;
      }
    }
  }
}

TEST_P(Bits, FloatsAreWithinAHundredThousandthOfTheRange) {
  const auto expected = run("float", {});
  ASSERT_TRUE(expected);
  const float range = range_of(*expected);
  ASSERT_GT(range, 0.01f);
  const std::vector<float> want = expected->as_float();
  for (const std::string target : {"host", "cortex-m4"}) {
    const auto got = run(target, {"--numbers", "f32"});
    if (!got) continue;
    const std::vector<float> values = got->as_float();
    ASSERT_EQ(values.size(), want.size());
    float worst = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
      worst = std::max(worst, std::abs(values[i] - want[i]));
    }
    EXPECT_LE(worst, 1e-5f * range) << target;
  }
}

std::string test_name(const testing::TestParamInfo<Case> &info) {
  std::string name = fs::path(info.param.model).filename().string();
  for (char &c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

const std::vector<std::string> kOtherChips = {"rv32ec", "rv32imc", "cortex-m0", "cortex-m7",
                                              "cortex-m55"};

std::vector<std::string> with(std::vector<std::string> chips, const std::string &one) {
  chips.push_back(one);
  return chips;
}

// Levels have kernels of their own.
class Levels : public testing::TestWithParam<const char *> {};

TEST_P(Levels, GiveTheSameBits) {
  const TemporaryDirectory directory;
  const std::string name = GetParam();
  const fs::path model = fs::path(THIMBLE_SOURCE_DIR) / "tests/target" / (name + ".thm"),
                 inputs = directory.path() / "inputs.npz";
  ASSERT_TRUE(write_npz(inputs, {{"x", noise_for(name)}}).ok());
  constexpr std::pair<const char *, const char *> kLevels[] = {
      {"cortex-m4", "ram"}, {"cortex-m4", "flash"}, {"cortex-m4", "speed"}, {"cortex-m55", "ram"}};
  for (const auto &[target, level] : kLevels) {
    const auto process =
        run_process({THIMBLE_PROGRAM, "verify", model.string(), "--calib", "random:8", "--data",
                     inputs.string(), "--target", target, "--optimize", level},
                    {}, 500);
    ASSERT_TRUE(process.ok());
    if (process->exit_code == kMissingToolExit) GTEST_SKIP() << "skipped: " << process->stderr_text;
    EXPECT_EQ(process->exit_code, 0) << target << " " << level << ": " << process->stdout_text;
  }
}

INSTANTIATE_TEST_SUITE_P(Shipped, Levels,
                         testing::Values("depthwise_phases", "convolution_runs", "sparse_runs"));

INSTANTIATE_TEST_SUITE_P(
    Shipped, Bits,
    testing::Values(Case{"models/die/die_929.pt2", false, true, with(kOtherChips, "ch32v003")},
                    Case{"models/die/die_3889.pt2", false, false, kOtherChips},
                    Case{"models/lenet5/lenet5.pt2", false, false, kOtherChips},
                    Case{"models/die/eval_small.pt2"}, Case{"tests/target/depthwise_phases.thm"},
                    Case{"tests/target/depthwise_short.thm"},
                    Case{"tests/target/depthwise_still.thm"}, Case{"tests/target/threes.thm"}),
    test_name);
INSTANTIATE_TEST_SUITE_P(
    Shared, Bits,
    testing::Values(Case{"models/die/die_929_ts.onnx", true, true},
                    Case{"models/die/die_3889.onnx", true}, Case{"models/die/eval.onnx", true},
                    Case{"models/die/eval_small.onnx", true}, Case{"models/torch/dec_up.pt2", true},
                    Case{"models/torch/dec_ct.onnx", true}, Case{"models/torch/lenet5.pt2", true}),
    test_name);

}  // namespace
}  // namespace thimble

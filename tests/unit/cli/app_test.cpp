// The program as a user meets it, from the arguments to the exit code, in this process.
#include "cli/app.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/files.h"
#include "support/json.h"
#include "support/npy.h"

namespace thimble::cli {
namespace {

constexpr const char *kNetwork = R"(graph tiny
input x: f32[8x8x1]
node conv: Conv2d(x; w, b) {pad = [1, 1, 1, 1]} -> c
node act: Relu(c) -> y
output y dims [1, 4, 8, 8]
const w: f32[4, 3, 3, 1] = random(1, 0.3)
const b: f32[4] = random(2, 0.1)
)";

struct Outcome {
  int exit_code;
  std::string out, err;
};

class Program : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(write_file(path("tiny.thm"), kNetwork).ok());
    NpyArray x{{2, 1, 8, 8}, std::vector<float>(128)};
    auto &data = std::get<std::vector<float>>(x.data);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<float>(i % 13) - 6;
    ASSERT_TRUE(write_npy(path("x.npy"), x).ok());
  }
  std::string path(const std::string &name) const { return (folder_.path() / name).string(); }

  // "@" in an argument stands for the test's folder.
  Outcome thimble(std::vector<std::string> arguments) {
    std::vector<const char *> argv = {"thimble"};
    for (std::string &word : arguments) {
      if (const auto at = word.find('@'); at != std::string::npos) {
        word.replace(at, 1, folder_.path().string() + "/");
      }
      argv.push_back(word.c_str());
    }
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Outcome outcome;
    outcome.exit_code = run(static_cast<int>(argv.size()), argv.data());
    outcome.out = testing::internal::GetCapturedStdout();
    outcome.err = testing::internal::GetCapturedStderr();
    return outcome;
  }
  TemporaryDirectory folder_;
};

TEST_F(Program, AUsageErrorIsExitCode1) {
  EXPECT_EQ(thimble({}).exit_code, 1);
  EXPECT_EQ(thimble({"shrinkify"}).exit_code, 1);
  EXPECT_EQ(thimble({"analyze"}).exit_code, 1);
  EXPECT_EQ(thimble({"analyze", "@tiny.thm", "--numbers", "int3"}).exit_code, 1);
  EXPECT_EQ(thimble({"analyze", "@tiny.thm", "--target", "z80"}).exit_code, 1);
  EXPECT_EQ(thimble({"analyze", "@tiny.thm", "--ram", "-5"}).exit_code, 1);
}

TEST_F(Program, HelpIsExitCode0OnStdout) {
  const Outcome help = thimble({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_NE(help.out.find("compile"), std::string::npos);
  EXPECT_EQ(thimble({"run", "--help"}).exit_code, 0);
}

TEST_F(Program, AModelThatCannotBeReadIsExitCode2) {
  EXPECT_EQ(thimble({"analyze", "@none.thm"}).exit_code, 2);
  EXPECT_EQ(thimble({"analyze", "@none.onnx"}).exit_code, 2);
  EXPECT_EQ(thimble({"analyze", "@x.npy"}).exit_code, 2);
  EXPECT_EQ(thimble({"analyze", folder_.path().string()}).exit_code, 2);
  ASSERT_TRUE(write_file(path("bad.thm"), "graph g\nnode a: Nonsense(x) -> y\n").ok());
  const Outcome bad = thimble({"analyze", "@bad.thm"});
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_NE(bad.err.find("bad.thm:2: error: unknown value 'x'"), std::string::npos) << bad.err;
  EXPECT_EQ(bad.out, "");
}

TEST_F(Program, CompilingWithoutSamplesSaysHowToGiveThem) {
  const Outcome outcome = thimble({"compile", "@tiny.thm", "-o", "@out"});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_NE(outcome.err.find("--calib"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(Program, CompilesTwiceToEqualBytes) {
  for (const char *folder : {"@a", "@b"}) {
    const Outcome outcome =
        thimble({"compile", "@tiny.thm", "-o", folder, "--calib", "@x.npy", "--name", "net"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  for (const char *file : {"net.c", "net.h", "net_report.txt", "net_report.json"}) {
    EXPECT_EQ(*read_text(path(std::string("a/") + file)),
              *read_text(path(std::string("b/") + file)));
  }
}

TEST_F(Program, ABadNameOrFolderWritesNothing) {
  const std::vector<std::string> start = {"compile", "@tiny.thm", "--calib", "@x.npy"};
  auto bad_name = start, bad_folder = start;
  bad_name.insert(bad_name.end(), {"-o", "@out", "--name", "1net"});
  bad_folder.insert(bad_folder.end(), {"-o", "@tiny.thm"});
  EXPECT_EQ(thimble(bad_name).exit_code, 1);
  EXPECT_EQ(thimble(bad_folder).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(Program, WhatDoesNotFitIsExitCode3WithTheExcess) {
  const Outcome ram = thimble({"analyze", "@tiny.thm", "--ram", "50"});
  EXPECT_EQ(ram.exit_code, 3);
  EXPECT_NE(ram.err.find("--ram allows 50: "), std::string::npos) << ram.err;
  const Outcome flash =
      thimble({"compile", "@tiny.thm", "--calib", "@x.npy", "--flash", "10", "-o", "@out"});
  EXPECT_EQ(flash.exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(path("out")));
}

TEST_F(Program, AnalyzesToTheKeysThatScriptsRelyOn) {
  const Outcome outcome = thimble({"analyze", "@tiny.thm", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json json = Json::parse(outcome.out);
  for (const char *key : {"model", "target", "numbers", "parameters", "macs", "fits", "flash",
                          "ram", "arena", "layers", "buffers", "peak"}) {
    EXPECT_TRUE(json.contains(key)) << key;
  }
  EXPECT_EQ(json["macs"], 8 * 8 * 4 * 9);
  EXPECT_EQ(json["parameters"], 40);
  EXPECT_TRUE(json["fits"]);
}

TEST_F(Program, DiceAreAnArrayLabelsAnglesAndASheet) {
  const Outcome outcome =
      thimble({"dice", "-o", "@dice", "--count", "13", "--size", "16", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(Json::parse(outcome.out)["faces"], Json({3, 2, 2, 2, 2, 2}));
  EXPECT_TRUE(std::filesystem::exists(path("dice/dice.png")));
  const auto entries = read_npz(path("dice/dice.npz"));
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 3u);
  EXPECT_EQ((*entries)[0].second.shape, (std::vector<std::int64_t>{13, 1, 16, 16}));
  const auto &labels = std::get<std::vector<std::int64_t>>((*entries)[1].second.data);
  EXPECT_EQ(labels[5], 5);
  EXPECT_EQ(labels[12], 0);
  EXPECT_EQ((*entries)[2].second.as_float().size(), 13u);
}

TEST_F(Program, DiceOfNoOrOfEndlessSizeAreAUsageError) {
  EXPECT_EQ(thimble({"dice", "-o", "@dice", "--count", "0"}).exit_code, 1);
  EXPECT_EQ(thimble({"dice", "-o", "@dice", "--style", "glass"}).exit_code, 1);
  EXPECT_EQ(thimble({"dice", "-o", "@dice", "--size", "1024", "--count", "1000"}).exit_code, 1);
  EXPECT_EQ(thimble({"dice", "-o", "@tiny.thm", "--count", "6"}).exit_code, 1);
  EXPECT_FALSE(std::filesystem::exists(path("dice")));
}

TEST_F(Program, IntegersAndCompiledCAgreeBitForBit) {
  for (const char *on : {"int", "host"}) {
    const Outcome outcome = thimble({"run", "@tiny.thm", "--input", "@x.npy", "--calib", "@x.npy",
                                     "--on", on, "--raw", "-o", std::string("@") + on + ".npy"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  }
  const NpyArray a = *read_npy(path("int.npy")), b = *read_npy(path("host.npy"));
  EXPECT_EQ(a.shape, (std::vector<std::int64_t>{2, 4, 8, 8}));
  EXPECT_EQ(a.data, b.data);
  const auto &bytes = std::get<std::vector<std::int8_t>>(a.data);
  EXPECT_NE(*std::min_element(bytes.begin(), bytes.end()),
            *std::max_element(bytes.begin(), bytes.end()));
}

TEST_F(Program, DumpsEveryTensor) {
  const Outcome outcome = thimble({"run", "@tiny.thm", "--input", "@x.npy", "--on", "float", "-o",
                                   "@y.npy", "--dump-layers", "@layers"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_GE(std::distance(std::filesystem::directory_iterator(path("layers")), {}), 1);
}

TEST_F(Program, VerifiesItself) {
  const Outcome outcome =
      thimble({"verify", "@tiny.thm", "--data", "@x.npy", "--json", "--per-layer"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json json = Json::parse(outcome.out);
  EXPECT_TRUE(json["ok"]);
  EXPECT_EQ(json["samples"], 2);
  EXPECT_LT(json["mean_error_float"], 0.03);
  EXPECT_GT(json["max_error_float"], 0);
  EXPECT_TRUE(json["first_difference"].is_null());
}

TEST_F(Program, AnErrorAboveTheToleranceIsExitCode4) {
  EXPECT_EQ(thimble({"verify", "@tiny.thm", "--data", "@x.npy", "--tolerance", "1e-9"}).exit_code,
            4);
}

TEST_F(Program, PlansATableOfBuffers) {
  ASSERT_TRUE(
      write_file(path("b.csv"), "id,lower,upper,size\na,0,2,10\nb,1,3,20\nc,2,4,10\n").ok());
  const Outcome outcome = thimble({"plan", "@b.csv", "--json", "--layout", "@l.csv"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const Json json = Json::parse(outcome.out);
  EXPECT_EQ(json["bytes"], 30);
  EXPECT_TRUE(json["placement_proven"]);
  EXPECT_EQ(read_text(path("l.csv"))->substr(0, 15), "id,offset,size\n");
  EXPECT_EQ(thimble({"plan", "@b.csv", "--capacity", "29"}).exit_code, 3);
}

TEST_F(Program, PrintsTheTextFormThatItReads) {
  const Outcome once = thimble({"opt", "@tiny.thm"});
  ASSERT_EQ(once.exit_code, 0) << once.err;
  ASSERT_TRUE(write_file(path("again.thm"), once.out).ok());
  EXPECT_EQ(thimble({"opt", "@again.thm"}).out, once.out);
  EXPECT_EQ(thimble({"opt", "@tiny.thm", "--passes", "no-such-pass"}).exit_code, 1);
}

TEST_F(Program, PrintsItsTables) {
  EXPECT_EQ(Json::parse(thimble({"targets", "--json"}).out)["targets"][1]["name"], "atmega328p");
  EXPECT_FALSE(Json::parse(thimble({"ops", "--json"}).out)["ops"].empty());
  EXPECT_FALSE(Json::parse(thimble({"passes", "--json"}).out)["passes"].empty());
}

}  // namespace
}  // namespace thimble::cli

// The table of lessons. Tests run every line of it (tests/docs/help.py), in its order and in one
// folder, so a later example may read what an earlier one wrote.
#include "cli/teach.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace thimble::cli {
namespace {

struct Example {
  std::string_view line;   // as typed in Thimble's folder
  std::string_view gives;  // a clause
};

struct Lesson {
  std::string_view command;
  std::span<const Example> examples;  // in this order they also run one after the other
  std::string_view page;              // of docs/; empty: none
};

constexpr std::array kDice = {
    Example{"thimble dice --count 48 -o pictures", "pictures/dice.npz, samples for the next ones"},
};
constexpr std::array kAnalyze = {
    Example{"thimble analyze models/die/die_929.pt2 --target attiny85 --stream-out",
            "what it takes of a chip, layer by layer, and what would lower it"},
    Example{"thimble analyze models/die/die_929.pt2 --pareto", "RAM against work: every plan"},
};
constexpr std::array kCompile = {
    Example{"thimble compile models/die/die_929.pt2 --calib random:96 --target atmega328p "
            "--stream-out -o out",
            "C for an Arduino UNO that hands out each row as it is made"},
    Example{"thimble compile models/die/eval_small.pt2 --calib pictures/dice.npz --export cmake "
            "-o eval",
            "the same as a CMake package, with ranges from samples"},
};
constexpr std::array kVerify = {
    Example{"thimble verify models/die/eval_small.pt2 --calib pictures/dice.npz "
            "--data pictures/dice.npz --per-layer",
            "what int8 costs in each layer, and that C gives the same bits"},
};
constexpr std::array kRun = {
    Example{"thimble run models/die/eval_small.pt2 --numbers f32 --input pictures/dice.npz "
            "--on float -o y.npy",
            "what the floats would say"},
    Example{"thimble run models/die/eval_small.pt2 --calib pictures/dice.npz "
            "--input pictures/dice.npz --on host -o y.npy",
            "what the C says, compiled here"},
};
constexpr std::array kBench = {
    Example{"thimble bench models/die/die_929.pt2 --calib random:96 --target atmega328p "
            "--stream-out",
            "flash, RAM with its stack, and cycles, measured in the emulator"},
};
constexpr std::array kReport = {
    Example{"thimble report models/die/die_929.pt2 --calib random:96 --data random:6 "
            "--target atmega328p --stream-out -o die_report.html",
            "all of that as one page, with pictures, for a browser"},
};
constexpr std::array kPlan = {
    Example{"thimble plan models/die/die_929.pt2 --stream-out", "where each buffer lies"},
};
constexpr std::array kDie = {
    Example{"thimble die --rolls 3 -o rolls", "three presses of the button, as pictures"},
    Example{"thimble die --web -o die.html", "the die as one page, its memory plan beside it"},
};
constexpr std::array kOpt = {
    Example{"thimble opt --elide models/die/die_929.pt2 --passes fold-batchnorm fuse-activation",
            "the graph as text, after two passes"},
};
constexpr std::array kExport = {
    Example{"thimble export models/die/die_929.pt2 --calib random:96 -o die.onnx",
            "the int8 network, for Netron and onnxruntime"},
};
constexpr std::array kTargets = {Example{"thimble targets", "names for --target"}};
constexpr std::array kOps = {Example{"thimble ops --json", "what can be read, for scripts"}};
constexpr std::array kPasses = {Example{"thimble passes", "names for opt --passes"}};
constexpr std::array kCompletion = {
    Example{"thimble completion bash > thimble.bash", "then: source thimble.bash"},
};
constexpr std::array kManual = {
    Example{"thimble manual > thimble.1", "then: man ./thimble.1"},
};

constexpr std::array kLessons = {
    Lesson{"dice", kDice, "dice.md"},
    Lesson{"analyze", kAnalyze, "analyze.md"},
    Lesson{"compile", kCompile, "exports.md"},
    Lesson{"verify", kVerify, ""},
    Lesson{"run", kRun, ""},
    Lesson{"bench", kBench, "optimize.md"},
    Lesson{"report", kReport, "report.md"},
    Lesson{"plan", kPlan, "placement.md"},
    Lesson{"die", kDie, "dice.md"},
    Lesson{"opt", kOpt, "architecture.md"},
    Lesson{"export", kExport, "weights.md"},
    Lesson{"targets", kTargets, ""},
    Lesson{"ops", kOps, "operators.md"},
    Lesson{"passes", kPasses, "architecture.md"},
    Lesson{"completion", kCompletion, ""},
    Lesson{"manual", kManual, ""},
    Lesson{"train", {}, "train.md"},
    Lesson{"shrink", {}, "shrink.md"},
    Lesson{"sweep", {}, "sweep.md"},
};

constexpr std::string_view kQuestions = R"(What people ask, and who answers:
  Will it fit?                 thimble analyze MODEL --target CHIP
  How fast is it?              thimble bench MODEL --target CHIP
  Is it the same network?      thimble verify MODEL --data X.npz
  Which layer costs what?      thimble analyze MODEL
  May I see it?                thimble report MODEL --target CHIP -o report.html
  What can I do about it?      thimble analyze MODEL --pareto; thimble shrink MODEL
  How do I get it on my board? thimble compile MODEL --target CHIP --export arduino

thimble COMMAND --help says more, with examples.)";

std::string footer_of(const Lesson &lesson) {
  std::string text = lesson.examples.empty() ? "" : "Examples:\n";
  for (const Example &example : lesson.examples)
    text += fmt::format("  {}\n      {}\n", example.line, example.gives);
  if (!lesson.page.empty()) text += fmt::format("More: docs/{}\n", lesson.page);
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace

void teach(CLI::App &root) {
  bool has_compile = false;
  for (CLI::App *command : root.get_subcommands([](CLI::App *) { return true; })) {
    const auto lesson = std::find_if(kLessons.begin(), kLessons.end(), [&](const Lesson &known) {
      return known.command == command->get_name();
    });
    command->footer(lesson == kLessons.end() ? "" : footer_of(*lesson));
    has_compile |= command->get_name() == "compile";
  }
  if (has_compile) root.footer(std::string(kQuestions));
}

}  // namespace thimble::cli

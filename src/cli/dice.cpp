// `thimble dice`: the pictures that the die's networks are trained with, as arrays and to look at.
#include <fmt/core.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/console.h"
#include "die/distort.h"
#include "die/pictures.h"
#include "die/show.h"
#include "report/png.h"
#include "support/npy.h"

namespace thimble::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostPixels = std::int64_t{1} << 28;  // 1 GB as floats
constexpr int kSheetColumns = 16;
constexpr int kShownSide = 64;  // small pictures are enlarged to about this

struct Options {
  die::PictureOptions pictures;
  std::string look = "plain", output = "dice_out";
  bool distort = false;
  bool as_json = false;
};

// What is written, and what a loss is compared with.
struct Summary {
  std::vector<int> faces;  // how often each, 1 to 6
  double mean = 0, variance = 0;
  fs::path arrays, sheet;
};

// As data sets have it: a label counts from 0.
NpzEntries arrays_of(const die::DiePictures &pictures) {
  const std::int64_t count = pictures.count(), side = pictures.side;
  std::vector<std::int64_t> labels(pictures.faces.begin(), pictures.faces.end());
  for (std::int64_t &label : labels) --label;
  return {{"x", {{count, 1, side, side}, pictures.pixels}},
          {"y", {{count}, std::move(labels)}},
          {"angle", {{count}, pictures.angles}}};
}

Summary summary_of(const die::DiePictures &pictures, const fs::path &folder) {
  Summary summary{std::vector<int>(6), 0, 0, folder / "dice.npz", folder / "dice.png"};
  for (const int face : pictures.faces) ++summary.faces[face - 1];
  double squares = 0;
  for (const float level : pictures.pixels) {
    summary.mean += level;
    squares += double{level} * level;
  }
  summary.mean /= static_cast<double>(pictures.pixels.size());
  summary.variance =
      squares / static_cast<double>(pictures.pixels.size()) - summary.mean * summary.mean;
  return summary;
}

std::string to_text(const Options &options, const Summary &summary) {
  const int side = options.pictures.side;
  std::string text =
      fmt::format("pictures    {} of {}x{}, {}, faces 1 to 6:", options.pictures.count, side, side,
                  options.look);
  for (const int count : summary.faces) text += fmt::format(" {}", count);
  text +=
      fmt::format("\nlevels      mean {:.4f}, variance {:.4f}\n", summary.mean, summary.variance);
  return text +
         fmt::format("arrays      {}: x, y (0 to 5), angle (radians, clockwise)\nsheet       {}\n",
                     summary.arrays.string(), summary.sheet.string());
}

Json to_json(const Options &options, const Summary &summary) {
  return {{"count", options.pictures.count},
          {"size", options.pictures.side},
          {"look", options.look},
          {"seed", options.pictures.seed},
          {"faces", summary.faces},
          {"mean", summary.mean},
          {"variance", summary.variance},
          {"arrays", summary.arrays.string()},
          {"images", {summary.sheet.string()}}};
}

report::Image sheet_of(const die::DiePictures &pictures) {
  return report::enlarge(die::contact_sheet(pictures, kSheetColumns),
                         std::max(1, kShownSide / pictures.side));
}

Status draw(Options options) {
  die::PictureOptions &wanted = options.pictures;
  wanted.look = options.look == "fancy" ? die::Look::kFancy : die::Look::kPlain;
  if (std::int64_t{wanted.side} * wanted.side * wanted.count > kMostPixels) {
    return usage_error("so many pixels do not fit one file",
                       fmt::format("--count times --size squared is above {}", kMostPixels),
                       "draw fewer or smaller pictures, with several seeds");
  }
  die::DiePictures pictures = die::draw_pictures(wanted);
  if (options.distort) die::distort_all(pictures, wanted.seed);
  const Summary summary = summary_of(pictures, options.output);
  TRY_STATUS(write_npz(summary.arrays, arrays_of(pictures)));
  TRY_STATUS(report::write_png(summary.sheet, sheet_of(pictures)));
  options.as_json ? print_result(to_json(options, summary))
                  : print_result(to_text(options, summary));
  return Unit{};
}

}  // namespace

Command dice_command(App root) {
  App app = root.add_subcommand("dice", "Draw the pictures that the die's networks learn from");
  auto options = std::make_shared<Options>();
  app->add_option("-o,--output", options->output,
                  "Directory for dice.npz and dice.png; default: dice_out");
  app->add_option("--count", options->pictures.count, "Pictures; default: 8192")
      ->check(between(1, 1000000));
  app->add_option("--seed", options->pictures.seed, "Of the angles; default: 1");
  app->add_option("--size", options->pictures.side, "A picture's side in pixels; default: 32")
      ->check(between(8, 1024));
  app->add_option("--style", options->look, "plain (default) or fancy")
      ->check(one_of({"plain", "fancy"}));
  app->add_flag("--full-circle", options->pictures.full_circle,
                "Any angle, not only to 45 degrees");
  app->add_flag("--distort", options->distort, "As evaluation networks see them in training");
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return draw(*options); }};
}

}  // namespace thimble::cli

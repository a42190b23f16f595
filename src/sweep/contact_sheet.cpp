// The float decoders draw; a heading of 3x5 pixel letters says the budget ("512 B", "2 KB").
#include "sweep/contact_sheet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "die/decoder.h"
#include "die/models.h"
#include "report/png.h"

namespace thimble::sweep {
namespace {

constexpr int kLatents = 8, kSide = die::kGreySide, kGap = 2;
constexpr int kTile = kSide + kGap;
constexpr int kHeading = 16, kMargin = 10;
constexpr int kLetter = 2;  // pixels of the picture a pixel of a letter
constexpr int kBlockWidth = kLatents * kTile - kGap + 2 * kMargin;
constexpr int kColumns = 3;  // of blocks
constexpr int kBlockHeight = kMargin + kHeading + die::kFaces * kTile - kGap + kMargin;
constexpr std::uint8_t kPaper = 208, kInk = 24;  // the pictures' ground is white

// Five rows of three bits, the top one first.
const std::map<char, std::array<int, 5>> kLetters = {
    {'0', {7, 5, 5, 5, 7}}, {'1', {2, 6, 2, 2, 7}}, {'2', {7, 1, 7, 4, 7}}, {'3', {7, 1, 7, 1, 7}},
    {'4', {5, 5, 7, 1, 1}}, {'5', {7, 4, 7, 1, 7}}, {'6', {7, 4, 7, 5, 7}}, {'7', {7, 1, 2, 2, 2}},
    {'8', {7, 5, 7, 5, 7}}, {'9', {7, 5, 7, 1, 7}}, {'B', {6, 5, 6, 5, 6}}, {'K', {5, 5, 6, 5, 5}}};

void fill(report::Image &image, int left, int top, int side, std::uint8_t grey) {
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      image.pixels[static_cast<std::size_t>(top + y) * image.width + left + x] = grey;
    }
  }
}

void write_text(report::Image &image, int left, int top, const std::string &text) {
  for (char c : text) {
    const auto letter = kLetters.find(c);
    for (int i = 0; letter != kLetters.end() && i < 15; ++i) {
      if ((letter->second[i / 3] >> (2 - i % 3)) & 1) {
        fill(image, left + i % 3 * kLetter, top + i / 3 * kLetter, kLetter, kInk);
      }
    }
    left += 4 * kLetter;
  }
}

std::string heading_of(std::int64_t bytes) {
  return bytes < 1024 ? std::to_string(bytes) + " B" : std::to_string(bytes / 1024) + " KB";
}

void draw_tile(report::Image &image, int left, int top, const die::Grey &grey) {
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const float level = std::min(1.0f, std::max(0.0f, grey[y * kSide + x]));
      fill(image, left + x, top + y, 1, static_cast<std::uint8_t>(std::lround(255 * level)));
    }
  }
}

Status draw_block(report::Image &image, int left, int top, const Budget &budget) {
  write_text(image, left, top, heading_of(budget.bytes));
  if (!budget.best) return Unit{};
  TRY(const die::Model model, die::load_model(budget.best->size.best().directory / "decoder.onnx"));
  for (int face = 1; face <= die::kFaces; ++face) {
    for (int i = 0; i < kLatents; ++i) {
      const float latent = die::kLatentLimit * (2.0f * i / (kLatents - 1) - 1);
      draw_tile(image, left + i * kTile, top + kHeading + (face - 1) * kTile,
                die::draw_float(model, face, latent));
    }
  }
  return Unit{};
}

}  // namespace

Status write_contact_sheet(const std::vector<Budget> &budgets, const std::filesystem::path &path) {
  const int count = static_cast<int>(budgets.size());
  report::Image image{kBlockWidth * std::min(count, kColumns),
                      kBlockHeight * ((count + kColumns - 1) / kColumns),
                      1,
                      {}};
  image.pixels.assign(static_cast<std::size_t>(image.width) * image.height, kPaper);
  for (int i = 0; i < count; ++i) {
    TRY([[maybe_unused]] const Unit drawn,
        draw_block(image, i % kColumns * kBlockWidth + kMargin,
                   i / kColumns * kBlockHeight + kMargin, budgets[i]));
  }
  return report::write_png(path, report::enlarge(image, 2));
}

}  // namespace thimble::sweep

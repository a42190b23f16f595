// Lit is bright on both: a terminal's foreground, an OLED's cold white.
#include "die/show.h"

#include <array>
#include <cmath>

#include "die/grey.h"

namespace thimble::die {
namespace {

constexpr int kSquare = 6;  // image pixels a panel pixel, the gap of one included
constexpr std::array<std::uint8_t, 3> kLit = {222, 240, 255}, kDark = {13, 16, 22},
                                      kGap = {6, 8, 12};

bool column_is_dark(const PanelPicture &picture, int column) {
  for (int row = 0; row < kPanelRows; ++row) {
    if (picture.lit(column, row)) return false;
  }
  return true;
}

void put_picture(report::Image &sheet, const DiePictures &pictures, int i, int row, int column) {
  const int side = pictures.side;
  const float *level = &pictures.pixels[static_cast<std::size_t>(i) * side * side];
  for (int y = 0; y < side; ++y) {
    auto *to = &sheet.pixels[(static_cast<std::size_t>(row) * side + y) * sheet.width +
                             static_cast<std::size_t>(column) * side];
    for (int x = 0; x < side; ++x) *to++ = static_cast<std::uint8_t>(std::lround(255 * *level++));
  }
}

}  // namespace

report::Image panel_image(const PanelPicture &picture) {
  report::Image image;
  image.width = kPanelColumns * kSquare;
  image.height = kPanelRows * kSquare;
  image.channels = 3;
  image.pixels.reserve(static_cast<std::size_t>(image.width) * image.height * image.channels);
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x) {
      const bool gap = x % kSquare == kSquare - 1 || y % kSquare == kSquare - 1;
      const auto &colour = gap ? kGap : picture.lit(x / kSquare, y / kSquare) ? kLit : kDark;
      image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
    }
  }
  return image;
}

std::string panel_text(const PanelPicture &picture) {
  static constexpr const char *kBlocks[] = {" ", "\u2580", "\u2584", "\u2588"};  // upper 1, lower 2
  int first = 0, last = kPanelColumns - 1;
  while (first < last && column_is_dark(picture, first)) ++first;
  while (last > first && column_is_dark(picture, last)) --last;
  std::string text;
  for (int row = 0; row < kPanelRows; row += 2) {
    for (int column = first; column <= last; ++column) {
      text += kBlocks[picture.lit(column, row) + 2 * picture.lit(column, row + 1)];
    }
    text += '\n';
  }
  return text;
}

report::Image contact_sheet(const DiePictures &pictures, int columns) {
  report::Image sheet{columns * pictures.side, kFaces * pictures.side, 1, {}};
  sheet.pixels.assign(static_cast<std::size_t>(sheet.width) * sheet.height, 255);
  std::array<int, kFaces> shown{};
  for (int i = 0; i < pictures.count(); ++i) {
    const int row = pictures.faces[i] - 1;
    if (shown[row] < columns) put_picture(sheet, pictures, i, row, shown[row]++);
  }
  return sheet;
}

}  // namespace thimble::die

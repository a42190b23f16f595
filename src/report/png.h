// PNG files of small pictures, for people to look at.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "support/diagnostic.h"

namespace thimble::report {

// 8 bits a sample, rows from the top, channels interleaved.
struct Image {
  int width = 0, height = 0;         // pixels, at least 1
  int channels = 1;                  // 1: grey, 0 black; 3: RGB
  std::vector<std::uint8_t> pixels;  // height * width * channels
};

// Each pixel becomes a square of `factor` x `factor` (at least 1).
Image enlarge(const Image &image, int factor);

// Equal pictures give equal bytes. Errors: the file cannot be written.
Status write_png(const std::filesystem::path &path, const Image &image);

}  // namespace thimble::report

// libpng's simplified interface writes to memory; files.h writes the file, whole or not at all.
#include "report/png.h"

#include <png.h>

#include "support/check.h"
#include "support/files.h"

namespace thimble::report {
namespace {

void check_image(const Image &image) {
  CHECK(image.width > 0 && image.height > 0, "a picture has pixels");
  CHECK(image.channels == 1 || image.channels == 3, "a picture is grey or RGB");
  CHECK(image.pixels.size() == std::size_t(image.width) * image.height * image.channels,
        "a picture has all its samples");
}

}  // namespace

Image enlarge(const Image &image, int factor) {
  check_image(image);
  CHECK(factor >= 1, "a picture is enlarged by 1 or more");
  Image large{image.width * factor, image.height * factor, image.channels, {}};
  large.pixels.reserve(image.pixels.size() * factor * factor);
  for (int y = 0; y < large.height; ++y) {
    for (int x = 0; x < large.width; ++x) {
      const auto *pixel =
          &image.pixels[(std::size_t(y / factor) * image.width + x / factor) * image.channels];
      large.pixels.insert(large.pixels.end(), pixel, pixel + image.channels);
    }
  }
  return large;
}

Status write_png(const std::filesystem::path &path, const Image &image) {
  check_image(image);
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width);
  png.height = static_cast<png_uint_32>(image.height);
  png.format = image.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  Bytes bytes(PNG_IMAGE_PNG_SIZE_MAX(png));
  png_alloc_size_t size = bytes.size();
  const int written =
      png_image_write_to_memory(&png, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr);
  CHECK(written, std::string("libpng: ") + png.message);
  bytes.resize(size);
  return write_file(path, bytes);
}

}  // namespace thimble::report

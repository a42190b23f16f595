// MNIST's kind of files, small ones made up.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "support/files.h"

namespace thimble::recipes {

// Zeros, the type, the number of sizes, the sizes, the bytes.
inline Bytes idx_bytes(const std::vector<std::uint32_t> &sizes, std::size_t count, int type = 8) {
  Bytes bytes = {0, 0, static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(sizes.size())};
  for (const std::uint32_t size : sizes)
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<std::uint8_t>(size >> shift));
  for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(i % 10));
  return bytes;
}

inline std::filesystem::path pictures_of(const std::filesystem::path &folder,
                                         const std::string &part = "train") {
  return folder / (part + "-images-idx3-ubyte");
}

inline std::filesystem::path labels_of(const std::filesystem::path &folder,
                                       const std::string &part = "train") {
  return folder / (part + "-labels-idx1-ubyte");
}

// 20 pictures of 6 rows and 4 columns, of class i % 10.
inline void write_digits(const std::filesystem::path &folder, const std::string &part = "train") {
  EXPECT_TRUE(write_file(pictures_of(folder, part), idx_bytes({20, 6, 4}, 20 * 24)).ok());
  EXPECT_TRUE(write_file(labels_of(folder, part), idx_bytes({20}, 20)).ok());
}

}  // namespace thimble::recipes

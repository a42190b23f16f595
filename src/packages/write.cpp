// What can be known to fail is looked at first, so that no half of a package is left behind.
#include "packages/write.h"

namespace thimble::packages {
namespace {

namespace fs = std::filesystem;

Diagnostic in_the_way(const fs::path &path, const char *what, const char *wanted) {
  Diagnostic error = usage_error(what, wanted, "give -o another folder, or move it away");
  error.file = path.string();
  return error;
}

// Of the folder and of each folder on the way to the file.
Status check_way(const fs::path &folder, const fs::path &name) {
  std::error_code ignored;
  fs::path way = folder;
  if (fs::exists(way, ignored) && !fs::is_directory(way, ignored))
    return in_the_way(way, "is not a folder", "the package is a folder of files");
  for (const fs::path &part : name.parent_path()) {
    way /= part;
    if (fs::exists(way, ignored) && !fs::is_directory(way, ignored))
      return in_the_way(way, "is not a folder", "the package has a folder of this name");
  }
  if (fs::is_directory(folder / name, ignored))
    return in_the_way(folder / name, "is a folder", "the package has a file of this name");
  return Unit{};
}

}  // namespace

Status write(const fs::path &folder, const std::vector<File> &files) {
  Diagnostics errors;
  for (const File &file : files) {
    const Status way = check_way(folder, file.name);
    for (const Diagnostic &error : way.diagnostics())
      if (errors.empty() || errors.back().file != error.file) errors.push_back(error);
  }
  if (!errors.empty()) return errors;
  for (const File &file : files)
    if (Status status = write_file(folder / file.name, file.text); !status.ok()) return status;
  return Unit{};
}

}  // namespace thimble::packages

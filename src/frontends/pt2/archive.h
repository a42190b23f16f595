// A `.pt2` file: a zip archive with one folder, every entry stored.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "frontends/limits.h"
#include "support/diagnostic.h"
#include "support/files.h"

struct zip;

namespace thimble::frontends::pt2 {

class Archive {
 public:
  // Errors: no zip file; one that torch.export.save did not write, or wrote before torch 2.9.
  static Result<Archive> open(const std::filesystem::path &path);

  bool has(const std::string &name) const;  // names are relative to the archive's one folder
  // Errors: missing, compressed, cut off, wrong checksum, more bytes than the archive has in all.
  Result<std::string> read(const std::string &name, std::uint64_t max_bytes);

 private:
  using Handle = std::unique_ptr<zip, void (*)(zip *)>;
  Archive(Handle handle, std::string root, std::int64_t bytes)
      : handle_(std::move(handle)), root_(std::move(root)), budget_(bytes) {}

  Handle handle_;
  std::string root_;  // "die_929/"
  Budget budget_;     // bytes that may still be read: entries may claim to overlap
};

}  // namespace thimble::frontends::pt2

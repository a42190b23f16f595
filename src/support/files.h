// Files: read whole, written to a temporary name and renamed, so that no output is ever half there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostic.h"

namespace thimble {

using Bytes = std::vector<std::uint8_t>;

// Errors: missing, a directory, unreadable, larger than `max_bytes`.
Result<Bytes> read_file(const std::filesystem::path &path, std::uint64_t max_bytes = 1ull << 30);
Result<std::string> read_text(const std::filesystem::path &path,
                              std::uint64_t max_bytes = 1ull << 28);

// Creates parent directories, writes `path` + ".tmp<pid>", renames.
Status write_file(const std::filesystem::path &path, std::string_view contents);
Status write_file(const std::filesystem::path &path, const Bytes &contents);

// A directory under the system's temporary directory that is removed with the object.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory &) = delete;
  TemporaryDirectory &operator=(const TemporaryDirectory &) = delete;
  const std::filesystem::path &path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Lower-case hex SHA-256 of `bytes` (64 characters).
std::string sha256_hex(const std::uint8_t *bytes, std::size_t size);

}  // namespace thimble

// Files: read whole, written beside their place and renamed into it.
#include "support/files.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace thimble {
namespace {

namespace fs = std::filesystem;

Diagnostic file_error(const fs::path &path, std::string what, std::string why = {}) {
  Diagnostic diagnostic = model_error(std::move(what), std::move(why));
  diagnostic.file = path.string();
  return diagnostic;
}

Diagnostic write_error(const fs::path &path, const std::string &why) {
  Diagnostic diagnostic = usage_error("cannot be written", why);
  diagnostic.file = path.string();
  return diagnostic;
}

struct Closer {
  std::FILE *file;
  ~Closer() {
    if (file) std::fclose(file);
  }
};

// Reads until the end, not until a size asked for beforehand: pipes have none and files grow.
template <class Container>
Result<Container> read_whole(const fs::path &path, std::uint64_t max_bytes) {
  std::error_code code;
  if (fs::is_directory(path, code)) return file_error(path, "is a directory, not a file");
  Closer in{std::fopen(path.c_str(), "rb")};
  if (!in.file) return file_error(path, "cannot be read", std::strerror(errno));
  Container contents;
  char chunk[1 << 16];
  while (std::size_t count = std::fread(chunk, 1, sizeof chunk, in.file)) {
    if (contents.size() + count > max_bytes) {
      return file_error(path, "is larger than " + std::to_string(max_bytes) + " bytes");
    }
    contents.insert(contents.end(), chunk, chunk + count);
  }
  if (std::ferror(in.file)) return file_error(path, "cannot be read", std::strerror(errno));
  return contents;
}

bool write_and_close(std::FILE *file, const void *bytes, std::size_t size) {
  const bool written = size == 0 || std::fwrite(bytes, 1, size, file) == size;  // empty: null
  return std::fclose(file) == 0 && written;
}

Status write_whole(const fs::path &path, const void *bytes, std::size_t size) {
  std::error_code code;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), code);
  if (code) return write_error(path, code.message());
  if (fs::is_directory(path, code)) return write_error(path, "it is a directory");
  // A device or a pipe (/dev/stdout) cannot be renamed onto.
  const bool special = fs::exists(path, code) && !fs::is_regular_file(path, code);
  fs::path temporary = path;
  if (!special) temporary += ".tmp" + std::to_string(getpid());
  std::FILE *out = std::fopen(temporary.c_str(), "wb");
  if (!out) return write_error(path, std::strerror(errno));
  if (!write_and_close(out, bytes, size)) {
    const std::string why = std::strerror(errno);
    if (!special) fs::remove(temporary, code);
    return write_error(path, why);
  }
  if (special) return Unit{};
  fs::rename(temporary, path, code);
  if (!code) return Unit{};
  const std::string why = code.message();
  fs::remove(temporary, code);
  return write_error(path, why);
}

}  // namespace

Result<Bytes> read_file(const fs::path &path, std::uint64_t max_bytes) {
  return read_whole<Bytes>(path, max_bytes);
}

Result<std::string> read_text(const fs::path &path, std::uint64_t max_bytes) {
  return read_whole<std::string>(path, max_bytes);
}

Status write_file(const fs::path &path, std::string_view contents) {
  return write_whole(path, contents.data(), contents.size());
}

Status write_file(const fs::path &path, const Bytes &contents) {
  return write_whole(path, contents.data(), contents.size());
}

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (fs::temp_directory_path() / "thimble-XXXXXX").string();
  if (!mkdtemp(name.data())) {
    throw std::system_error(errno, std::generic_category(), "no temporary directory " + name);
  }
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace thimble

// Several NumPy arrays in a zip archive, through libzip. Sizes that an archive claims are not
// believed: entries are read in pieces up to a limit, so a small file cannot ask for all memory.
#include <zip.h>

#include <memory>

#include "support/idx.h"
#include "support/npy.h"

namespace thimble {
namespace {

namespace fs = std::filesystem;
using Archive = std::unique_ptr<zip_t, void (*)(zip_t *)>;
using Entry = std::unique_ptr<zip_file_t, int (*)(zip_file_t *)>;

constexpr std::size_t kMaxArchiveBytes = std::size_t{1} << 30;  // unpacked, all entries

Diagnostic npz_error(const fs::path &path, std::string what, std::string why = {}) {
  Diagnostic diagnostic = model_error(std::move(what), std::move(why));
  diagnostic.file = path.string();
  return diagnostic;
}

std::string message_of(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

Result<Bytes> read_entry(zip_t *archive, zip_uint64_t index, std::size_t limit,
                         const fs::path &path) {
  const Entry entry(zip_fopen_index(archive, index, 0), zip_fclose);
  if (!entry) return npz_error(path, "has an entry that cannot be read", zip_strerror(archive));
  Bytes bytes;
  std::uint8_t chunk[1 << 16];
  for (;;) {
    const zip_int64_t count = zip_fread(entry.get(), chunk, sizeof chunk);
    if (count == 0) return bytes;
    if (count < 0) return npz_error(path, "has a damaged entry");
    if (bytes.size() + static_cast<std::size_t>(count) > limit) {
      return npz_error(path, "unpacks to more than " + std::to_string(kMaxArchiveBytes) + " bytes");
    }
    bytes.insert(bytes.end(), chunk, chunk + count);
  }
}

std::string without_ending(std::string name) {
  if (name.ends_with(".npy")) name.resize(name.size() - 4);
  return name;
}

// Adds `bytes` to the archive; libzip copies nothing before zip_close, so they must live until
// then.
bool add_entry(zip_t *archive, const std::string &name, const Bytes &bytes) {
  zip_source_t *source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
  if (!source) return false;
  const zip_int64_t index =
      zip_file_add(archive, (name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return false;
  }
  // Stored, as numpy.savez does, and undated: equal arrays give equal bytes.
  const auto at = static_cast<zip_uint64_t>(index);
  return zip_set_file_compression(archive, at, ZIP_CM_STORE, 0) == 0 &&
         zip_file_set_dostime(archive, at, 0, (1 << 5) | 1, 0) == 0;
}

bool write_archive(const fs::path &path, const NpzEntries &entries,
                   const std::vector<Bytes> &contents) {
  int code = 0;
  zip_t *archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (!archive) return false;
  bool ok = true;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    ok = ok && add_entry(archive, entries[i].first, contents[i]);
  }
  if (ok && zip_close(archive) == 0) return true;
  zip_discard(archive);
  return false;
}

}  // namespace

Result<NpzEntries> read_npz(const fs::path &path) {
  TRY(const Bytes file, read_file(path));
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t *source = zip_source_buffer_create(file.data(), file.size(), 0, &error);
  zip_t *opened = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  if (!opened) {
    if (source) zip_source_free(source);
    const std::string why = message_of(zip_error_code_zip(&error));
    zip_error_fini(&error);
    return npz_error(path, "is not an .npz archive", why);
  }
  const Archive archive(opened, zip_discard);
  NpzEntries entries;
  std::size_t left = kMaxArchiveBytes;
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const auto index = static_cast<zip_uint64_t>(i);
    const char *name = zip_get_name(archive.get(), index, 0);
    if (!name) return npz_error(path, "has an entry without a name");
    TRY(const Bytes bytes, read_entry(archive.get(), index, left, path));
    left -= bytes.size();
    TRY(NpyArray array, parse_npy(bytes, path.string() + ":" + name));
    entries.emplace_back(without_ending(name), std::move(array));
  }
  if (entries.empty()) return npz_error(path, "holds no arrays");
  return entries;
}

Result<NpzEntries> read_arrays(const fs::path &path) {
  if (path.extension() == ".npz") return read_npz(path);
  if (are_digits(path)) return read_digits(path);
  TRY(NpyArray array, read_npy(path));
  NpzEntries entries;
  entries.emplace_back("x", std::move(array));
  return entries;
}

Status write_npz(const fs::path &path, const NpzEntries &entries) {
  const TemporaryDirectory scratch;
  std::vector<Bytes> contents;
  for (const auto &[name, array] : entries) contents.push_back(format_npy(array));
  const fs::path temporary = scratch.path() / "arrays.npz";
  if (!write_archive(temporary, entries, contents)) {
    Diagnostic diagnostic =
        usage_error("cannot be written", "no room in " + scratch.path().string());
    diagnostic.file = path.string();
    return diagnostic;
  }
  TRY(const Bytes archive, read_file(temporary));
  return write_file(path, archive);
}

}  // namespace thimble

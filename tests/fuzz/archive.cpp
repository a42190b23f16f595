// By libzip on buffers; nothing touches the disk.
#include "archive.h"

#include <zip.h>

#include <memory>

namespace thimble::fuzz {
namespace {

constexpr std::uint64_t kMaxEntryBytes = 1u << 24;

using Archive = std::unique_ptr<zip_t, void (*)(zip_t *)>;  // discarded unless released

Archive open(zip_source_t *source, int flags) {
  zip_t *archive = zip_open_from_source(source, flags, nullptr);
  if (!archive) zip_source_free(source);
  return {archive, zip_discard};
}

std::optional<std::string> contents_of(zip_t *archive, zip_uint64_t index, std::uint64_t size) {
  if (size > kMaxEntryBytes) return std::nullopt;
  zip_file_t *file = zip_fopen_index(archive, index, 0);
  if (!file) return std::nullopt;
  std::string contents(size, '\0');
  const zip_int64_t read = zip_fread(file, contents.data(), size);
  zip_fclose(file);
  if (read != static_cast<zip_int64_t>(size)) return std::nullopt;
  return contents;
}

std::string all_of(zip_source_t *source) {
  zip_stat_t stat;
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) return {};
  std::string bytes(stat.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  return read == static_cast<zip_int64_t>(bytes.size()) ? bytes : std::string();
}

}  // namespace

std::optional<Entries> unpack(const std::string &archive) {
  const Archive zip =
      open(zip_source_buffer_create(archive.data(), archive.size(), 0, nullptr), ZIP_RDONLY);
  if (!zip) return std::nullopt;
  Entries entries;
  for (zip_int64_t i = 0; i < zip_get_num_entries(zip.get(), 0); ++i) {
    zip_stat_t stat;
    const auto index = static_cast<zip_uint64_t>(i);
    if (zip_stat_index(zip.get(), index, 0, &stat) != 0) return std::nullopt;
    auto contents = contents_of(zip.get(), index, stat.size);
    if (!contents) return std::nullopt;
    entries.emplace_back(stat.name, *std::move(contents));
  }
  return entries;
}

std::string pack(const Entries &entries) {
  zip_source_t *made = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(made);  // outlives the archive
  Archive zip = open(made, ZIP_TRUNCATE);
  if (!zip) {
    zip_source_free(made);
    return {};
  }
  for (const auto &[name, contents] : entries) {
    zip_source_t *source = zip_source_buffer(zip.get(), contents.data(), contents.size(), 0);
    const zip_int64_t index = zip_file_add(zip.get(), name.c_str(), source, ZIP_FL_OVERWRITE);
    if (index < 0)
      zip_source_free(source);
    else
      zip_set_file_compression(zip.get(), static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
  }
  const bool written = zip_close(zip.get()) == 0;
  if (written) (void)zip.release();
  const std::string bytes = written ? all_of(made) : std::string();
  zip_source_free(made);
  return bytes;
}

}  // namespace thimble::fuzz

// libzip finds the entries; every size it reports is compared with what the file can hold before it
// is believed. The kinds of older archives are told by the entries only they have.
#include "frontends/pt2/archive.h"

#include <fmt/format.h>
#include <zip.h>

#include <string_view>

namespace thimble::frontends::pt2 {
namespace {

constexpr std::uint64_t kMaxArchiveBytes = 1ull << 27;
constexpr std::string_view kModelEntry = "models/model.json";

Diagnostic damaged(std::string what) {
  return model_error(std::move(what), "the archive is damaged", "export the model again");
}

Diagnostic too_old() {
  return model_error("the archive was written by torch older than 2.9",
                     "its weights are Python pickles",
                     "export it anew with torch 2.9 or later:\n"
                     "    program = torch.export.export(model.eval(), example_inputs)\n"
                     "    torch.export.save(program, \"model.pt2\")");
}

bool exists(zip *handle, const std::string &name) {
  return zip_name_locate(handle, name.c_str(), 0) >= 0;
}

// The folder that everything is in, with its slash; empty when there is no model in the archive.
std::string find_root(zip *handle) {
  const zip_int64_t count = zip_get_num_entries(handle, 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char *raw = zip_get_name(handle, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW);
    const std::string_view name = raw ? raw : "";
    const std::size_t slash = name.find('/');
    if (slash != std::string_view::npos && name.substr(slash + 1) == kModelEntry)
      return std::string(name.substr(0, slash + 1));
  }
  return {};
}

}  // namespace

Result<Archive> Archive::open(const std::filesystem::path &path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return model_error("the file cannot be read", "there is no such file");
  const std::uint64_t bytes = std::filesystem::file_size(path, error);
  if (error || bytes > kMaxArchiveBytes)
    return model_error("the file cannot be read",
                       fmt::format("it has {} bytes; the limit is {}", bytes, kMaxArchiveBytes));
  Handle handle(zip_open(path.c_str(), ZIP_RDONLY, nullptr), zip_discard);
  if (!handle) return model_error("not a .pt2 archive, or a damaged one", "it is no zip file");
  if (exists(handle.get(), "serialized_exported_program.json")) return too_old();
  std::string root = find_root(handle.get());
  if (root.empty())
    return model_error("not a .pt2 archive: it holds no models/model.json", {},
                       "torch.export.save(program, \"model.pt2\") writes one");
  if (!exists(handle.get(), root + "data/weights/model_weights_config.json")) return too_old();
  return Archive(std::move(handle), std::move(root), static_cast<std::int64_t>(bytes));
}

bool Archive::has(const std::string &name) const { return exists(handle_.get(), root_ + name); }

Result<std::string> Archive::read(const std::string &name, std::uint64_t max_bytes) {
  zip_stat_t stat;
  zip_stat_init(&stat);
  constexpr zip_uint64_t kNeeded = ZIP_STAT_INDEX | ZIP_STAT_SIZE | ZIP_STAT_COMP_METHOD;
  if (zip_stat(handle_.get(), (root_ + name).c_str(), 0, &stat) != 0 ||
      (stat.valid & kNeeded) != kNeeded)
    return damaged(fmt::format("entry '{}' is missing", name));
  if (stat.comp_method != ZIP_CM_STORE)
    return damaged(fmt::format("entry '{}' is compressed", name));
  if (stat.size > max_bytes || !budget_.take(static_cast<std::int64_t>(stat.size)))
    return damaged(fmt::format("entry '{}' claims {} bytes", name, stat.size));
  std::unique_ptr<zip_file_t, int (*)(zip_file_t *)> file(
      zip_fopen_index(handle_.get(), stat.index, 0), zip_fclose);
  std::string contents(stat.size, '\0');
  char beyond = 0;
  // The checksum is compared when the end is reached, so one more byte is asked for.
  if (!file || zip_fread(file.get(), contents.data(), stat.size) != zip_int64_t(stat.size) ||
      zip_fread(file.get(), &beyond, 1) != 0)
    return damaged(fmt::format("entry '{}' cannot be read", name));
  return contents;
}

}  // namespace thimble::frontends::pt2

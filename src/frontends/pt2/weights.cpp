// Sizes, strides and the storage offset come from JSON; the view they describe is proven to lie
// within its storage before a byte is copied.
#include "frontends/pt2/weights.h"

#include <fmt/format.h>

#include <optional>

#include "frontends/pt2/json_values.h"
#include "frontends/tensor_bytes.h"

namespace thimble::frontends::pt2 {
namespace {

constexpr std::uint64_t kMaxConfigBytes = 1ull << 24;

std::optional<Element> element_of(std::int64_t scalar_type) {
  switch (scalar_type) {
    case 1:
      return Element::kU8;
    case 2:
      return Element::kI8;
    case 3:
      return Element::kI16;
    case 4:
      return Element::kI32;
    case 5:
      return Element::kI64;
    case 6:
      return Element::kF16;
    case 7:
      return Element::kF32;
    case 8:
      return Element::kF64;
    case 12:
      return Element::kBool;
    case 13:
      return Element::kBF16;
    default:
      return std::nullopt;
  }
}

Dims fixed_sizes(const Json &sizes) {
  Dims dims;
  for (const Json &size : sizes) dims.push_back(integer(size.at("as_int")));
  return dims;
}

Diagnostic weight_error(const std::string &name, std::string why, std::string fix = {}) {
  return model_error(fmt::format("tensor '{}' cannot be read", name), std::move(why),
                     std::move(fix));
}

}  // namespace

ops::ForeignType foreign_type_of(std::int64_t scalar_type) {
  const auto element = element_of(scalar_type);
  return element ? foreign_type(*element) : ops::ForeignType::kOther;
}

Result<Weights> Weights::open(Archive &archive) {
  Weights weights(archive);
  TRY(Unit done, weights.add_config("data/weights/", "model_weights_config.json"));
  if (archive.has("data/constants/model_constants_config.json")) {
    TRY(done, weights.add_config("data/constants/", "model_constants_config.json"));
  }
  return weights;
}

Status Weights::add_config(const std::string &folder, const std::string &config) {
  TRY(const std::string text, archive_->read(folder + config, kMaxConfigBytes));
  const Json &json = configs_.emplace_back(Json::parse(text));
  for (const auto &[name, entry] : json.at("config").get_ref<const Json::object_t &>())
    entries_[name] = {folder, &entry};
  return Unit{};
}

Result<const std::string *> Weights::storage(const std::string &path) {
  auto found = storages_.find(path);
  if (found == storages_.end()) {
    TRY(std::string bytes, archive_->read(path, kMaxFileBytes));
    found = storages_.emplace(path, std::move(bytes)).first;
  }
  return &found->second;
}

Result<ops::ForeignTensor> Weights::read(const std::string &name) {
  const auto found = entries_.find(name);
  if (found == entries_.end()) return weight_error(name, "the archive does not hold it");
  const Json &config = *found->second.config, &meta = config.at("tensor_meta");
  if (config.at("use_pickle").get<bool>())
    return weight_error(name, "it is stored as a Python pickle",
                        "convert tensor subclasses to plain tensors before exporting");
  const std::int64_t scalar_type = integer(meta.at("dtype"));
  const auto element = element_of(scalar_type);
  if (!element) return weight_error(name, fmt::format("dtype {} is not supported", scalar_type));
  const Dims dims = fixed_sizes(meta.at("sizes")), strides = fixed_sizes(meta.at("strides"));
  const std::int64_t offset = integer(meta.at("storage_offset").at("as_int"));
  const std::int64_t count = element_count(dims);
  if (count < 0) return weight_error(name, fmt::format("dimensions {}", to_string(dims)));
  if (!elements_.take(count))
    return weight_error(name,
                        fmt::format("the weights have more than {} elements in all", kMaxElements));
  TRY(const std::string *bytes,
      storage(found->second.folder + config.at("path_name").get<std::string>()));
  const int width = element_bytes(*element);
  if (!storage_fits(bytes->size(), width, dims, strides, offset))
    return weight_error(name,
                        fmt::format("dimensions {}, strides {} and offset {} reach beyond its "
                                    "{} bytes",
                                    to_string(dims), to_string(strides), offset, bytes->size()));
  const std::span storage(reinterpret_cast<const std::uint8_t *>(bytes->data()), bytes->size());
  return decode(*element, dims, gather_strided(storage, width, dims, strides, offset));
}

}  // namespace thimble::frontends::pt2

// Attribute look-up of foreign nodes: a wrong kind counts as absent, since files may be hostile.
#include "ops/foreign.h"

#include <limits>

namespace thimble::ops {
namespace {

template <class T>
const T *get(const ForeignNode &node, std::string_view key) {
  const auto found = node.attributes.find(std::string(key));
  return found == node.attributes.end() ? nullptr : std::get_if<T>(&found->second);
}

}  // namespace

std::int64_t ForeignTensor::elements() const {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) {
    if (dim < 0 || (dim > 0 && count > std::numeric_limits<std::int64_t>::max() / dim)) return -1;
    count *= dim;
  }
  return count;
}

bool ForeignNode::has(std::string_view key) const {
  const auto found = attributes.find(std::string(key));
  return found != attributes.end() && !std::holds_alternative<ForeignNone>(found->second);
}

std::int64_t ForeignNode::integer(std::string_view key, std::int64_t otherwise) const {
  const auto *value = get<std::int64_t>(*this, key);
  return value ? *value : otherwise;
}

double ForeignNode::real(std::string_view key, double otherwise) const {
  if (const auto *value = get<double>(*this, key)) return *value;
  if (const auto *value = get<std::int64_t>(*this, key)) return static_cast<double>(*value);
  return otherwise;
}

std::string ForeignNode::text(std::string_view key, std::string otherwise) const {
  const auto *value = get<std::string>(*this, key);
  return value ? *value : otherwise;
}

std::vector<std::int64_t> ForeignNode::integers(std::string_view key,
                                                std::vector<std::int64_t> otherwise) const {
  if (const auto *value = get<std::vector<std::int64_t>>(*this, key)) return *value;
  if (const auto *value = get<std::int64_t>(*this, key)) return {*value};
  return otherwise;
}

std::vector<double> ForeignNode::reals(std::string_view key, std::vector<double> otherwise) const {
  if (const auto *value = get<std::vector<double>>(*this, key)) return *value;
  if (const auto *value = get<double>(*this, key)) return {*value};
  if (const auto *value = get<std::vector<std::int64_t>>(*this, key))
    return {value->begin(), value->end()};
  return otherwise;
}

std::vector<std::string> ForeignNode::texts(std::string_view key) const {
  const auto *value = get<std::vector<std::string>>(*this, key);
  return value ? *value : std::vector<std::string>();
}

}  // namespace thimble::ops

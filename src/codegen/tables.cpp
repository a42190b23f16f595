// Sharing, checking and printing of constant arrays (tables.h).
#include "codegen/tables.h"

#include <algorithm>
#include <cmath>

#include "ctext/arrays.h"

namespace thimble::codegen {
namespace {

std::size_t count_of(const ops::Table &table) {
  return std::visit([](const auto &data) { return data.size(); }, table.data);
}

bool is_finite(const ops::Table &table) {
  const auto *floats = std::get_if<std::vector<float>>(&table.data);
  return !floats ||
         std::all_of(floats->begin(), floats->end(), [](float x) { return std::isfinite(x); });
}

Diagnostic about(const std::string &node, std::string what, std::string why, std::string fix) {
  Diagnostic error = model_error(std::move(what), std::move(why), std::move(fix));
  error.node = node;
  return error;
}

}  // namespace

std::string Tables::add(const std::string &node, const ops::Table &table, ctext::Names &names) {
  const auto [slot, fresh] = known_.try_emplace({table.c_type, table.data}, entries_.size());
  if (fresh) {
    entries_.push_back({names.fresh(ctext::identifier(node) + "_" + table.role), node, table});
  }
  Entry &entry = entries_[slot->second];
  entry.table.is_weight |= table.is_weight;
  return entry.name;
}

Diagnostics Tables::check(const targets::Target &target) const {
  Diagnostics errors;
  for (const Entry &entry : entries_) {
    const std::int64_t bytes = entry.table.bytes();
    if (target.index_bits == 16 && bytes > 32767) {
      errors.push_back(about(entry.node,
                             "table '" + entry.name + "' has " + std::to_string(bytes) +
                                 " bytes, which " + target.name + " cannot index",
                             "int has 16 bits there: an array ends at 32767 bytes",
                             "choose a target with 32-bit int, or make the layer smaller"));
    }
    if (!is_finite(entry.table)) {
      errors.push_back(about(entry.node, "table '" + entry.name + "' is not finite",
                             "a weight is infinite or not a number",
                             "look for a training run that diverged"));
    }
  }
  return errors;
}

void Tables::print(ctext::CWriter &writer, const targets::Target &target) const {
  for (const Entry &entry : entries_) {
    const std::string declaration = "static const " + entry.table.c_type + " " + entry.name + "[" +
                                    std::to_string(count_of(entry.table)) + "]" +
                                    (target.flash_separate ? " PROGMEM" : "") +
                                    (entry.table.is_code ? " __attribute__((aligned(2)))" : "");
    std::visit([&](const auto &data) { ctext::write_array(writer, declaration, data); },
               entry.table.data);
    writer.line();
  }
}

std::int64_t Tables::weight_bytes() const {
  std::int64_t bytes = 0;
  for (const Entry &entry : entries_) bytes += entry.table.is_weight ? entry.table.bytes() : 0;
  return bytes;
}

std::int64_t Tables::constant_bytes() const {
  std::int64_t bytes = 0;
  for (const Entry &entry : entries_) bytes += entry.table.is_weight ? 0 : entry.table.bytes();
  return bytes;
}

}  // namespace thimble::codegen

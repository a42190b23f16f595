// Tables and sizes of kernels whose rescaling is solved (rescaled_kernel.h).
#include "ops/rescaled_kernel.h"

#include <algorithm>
#include <functional>
#include <map>
#include <span>

#include "ops/byte_pairs.h"
#include "ops/fours.h"
#include "ops/nines.h"
#include "ops/rescale_line.h"
#include "support/check.h"

namespace thimble::ops {
namespace {

constexpr int kLow = -128, kHigh = 127;
constexpr std::size_t kAtATime = 32;      // outputs, at most, of which a kernel asks for the bytes
constexpr std::size_t kWorthItsOwn = 64;  // channels from which a function of its own is less flash

std::int64_t size_of(const Kernel &kernel, std::string_view name) {
  for (const auto &[size, value] : kernel.sizes)
    if (size == name) return value;
  CHECK(false, "kernel '" + kernel.file + "' has no size '" + std::string(name) + "'");
}

// All sums of a channel: for each weight something between its products with the least and the
// greatest factor (a border may leave it out: 0 or the zero point is among them).
struct Sums {
  std::int64_t lo = 0, hi = 0;
};

Sums sums_of(std::span<const std::int64_t> weights, int least, int most) {
  Sums sums;
  for (const std::int64_t weight : weights) {
    sums.lo += std::min(weight * least, weight * most);
    sums.hi += std::max(weight * least, weight * most);
  }
  return sums;
}

// Int8 weights [out][...], as they are, in another layout or in a code; null: none.
const std::vector<std::int64_t> *find_weights(const Kernel &kernel) {
  const Table *weight = find_table(kernel, "weight");
  if (!weight) return nullptr;
  if (!weight->plain.empty()) return &weight->plain;
  return weight->c_type == "int8_t" && weight->code.empty() ? &integers(*weight) : nullptr;
}

// The zero point is in the bias, or taken off each input.
const Table *find_bias(const Kernel &kernel) {
  const Table *full = find_table(kernel, "full_bias");
  return full ? full : find_table(kernel, "bias");
}

std::optional<std::vector<Staircase>> staircases(const Kernel &kernel, targets::Requant requant) {
  const Table *bias = find_bias(kernel);
  const std::vector<std::int64_t> *plain = find_weights(kernel);
  const Table *multiplier = find_table(kernel, "multiplier"), *shift = find_table(kernel, "shift");
  if (!plain || !bias || !multiplier || !shift ||
      integers(*bias).size() != integers(*multiplier).size())
    return {};
  const int zero = bias->role == "bias" ? static_cast<int>(size_of(kernel, "in_zero")) : 0;
  const std::size_t count = integers(*bias).size(), each = plain->size() / count;
  std::vector<Staircase> channels;
  for (std::size_t c = 0; c < count; ++c) {
    const std::span weights{plain->data() + c * each, each};
    const Sums sums = sums_of(weights, kLow - zero, kHigh - zero);
    const std::int64_t start = integers(*bias)[c];
    if (!is_int32(start + sums.lo) || !is_int32(start + sums.hi)) return {};
    channels.push_back({{static_cast<std::int32_t>(integers(*multiplier)[c]),
                         static_cast<int>(integers(*shift)[c])},
                        requant,
                        static_cast<int>(size_of(kernel, "out_zero")),
                        static_cast<std::int32_t>(start),
                        static_cast<std::int32_t>(sums.lo),
                        static_cast<std::int32_t>(sums.hi)});
  }
  return channels;
}

bool has_limits(const Kernel &kernel) {
  return size_of(kernel, "act_min") > kLow || size_of(kernel, "act_max") < kHigh;
}

Kernel with_line(Kernel kernel, const RescaleLine &line) {
  const std::string bias_role = find_bias(kernel)->role;
  std::erase_if(kernel.tables, [](const Table &table) { return table.role == "shift"; });
  for (Table &table : kernel.tables) {
    auto *data = std::get_if<std::vector<std::int64_t>>(&table.data);
    if (table.role == "multiplier") {
      table.c_type = "int32_t";
      data->assign(line.multipliers.begin(), line.multipliers.end());
    }
    if (table.role == bias_role) data->assign(line.biases.begin(), line.biases.end());
  }
  std::erase_if(kernel.sizes, [](const auto &size) {
    return size.first == "out_zero" || size.first == "act_min" || size.first == "act_max";
  });
  kernel.file += "_line";
  kernel.sizes.emplace_back("out_zero", line.offset);
  kernel.sizes.emplace_back("shift", line.shift);
  return kernel;
}

const std::map<std::string, std::string> kWithEnds = {
    {"conv2d_pairs_i8_line", "conv2d_pairs_ends_i8"},
    {"conv2d_eights_i8_line", "conv2d_eights_ends_i8"},
    {"linear_vector_i8_line", "linear_vector_ends_i8"}};

// Of depthwise windows a line without an offset, where there is one, leaves a register more.
std::optional<RescaleLine> line_of(const Kernel &kernel, const std::vector<Staircase> &channels,
                                   bool at_once) {
  if (at_once && kernel.file == "depthwise2d_planes_i8") {
    const auto line = line_through(channels, false);
    if (line && line->shift == kUsualShift) return line;
  }
  return line_through(channels);
}

bool makes_threes(const Kernel &kernel) {
  return kernel.file == "conv2d_pairs_i8_line" && size_of(kernel, "threes") != 0;
}

// Sums become outputs where they are made, by tables of both at once; of threes they are between
// the weights.
Kernel with_ends(Kernel kernel, const RescaleLine &line) {
  const auto file = kWithEnds.find(kernel.file);
  if (file == kWithEnds.end() || line.shift != kUsualShift) return kernel;
  const bool threes = makes_threes(kernel);
  if (line.biases.size() % (threes ? 2 : 4) != 0) return kernel;
  if (threes) {
    Table &weight = kernel.tables.front();
    weight = pair_table_with_ends(weight.plain, line.biases, line.multipliers);
  } else {
    Table ends{"ends", "int32_t", std::vector<std::int64_t>{}, false};
    for (std::size_t c = 0; c < line.biases.size(); ++c)
      for (const std::int64_t value : {line.biases[c], line.multipliers[c]})
        std::get<std::vector<std::int64_t>>(ends.data).push_back(value);
    kernel.tables.push_back(std::move(ends));
  }
  std::erase_if(kernel.tables, [](const Table &table) {
    return table.role == "full_bias" || table.role == "multiplier";
  });
  std::erase_if(kernel.sizes, [](const auto &size) { return size.first == "shift"; });
  kernel.file = threes ? "conv2d_threes_i8" : file->second;
  return kernel;
}

// Doubled sums fit 32 bits, and shifts go to the right.
bool can_be_doubled(const Staircase &stairs) {
  const std::int64_t lo = std::int64_t{stairs.lo} + stairs.bias;
  const std::int64_t hi = std::int64_t{stairs.hi} + stairs.bias;
  return stairs.multiplier.shift < 0 && is_int32(2 * lo) && is_int32(2 * hi) &&
         is_int32(2 * std::int64_t{stairs.bias});
}

Kernel doubled(Kernel kernel) {
  const std::string bias_role = find_bias(kernel)->role;
  for (Table &table : kernel.tables) {
    auto *data = std::get_if<std::vector<std::int64_t>>(&table.data);
    for (std::int64_t &value : *data) {
      if (table.role == bias_role) value *= 2;
      if (table.role == "shift") value = -1 - value;
    }
  }
  kernel.file += "_doubled";
  return kernel;
}

bool is_rescaling(const Table &table) {
  return table.role == "multiplier" || table.role == "shift";
}

bool says_one(const Table &table) {
  const std::vector<std::int64_t> &values = integers(table);
  return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
}

}  // namespace

std::optional<Kernel> on_a_line(const Kernel &kernel, targets::Requant requant, bool at_once) {
  if (!find_table(kernel, "multiplier") || has_limits(kernel)) return {};
  const auto channels = staircases(kernel, requant);
  const auto line = channels ? line_of(kernel, *channels, at_once) : std::nullopt;
  if (!line) return {};
  Kernel solved = in_fours(with_line(kernel, *line), *line);
  return at_once ? with_ends(in_nines(std::move(solved), *line), *line) : solved;
}

std::optional<Kernel> with_doubled_sums(const Kernel &kernel, targets::Requant requant) {
  if (requant != targets::Requant::kQ31) return {};
  const auto channels = staircases(kernel, requant);
  if (!channels || !std::all_of(channels->begin(), channels->end(), can_be_doubled)) return {};
  return doubled(kernel);
}

std::optional<Kernel> per_tensor(Kernel kernel) {
  const Table *multiplier = find_table(kernel, "multiplier");
  if (!multiplier || integers(*multiplier).size() < kWorthItsOwn) return {};
  for (const Table &table : kernel.tables)
    if (is_rescaling(table) && !says_one(table)) return {};
  for (Table &table : kernel.tables)
    if (is_rescaling(table)) std::get<std::vector<std::int64_t>>(table.data).resize(kAtATime);
  kernel.file += "_tensor";
  return kernel;
}

}  // namespace thimble::ops

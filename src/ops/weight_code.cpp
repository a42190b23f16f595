// Analysis and packing of weights (weight_code.h).
#include "ops/weight_code.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <span>

#include "support/check.h"

namespace thimble::ops {
namespace {

using Weights = std::vector<std::int64_t>;

// Tables of a few weights have few values by chance.
constexpr std::int64_t kLeastSaving = 8;
// Codes that take more by less than this part take about the same.
constexpr std::int64_t kSamePart = 32;

// weight = low + step * level, levels from 0 to `last`.
struct Levels {
  std::int64_t low = 0, step = 1, last = 0;
};

Levels levels_of(const Weights &weights) {
  const auto [low, high] = std::minmax_element(weights.begin(), weights.end());
  std::int64_t step = 0;
  for (const std::int64_t weight : weights) step = std::gcd(step, weight - *low);
  return {*low, std::max<std::int64_t>(step, 1), step == 0 ? 0 : (*high - *low) / step};
}

// Packed codes.

struct Packing {
  const char *ending, *words;
  int lanes;
  std::int64_t last;                                 // the highest level
  std::uint8_t (*pack)(const std::int64_t *levels);  // of all lanes
};

template <int kBits>
std::uint8_t pack_bits(const std::int64_t *levels) {
  int code = 0;
  for (int lane = 0; lane < 8 / kBits; ++lane)
    code |= static_cast<int>(levels[lane]) << (lane * kBits);
  return static_cast<std::uint8_t>(code);
}

std::uint8_t pack_digits(const std::int64_t *levels) {
  int number = 0;
  for (int lane = 0; lane < 5; ++lane) number = 3 * number + static_cast<int>(levels[lane]);
  return static_cast<std::uint8_t>((number * 256 + 242) / 243);
}

constexpr Packing kPackings[] = {{"_w1", "1 bit", 8, 1, pack_bits<1>},
                                 {"_wt", "ternary", 5, 2, pack_digits},
                                 {"_w2", "2 bits", 4, 3, pack_bits<2>},
                                 {"_w4", "4 bits", 2, 15, pack_bits<4>}};

Weights pack(const Packing &packing, const Levels &levels, const Weights &weights, int outputs) {
  const std::size_t each = weights.size() / outputs;
  Weights codes;
  for (int first = 0; first < outputs; first += packing.lanes)
    for (std::size_t i = 0; i < each; ++i) {
      std::array<std::int64_t, 8> lane{};
      for (int o = first; o < std::min(first + packing.lanes, outputs); ++o)
        lane[o - first] = (weights[o * each + i] - levels.low) / levels.step;
      codes.push_back(packing.pack(lane.data()));
    }
  return codes;
}

// Planes.

constexpr std::size_t kPlaneInputs = 16;

// Bit `bit` of the levels of neighbouring inputs.
std::int64_t plane_of(std::span<const std::int64_t> weights, const Levels &levels, int bit) {
  std::uint16_t code = 0;
  for (std::size_t i = 0; i < weights.size(); ++i)
    code |= ((weights[i] - levels.low) / levels.step >> bit & 1) << i;
  return static_cast<std::int16_t>(code);
}

struct Planes {
  const char *ending, *words;
  int bits;
};

constexpr Planes kPlanes[] = {{"_p1", "1 bit", 1}, {"_p2", "2 bits", 2}, {"_p4", "4 bits", 4}};

Weights slice(const Planes &planes, const Levels &levels, const Weights &weights, int outputs) {
  const std::size_t each = weights.size() / outputs;
  Weights codes;
  for (std::size_t first = 0; first < each; first += kPlaneInputs)
    for (int o = 0; o < outputs; ++o) {
      const auto some =
          std::span(weights).subspan(o * each + first, std::min(kPlaneInputs, each - first));
      for (int bit = planes.bits - 1; bit >= 0; --bit) codes.push_back(plane_of(some, levels, bit));
    }
  return codes;
}

// Sparse codes.

// A weight that is said, and how many zeros that are not said follow it.
struct Said {
  std::int64_t weight = 0;
  std::int64_t zeros = 0;
};

// All of them: the first one, those that are not zero, and a zero wherever more than `most` follow.
std::vector<Said> said_weights(std::span<const std::int64_t> weights, std::int64_t most) {
  std::vector<Said> said;
  for (const std::int64_t weight : weights) {
    if (said.empty() || weight != 0 || said.back().zeros == most)
      said.push_back({weight, 0});
    else
      ++said.back().zeros;
  }
  return said;
}

// Writes one stream; weights that take 4 bits have been divided by their step.
using Write = void (*)(std::span<const std::int64_t> weights, Weights &codes);

std::int64_t byte_of(std::int64_t weight) { return weight & 255; }
std::int64_t nibble_of(std::int64_t weight) { return weight + 8; }

void write_bytes(std::span<const std::int64_t> weights, Weights &codes) {
  for (const Said &one : said_weights(weights, 255)) {
    codes.push_back(byte_of(one.weight));
    codes.push_back(one.zeros);
  }
}

void write_nibbles(std::span<const std::int64_t> weights, Weights &codes) {
  for (const Said &one : said_weights(weights, 15))
    codes.push_back(nibble_of(one.weight) | one.zeros << 4);
}

// The bits of 8 weights, and those that are not zero to `values`.
std::int64_t map_of(std::span<const std::int64_t> weights, Weights &values) {
  std::int64_t map = 0;
  values.clear();
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    map |= std::int64_t{1} << i;
    values.push_back(weights[i]);
  }
  return map;
}

template <class WriteValues>
void write_maps(std::span<const std::int64_t> weights, Weights &codes, WriteValues write_values) {
  Weights values;
  for (; !weights.empty(); weights = weights.subspan(std::min<std::size_t>(8, weights.size()))) {
    codes.push_back(map_of(weights.first(std::min<std::size_t>(8, weights.size())), values));
    write_values(values);
  }
}

void write_byte_maps(std::span<const std::int64_t> weights, Weights &codes) {
  write_maps(weights, codes, [&](const Weights &values) {
    for (const std::int64_t value : values) codes.push_back(byte_of(value));
  });
}

void write_nibble_maps(std::span<const std::int64_t> weights, Weights &codes) {
  write_maps(weights, codes, [&](Weights &values) {
    if (values.size() % 2 != 0) values.push_back(0);
    for (std::size_t i = 0; i < values.size(); i += 2)
      codes.push_back(nibble_of(values[i]) | nibble_of(values[i + 1]) << 4);
  });
}

struct Thinning {
  const char *ending, *words;
  bool in_4_bits;
  Write write;
};

constexpr Thinning kThinnings[] = {{"_z4", "sparse, 4 bits", true, write_nibbles},
                                   {"_m4", "mapped, 4 bits", true, write_nibble_maps},
                                   {"_z8", "sparse", false, write_bytes},
                                   {"_m8", "mapped", false, write_byte_maps}};

struct Streams {
  Weights codes, starts;
};

Streams write_streams(const Thinning &thinning, const Weights &weights, int streams) {
  Streams written;
  const std::size_t each = weights.size() / streams;
  for (int i = 0; i < streams; ++i) {
    written.starts.push_back(static_cast<std::int64_t>(written.codes.size()));
    thinning.write(std::span(weights).subspan(i * each, each), written.codes);
  }
  return written;
}

// What all weights are multiples of.
std::int64_t common_factor(const Weights &weights) {
  std::int64_t factor = 0;
  for (const std::int64_t weight : weights) factor = std::gcd(factor, weight);
  return std::max<std::int64_t>(factor, 1);
}

// Of fewer zeros little is saved, and a code to be taken apart for each weight costs time.
bool is_thin(const Weights &weights) {
  const auto zeros = std::count(weights.begin(), weights.end(), 0);
  return zeros * 5 > static_cast<std::int64_t>(weights.size()) * 2;
}

Table code_table(Weights codes, const char *words) {
  return {"weight", "uint8_t", std::move(codes), true, words};
}

// The choice among codes.

// Of a multiplication and addition; what is not known is the slowest.
double time_of(const Numbers &numbers, const std::string &ending) {
  for (const targets::CodeCost &cost : numbers.costs)
    if ("_" + cost.code == ending) return cost.time;
  return std::numeric_limits<double>::infinity();
}

using Choices = std::vector<const CodedWeights *>;

// Codes that take stack only where they are faster than all others.
Choices worth_their_stack(const std::vector<CodedWeights> &codes, const Numbers &numbers) {
  double time = std::numeric_limits<double>::infinity();
  for (const CodedWeights &code : codes)
    if (!code.takes_stack) time = std::min(time, time_of(numbers, code.ending));
  Choices worth;
  for (const CodedWeights &code : codes)
    if (!code.takes_stack || time_of(numbers, code.ending) < time) worth.push_back(&code);
  return worth;
}

// Those of fewest bytes; none where these are too many.
Choices least_of(Choices codes, std::int64_t plain_bytes) {
  std::int64_t least = plain_bytes;
  for (const CodedWeights *code : codes) least = std::min(least, code->bytes());
  if (least + kLeastSaving > plain_bytes) return {};
  std::erase_if(codes, [&](const auto *code) { return code->bytes() > least + least / kSamePart; });
  return codes;
}

const CodedWeights *fastest_of(const Choices &codes, const Numbers &numbers) {
  if (codes.empty()) return nullptr;
  return *std::ranges::min_element(codes, {}, [&](const CodedWeights *code) {
    return std::pair{time_of(numbers, code->ending), code->bytes()};
  });
}

// The fastest, if it is faster than the weights as they are.
const CodedWeights *fast_of(const Choices &codes, const Numbers &numbers) {
  const CodedWeights *best = fastest_of(codes, numbers);
  const bool is_faster = best && time_of(numbers, best->ending) < time_of(numbers, "_i8");
  return is_faster ? best : nullptr;
}

// Null: the weights as they are.
const CodedWeights *chosen(const std::vector<CodedWeights> &codes, std::int64_t plain_bytes,
                           const Numbers &numbers) {
  const Choices worth = worth_their_stack(codes, numbers);
  if (numbers.weights == "fast") return fast_of(worth, numbers);
  if (numbers.weights == "auto") {
    Choices layouts = worth, smaller = worth;
    std::erase_if(layouts, [](const CodedWeights *code) { return !code->is_layout; });
    std::erase_if(smaller, [](const CodedWeights *code) { return code->is_layout; });
    const CodedWeights *least = fastest_of(least_of(smaller, plain_bytes), numbers);
    return least ? least : fast_of(layouts, numbers);
  }
  for (const CodedWeights &code : codes)
    if (code.ending == "_" + numbers.weights) return &code;
  return nullptr;
}

}  // namespace

std::int64_t CodedWeights::bytes() const {
  std::int64_t sum = 0;
  for (const Table &table : tables) sum += table.bytes();
  return sum;
}

std::vector<CodedWeights> packed_weights(const std::vector<std::int64_t> &weights, int outputs) {
  std::vector<CodedWeights> found;
  if (weights.empty()) return found;
  const Levels levels = levels_of(weights);
  for (const Packing &packing : kPackings)
    if (levels.last <= packing.last)
      found.push_back({packing.ending,
                       {code_table(pack(packing, levels, weights, outputs), packing.words)},
                       {{"w_low", levels.low}, {"w_step", levels.step}}});
  return found;
}

std::vector<CodedWeights> plane_weights(const std::vector<std::int64_t> &weights, int outputs) {
  std::vector<CodedWeights> found;
  if (weights.empty()) return found;
  const Levels levels = levels_of(weights);
  for (const Planes &planes : kPlanes)
    if (levels.last < 1 << planes.bits)
      found.push_back(
          {planes.ending,
           {{"weight", "int16_t", slice(planes, levels, weights, outputs), true, planes.words}},
           {{"w_low", levels.low}, {"w_step", levels.step}, {"out_count", outputs}},
           true});
  return found;
}

std::vector<CodedWeights> sparse_weights(const std::vector<std::int64_t> &weights, int streams) {
  std::vector<CodedWeights> found;
  if (!is_thin(weights)) return found;
  const std::int64_t factor = common_factor(weights);
  Weights divided = weights;
  for (std::int64_t &weight : divided) weight /= factor;
  const auto [low, high] = std::minmax_element(divided.begin(), divided.end());
  const bool fits_4_bits = *low >= -8 && *high <= 7;

  for (const Thinning &thinning : kThinnings) {
    if (thinning.in_4_bits && !fits_4_bits) continue;
    Streams written =
        write_streams(thinning, thinning.in_4_bits ? divided : weights, std::max(streams, 1));
    // Where streams start is told in 16 bits.
    if (written.codes.size() >= weights.size() || written.starts.back() > 32767) continue;
    CodedWeights coded{thinning.ending,
                       {code_table(std::move(written.codes), thinning.words)},
                       {{"w_step", thinning.in_4_bits ? factor : 1}}};
    if (streams > 0) coded.tables.push_back({"start", "int16_t", std::move(written.starts), true});
    found.push_back(std::move(coded));
  }
  return found;
}

bool is_stream(std::string_view kernel) {
  return std::ranges::any_of(kThinnings, [&](const Thinning &thinning) {
    return kernel.find(thinning.ending) != std::string_view::npos;
  });
}

void take_code(Kernel &kernel, const std::vector<CodedWeights> &choices, const Numbers &numbers) {
  const auto weight = std::find_if(kernel.tables.begin(), kernel.tables.end(),
                                   [](const Table &table) { return table.role == "weight"; });
  CHECK(weight != kernel.tables.end() && kernel.file.ends_with("_i8"),
        "kernel '" + kernel.file + "' has no int8 weights");
  const CodedWeights *code = chosen(choices, weight->bytes(), numbers);
  if (!code) return;
  kernel.file.replace(kernel.file.size() - 3, 3, code->ending);
  std::vector<std::int64_t> plain = integers(*weight);
  *weight = code->tables.front();
  weight->plain = std::move(plain);
  std::erase_if(kernel.tables, [&](const Table &table) {
    return std::ranges::find(code->replaced, table.role) != code->replaced.end();
  });
  kernel.tables.insert(kernel.tables.end(), code->tables.begin() + 1, code->tables.end());
  kernel.sizes.insert(kernel.sizes.end(), code->sizes.begin(), code->sizes.end());
}

}  // namespace thimble::ops

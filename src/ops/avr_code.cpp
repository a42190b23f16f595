// The instructions of weights (avr_code.h).
#include "ops/avr_code.h"

#include <algorithm>
#include <cstdlib>

#include "support/check.h"

namespace thimble::ops {
namespace {

using Words = std::vector<std::int64_t>;

constexpr std::int64_t kOffset = 128;

// Instructions, and registers as their operands (AVR instruction set manual).
enum Opcode {
  kAdd = 0x0C00,
  kAdc = 0x1C00,
  kSub = 0x1800,
  kSbc = 0x0800,
  kMul = 0x9C00,
  kMov = 0x2C00,
  kMovw = 0x0100,
  kCp = 0x1400,
  kCpc = 0x0400,
  kCpse = 0x1000,
  kLdi = 0xE000,
  kCpi = 0x3000,
  kSubi = 0x5000,
  kSbci = 0x4000,
  kAsr = 0x9405,
  kRor = 0x9407,
  kSkipIfPlus = 0xFC07,
  kSkipIfMinus = 0xFE07,
  kRjmp = 0xC000,
  kBreq = 0xF001,
  kBrlo = 0xF000,
  kBrlt = 0xF004,
  kBrge = 0xF404,
  kRet = 0x9508,
  kDec = 0x940A,
  kSkipIfNotZero = 0xF409,  // brne, past the next one
};
constexpr int kValue = 30, kWeight = 31, kTapsLeft = 29, kZero = 28;

std::int64_t on_two(int opcode, int to, int from) {
  return opcode | (from & 16) << 5 | to << 4 | (from & 15);
}
std::int64_t on_one(int opcode, int to) { return opcode | to << 4; }
// SUBI, LDI: of r16 and above.
std::int64_t on_constant(int opcode, int to, std::int64_t value) {
  return opcode | (value & 0xF0) << 4 | (to - 16) << 4 | (value & 15);
}

// Where a sum's bytes are.
struct Sum {
  int low, middle, high;
};
Sum sum_of(int c) {
  return c < 4 ? Sum{2 + 2 * c, 3 + 2 * c, 10 + c} : Sum{6 + 2 * c, 7 + 2 * c, 18 + c};
}

void append_product(Words &words, std::int64_t weight, const Sum &sum) {
  const bool adds = weight >= 0;
  words.push_back(on_constant(kLdi, kWeight, std::abs(weight)));
  words.push_back(on_two(kMul, kValue, kWeight));
  words.push_back(on_two(adds ? kAdd : kSub, sum.low, 0));
  words.push_back(on_two(adds ? kAdc : kSbc, sum.middle, 1));
  words.push_back(on_two(adds ? kAdc : kSbc, sum.high, kZero));
}

// An input value and its products, past which it goes where u is 0.
void append_value(Words &words, const std::vector<Product> &products) {
  words.push_back(0x900D | kValue << 4);
  words.push_back(on_constant(kSubi, kValue, kOffset));
  words.push_back(kBreq | static_cast<std::int64_t>(kProductWords * products.size()) << 3);
  for (const Product &product : products)
    append_product(words, product.weight, sum_of(product.sum));
}

constexpr int kFactor = 30, kFactorHigh = 31, kResult = 29;  // once the taps are done

// Bytes 2, 3 and 4 of sum * factor, in `sum.low`, kResult and `sum.middle`.
void append_scaling(Words &words, const Sum &sum, std::int64_t factor, bool may_be_negative) {
  const auto two = [&](int opcode, int to, int from) { words.push_back(on_two(opcode, to, from)); };
  const auto load = [&](int to, std::int64_t value) {
    words.push_back(on_constant(kLdi, to, value));
  };
  load(kFactor, factor);
  load(kFactorHigh, factor >> 8);
  two(kMul, sum.low, kFactor);
  two(kMov, kResult, 1);
  two(kMul, sum.low, kFactorHigh);
  two(kAdd, kResult, 0);
  two(kMov, sum.low, 1);
  two(kAdc, sum.low, kZero);
  two(kMul, sum.middle, kFactor);
  two(kAdd, kResult, 0);
  two(kAdc, sum.low, 1);
  load(kResult, 0);
  two(kAdc, kResult, kZero);
  two(kMul, sum.middle, kFactorHigh);
  two(kAdd, sum.low, 0);
  two(kAdc, kResult, 1);
  two(kMul, sum.high, kFactor);
  two(kAdd, sum.low, 0);
  two(kAdc, kResult, 1);
  two(kMov, sum.middle, kZero);
  two(kAdc, sum.middle, kZero);
  two(kMul, sum.high, kFactorHigh);
  two(kAdd, kResult, 0);
  two(kAdc, sum.middle, 1);
  if (!may_be_negative) return;
  words.push_back(on_one(kSkipIfMinus, sum.high));
  words.push_back(kRjmp | 2);
  two(kSub, kResult, kFactor);
  two(kSbc, sum.middle, kFactorHigh);
}

// Shifted and rounded: the result in kResult, its high byte in `sum.middle`.
void append_rounding(Words &words, const Sum &sum, std::int64_t shift) {
  for (std::int64_t i = std::min<std::int64_t>(shift, 24); i > 0; --i) {
    words.push_back(on_one(kAsr, sum.middle));
    words.push_back(on_one(kRor, kResult));
    words.push_back(on_one(kRor, sum.low));
  }
  for (std::int64_t i = shift; i < 0; ++i) {
    words.push_back(on_two(kAdd, sum.low, sum.low));
    words.push_back(on_two(kAdc, kResult, kResult));
    words.push_back(on_two(kAdc, sum.middle, sum.middle));
  }
  words.push_back(on_two(kAdd, sum.low, sum.low));
  words.push_back(on_two(kAdc, kResult, kZero));
  words.push_back(on_two(kAdc, sum.middle, kZero));
}

// Of a result that is not below the zero point, which is the least output.
void append_upper_limit(Words &words, const Sum &sum, const Requantizer &finish) {
  const int most = finish.act_max - finish.out_zero;
  words.push_back(on_two(kCpse, sum.middle, kZero));
  words.push_back(on_constant(kLdi, kResult, 255));
  if (most < 255) {
    words.push_back(on_constant(kCpi, kResult, most + 1));
    words.push_back(kBrlo | 1 << 3);
    words.push_back(on_constant(kLdi, kResult, most));
  }
  words.push_back(on_constant(kSubi, kResult, -finish.out_zero));
}

void append_limits(Words &words, const Sum &sum, const Requantizer &finish) {
  words.push_back(on_two(kMov, kFactorHigh, sum.middle));
  words.push_back(on_constant(kSubi, kResult, -finish.out_zero));
  words.push_back(on_constant(kSbci, kFactorHigh, -finish.out_zero >> 8));
  const auto limit = [&](int bound, int branch, int value) {
    words.push_back(on_constant(kCpi, kResult, bound));
    words.push_back(on_constant(kLdi, kFactor, bound >> 8));
    words.push_back(on_two(kCpc, kFactorHigh, kFactor));
    words.push_back(branch | 1 << 3);
    words.push_back(on_constant(kLdi, kResult, value));
  };
  limit(finish.act_max + 1, kBrlt, finish.act_max);
  limit(finish.act_min, kBrge, finish.act_min);
}

constexpr std::int64_t kLeastShift = -7;  // of a product's bytes 2 to 4

// Of a sum of 16 bits without sign, and of what stays so.
void append_doubling(Words &words, const Sum &sum, std::int64_t times) {
  for (std::int64_t i = 0; i < times; ++i) {
    words.push_back(on_two(kAdd, sum.low, sum.low));
    words.push_back(on_two(kAdc, sum.middle, sum.middle));
  }
}

// `making`, or `most` of sums that reach `limit`.
Words limited(const Words &making, const Sum &sum, std::int64_t limit, int most) {
  Words words{on_constant(kLdi, kFactor, limit / kLimitStep),
              on_constant(kLdi, kFactorHigh, limit / kLimitStep >> 8),
              on_two(kCp, sum.middle, kFactor),
              on_two(kCpc, sum.high, kFactorHigh),
              kBrlo | 2 << 3,
              on_constant(kLdi, kResult, most),
              kRjmp | static_cast<std::int64_t>(making.size())};
  words.insert(words.end(), making.begin(), making.end());
  return words;
}

}  // namespace

void append_tap(Words &words, const std::vector<std::vector<Product>> &values) {
  for (const std::vector<Product> &products : values) append_value(words, products);
  words.push_back(kDec | kTapsLeft << 4);
  words.push_back(kSkipIfNotZero);
  words.push_back(kRet);
}

Words start_instructions(const std::vector<End> &ends) {
  Words words;
  const auto load_pair = [&](int to, std::int64_t low, std::int64_t high) {
    words.push_back(on_constant(kLdi, kValue, low));
    words.push_back(on_constant(kLdi, kWeight, high));
    words.push_back(kMovw | to / 2 << 4 | kValue / 2);
  };
  const int count = static_cast<int>(ends.size());
  for (int c = 0; c < count; ++c) {
    const Sum sum = sum_of(c);
    load_pair(sum.low, ends[c].start, ends[c].start >> 8);
    // High bytes lie side by side.
    if (c % 2 == 0)
      load_pair(sum.high, ends[c].start >> 16, ends[std::min(c + 1, count - 1)].start >> 16);
  }
  words.push_back(kRet);
  words.resize(start_words(count));  // what follows has its place
  return words;
}

Words end_instructions(const std::vector<End> &ends, const Requantizer &finish) {
  const bool cuts = finish.act_min == finish.out_zero;
  Words words;
  for (std::size_t c = 0; c < ends.size(); ++c) {
    const Sum sum = sum_of(static_cast<int>(c));
    const End &end = ends[c];
    CHECK(cuts || end.limit == 0, "a limit of outputs that are not cut");
    Words making;
    append_doubling(making, sum, kLeastShift - end.shift);
    append_scaling(making, sum, end.factor, !cuts);
    append_rounding(making, sum, std::max<std::int64_t>(end.shift, kLeastShift));
    (cuts ? append_upper_limit : append_limits)(making, sum, finish);
    if (end.limit > 0) making = limited(making, sum, end.limit, finish.act_max);
    if (cuts) {
      words.push_back(on_constant(kLdi, kResult, finish.act_min));
      words.push_back(on_one(kSkipIfPlus, sum.high));
      words.push_back(kRjmp | static_cast<std::int64_t>(making.size()));
    }
    words.insert(words.end(), making.begin(), making.end());
    words.push_back(on_one(0x920D, kResult));  // st X+
  }
  words.push_back(kRet);
  return words;
}

}  // namespace thimble::ops

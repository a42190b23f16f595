// Encodings: Armv7-M Architecture Reference Manual, A5.2 (16 bits) and A5.3 (32 bits). Branches
// need no decoding: the next block tells whether one was taken.
#include "emulate/cycles.h"

#include <bit>

namespace thimble::emulate {
namespace {

constexpr std::uint16_t kPc = 15;

Instruction load_or_store(bool load) { return {load ? Access::kLoad : Access::kStore, 0}; }

Instruction list(unsigned registers) { return {Access::kList, std::popcount(registers)}; }

Instruction decode_16(std::uint16_t code) {
  const bool load = code & 0x0800;
  switch (code >> 12) {
    case 0x4:  // LDR of a literal, beside data processing
      return load ? load_or_store(true) : Instruction{};
    case 0x5:  // register offset: STR STRH STRB LDRSB LDR LDRH LDRB LDRSH
      return load_or_store((code >> 9 & 7) >= 3);
    case 0x6:
    case 0x7:
    case 0x8:
    case 0x9:  // immediate offset: words, bytes, halfwords, words of the stack
      return load_or_store(load);
    case 0xb:  // PUSH and POP, beside much else
      return (code & 0x0600) == 0x0400 ? list(code & 0x01ff) : Instruction{};
    case 0xc:
      return list(code & 0x00ff);
    default:
      return {};
  }
}

// 1110 100x: lists; pairs; exclusive loads and stores; TBB and TBH, which are branches.
Instruction decode_lists_and_pairs(std::uint16_t first, std::uint16_t second) {
  const bool load = first & 0x0010;
  if (!(first & 0x0040)) return list(second);
  if (first & 0x0120) return {Access::kPair, 0};
  const bool table_branch = (first & 0x0090) == 0x0090 && (second & 0x00e0) == 0;
  return table_branch ? Instruction{} : load_or_store(load);
}

// 1111 100x: one register. A byte or halfword to PC is a hint (PLD, PLI).
Instruction decode_single(std::uint16_t first, std::uint16_t second) {
  const bool load = first & 0x0010, word = first & 0x0040;
  const bool hint = load && !word && second >> 12 == kPc;
  return hint ? Instruction{} : load_or_store(load);
}

int cycles_of(Instruction instruction, bool after_access, const targets::CycleModel &model) {
  switch (instruction.access) {
    case Access::kLoad:
      return after_access ? model.next_load : model.load;
    case Access::kStore:
      return model.store;
    case Access::kPair:
      return model.pair;
    case Access::kList:
      return model.list + instruction.registers;
    case Access::kNone:
      break;
  }
  return 1;
}

}  // namespace

Instruction decode_thumb(std::uint16_t first, std::uint16_t second) {
  if (first < 0xe800) return decode_16(first);
  switch (first & 0xfe00) {
    case 0xe800:
      return decode_lists_and_pairs(first, second);
    case 0xf800:
      return decode_single(first, second);
    default:
      return {};
  }
}

void append(Block &block, Instruction instruction, int bytes, const targets::CycleModel &model) {
  if (block.instructions == 0) block.loads_first = instruction.access == Access::kLoad;
  block.cycles += cycles_of(instruction, block.accesses_last, model);
  ++block.instructions;
  block.end += static_cast<std::uint32_t>(bytes);
  block.accesses_last = instruction.access != Access::kNone;
}

void run_block(Counts &counts, const Block *last, const Block &block,
               const targets::CycleModel &model) {
  counts.instructions += block.instructions;
  counts.cycles += block.cycles;
  if (!last) return;
  if (last->end != block.begin) {
    counts.cycles += model.taken_branch - 1;
  } else if (last->accesses_last && block.loads_first) {
    counts.cycles += model.next_load - model.load;
  }
}

}  // namespace thimble::emulate

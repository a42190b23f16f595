// Cycles of Thumb code by a targets::CycleModel: what each instruction is, what a block of them
// takes, what a run through blocks does. No library is used: qemu_plugin/main.cpp, which QEMU
// loads, is made of this too.
#pragma once

#include <cstdint>

#include "targets/cycle_model.h"

namespace thimble::emulate {

enum class Access { kNone, kLoad, kStore, kPair, kList };

struct Instruction {
  Access access = Access::kNone;
  int registers = 0;  // of a list
};

// An instruction of ARMv6-M or ARMv7E-M from its halfwords; `second` counts where there is one.
// Without coprocessors: those of an FPU are none.
Instruction decode_thumb(std::uint16_t first, std::uint16_t second);

// Instructions at consecutive addresses, run from the first to the last.
struct Block {
  std::uint32_t begin = 0, end = 0;
  std::int64_t instructions = 0, cycles = 0;  // alone: as if nothing ran before
  bool loads_first = false, accesses_last = false;
};

// Behind the block's last.
void append(Block &block, Instruction instruction, int bytes, const targets::CycleModel &model);

struct Counts {
  std::int64_t instructions = 0, cycles = 0;
};

// What the plugin writes when the program comes to a mark, which are numbered in the order in which
// they were named.
struct CycleRecord {
  std::int64_t mark = 0;
  Counts counts;
};

// `last`: the block that ran before, or null. A block that does not begin where the last one ends
// was jumped to; a branch to the instruction behind it is taken for one that is not taken.
void run_block(Counts &counts, const Block *last, const Block &block,
               const targets::CycleModel &model);

}  // namespace thimble::emulate

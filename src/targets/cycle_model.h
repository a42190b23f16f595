// What an instruction takes on a core whose memories never wait, by what it does: data of a chip
// (targets.toml), by which an emulator's plugin counts (emulate/cycles.h).
#pragma once

namespace thimble::targets {

// Cycles; whatever is not named takes 1.
struct CycleModel {
  int load = 1;          // LDR of a word or less
  int next_load = 1;     // the same, the instruction before it being a load or store
  int store = 1;         // STR of a word or less
  int pair = 1;          // LDRD, STRD
  int list = 0;          // LDM, STM, POP, PUSH: this, and 1 a register
  int taken_branch = 1;  // of an instruction that is not followed by the one behind it; a load or
                         // list into PC: what it takes above, and what this is over 1
};

struct CycleModelField {
  const char *name;
  int CycleModel::*value;
};

inline constexpr CycleModelField kCycleModelFields[] = {
    {"load", &CycleModel::load},   {"next_load", &CycleModel::next_load},
    {"store", &CycleModel::store}, {"pair", &CycleModel::pair},
    {"list", &CycleModel::list},   {"taken_branch", &CycleModel::taken_branch},
};

}  // namespace thimble::targets

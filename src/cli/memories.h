// `--memory sram:2M,ext`: two memories, the first of a known size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plan/memories.h"
#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::cli {

struct MemoryPair {
  struct Memory {
    std::string name;
    std::optional<std::int64_t> bytes;
  };
  Memory fast, slow;  // fast.bytes is known
};

// "NAME:SIZE,NAME" or "NAME:SIZE,NAME:SIZE"; a size in bytes, or with K or M behind it.
Result<MemoryPair> parse_memories(const std::string &text);

Json to_json(const MemoryPair &pair, const plan::TwoMemories &memories);
std::string to_text(const MemoryPair &pair, const plan::TwoMemories &memories);
std::string layout_csv(const MemoryPair &pair, const plan::TwoMemories &memories);

// Planned at one byte an element.
plan::TwoMemories scaled(plan::TwoMemories memories, int element_bytes);

}  // namespace thimble::cli

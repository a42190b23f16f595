// Two memories, read from an option and said as text, JSON and CSV: see memories.h.
#include "cli/memories.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "report/numbers.h"

namespace thimble::cli {
namespace {

constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;

bool is_name(const std::string &text) {
  return !text.empty() && text.size() <= 32 && std::isalpha(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

std::optional<std::int64_t> size_of(std::string text) {
  std::int64_t unit = 1, count = 0;
  if (!text.empty() && text.back() == 'K') unit = 1 << 10;
  if (!text.empty() && text.back() == 'M') unit = 1 << 20;
  if (unit > 1) text.pop_back();
  const char *end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stop != end || count < 1 || count > kMostBytes / unit)
    return std::nullopt;
  return count * unit;
}

// "NAME" or "NAME:SIZE".
std::optional<MemoryPair::Memory> memory_of(const std::string &text) {
  const std::size_t colon = text.find(':');
  MemoryPair::Memory memory{text.substr(0, colon), std::nullopt};
  if (!is_name(memory.name)) return std::nullopt;
  if (colon == std::string::npos) return memory;
  memory.bytes = size_of(text.substr(colon + 1));
  if (!memory.bytes) return std::nullopt;
  return memory;
}

const std::string &name_of(const MemoryPair &pair, const plan::TwoMemories::Object &object) {
  return object.is_fast ? pair.fast.name : pair.slow.name;
}

bool is_proven(const plan::TwoMemories &memories) {
  return memories.slow_traffic.total() == memories.least_slow_traffic;
}

std::string used_text(const MemoryPair::Memory &memory, std::int64_t bytes) {
  const std::string of = memory.bytes ? " of " + report::grouped(*memory.bytes) : "";
  return fmt::format("{}: {}{} bytes\n", memory.name, report::grouped(bytes), of);
}

}  // namespace

Result<MemoryPair> parse_memories(const std::string &text) {
  const std::size_t comma = text.find(',');
  if (comma != std::string::npos) {
    const auto fast = memory_of(text.substr(0, comma)), slow = memory_of(text.substr(comma + 1));
    if (fast && slow && fast->bytes && fast->name != slow->name) return MemoryPair{*fast, *slow};
  }
  return usage_error("--memory '" + text.substr(0, 80) + "' does not name two memories", "",
                     "--memory sram:2M,ext: the fast one with its size (bytes, K or M), then the "
                     "other, with or without one");
}

Json to_json(const MemoryPair &pair, const plan::TwoMemories &memories) {
  const auto memory = [](const MemoryPair::Memory &of, std::int64_t bytes) {
    Json json = {{"name", of.name}, {"bytes", bytes}};
    if (of.bytes) json["capacity"] = *of.bytes;
    return json;
  };
  Json json = {{"memories",
                {memory(pair.fast, memories.fast_bytes), memory(pair.slow, memories.slow_bytes)}},
               {"traffic",
                {{"memory", pair.slow.name},
                 {"read", memories.slow_traffic.read},
                 {"written", memories.slow_traffic.written},
                 {"bytes", memories.slow_traffic.total()},
                 {"lower_bound", memories.least_slow_traffic},
                 {"proven", is_proven(memories)},
                 {"of", memories.traffic.total()}}},
               {"layer_by_layer", memories.layer_by_layer},
               {"seconds", memories.seconds},
               {"buffers", Json::array()}};
  for (const plan::TwoMemories::Object &object : memories.objects)
    json["buffers"].push_back({{"id", object.name},
                               {"memory", name_of(pair, object)},
                               {"offset", object.offset},
                               {"size", object.bytes},
                               {"read", object.traffic.read},
                               {"written", object.traffic.written}});
  return json;
}

std::string to_text(const MemoryPair &pair, const plan::TwoMemories &memories) {
  using report::grouped;
  std::string text = fmt::format("{:<8} {:>11} {:>11} {:>13} {:>13}  buffer\n", "memory", "offset",
                                 "bytes", "read", "written");
  for (const plan::TwoMemories::Object &object : memories.objects)
    text += fmt::format("{:<8} {:>11} {:>11} {:>13} {:>13}  {}\n", name_of(pair, object),
                        grouped(object.offset), grouped(object.bytes), grouped(object.traffic.read),
                        grouped(object.traffic.written), object.name);
  text += used_text(pair.fast, memories.fast_bytes) + used_text(pair.slow, memories.slow_bytes);
  const plan::Traffic &slow = memories.slow_traffic;
  return text + fmt::format(
                    "traffic to {}: {} bytes a run ({} read, {} written) of {} in all; {} "
                    "for this schedule{} ({:.3f} s)\n",
                    pair.slow.name, grouped(slow.total()), grouped(slow.read),
                    grouped(slow.written), grouped(memories.traffic.total()),
                    is_proven(memories) ? "proven least"
                                        : "at least " + grouped(memories.least_slow_traffic),
                    memories.layer_by_layer ? ", layer by layer" : "", memories.seconds);
}

std::string layout_csv(const MemoryPair &pair, const plan::TwoMemories &memories) {
  std::string text = "id,memory,offset,size\n";
  for (const plan::TwoMemories::Object &object : memories.objects)
    text += fmt::format("{},{},{},{}\n", object.name, name_of(pair, object), object.offset,
                        object.bytes);
  return text;
}

plan::TwoMemories scaled(plan::TwoMemories memories, int element_bytes) {
  const auto scale = [&](plan::Traffic &traffic) {
    traffic.read *= element_bytes;
    traffic.written *= element_bytes;
  };
  for (plan::TwoMemories::Object &object : memories.objects) {
    object.offset *= element_bytes;
    object.bytes *= element_bytes;
    scale(object.traffic);
  }
  scale(memories.traffic);
  scale(memories.slow_traffic);
  memories.fast_bytes *= element_bytes;
  memories.slow_bytes *= element_bytes;
  memories.least_slow_traffic *= element_bytes;
  return memories;
}

}  // namespace thimble::cli

// A function's depth is known once all its instructions have been met with the stack as deep as it
// can be there; where two ways meet, the deeper one counts. A jump out of a function is part of the
// walk, so what is called last is not called from within the frame.
#include "emulate/stack_depth.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>

#include "emulate/elf_file.h"
#include "emulate/stack_steps.h"

namespace thimble::emulate {
namespace {

constexpr std::uint32_t kLargeAvr = 6;       // of e_flags: more than 128 KB, longer addresses
constexpr std::int64_t kHopeless = 1 << 20;  // bytes: a loop that pushes
constexpr std::uint32_t kThumbBit = 1;
// A label in inline assembly that says how many bytes it takes from there on, with what it calls by
// itself: "thimble_pushes_4_17" 4.
constexpr std::string_view kPushes = "thimble_pushes_";

// Where the stack is at an instruction, in bytes above what it was at the function's first.
struct State {
  std::int64_t stack = 0;
  std::array<std::optional<std::int64_t>, kFrames> frames;
  std::map<std::int64_t, std::int64_t> pushed_frames;  // by where they lie
  int conditionals = 0;  // this and so many less one that follow may do nothing

  bool operator==(const State &) const = default;
};

// Of two ways that meet the deeper counts; what they do not agree on is not known.
bool deepen(State &known, const State &other) {
  const State before = known;
  known.stack = std::min(known.stack, other.stack);
  known.conditionals = std::max(known.conditionals, other.conditionals);
  for (int i = 0; i < kFrames; ++i)
    if (known.frames[i] != other.frames[i]) known.frames[i] = std::nullopt;
  std::erase_if(known.pushed_frames, [&](const auto &pushed) {
    const auto same = other.pushed_frames.find(pushed.first);
    return same == other.pushed_frames.end() || same->second != pushed.second;
  });
  return known != before;
}

// False where the stack pointer becomes what is not known.
bool apply(const StackStep &step, State &state) {
  std::optional<std::int64_t> &frame = state.frames[step.frame];
  switch (step.change) {
    case Change::kNone:
      break;
    case Change::kStack:
      state.stack += step.by;
      break;
    case Change::kFrame:
      if (frame) *frame += step.by;
      break;
    case Change::kFrameOfStack:
      frame = state.stack + step.by;
      break;
    case Change::kPushFrame:
      state.stack += step.by;
      state.pushed_frames.erase(state.stack);
      if (frame) state.pushed_frames[state.stack] = *frame;
      break;
    case Change::kPopFrame: {
      const auto pushed = state.pushed_frames.find(state.stack);
      frame = pushed == state.pushed_frames.end() ? std::nullopt : std::optional(pushed->second);
      state.stack += step.by;
      break;
    }
    case Change::kStackOfFrame:
      if (!frame) return false;
      state.stack = *frame + step.by;
      break;
  }
  return true;
}

// The ways through one function that have been found.
struct Ways {
  std::map<std::uint32_t, State> states;  // by an instruction's address
  std::vector<std::uint32_t> waiting;     // to be walked on from
  std::optional<State> anywhere;          // in the function a jump may go with that
  StackDepths depths;
  bool returns = false;

  void come(std::uint32_t address, const State &state) {
    const auto [at, is_new] = states.emplace(address, state);
    if (is_new || deepen(at->second, state)) waiting.push_back(address);
  }

  void reach(const State &state, std::int64_t more) { depths.insert(more - state.stack); }
};

class Program {
 public:
  explicit Program(const ElfFile &elf) : elf_(elf) {
    const bool avr = elf.header.e_machine == EM_AVR;
    step_ = avr ? avr_step : elf.header.e_machine == EM_ARM ? thumb_step : riscv_step;
    for (const ElfSymbol &symbol : elf.symbols) {
      if (!symbol.name.starts_with(kPushes)) continue;
      pushed_[symbol.address] = std::atoi(symbol.name.c_str() + kPushes.size());
      if (const ElfSymbol *function = function_at(symbol.address))
        calls_itself_.insert(function->name);
    }
    call_bytes_ = !avr ? 0 : (elf.header.e_flags & 0x7f) == kLargeAvr ? 3 : 2;
  }

  std::optional<StackDepths> depths(const std::string &function) {
    const ElfSymbol *symbol = find(function);
    if (!symbol) return StackDepths{0};
    const std::optional<Depth> &called = depth(symbol->address & ~kThumbBit);
    if (!called) return std::nullopt;
    StackDepths all;
    for (const std::int64_t bytes : called->depths) all.insert(bytes + call_bytes_);
    return all;
  }

  // Called through pointers, from `function` and those without assembly that does so.
  void set_callbacks(StackDepths depths, const std::string &function) {
    callbacks_ = std::move(depths);
    plain_call_ = {call_bytes_};
    calls_itself_.erase(function);
  }

 private:
  const StackDepths &called_at(std::uint32_t address) const {
    const ElfSymbol *function = function_at(address);
    return function && calls_itself_.contains(function->name) ? plain_call_ : callbacks_;
  }

  const ElfSymbol *find(const std::string &name) const {
    const auto found = std::find_if(
        elf_.symbols.begin(), elf_.symbols.end(),
        [&](const ElfSymbol &one) { return one.type == STT_FUNC && one.name == name; });
    return found == elf_.symbols.end() ? nullptr : &*found;
  }

  // The function that an address lies in.
  const ElfSymbol *function_at(std::uint32_t address) const {
    for (const ElfSymbol &one : elf_.symbols) {
      const std::uint32_t begin = one.address & ~kThumbBit;
      if (one.type == STT_FUNC && address >= begin && address - begin < one.size) return &one;
    }
    return nullptr;
  }

  std::optional<CodeAt> code_at(std::uint32_t address) const {
    for (const Elf32_Shdr &section : elf_.sections) {
      const bool inside = (section.sh_flags & SHF_EXECINSTR) && address >= section.sh_addr &&
                          address - section.sh_addr + 2 <= section.sh_size;
      if (!inside) continue;
      CodeAt code{};
      const std::uint64_t at = address - section.sh_addr;
      const std::uint64_t from = section.sh_offset + at;
      const auto count = std::min<std::uint64_t>(code.size(), section.sh_size - at);
      if (from + count > elf_.bytes.size()) return std::nullopt;
      std::copy_n(elf_.bytes.begin() + static_cast<std::ptrdiff_t>(from), count, code.begin());
      return code;
    }
    return std::nullopt;
  }

  // What a call of a function takes, without its return address.
  struct Depth {
    StackDepths depths;
    bool returns = false;
  };

  const std::optional<Depth> &depth(std::uint32_t entry) {
    if (const auto known = depths_.find(entry); known != depths_.end()) return known->second;
    depths_[entry] = std::nullopt;  // met again before it is known: calls in circles
    return depths_[entry] = walk(entry);
  }

  std::optional<Depth> walk(std::uint32_t entry) {
    Ways ways;
    ways.come(entry, {});
    do {
      while (!ways.waiting.empty()) {
        const std::uint32_t address = ways.waiting.back();
        ways.waiting.pop_back();
        if (!walk_on(ways, address)) return std::nullopt;
      }
      if (ways.anywhere) come_to_next_unknown(ways, entry);
    } while (!ways.waiting.empty());
    return Depth{std::move(ways.depths), ways.returns};
  }

  // To an instruction of the function that no other way has come to.
  void come_to_next_unknown(Ways &ways, std::uint32_t entry) const {
    const ElfSymbol *function = function_at(entry);
    if (!function) return;
    const std::uint32_t begin = function->address & ~kThumbBit;
    for (std::uint32_t at = begin; at < begin + function->size;) {
      if (!ways.states.contains(at)) return ways.come(at, *ways.anywhere);
      const auto code = code_at(at);
      if (!code) return;
      at += step_(at, *code).bytes;
    }
  }

  // By one instruction. False: no bound.
  bool walk_on(Ways &ways, std::uint32_t address) {
    const State before = ways.states.at(address);
    const auto code = code_at(address);
    if (!code) return false;
    const StackStep step = step_(address, *code);
    if (const auto pushed = pushed_.find(address); pushed != pushed_.end())
      ways.reach(before, pushed->second);
    State state = before;
    state.conditionals = std::max(before.conditionals - 1, step.conditionals);
    if (!apply(step, state) || state.stack < -kHopeless) return false;
    ways.reach(state, 0);
    const std::uint32_t following = address + step.bytes;
    if (before.conditionals > 0) {
      State skipped = before;
      --skipped.conditionals;
      ways.come(following, skipped);
    }
    switch (step.next) {
      case Next::kFollowing:
        ways.come(following, state);
        return true;
      case Next::kBranch:
      case Next::kSkip:
        ways.come(step.target, state);
        ways.come(following, state);
        return true;
      case Next::kJump:
        if (is_switch_helper(step.target)) return false;
        ways.come(step.target, state);
        return true;
      case Next::kCall: {
        if (is_switch_helper(step.target)) return false;
        const std::optional<Depth> &below = depth(step.target);
        if (!below) return false;
        for (const std::int64_t bytes : below->depths) ways.reach(state, call_bytes_ + bytes);
        if (below->returns) ways.come(following, state);
        return true;
      }
      case Next::kIndirectCall:
        for (const std::int64_t bytes : called_at(address)) ways.reach(state, bytes);
        ways.come(following, state);
        return true;
      case Next::kIndirectJump:
        ways.anywhere = ways.anywhere.value_or(state);
        deepen(*ways.anywhere, state);
        [[fallthrough]];
      case Next::kLastCall:
        for (const std::int64_t bytes : called_at(address)) ways.reach(state, bytes - call_bytes_);
        ways.returns = true;
        return true;
      case Next::kReturn:
        ways.returns = true;
        return true;
      case Next::kUnknown:
        return false;
    }
    return false;
  }

  // That goes on where a table behind its call says.
  bool is_switch_helper(std::uint32_t address) const {
    return std::any_of(elf_.symbols.begin(), elf_.symbols.end(), [&](const ElfSymbol &one) {
      return (one.address & ~kThumbBit) == address &&
             (one.name.starts_with("__gnu_thumb1_case") || one.name.starts_with("__tablejump"));
    });
  }

  const ElfFile &elf_;
  StackStep (*step_)(std::uint32_t, const CodeAt &) = nullptr;
  int call_bytes_ = 0;  // that a call pushes
  StackDepths callbacks_ = {0}, plain_call_;
  std::map<std::uint32_t, std::int64_t> pushed_;  // by where a label says so
  std::set<std::string> calls_itself_;            // functions with such labels
  std::map<std::uint32_t, std::optional<Depth>> depths_;
};

}  // namespace

Result<std::optional<StackDepths>> stack_depths(const std::filesystem::path &image,
                                                const std::string &function,
                                                const std::vector<std::string> &callbacks) {
  TRY(const ElfFile elf, read_elf(image));
  Program program(elf);
  StackDepths all;
  for (const std::string &callback : callbacks) {
    const auto below = program.depths(callback);
    if (!below) return below;
    all.insert(below->begin(), below->end());
  }
  program.set_callbacks(std::move(all), function);
  return program.depths(function);
}

std::int64_t depth_behind(const StackDepths &depths, std::int64_t written) {
  const auto least = depths.lower_bound(written);
  return least == depths.end() ? written : *least;
}

}  // namespace thimble::emulate

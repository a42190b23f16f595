// A function's depth is known once all its instructions have been met with the stack as deep as it
// can be there; where two ways meet, the deeper one counts. A jump out of a function is part of the
// walk, so what is called last is not called from within the frame.
//
// What every call takes is found behind it: of each way from the function's first instruction to
// its end the deepest, and of all ways the least.
#include "emulate/stack_depth.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <queue>
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
// itself: "thimble_pushes_4_17" 4; and one behind that assembly: "thimble_pushed_17".
constexpr std::string_view kPushes = "thimble_pushes_", kPushed = "thimble_pushed_";

// Where the stack is at an instruction, in bytes above what it was at the function's first.
struct State {
  std::int64_t stack = 0;
  std::array<std::optional<std::int64_t>, kFrames> frames;
  std::map<std::int64_t, std::int64_t> pushed_frames;  // by where they lie
  int conditionals = 0;  // this and so many less one that follow may do nothing

  bool operator==(const State &) const = default;
};

// Of two ways that meet the deeper counts; what they do not agree on is not known. Whether `known`
// changes.
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

// What an instruction takes whenever it is run, and where the program goes from it.
struct Passed {
  std::int64_t depth = 0;
  std::set<std::uint32_t> next;
  bool may_end = false;  // the function
};

// The ways through one function that have been found.
struct Ways {
  std::map<std::uint32_t, State> states;  // by an instruction's address
  std::map<std::uint32_t, Passed> passed;
  std::vector<std::uint32_t> waiting;  // to be walked on from
  std::optional<State> anywhere;       // in the function a jump may go with that
  StackDepths depths;
  bool returns = false;
  bool agree = true;  // all ways that meet, on how deep the stack is

  void come(std::uint32_t address, const State &state) {
    const auto [at, is_new] = states.emplace(address, state);
    agree &= at->second.stack == state.stack;
    if (is_new || deepen(at->second, state)) waiting.push_back(address);
  }

  void go(std::uint32_t from, std::uint32_t to, const State &state) {
    passed[from].next.insert(to);
    come(to, state);
  }

  void reach(const State &state, std::int64_t more) { depths.insert(more - state.stack); }

  // What no way from `entry` to the end stays below: the one that is least deep, taken on from
  // wherever the least depth leads.
  std::int64_t least(std::uint32_t entry) const {
    if (!agree || anywhere) return 0;
    std::set<std::uint32_t> known;
    std::priority_queue<std::pair<std::int64_t, std::uint32_t>> open;  // by less depth
    open.emplace(-passed.at(entry).depth, entry);
    while (!open.empty()) {
      const auto [less, address] = open.top();
      open.pop();
      if (!known.insert(address).second) continue;
      const Passed &here = passed.at(address);
      if (here.may_end) return -less;
      for (const std::uint32_t next : here.next)
        open.emplace(std::min(less, -passed.at(next).depth), next);
    }
    return 0;
  }
};

class Program {
 public:
  explicit Program(const ElfFile &elf) : elf_(elf) {
    const bool avr = elf.header.e_machine == EM_AVR;
    step_ = avr ? avr_step : elf.header.e_machine == EM_ARM ? thumb_step : riscv_step;
    for (const ElfSymbol &symbol : elf.symbols) {
      if (symbol.name.starts_with(kPushed)) assembly_.emplace(symbol.address, false);
      if (!symbol.name.starts_with(kPushes)) continue;
      pushed_[symbol.address] = std::atoi(symbol.name.c_str() + kPushes.size());
      assembly_[symbol.address] = true;
    }
    far_jumps_ = elf.header.e_machine == EM_ARM;
    call_bytes_ = !avr ? 0 : (elf.header.e_flags & 0x7f) == kLargeAvr ? 3 : 2;
  }

  std::optional<StackReach> reach(const std::string &function) {
    const ElfSymbol *symbol = find(function);
    if (!symbol) return StackReach{};
    const std::optional<Depth> &called = depth(symbol->address & ~kThumbBit);
    if (!called) return std::nullopt;
    StackReach reach{{}, called->least + call_bytes_};
    for (const std::int64_t bytes : called->depths) reach.depths.insert(bytes + call_bytes_);
    return reach;
  }

  // Called through pointers, but not by assembly.
  void set_callbacks(StackDepths depths) {
    callbacks_ = std::move(depths);
    plain_call_ = {call_bytes_};
  }

 private:
  const StackDepths &called_at(std::uint32_t address) const {
    const auto behind = assembly_.upper_bound(address);
    return behind != assembly_.begin() && std::prev(behind)->second ? plain_call_ : callbacks_;
  }

  // Thumb-1 has no other jump of more than 2 KB than a call, whose return address is not used.
  bool is_far_jump(std::uint32_t from, std::uint32_t to) const {
    const ElfSymbol *function = far_jumps_ ? function_at(from) : nullptr;
    return function && function == function_at(to) && to != (function->address & ~kThumbBit);
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
    std::int64_t least = 0;
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
    return Depth{std::move(ways.depths), ways.least(entry), ways.returns};
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
    Passed &passed = ways.passed[address];
    const bool conditional = before.conditionals > 0;
    passed.depth = conditional ? -before.stack : std::max(-before.stack, -state.stack);
    const std::uint32_t following = address + step.bytes;
    if (conditional) {
      State skipped = before;
      --skipped.conditionals;
      ways.go(address, following, skipped);
    }
    switch (step.next) {
      case Next::kFollowing:
        ways.go(address, following, state);
        return true;
      case Next::kBranch:
      case Next::kSkip:
        ways.go(address, step.target, state);
        ways.go(address, following, state);
        return true;
      case Next::kJump:
        if (is_switch_helper(step.target)) return false;
        ways.go(address, step.target, state);
        return true;
      case Next::kCall: {
        if (is_switch_helper(step.target)) return false;
        if (is_far_jump(address, step.target)) {
          ways.go(address, step.target, state);
          return true;
        }
        const std::optional<Depth> &below = depth(step.target);
        if (!below) return false;
        for (const std::int64_t bytes : below->depths) ways.reach(state, call_bytes_ + bytes);
        if (!conditional)
          passed.depth = std::max(passed.depth, call_bytes_ + below->least - state.stack);
        passed.may_end = !below->returns;
        if (below->returns) ways.go(address, following, state);
        return true;
      }
      case Next::kIndirectCall:
        for (const std::int64_t bytes : called_at(address)) ways.reach(state, bytes);
        ways.go(address, following, state);
        return true;
      case Next::kIndirectJump:
        ways.anywhere = ways.anywhere.value_or(state);
        deepen(*ways.anywhere, state);
        [[fallthrough]];
      case Next::kLastCall:
        for (const std::int64_t bytes : called_at(address)) ways.reach(state, bytes - call_bytes_);
        [[fallthrough]];
      case Next::kReturn:
        ways.returns = passed.may_end = true;
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
  bool far_jumps_ = false;
  StackDepths callbacks_ = {0}, plain_call_;
  std::map<std::uint32_t, std::int64_t> pushed_;  // by where a label says so
  std::map<std::uint32_t, bool> assembly_;        // with such labels: where it begins or has ended
  std::map<std::uint32_t, std::optional<Depth>> depths_;
};

}  // namespace

Result<std::optional<StackReach>> stack_reach(const std::filesystem::path &image,
                                              const std::string &function,
                                              const std::vector<std::string> &callbacks) {
  TRY(const ElfFile elf, read_elf(image));
  Program program(elf);
  StackDepths all;
  for (const std::string &callback : callbacks) {
    const auto below = program.reach(callback);
    if (!below) return below;
    all.insert(below->depths.begin(), below->depths.end());
  }
  program.set_callbacks(std::move(all));
  return program.reach(function);
}

std::int64_t depth_behind(const StackReach &reach, std::int64_t written) {
  const auto least = reach.depths.lower_bound(written);
  return std::max(reach.least, least == reach.depths.end() ? written : *least);
}

}  // namespace thimble::emulate

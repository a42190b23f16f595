// libunicorn calls at the beginning of each block, the only place where it can be stopped without a
// trace: stopped in the middle, a block would begin anew. So time is exact to a block.
#include "emulate/riscv_core.h"

#ifdef THIMBLE_WITH_UNICORN

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include "emulate/rv32ec.h"
#include "support/check.h"

namespace thimble::emulate {
namespace {

constexpr std::uint32_t kMachineEnable = 1u << 3,
                        kMachineBefore = 1u << 7;  // bits of mstatus: MIE, MPIE
constexpr std::uint32_t kNowhere = 0xFFFFFFFE;     // an address that no program reaches

void must(uc_err error, const char *what) {
  CHECK(error == UC_ERR_OK, std::string("libunicorn: ") + what + ": " + uc_strerror(error));
}

}  // namespace

struct RiscvCallbacks {
  static void block(uc_engine *, std::uint64_t address, std::uint32_t bytes, void *core) {
    static_cast<RiscvCore *>(core)->begin_block(static_cast<std::uint32_t>(address), bytes);
  }
  static void trap_vector(uc_engine *, std::uint64_t address, std::uint32_t, void *param) {
    auto &core = *static_cast<RiscvCore *>(param);
    const std::uint32_t instruction = core.instruction_at(address - core.code_address_);
    core.trap_vector_ = core.get(UC_RISCV_REG_X0 + static_cast<int>(instruction >> 15 & 31));
  }
  static void interrupt_return(uc_engine *engine, std::uint64_t, std::uint32_t, void *param) {
    static_cast<RiscvCore *>(param)->at_return_ = true;
    uc_emu_stop(engine);
  }
  static std::uint64_t read(uc_engine *, std::uint64_t offset, unsigned bytes, void *param) {
    const auto &range = *static_cast<RiscvCore::Registers *>(param);
    return range.read(range.address + static_cast<std::uint32_t>(offset), static_cast<int>(bytes));
  }
  static void write(uc_engine *, std::uint64_t offset, unsigned bytes, std::uint64_t value,
                    void *param) {
    const auto &range = *static_cast<RiscvCore::Registers *>(param);
    range.write(range.address + static_cast<std::uint32_t>(offset), static_cast<int>(bytes),
                static_cast<std::uint32_t>(value));
  }
};

Result<std::unique_ptr<RiscvCore>> RiscvCore::make() {
  std::unique_ptr<RiscvCore> core(new RiscvCore);
  must(uc_open(UC_ARCH_RISCV, UC_MODE_RISCV32, &core->engine_), "uc_open");
  uc_hook hook;
  must(uc_hook_add(core->engine_, &hook, UC_HOOK_BLOCK,
                   reinterpret_cast<void *>(&RiscvCallbacks::block), core.get(), 1, 0),
       "uc_hook_add");
  return core;
}

RiscvCore::~RiscvCore() {
  if (engine_) uc_close(engine_);
}

void RiscvCore::map_memory(std::uint32_t address, std::span<std::uint8_t> bytes, bool writable) {
  const std::uint32_t rights = UC_PROT_READ | UC_PROT_EXEC | (writable ? UC_PROT_WRITE : 0);
  must(uc_mem_map_ptr(engine_, address, bytes.size(), rights, bytes.data()), "uc_mem_map_ptr");
}

void RiscvCore::set_code(std::uint32_t address, std::span<const std::uint8_t> code) {
  code_address_ = address;
  code_ = code;
  blocks_.assign(code.size() / 2, {});
  for (std::size_t at = 0; at < code.size(); at += 2) watch(at);
}

std::uint32_t RiscvCore::instruction_at(std::size_t offset) const {
  std::uint32_t instruction = 0;
  for (std::size_t i = 0; i < 4 && offset + i < code_.size(); ++i)
    instruction |= static_cast<std::uint32_t>(code_[offset + i]) << 8 * i;
  return instruction;
}

// Two instructions are not left to libunicorn. `csrw mtvec`: it drops values whose mode bits it
// does not know, those of QingKe cores among them. `mret`: it goes to user mode and back, and each
// time forgets all it knows of memory. Data that look like one do no harm.
void RiscvCore::watch(std::size_t offset) {
  const std::uint32_t instruction = instruction_at(offset);
  const auto callback = (instruction & 0xFFF07FFF) == 0x30501073 ? RiscvCallbacks::trap_vector
                        : instruction == kReturn                 ? RiscvCallbacks::interrupt_return
                                                                 : nullptr;
  if (!callback) return;
  const std::uint32_t address = code_address_ + static_cast<std::uint32_t>(offset);
  uc_hook hook;
  must(uc_hook_add(engine_, &hook, UC_HOOK_CODE, reinterpret_cast<void *>(callback), this, address,
                   address),
       "uc_hook_add");
}

void RiscvCore::map_registers(std::uint32_t address, std::uint32_t bytes, Read read, Write write) {
  registers_.push_back(
      std::make_unique<Registers>(Registers{this, address, std::move(read), std::move(write)}));
  void *const range = registers_.back().get();
  must(uc_mmio_map(engine_, address, bytes, RiscvCallbacks::read, range, RiscvCallbacks::write,
                   range),
       "uc_mmio_map");
}

// Counts a block's instructions, and looks at them: once, as code does not change.
RiscvCore::Block RiscvCore::measured(std::uint32_t address, std::uint32_t bytes) {
  const std::uint64_t from = address - code_address_;
  if (address < code_address_ || from + bytes > code_.size()) {
    fault_ = fmt::format("it left its code for {:#x}", address);
    return {};
  }
  Block &block = blocks_[from / 2];
  if (block.bytes == bytes) return block;
  block = {bytes, 0};
  for (std::uint64_t at = from; at < from + bytes;) {
    const std::uint32_t instruction = instruction_at(at);
    if (!is_rv32ec(instruction)) {
      fault_ = fmt::format("its instruction at {:#x}, {:08x}, is none of RV32EC's",
                           code_address_ + at, instruction);
      return {};
    }
    ++block.instructions;
    if (instruction == kWaitForInterrupt) break;
    at += instruction_bytes(instruction);
  }
  return block;
}

void RiscvCore::begin_block(std::uint32_t address, std::uint32_t bytes) {
  stopped_ = stop_ || instructions_ >= limit_ || (interrupt_pending_ && interrupts_enabled());
  if (!stopped_) {
    const Block block = measured(address, bytes);
    if (fault_.empty()) {
      instructions_ += block.instructions;
      return;
    }
  }
  stopped_at_ = address;
  uc_emu_stop(engine_);
}

RiscvCore::Stop RiscvCore::run(std::uint64_t instructions) {
  limit_ = instructions_ + instructions;
  stop_ = stopped_ = false;
  do {
    at_return_ = false;
    run_to_stop();
    if (at_return_) leave_interrupt();
  } while (at_return_ && fault_.empty());
  if (!fault_.empty()) return Stop::kFault;
  if (!stopped_) return Stop::kSleep;
  set_pc(stopped_at_);  // libunicorn's is that of the last block that it has looked up
  return interrupt_pending_ && interrupts_enabled() ? Stop::kInterrupt : Stop::kAsked;
}

void RiscvCore::run_to_stop() {
  const uc_err error = uc_emu_start(engine_, pc(), kNowhere, 0, 0);
  if (fault_.empty() && error != UC_ERR_OK) {
    fault_ = fmt::format("{} near {:#x}", uc_strerror(error), pc());
  }
}

std::uint32_t RiscvCore::get(int which) const {
  std::uint32_t value = 0;
  must(uc_reg_read(engine_, which, &value), "uc_reg_read");
  return value;
}

void RiscvCore::set(int which, std::uint32_t value) {
  must(uc_reg_write(engine_, which, &value), "uc_reg_write");
}

std::uint32_t RiscvCore::pc() const { return get(UC_RISCV_REG_PC); }
void RiscvCore::set_pc(std::uint32_t address) { set(UC_RISCV_REG_PC, address); }
bool RiscvCore::interrupts_enabled() const {
  return (get(UC_RISCV_REG_MSTATUS) & kMachineEnable) != 0;
}

void RiscvCore::enter_interrupt(std::uint32_t handler, std::uint32_t cause) {
  const std::uint32_t status = get(UC_RISCV_REG_MSTATUS);
  const std::uint32_t before = status & kMachineEnable ? kMachineBefore : 0;
  set(UC_RISCV_REG_MSTATUS, (status & ~(kMachineEnable | kMachineBefore)) | before);
  set(UC_RISCV_REG_MEPC, pc());
  set(UC_RISCV_REG_MCAUSE, 1u << 31 | cause);
  set_pc(handler);
}

void RiscvCore::leave_interrupt() {
  const std::uint32_t status = get(UC_RISCV_REG_MSTATUS);
  const std::uint32_t enable = status & kMachineBefore ? kMachineEnable : 0;
  set(UC_RISCV_REG_MSTATUS, (status & ~kMachineEnable) | kMachineBefore | enable);
  set_pc(get(UC_RISCV_REG_MEPC));
}

}  // namespace thimble::emulate

#else

namespace thimble::emulate {

Result<std::unique_ptr<RiscvCore>> RiscvCore::make() {
  return missing_tool_error(
      "this program was built without libunicorn", "it runs the boards of RISC-V chips",
      "apt-get install libunicorn-dev, then configure with -DTHIMBLE_BOARD=ON");
}
RiscvCore::~RiscvCore() = default;
void RiscvCore::map_memory(std::uint32_t, std::span<std::uint8_t>, bool) {}
void RiscvCore::set_code(std::uint32_t, std::span<const std::uint8_t>) {}
void RiscvCore::map_registers(std::uint32_t, std::uint32_t, Read, Write) {}
RiscvCore::Stop RiscvCore::run(std::uint64_t) { return Stop::kFault; }
std::uint32_t RiscvCore::pc() const { return 0; }
void RiscvCore::set_pc(std::uint32_t) {}
bool RiscvCore::interrupts_enabled() const { return false; }
void RiscvCore::enter_interrupt(std::uint32_t, std::uint32_t) {}

}  // namespace thimble::emulate

#endif

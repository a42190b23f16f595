// A RISC-V core of kind RV32EC in machine mode, executed by libunicorn: it runs programs in memory
// that is the caller's, asks the caller at registers of peripherals, counts instructions, and stops
// where the caller has to act. Clocks, interrupt controllers and everything else that makes a chip
// of a core are the caller's (ch32v003/).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "support/diagnostic.h"

struct uc_struct;

namespace thimble::emulate {

class RiscvCore {
 public:
  // Errors (kMissingTool): this program was built without libunicorn.
  static Result<std::unique_ptr<RiscvCore>> make();
  ~RiscvCore();
  RiscvCore(const RiscvCore &) = delete;
  RiscvCore &operator=(const RiscvCore &) = delete;

  // Whole pages of 4 KB. `code` must cover every instruction executed, and be mapped as memory too.
  void map_memory(std::uint32_t address, std::span<std::uint8_t> bytes, bool writable);
  void set_code(std::uint32_t address, std::span<const std::uint8_t> code);
  using Read = std::function<std::uint32_t(std::uint32_t address, int bytes)>;
  using Write = std::function<void(std::uint32_t address, int bytes, std::uint32_t value)>;
  void map_registers(std::uint32_t address, std::uint32_t bytes, Read read, Write write);

  enum class Stop {
    kAsked,      // enough instructions, or stop()
    kInterrupt,  // one is pending and the program lets it in
    kSleep,      // a `wfi` has been executed
    kFault       // see fault()
  };
  // Until the end of the block (a run of instructions up to a jump) in which `instructions` more
  // have been executed, or earlier.
  Stop run(std::uint64_t instructions);
  // From a register's Read or Write: at the end of this block.
  void stop() { stop_ = true; }
  void set_interrupt_pending(bool pending) { interrupt_pending_ = pending; }

  std::uint64_t instructions() const { return instructions_; }  // executed since power-up
  const std::string &fault() const { return fault_; }           // in words, or empty

  std::uint32_t pc() const;
  void set_pc(std::uint32_t address);
  bool interrupts_enabled() const;                            // mstatus.MIE
  std::uint32_t trap_vector() const { return trap_vector_; }  // mtvec, with its mode bits
  // As the core enters interrupts, without its hardware's saving of registers: mepc, mcause and
  // mstatus are set, then the program goes on at `handler`.
  void enter_interrupt(std::uint32_t handler, std::uint32_t cause);

 private:
  RiscvCore() = default;
  struct Block {
    std::uint32_t bytes = 0;
    std::uint32_t instructions = 0;  // up to a `wfi`
  };
  struct Registers {
    RiscvCore *core;
    std::uint32_t address;
    Read read;
    Write write;
  };
  friend struct RiscvCallbacks;
  void begin_block(std::uint32_t address, std::uint32_t bytes);
  Block measured(std::uint32_t address, std::uint32_t bytes);
  std::uint32_t instruction_at(std::size_t offset) const;
  void watch(std::size_t offset);
  void run_to_stop();
  void leave_interrupt();
  std::uint32_t get(int which) const;
  void set(int which, std::uint32_t value);

  uc_struct *engine_ = nullptr;
  std::span<const std::uint8_t> code_;
  std::uint32_t code_address_ = 0;
  std::vector<Block> blocks_;  // by halfword of the code
  std::vector<std::unique_ptr<Registers>> registers_;
  std::uint64_t instructions_ = 0, limit_ = 0;
  std::uint32_t trap_vector_ = 0, stopped_at_ = 0;
  bool stop_ = false, stopped_ = false, at_return_ = false, interrupt_pending_ = false;
  std::string fault_;
};

}  // namespace thimble::emulate

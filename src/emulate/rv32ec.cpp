// Encodings as in the RISC-V manual, volume I: "RV32/64G Instruction Set Listings" and "RVC".
#include "emulate/rv32ec.h"

namespace thimble::emulate {
namespace {

constexpr std::uint32_t kCall = 0x00000073, kBreak = 0x00100073;

std::uint32_t bits(std::uint32_t word, int first, int count) {
  return word >> first & ((1u << count) - 1);
}

// The top bit of a register's number: only x0 to x15 are there.
bool low_register(std::uint32_t word, int at) { return bits(word, at + 4, 1) == 0; }
bool low_rd(std::uint32_t word) { return low_register(word, 7); }
bool low_rs1(std::uint32_t word) { return low_register(word, 15); }
bool low_rs2(std::uint32_t word) { return low_register(word, 20); }

bool is_full(std::uint32_t word) {
  const std::uint32_t kind = bits(word, 12, 3), top = bits(word, 25, 7);
  switch (bits(word, 0, 7)) {
    case 0x37:  // LUI
    case 0x17:  // AUIPC
    case 0x6F:  // JAL
      return low_rd(word);
    case 0x67:  // JALR
      return kind == 0 && low_rd(word) && low_rs1(word);
    case 0x63:  // branches
      return kind != 2 && kind != 3 && low_rs1(word) && low_rs2(word);
    case 0x03:  // loads
      return kind != 3 && kind < 6 && low_rd(word) && low_rs1(word);
    case 0x23:  // stores
      return kind < 3 && low_rs1(word) && low_rs2(word);
    case 0x13: {  // with an immediate
      const bool shift_fits = kind == 1 ? top == 0 : kind == 5 ? (top & ~0x20u) == 0 : true;
      return shift_fits && low_rd(word) && low_rs1(word);
    }
    case 0x33:  // with two registers; top == 1: multiplications
      return (top == 0 || (top == 0x20 && (kind == 0 || kind == 5))) && low_rd(word) &&
             low_rs1(word) && low_rs2(word);
    case 0x0F:  // FENCE, FENCE.I
      return kind < 2;
    case 0x73:
      if (kind == 0) {
        return word == kReturn || word == kWaitForInterrupt || word == kCall || word == kBreak;
      }
      return kind != 4 && low_rd(word) && (kind > 4 || low_rs1(word));
    default:
      return false;
  }
}

bool is_compressed(std::uint32_t half) {
  const std::uint32_t kind = bits(half, 13, 3);
  const bool low = low_register(half, 7);
  switch (bits(half, 0, 2)) {
    case 0:  // C.ADDI4SPN, C.LW, C.SW
      return (kind == 0 && bits(half, 5, 8) != 0) || kind == 2 || kind == 6;
    case 1:
      if (kind == 0 || kind == 2 || kind == 3) return low;  // C.ADDI, C.LI, C.LUI
      if (kind == 4) {                                      // C.SRLI ... C.AND
        return bits(half, 10, 2) == 2 || bits(half, 12, 1) == 0;
      }
      return true;  // jumps
    default:
      if (kind == 0) return low && bits(half, 12, 1) == 0;                   // C.SLLI
      if (kind == 2) return low && bits(half, 7, 5) != 0;                    // C.LWSP
      if (kind == 4) return low && low_register(half, 2) && half != 0x8002;  // C.JR ... C.ADD
      return kind == 6 && low_register(half, 2);                             // C.SWSP
  }
}

}  // namespace

int instruction_bytes(std::uint32_t instruction) { return (instruction & 3) == 3 ? 4 : 2; }

bool is_rv32ec(std::uint32_t instruction) {
  return instruction_bytes(instruction) == 4 ? is_full(instruction)
                                             : is_compressed(instruction & 0xFFFF);
}

}  // namespace thimble::emulate

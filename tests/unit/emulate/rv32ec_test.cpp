// Which instructions a core of kind RV32EC has. Encodings are those of the GNU assembler.
#include "emulate/rv32ec.h"

#include <gtest/gtest.h>

namespace thimble::emulate {
namespace {

TEST(Rv32ec, HasTheBaseAndItsCompressedForms) {
  for (const std::uint32_t instruction : {
           0x00158593u,  // addi a1, a1, 1
           0x40b50533u,  // sub a0, a0, a1
           0x40155513u,  // srai a0, a0, 1
           0xfe061ce3u,  // bnez a2, -8
           0x00072783u,  // lw a5, 0(a4)
           0x00f71023u,  // sh a5, 0(a4)
           0x30046073u,  // csrsi mstatus, 8
           0x30200073u,  // mret
           0x10500073u,  // wfi
           0x1141u,      // c.addi sp, -16
           0xc422u,      // c.swsp s0, 8(sp)
           0x4702u,      // c.lwsp a4, 0(sp)
           0x842au,      // c.mv s0, a0
           0x8082u,      // c.jr ra
           0x8d75u,      // c.and a0, a3
       }) {
    EXPECT_TRUE(is_rv32ec(instruction)) << std::hex << instruction;
  }
}

TEST(Rv32ec, HasNoMultiplicationNorDivision) {
  EXPECT_FALSE(is_rv32ec(0x02b50533));  // mul a0, a0, a1
  EXPECT_FALSE(is_rv32ec(0x02b55533));  // divu a0, a0, a1
}

TEST(Rv32ec, HasSixteenRegisters) {
  EXPECT_FALSE(is_rv32ec(0x00158813));  // addi a6, a1, 1
  EXPECT_FALSE(is_rv32ec(0x00180513));  // addi a0, a6, 1
  EXPECT_FALSE(is_rv32ec(0x01050533));  // add a0, a0, a6
  EXPECT_FALSE(is_rv32ec(0x0805));      // c.addi a6, 1
  EXPECT_FALSE(is_rv32ec(0x884a));      // c.mv a6, s2
  EXPECT_FALSE(is_rv32ec(0x8542));      // c.mv a0, a6
  EXPECT_FALSE(is_rv32ec(0xc042));      // c.swsp a6, 0(sp)
}

TEST(Rv32ec, HasNothingOf64BitsNorFloats) {
  EXPECT_FALSE(is_rv32ec(0x0005b503));  // ld a0, 0(a1)
  EXPECT_FALSE(is_rv32ec(0x02051513));  // slli a0, a0, 32
  EXPECT_FALSE(is_rv32ec(0x00b57553));  // fadd.s fa0, fa0, fa1
  EXPECT_FALSE(is_rv32ec(0x6188));      // c.ld a0, 0(a1): c.flw here
  EXPECT_FALSE(is_rv32ec(0x0000));      // what erased RAM holds
}

TEST(Rv32ec, TheFirstHalfwordSaysHowLongAnInstructionIs) {
  EXPECT_EQ(instruction_bytes(0x8082), 2);
  EXPECT_EQ(instruction_bytes(0x00158593), 4);
}

}  // namespace
}  // namespace thimble::emulate

// Arguments in flash: where a function has many calls that differ in many numbers, a call names a
// struct of them instead of passing each. A number takes its own one or two bytes there, and six
// bytes of instructions as an argument.
//
//     struct conv2d_i8_call { uint8_t kernel_w; uint16_t out_pitch; int8_t *out; ... };
//     static const struct conv2d_i8_call conv1_call = {.kernel_w = 3, ...};
//     static void conv2d_i8(const struct conv2d_i8_call *call, int y) {
//       int8_t *out = call->out + y * call->out_pitch;
//       for (int kx = 0; kx < call->kernel_w; ++kx) ...
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "codegen/bind.h"
#include "ctext/c_writer.h"
#include "ctext/identifiers.h"

namespace thimble::codegen {

struct Told {
  struct Field {
    std::string type, name;
    int bytes = 4;
    std::vector<std::string> values;  // by call
  };
  std::vector<Field> fields;                  // as they lie
  std::map<std::string, std::string> values;  // parameter -> what it is in the function
  std::vector<std::string> names;             // of the structs, by call
  std::int64_t bytes() const;                 // of all structs, on targets with 4-byte pointers
};

// No fields: as arguments they are less. `baked`: parameters that all calls agree on.
Told tell(const KernelText &kernel, const std::vector<const KernelCall *> &calls,
          const std::map<std::string, std::string> &baked, ctext::Names &names);

// The struct's type and the structs, before the function `name`.
void print_told(ctext::CWriter &writer, const std::string &name, const Told &told);

// The kernel with fields in the place of parameters that it only reads: as `const` lines they are
// copied first, to registers or the stack, which takes less time, and more code and RAM.
KernelText reading_fields(KernelText kernel, const Told &told);

// "const struct conv2d_i8_call *call", the function's first parameter.
std::string told_parameter(const std::string &name);

}  // namespace thimble::codegen

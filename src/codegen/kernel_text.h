// A kernel file as text: taken apart, and printed again with sizes baked in. The body never
// changes: a parameter that is baked moves from the argument list to a `const` line at the body's
// head.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ctext/c_writer.h"
#include "ops/operator.h"

namespace thimble::codegen {

struct KernelParameter {
  std::string type;  // "int", "const int8_t *"
  std::string name;
  bool operator==(const KernelParameter &) const = default;
};

struct KernelText {
  std::string return_type;
  std::string name;
  std::vector<KernelParameter> parameters;
  std::string comment;                       // above the function; without "//" and `specialise`
  std::string body;                          // lines between the outer braces, two columns in
  std::vector<std::string> specialise;       // parameters whose values get functions of their own
  std::vector<std::string> kernel_includes;  // "dot_i8": functions that must be printed before
  std::vector<std::string> system_includes;  // "<math.h>"
};

// CHECKs the form that kernels/README.md asks for.
KernelText parse_kernel(std::string_view text);
// The file of that name in kernels/, without ".c"; null if there is none. "copy_f32" and "copy_i8"
// are the one file "copy.c" for either type of elements; "conv2d_w4" and "conv2d_w1" are
// "conv2d_packed.c" for either code of weights. `inner_loops`: the target's word; a file whose name
// has that in the end is preferred. "conv2d_i8_line" is "conv2d_i8" with its sums rescaled on a
// line (ops/rescaled_kernel.h), by outputs_i8_line in the place of outputs_i8: `shift` is one
// number, there are no limits; "conv2d_i8_doubled" likewise, by outputs_i8_doubled; either with
// "_tensor" behind it, for tables that hold for all outputs. Null where the kernel has no
// outputs_i8.
const KernelText *find_kernel(const std::string &name, const std::string &inner_loops = {});
// The file that an operator's kernel names, with its expression in the place of THIMBLE_FUNCTION
// and with the reals and sizes that only the expression uses as parameters.
const KernelText *find_kernel(const ops::Kernel &kernel, const std::string &inner_loops = {});

// `baked`: parameter name -> C expression. `name` is the printed function's. `stays_function`:
// it is not to be inlined. `first_parameter`: one that the kernel itself does not have.
void print_kernel(ctext::CWriter &writer, const KernelText &kernel, const std::string &name,
                  const std::map<std::string, std::string> &baked, bool stays_function = false,
                  const std::string &first_parameter = {});

}  // namespace thimble::codegen

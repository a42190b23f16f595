// The kernels that the generated C contains: one function a kernel and set of `specialise` values
// (or one a kernel, where sets are many and code is to be little), with every parameter baked that
// all its calls agree on.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "codegen/bind.h"
#include "codegen/told.h"
#include "ctext/c_writer.h"
#include "ctext/identifiers.h"
#include "targets/target.h"

namespace thimble::codegen {

class Functions {
 public:
  // `inner_loops`: as find_kernel takes it.
  Functions(std::string inner_loops, const targets::Level &level)
      : inner_loops_(std::move(inner_loops)), level_(level) {}
  int add(KernelCall call);          // the call's number
  void settle(ctext::Names &names);  // after the last `add`: decides functions, names and baking
  std::string name(int call) const;  // of the function that the call is to
  std::vector<std::string> arguments(int call) const;  // those not baked
  // Whether the function of a kernel that makes `node` makes others too.
  bool is_shared(const std::string &kernel, const std::string &node) const;

  // Helpers, then functions, each once. `requant` picks thimble_requant.
  void print(ctext::CWriter &writer, targets::Requant requant) const;
  std::set<std::string> system_includes() const;  // "<math.h>"
  std::int64_t told_bytes() const;                // of arguments in flash

 private:
  struct Function {
    const KernelText *kernel = nullptr;
    std::string name;
    std::vector<int> calls;
    std::map<std::string, std::string> baked;
    Told told;
  };
  void bake(Function &function) const;
  bool makes_pixels(const Function &function) const;
  std::set<std::string> shared_kernels() const;

  std::string inner_loops_;
  targets::Level level_;
  std::vector<KernelCall> calls_;
  std::vector<Function> functions_;
  std::vector<int> function_of_;  // by call
};

}  // namespace thimble::codegen

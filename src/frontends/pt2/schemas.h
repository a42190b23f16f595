// The parameters of ATen operators: which are tensors, in which order, and what the others are when
// a file leaves them out (torch.export writes no argument that equals its default).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ops/foreign.h"

namespace thimble::frontends::pt2 {

struct Parameter {
  enum class Kind { kTensor, kTensorList, kAttribute } kind = Kind::kAttribute;
  std::string name;
  ops::ForeignAttribute otherwise;  // ForeignNone: required, or None by default
};

using Schema = std::vector<Parameter>;

// `op` with its overload: "conv2d.default", "relu_.default". Null: not listed; its arguments are
// taken as the file has them.
const Schema *find_schema(std::string_view op);

}  // namespace thimble::frontends::pt2

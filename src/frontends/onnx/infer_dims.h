// Dimensions of what an ONNX node makes, as far as shape arithmetic in exported files asks for
// them.
#pragma once

#include <optional>
#include <vector>

#include "frontends/limits.h"
#include "ops/foreign.h"

namespace thimble::frontends::onnx {

// Of the first output; `dims` and `constants` by input position, null where not known. None: an
// operator not listed, or inputs that do not fit (whoever imports the node will say so).
std::optional<Dims> infer_dims(const ops::ForeignNode &node, const std::vector<const Dims *> &dims,
                               const std::vector<const ops::ForeignTensor *> &constants);

}  // namespace thimble::frontends::onnx

// The part of the harness that knows one network: C text that binds its header (names as in
// codegen/README.md) to harness.h.
#pragma once

#include <string>

#include "codegen/emit.h"

namespace thimble::emulate {

// network.c: loads, runs and stores through the network's API.
std::string print_network(const codegen::Emitted &emitted);
// A stand-in for NAME.c that does nothing: linked with the same harness it is the empty program,
// from which the network's bill is counted.
std::string print_empty_network(const codegen::Emitted &emitted);

}  // namespace thimble::emulate

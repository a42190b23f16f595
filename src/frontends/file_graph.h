// What a reader of one format gives: the graph as the file has it, sorted but not folded, and what
// the file says about shapes on the way.
#pragma once

#include <map>
#include <string>

#include "frontends/limits.h"
#include "ops/foreign.h"

namespace thimble::frontends {

using KnownDims =
    std::map<std::string, Dims>;  // by value name; only where every dimension is known

struct FileGraph {
  ops::ForeignGraph graph;
  KnownDims dims;  // hints; none for values that the graph computes is fine
};

}  // namespace thimble::frontends

// A list of integers as a C expression of its index: which rows a window starts at, and the like.
#pragma once

#include <string>
#include <vector>

namespace thimble::codegen {

// value[i] for i in [0, size) as C of `index`: "0", "y", "2 * y - 1", "y / 2", with a clamp at the
// ends where one is needed ("y < 1 ? 0 : y - 1"). Never empty: what fits no such form is spelled as
// a chain of conditions. All values fit `int`.
std::string sequence_expression(const std::vector<int> &values, const std::string &index);

}  // namespace thimble::codegen

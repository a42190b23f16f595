// A list of integers as a C expression of its index: which rows a window starts at, and the like.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace thimble::codegen {

// value[i] for i in [0, size) as C of `index`: "0", "y", "2 * y - 1", "y / 2", with a clamp at the
// ends where one is needed ("y < 1 ? 0 : y - 1"). Never empty: what fits no such form is spelled as
// a chain of conditions. All values fit `int`.
std::string sequence_expression(const std::vector<int> &values, const std::string &index);

// Open values become the one before (at the start: after). Some value is known.
std::vector<int> held(const std::vector<std::optional<int>> &values);

// value[i] as C of `index`, by the indices at which it changes: "y < 6 ? 3 : 1".
std::string plateaus_expression(const std::vector<int> &values, const std::string &index);

// The sequence of the shortest expression that has the known values; `usual` is one that has.
std::vector<int> completed(const std::vector<std::optional<int>> &values,
                           const std::vector<int> &usual, const std::string &index);

// Whether value[i], which is 0, 1 or open, is 1, as C of `index`: "y >= 2". Both occur.
std::string condition_expression(const std::vector<std::optional<int>> &values,
                                 const std::string &index);

}  // namespace thimble::codegen

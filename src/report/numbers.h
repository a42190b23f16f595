// How reports write numbers and tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thimble::report {

// 1234567 -> "1,234,567"
std::string grouped(std::int64_t number);

// Lines of cells; columns as wide as their widest cell, the first `left_columns` aligned left, the
// others right. The first line is the heading.
std::string table(const std::vector<std::vector<std::string>> &lines, int left_columns);

}  // namespace thimble::report

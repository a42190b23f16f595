// Array definitions with their values, filled to the line's width.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ctext/c_writer.h"

namespace thimble::ctext {

// `declaration` is everything before " = {": "static const int8_t conv1_weight[144]".
void write_array(CWriter &writer, std::string_view declaration,
                 const std::vector<std::int64_t> &values);
void write_array(CWriter &writer, std::string_view declaration, const std::vector<float> &values);

}  // namespace thimble::ctext

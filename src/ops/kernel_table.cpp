// Constant arrays of kernels: their size, and which is which (operator.h).
#include <algorithm>

#include "ops/operator.h"
#include "support/check.h"

namespace thimble::ops {

std::int64_t Table::bytes() const {
  const auto count =
      static_cast<std::int64_t>(std::visit([](const auto &d) { return d.size(); }, data));
  if (c_type == "int8_t" || c_type == "uint8_t") return count;
  if (c_type == "int16_t" || c_type == "uint16_t") return 2 * count;
  CHECK(c_type == "int32_t" || c_type == "float", "table '" + role + "' of unknown type " + c_type);
  return 4 * count;
}

const Table *find_table(const Kernel &kernel, std::string_view role) {
  const auto found = std::find_if(kernel.tables.begin(), kernel.tables.end(),
                                  [&](const Table &table) { return table.role == role; });
  return found == kernel.tables.end() ? nullptr : &*found;
}

}  // namespace thimble::ops

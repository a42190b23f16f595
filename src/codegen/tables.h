// The constant arrays of the generated C: equal ones are printed once, under the first user's name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ctext/c_writer.h"
#include "ctext/identifiers.h"
#include "ops/operator.h"
#include "support/diagnostic.h"
#include "targets/target.h"

namespace thimble::codegen {

class Tables {
 public:
  // The C name of `table`, new or known. `node` names its first user.
  std::string add(const std::string &node, const ops::Table &table, ctext::Names &names);

  // Empty: every table can be indexed with the target's `int`, and every value can be spelled.
  Diagnostics check(const targets::Target &target) const;
  // As `static const` arrays, in the order of `add`; in flash where that is separate.
  void print(ctext::CWriter &writer, const targets::Target &target) const;

  std::int64_t weight_bytes() const;    // of tables that are weights to any of their users
  std::int64_t constant_bytes() const;  // of the others

 private:
  struct Entry {
    std::string name, node;
    ops::Table table;
  };
  using Key = std::pair<std::string, decltype(ops::Table::data)>;  // C type, values
  std::vector<Entry> entries_;
  std::map<Key, std::size_t> known_;
};

}  // namespace thimble::codegen

// Array definitions (arrays.h).
#include "ctext/arrays.h"

#include <string>

#include "ctext/literals.h"

namespace thimble::ctext {
namespace {

template <class T, class Spell>
void write(CWriter &writer, std::string_view declaration, const std::vector<T> &values,
           Spell spell) {
  writer.open(std::string(declaration) + " =");
  std::string row;
  for (const T &value : values) {
    const std::string item = spell(value) + ",";
    if (!row.empty() && row.size() + 1 + item.size() > kLineWidth - 2) {
      writer.line(row);
      row.clear();
    }
    row += (row.empty() ? "" : " ") + item;
  }
  if (!row.empty()) writer.line(row);
  writer.close("};");
}

}  // namespace

void write_array(CWriter &writer, std::string_view declaration,
                 const std::vector<std::int64_t> &values) {
  write(writer, declaration, values, int_literal);
}

void write_array(CWriter &writer, std::string_view declaration, const std::vector<float> &values) {
  write(writer, declaration, values, float_literal);
}

}  // namespace thimble::ctext

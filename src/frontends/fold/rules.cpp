// All families' tables as one.
#include "frontends/fold/rules.h"

#include <map>
#include <utility>

namespace thimble::frontends::fold {
namespace {

using Table = std::map<std::pair<std::string_view, std::string_view>, Folder>;

Table join_families() {
  Table table;
  for (auto family : {elementwise_rules(), movement_rules(), reduction_rules(), creation_rules(),
                      quantization_rules()})
    for (const Rule &rule : family) table.emplace(std::pair(rule.domain, rule.op), rule.fold);
  return table;
}

}  // namespace

Folder find_rule(std::string_view domain, std::string_view op) {
  static const Table table = join_families();
  const auto found = table.find({domain, op});
  return found == table.end() ? nullptr : found->second;
}

}  // namespace thimble::frontends::fold

// The list of composed foreign operators (composites.h).
#include "ops/composites.h"

namespace thimble::ops {

std::vector<ImportRule> composite_rules() {
  std::vector<ImportRule> all;
  for (const auto family : {normalize_import_rules, loss_import_rules, attention_import_rules})
    for (const ImportRule &rule : family()) all.push_back(rule);
  return all;
}

}  // namespace thimble::ops

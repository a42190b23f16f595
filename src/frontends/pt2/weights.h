// Parameters, buffers and constants of a `.pt2` archive: raw storages, and a list of who views
// which.
#pragma once

#include <list>
#include <map>
#include <string>

#include "frontends/limits.h"
#include "frontends/pt2/archive.h"
#include "ops/foreign.h"
#include "support/json.h"

namespace thimble::frontends::pt2 {

// A torch ScalarType as the archive numbers them -> the neutral type; kOther where there is none.
ops::ForeignType foreign_type_of(std::int64_t scalar_type);

// Tensors by their name in the module ("f.0.weight"); read when asked for.
class Weights {
 public:
  // Errors: configuration missing or malformed.
  static Result<Weights> open(Archive &archive);

  // Errors: no such tensor; pickled; an element type without meaning here; a view beyond its
  // storage.
  Result<ops::ForeignTensor> read(const std::string &name);

 private:
  explicit Weights(Archive &archive) : archive_(&archive) {}
  Status add_config(const std::string &folder, const std::string &config);
  Result<const std::string *> storage(const std::string &path);

  struct Entry {
    std::string folder;  // "data/weights/"
    const Json *config = nullptr;
  };
  Archive *archive_;
  std::list<Json> configs_;  // what entries point into
  std::map<std::string, Entry> entries_;
  std::map<std::string, std::string> storages_;  // by path: tied weights share one
  Budget elements_{kMaxElements};
};

}  // namespace thimble::frontends::pt2

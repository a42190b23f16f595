// Packages: a network as the build systems of others take it. One kind is one file of this room and
// one line in kinds.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codegen/emit.h"
#include "support/diagnostic.h"
#include "support/files.h"
#include "targets/target.h"

namespace thimble::packages {

// Names may have folders: "src/die.c".
using File = codegen::File;

// A network in C, and for what it is.
struct Subject {
  const codegen::Emitted &network;
  const targets::Target &target;
};

// What a model's file becomes where no C is wanted.
struct Planned {
  std::vector<File> files;
  std::int64_t arena_bytes = 0, lower_bound = 0;
  bool proven = false;  // arena_bytes is least
  int tensor_count = 0;
};

struct Kind {
  std::string_view name, what;
  // Exactly one of them.
  std::vector<File> (*of_network)(const Subject &) = nullptr;
  Result<Planned> (*of_file)(const Bytes &model, const std::string &name) = nullptr;
};

std::span<const Kind> all_kinds();
// Null: there is none of this name.
const Kind *find_kind(std::string_view name);

// Errors: a network's name that a package cannot have, as NAME.h would hide a header of the system.
Status check_name(const std::string &name);

std::vector<File> arduino(const Subject &subject);
std::vector<File> cmake(const Subject &subject);
std::vector<File> esp_idf(const Subject &subject);
std::vector<File> platformio(const Subject &subject);
std::vector<File> zephyr(const Subject &subject);
// `model`: a TensorFlow Lite file.
Result<Planned> tflite_plan(const Bytes &model, const std::string &name);

}  // namespace thimble::packages

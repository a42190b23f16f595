// A copy of an ONNX file in which nodes and tensors say something more: words in `doc_string`, keys
// and values in `metadata_props`, which viewers such as Netron show. What the file computes, and
// all else in it, stays as it is; weights that were in other files are in the copy.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "support/diagnostic.h"

namespace thimble::frontends::onnx {

struct Note {
  std::string text;  // after what the file says there already
  std::vector<std::pair<std::string, std::string>> properties;
};

using Notes = std::map<std::string, Note, std::less<>>;  // by tensor

struct Annotated {
  std::string file;  // bytes
  int noted = 0;     // tensors that the file has, of those in the notes
};

// The note of a tensor stands at the tensor, where the file declares it, and at the node that makes
// it. Errors: those of reading the file and its weights; a copy too large for one file.
Result<Annotated> annotate(const std::filesystem::path &path, const Notes &notes);

}  // namespace thimble::frontends::onnx

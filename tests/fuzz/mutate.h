// Files that are almost models: what a hostile or broken file looks like to a front end. Besides
// cuts and flipped bits, numbers are forged where they stand: varints in protobuf, words in zip
// headers, offsets and counts in flatbuffers, digits in JSON and text. Entries of an archive are
// changed inside it, checksums made right again; otherwise nothing behind the checksum would ever
// be reached.
#pragma once

#include <string>
#include <vector>

#include "chance.h"

namespace thimble::fuzz {

enum class Format { kOnnx, kPt2, kTflite, kThm };

const char *ending(Format format);  // ".onnx"

// The file with one to three changes; `others` are files of the same format to take pieces from
// (not empty). The same state of `random` gives the same file. The result may be sound.
std::string mutate(Format format, const std::string &file, const std::vector<std::string> &others,
                   Random &random);

// Changes that any bytes can suffer, and changes of text that keep it looking like text.
void mutate_bytes(std::string &bytes, const std::string &other, Random &random);
void mutate_text(std::string &text, Random &random);

}  // namespace thimble::fuzz

// Bytes as text within a page: base64 (RFC 4648, section 4).
#pragma once

#include <string>

#include "support/files.h"

namespace thimble {

// Padded, in one line.
std::string base64(const Bytes &bytes);

}  // namespace thimble

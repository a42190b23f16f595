// What packages have in common.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "packages/package.h"

namespace thimble::packages {

// `text` with "@NAME@", "@UPPER@" (in capitals), "@VERSION@" (of Thimble), "@TARGET@", "@WHAT@" (a
// clause that says what it needs) and what else `words` has in the place of what they say.
std::string fill(std::string_view text, const Subject &subject,
                 std::map<std::string, std::string> words = {});

// src/NAME.h, src/NAME.c, README.md, LICENSE. `use` is the README's part on how to use it.
std::vector<File> common_files(const Subject &subject, std::string_view use);

}  // namespace thimble::packages

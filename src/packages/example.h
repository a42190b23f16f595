// The program that comes with a package: it runs the network on made-up numbers and prints each row
// of its output, whatever way the network takes its input and gives its output.
#pragma once

#include <string>

#include "packages/package.h"

namespace thimble::packages {

// C99 on <stdio.h>, with its function declared as `entry` says: "int main(void)".
std::string example_program(const Subject &subject, const std::string &entry);
// C++ on Arduino's Serial; also tells the microseconds that a run takes, unless rows are streamed.
std::string example_sketch(const Subject &subject);

}  // namespace thimble::packages

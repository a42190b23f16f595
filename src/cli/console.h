// The only door to the terminal: results on stdout, everything else on stderr.
#pragma once

#include <string>

#include "support/diagnostic.h"
#include "support/json.h"

namespace thimble::cli {

void print_result(const std::string &text);  // as it is
void print_result(const Json &json);         // indented, one object
void print_log(const std::string &line);     // a line on stderr
void print_diagnostics(const Diagnostics &diagnostics);

bool colour_wanted();  // stdout is a terminal, NO_COLOR is not set

// Prints the warnings that ride along with a value.
template <class T>
Result<T> with_warnings_printed(Result<T> result) {
  if (result.ok()) print_diagnostics(result.diagnostics());
  return result;
}

}  // namespace thimble::cli

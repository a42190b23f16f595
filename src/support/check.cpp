// How a failed CHECK leaves: as an exception that only cli/ catches.
#include "support/check.h"

namespace thimble {

void check_failed(const char *file, int line, const char *condition, const std::string &message) {
  throw InternalError(std::string(file) + ":" + std::to_string(line) + ": " + message +
                      " (expected " + condition + ")");
}

}  // namespace thimble

// CHECK: for what only a bug in Thimble can cause. A model or a user gets a Diagnostic instead.
//
// A failed CHECK throws InternalError; cli/ turns it into one line that asks for a report, and no
// output is left behind. Name the node and the pass in the message.
#pragma once

#include <stdexcept>
#include <string>

namespace thimble {

class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void check_failed(const char *file, int line, const char *condition,
                               const std::string &message);

}  // namespace thimble

#define CHECK(condition, message)                                                         \
  do {                                                                                    \
    if (!(condition)) ::thimble::check_failed(__FILE__, __LINE__, #condition, (message)); \
  } while (false)

// SIGINT and SIGTERM as a question instead of an end, so that what was started can be stopped.
#pragma once

#include <signal.h>

namespace thimble::sweep {

// While it lives, the two signals are noted; then they do again what they did. One at a time.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch &) = delete;
  InterruptWatch &operator=(const InterruptWatch &) = delete;
  bool interrupted() const;

 private:
  struct sigaction before_int_ {
  }, before_term_{};
};

}  // namespace thimble::sweep

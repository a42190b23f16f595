// The one global: a signal handler may write nothing else.
#include "sweep/interrupt.h"

namespace thimble::sweep {
namespace {

volatile sig_atomic_t g_signal = 0;

void note(int signal) { g_signal = signal; }

// What the caller has ignored (a shell does, of what it puts into the background) stays so.
void watch(int signal, const struct sigaction &action, struct sigaction &before) {
  sigaction(signal, &action, &before);
  if (before.sa_handler == SIG_IGN) sigaction(signal, &before, nullptr);
}

}  // namespace

InterruptWatch::InterruptWatch() {
  g_signal = 0;
  struct sigaction action {};
  action.sa_handler = note;  // without SA_RESTART: a sleep ends at once
  watch(SIGINT, action, before_int_);
  watch(SIGTERM, action, before_term_);
}

InterruptWatch::~InterruptWatch() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
}

bool InterruptWatch::interrupted() const { return g_signal != 0; }

}  // namespace thimble::sweep

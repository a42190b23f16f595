// The progress bar: a line of stderr rewritten at most ten times a second.
#include "support/progress.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace thimble {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBarWidth = 30;
constexpr auto kRedraw = std::chrono::milliseconds(100);

bool stderr_is_terminal() {
  const char *term = std::getenv("TERM");
  return isatty(STDERR_FILENO) && !(term && std::string(term) == "dumb");
}

std::string duration(double seconds) {
  const auto whole = static_cast<long>(seconds + 0.5);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

Progress::Progress(std::string label, std::int64_t total)
    : label_(std::move(label)),
      total_(std::max<std::int64_t>(total, 1)),
      on_terminal_(stderr_is_terminal()),
      start_(Clock::now()),
      drawn_(start_) {}

Progress::~Progress() { erase(); }

void Progress::erase() {
  if (on_terminal_) std::fputs("\r\033[K", stderr);
}

void Progress::advance(std::int64_t amount) {
  done_ = std::min(done_ + amount, total_);
  const auto now = Clock::now();
  if (!on_terminal_ || now - drawn_ < kRedraw) return;
  drawn_ = now;
  draw();
}

void Progress::note(std::string text) { note_ = std::move(text); }

void Progress::draw() {
  const double part = static_cast<double>(done_) / static_cast<double>(total_);
  const double spent = std::chrono::duration<double>(Clock::now() - start_).count();
  const int filled = static_cast<int>(part * kBarWidth);
  const std::string bar = std::string(filled, '=') + std::string(kBarWidth - filled, ' ');
  const std::string left = part > 0 ? duration(spent / part - spent) + " left" : "";
  const std::string line =
      fmt::format("\r{} [{}] {}/{} {} {}\033[K", label_, bar, done_, total_, left, note_);
  std::fputs(line.c_str(), stderr);
}

}  // namespace thimble

// A progress bar on stderr: drawn only on a terminal, erased when done; says what is left.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace thimble {

class Progress {
 public:
  // `label` is what is being done ("rolling"); `total` in units of work.
  Progress(std::string label, std::int64_t total);
  ~Progress();
  void advance(std::int64_t amount = 1);
  void note(std::string text);  // shown behind the bar: "loss 0.0123"
  void erase();                 // until it is drawn again: before a line is printed
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

 private:
  void draw();
  std::string label_, note_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  bool on_terminal_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point drawn_;
};

}  // namespace thimble

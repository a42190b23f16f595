// Registers as in WCH's CH32V003 reference manual, chapter PFIC: "SysTick".
#include "emulate/ch32v003/timer.h"

namespace thimble::emulate::ch32v003 {
namespace {

constexpr std::uint32_t kControl = 0x00, kState = 0x04, kCount = 0x08, kCompare = 0x10;
constexpr std::uint32_t kEnable = 1, kInterrupt = 2, kUndivided = 4, kFromZero = 8;

}  // namespace

Ticks Timer::step() const { return moment_->cycle * (control_ & kUndivided ? 1 : 8); }

std::uint32_t Timer::count() const {
  if (!(control_ & kEnable) || halted_) return base_;
  return base_ + static_cast<std::uint32_t>((moment_->now - since_) / step());
}

void Timer::plan() {
  alarm_ = kNever;
  if (!(control_ & kEnable) || halted_) return;
  const std::uint32_t left = compare_ - count();
  alarm_ = since_ + (static_cast<std::uint32_t>(count() - base_) +
                     (left == 0 ? std::uint64_t{1} << 32 : left)) *
                        step();
}

void Timer::ring() {
  reached_ = true;
  if (control_ & kFromZero) {
    base_ = 0;
    since_ = alarm_;
  }
  plan();
}

bool Timer::asks() const { return reached_ && control_ & kInterrupt; }

void Timer::halt() {
  base_ = count();
  halted_ = true;
  plan();
}

void Timer::go_on() {
  halted_ = false;
  since_ = moment_->now;
  plan();
}

bool Timer::read(std::uint32_t offset, std::uint32_t &value) const {
  value = offset == kControl ? control_
          : offset == kState ? reached_
          : offset == kCount ? count()
                             : compare_;
  return offset == kControl || offset == kState || offset == kCount || offset == kCompare;
}

bool Timer::write(std::uint32_t offset, std::uint32_t value) {
  if (offset == kState) {
    if (!(value & 1)) reached_ = false;
    return true;
  }
  if (offset != kControl && offset != kCount && offset != kCompare) return false;
  if (offset == kControl && value & ~15u) moment_->report("it sets off the software's interrupt");
  const std::uint32_t before = count();
  since_ = control_ & kEnable ? since_ + (before - base_) * step() : moment_->now;
  base_ = offset == kCount ? value : before;
  if (offset == kControl) control_ = value;
  if (offset == kCompare) compare_ = value;
  plan();
  return true;
}

}  // namespace thimble::emulate::ch32v003

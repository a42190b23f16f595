// The firmware makes itself known in a register that a debugger reads (firmware/port_ch32v003.c).
// The stack's depth is read off a pattern painted over all RAM that the linker left free.
#include "die/chip_ch32v003.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "emulate/ch32v003/chip.h"
#include "emulate/image.h"

namespace thimble::die {
namespace {

namespace board = emulate::ch32v003;

constexpr int kButtonPort = board::kPortC, kButtonPin = 4;
constexpr std::uint8_t kPaint = 0xC5;
constexpr board::Ticks kCycle = board::kTicksPerSecond / 48'000'000;  // as Chip counts them
enum Stage : std::uint8_t { kFaceEnds = 0, kFaceStarts = 1, kFrameStarts = 2 };

class Ch32v003 : public Chip {
 public:
  Ch32v003(std::int64_t data_bytes, Panel *panel, Watch watch)
      : data_bytes_(std::min(data_bytes, board::kRamBytes)),
        panel_(panel),
        watch_(std::move(watch)) {}

  Status power_up(const Bytes &flash);

  void press(const std::vector<Edge> &edges) override {
    for (const Edge &edge : edges) edges_.push_back({cycle() + edge.cycle, edge.closed});
  }
  void run() override;
  bool is_alive() const override { return chip_->problem().empty(); }
  bool is_powered_down() const override { return chip_->is_in_standby(); }
  std::uint64_t cycle() const override { return chip_->now() / kCycle; }
  std::uint64_t last_byte_cycle() const override { return chip_->last_i2c_byte() / kCycle; }
  std::string problem() const override { return chip_->problem(); }
  std::int64_t stack_bytes() const override;
  std::int64_t free_bytes() const override { return board::kRamBytes - data_bytes_; }

 private:
  void made_known(std::uint32_t data);

  std::int64_t data_bytes_;  // at RAM's beginning
  Panel *panel_;
  Watch watch_;
  std::unique_ptr<board::Chip> chip_;
  std::deque<Edge> edges_;  // still to come, at absolute cycles
};

Status Ch32v003::power_up(const Bytes &flash) {
  board::I2cDevice device{[this] { panel_->start(); },
                          [this](std::uint8_t byte) { return panel_->write(byte); },
                          [this] { panel_->stop(); }};
  TRY(chip_, board::Chip::power_up(flash, std::move(device),
                                   [this](std::uint32_t data) { made_known(data); }));
  const auto free_ram = chip_->ram().subspan(data_bytes_);
  std::fill(free_ram.begin(), free_ram.end(), kPaint);
  return Unit{};
}

void Ch32v003::made_known(std::uint32_t data) {
  switch (data & 0xFF) {
    case kFaceStarts:
      return watch_.face_starts(data >> 8 & 0xFF, static_cast<std::int8_t>(data >> 16));
    case kFrameStarts:
      return watch_.frame_starts();
    default:
      return watch_.face_ends();
  }
}

void Ch32v003::run() {
  const std::uint64_t start = cycle();
  for (; !edges_.empty() && edges_.front().cycle <= start; edges_.pop_front())
    chip_->ground(kButtonPort, kButtonPin, edges_.front().closed);
  std::uint64_t end = start + 48'000;
  if (!edges_.empty()) end = std::min(end, edges_.front().cycle);
  chip_->run_until(end * kCycle);
}

std::int64_t Ch32v003::stack_bytes() const {
  const auto free_ram = chip_->ram().subspan(data_bytes_);
  return free_ram.end() - std::find_if(free_ram.begin(), free_ram.end(),
                                       [](std::uint8_t byte) { return byte != kPaint; });
}

}  // namespace

Result<std::unique_ptr<Chip>> power_up_ch32v003(const std::filesystem::path &image, Panel *panel,
                                                Watch watch) {
  TRY(const emulate::ImageSize size, emulate::image_size(image));
  TRY(const Bytes flash, emulate::flash_contents(image));
  auto chip = std::make_unique<Ch32v003>(size.ram_bytes, panel, std::move(watch));
  TRY([[maybe_unused]] const Unit powered, chip->power_up(flash));
  return std::unique_ptr<Chip>(std::move(chip));
}

}  // namespace thimble::die

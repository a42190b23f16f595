// libsimavr runs the chip; what is here hangs on its pins and registers. The stack's depth is read
// off a pattern painted over all RAM that the linker left free: whatever has been overwritten was
// once in use.
#include "die/chip_avr.h"

namespace thimble::die {

const AvrPins kAtmega328p = {"atmega328p", 0x100, 'D',  4, 0x3E, 0x4A, 0x4B,
                             0x53,         0x0E,  0x04, 0, 0,    0};
const AvrPins kAttiny85 = {"attiny85", 0x60, 'B', 4, 0x31, 0x32, 0x33, 0x55, 0x18, 0x10, 'B', 2, 0};

}  // namespace thimble::die

#ifdef THIMBLE_WITH_SIMAVR
#include <avr_extint.h>
#include <avr_ioport.h>
#include <sim_avr.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "die/bus.h"
#include "die/wires.h"
#include "emulate/avr_chip.h"
#include "emulate/image.h"

namespace thimble::die {
namespace {

constexpr std::uint8_t kPaint = 0xC5;
enum Stage : std::uint8_t { kFaceEnds = 0, kFaceStarts = 1, kFrameStarts = 2 };

class Avr : public Chip {
 public:
  Avr(const AvrPins &pins, emulate::AvrChip chip, std::int64_t data_bytes, Panel *panel,
      Watch watch)
      : pins_(pins),
        chip_(std::move(chip)),
        watch_(std::move(watch)),
        free_ram_start_(pins.ram_start + data_bytes) {
    chip_->run_cycle_limit = chip_->frequency / 1000;  // nothing needs to be seen in between
    chip_->sleep = [](avr_t *, avr_cycle_count_t) {};  // time passes, but not ours
    if (free_ram_start_ <= chip_->ramend)
      std::fill(chip_->data + free_ram_start_, chip_->data + chip_->ramend + 1, kPaint);
    contact_ =
        avr_io_getirq(chip_.get(), AVR_IOCTL_IOPORT_GETIRQ(pins.button_port), pins.button_pin);
    set_contact(false);
    if (pins.bus_port)
      connect_wires(panel);
    else
      bus_.emplace(chip_.get(), panel);
    avr_register_io_write(
        chip_.get(), pins.stage_register,
        [](avr_t *, avr_io_addr_t, std::uint8_t value, void *self) {
          static_cast<Avr *>(self)->stage_written(value);
        },
        this);
  }

  void press(const std::vector<Edge> &press) override;
  void run() override { avr_run(chip_.get()); }
  bool is_alive() const override { return emulate::is_alive(*chip_); }
  bool is_powered_down() const override {
    return chip_->state == cpu_Sleeping &&
           (chip_->data[pins_.sleep_register] & pins_.sleep_mask) == pins_.power_down;
  }
  std::uint64_t cycle() const override { return chip_->cycle; }
  std::uint64_t last_byte_cycle() const override {
    return bus_ ? bus_->last_byte_cycle() : wires_->last_byte_cycle();
  }
  std::string problem() const override { return wires_ ? wires_->problem() : std::string(); }
  std::int64_t stack_bytes() const override {
    const std::uint8_t *const start = chip_->data + free_ram_start_, *const end = chip_->data +
                                                                                  chip_->ramend + 1;
    return end - std::find_if(start, end, [](std::uint8_t b) { return b != kPaint; });
  }
  std::int64_t free_bytes() const override { return chip_->ramend + 1 - free_ram_start_; }

 private:
  void set_contact(bool closed) { avr_raise_irq(contact_, closed ? 0 : 1); }
  void stage_written(std::uint8_t stage);
  void connect_wires(Panel *panel);
  void pins_changed(std::uint8_t direction);

  AvrPins pins_;
  emulate::AvrChip chip_;
  std::optional<Bus> bus_;
  std::optional<Wires> wires_;
  avr_irq_t *sda_ = nullptr;
  Watch watch_;
  std::int64_t free_ram_start_;  // first byte after data and bss
  avr_irq_t *contact_ = nullptr;
  std::vector<Edge> edges_;  // still to come, at absolute cycles
};

void Avr::stage_written(std::uint8_t stage) {
  chip_->data[pins_.stage_register] = stage;
  if (stage == kFaceStarts)
    watch_.face_starts(chip_->data[pins_.face_register],
                       static_cast<std::int8_t>(chip_->data[pins_.latent_register]));
  else if (stage == kFrameStarts)
    watch_.frame_starts();
  else
    watch_.face_ends();
}

// A pin that is an output is low: the port's bit stays 0, and the module's resistor does the rest.
void Avr::connect_wires(Panel *panel) {
  wires_.emplace(panel, chip_->frequency);
  // The clock's pin is INT0's too: libsimavr looks at a low level in every cycle, asleep or not.
  avr_extint_set_strict_lvl_trig(chip_.get(), 0, 0);
  const auto port = AVR_IOCTL_IOPORT_GETIRQ(pins_.bus_port);
  sda_ = avr_io_getirq(chip_.get(), port, pins_.sda_pin);
  avr_raise_irq(sda_, 1);
  avr_raise_irq(avr_io_getirq(chip_.get(), port, pins_.scl_pin), 1);
  avr_irq_register_notify(
      avr_io_getirq(chip_.get(), port, IOPORT_IRQ_DIRECTION_ALL),
      [](avr_irq_t *, std::uint32_t direction, void *self) {
        static_cast<Avr *>(self)->pins_changed(static_cast<std::uint8_t>(direction));
      },
      this);
}

void Avr::pins_changed(std::uint8_t direction) {
  const auto is_input = [&](int pin) { return !(direction >> pin & 1); };
  wires_->chip(chip_->cycle, is_input(pins_.scl_pin), is_input(pins_.sda_pin));
  avr_raise_irq(sda_, wires_->sda());
}

void Avr::press(const std::vector<Edge> &press) {
  for (const Edge &edge : press) edges_.push_back({chip_->cycle + edge.cycle, edge.closed});
  const auto next = [](avr_t *chip, avr_cycle_count_t, void *param) -> avr_cycle_count_t {
    auto &self = *static_cast<Avr *>(param);
    self.set_contact(self.edges_.front().closed);
    self.edges_.erase(self.edges_.begin());
    return self.edges_.empty()
               ? 0
               : std::max<std::uint64_t>(self.edges_.front().cycle, chip->cycle + 1);
  };
  avr_cycle_timer_register(chip_.get(), edges_.front().cycle - chip_->cycle, next, this);
}

}  // namespace

Result<std::unique_ptr<Chip>> power_up_avr(const AvrPins &pins, const std::filesystem::path &image,
                                           std::int64_t clock_hz, Panel *panel, Watch watch) {
  TRY(const emulate::ImageSize size, emulate::image_size(image));
  TRY(emulate::AvrChip chip, emulate::load_avr(image, pins.machine, clock_hz));
  return std::unique_ptr<Chip>(
      std::make_unique<Avr>(pins, std::move(chip), size.ram_bytes, panel, std::move(watch)));
}

}  // namespace thimble::die

#else

namespace thimble::die {

Result<std::unique_ptr<Chip>> power_up_avr(const AvrPins &, const std::filesystem::path &,
                                           std::int64_t, Panel *, Watch) {
  return missing_tool_error(
      "this thimble was built without libsimavr", {},
      "apt-get install libsimavr-dev, then configure with -DTHIMBLE_BOARD=ON");
}

}  // namespace thimble::die

#endif  // THIMBLE_WITH_SIMAVR

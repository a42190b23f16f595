// The fake network draws a ramp: level = column * 8 - 128, the same in all rows.
#include "fake_port.h"

#include <algorithm>
#include <iterator>

extern "C" {
#include "die.h"
#include "port.h"
}

namespace thimble::die {
FakePort fake_port;
}

using thimble::die::fake_port;

extern "C" {

std::int8_t die_arena[7];

void die_run_rows(die_row_fn emit, void *user) {
  std::copy(std::begin(die_arena), std::end(die_arena), fake_port.draws.emplace_back().begin());
  if (!fake_port.rows) return;
  std::int8_t row[32];
  for (int column = 0; column < 32; ++column)
    row[column] = static_cast<std::int8_t>(column * 8 - 128);
  for (int y = 0; y < 32; ++y) emit(user, 0, y, row);
}

void port_wait_tick() { ++fake_port.milliseconds; }

void port_sleep() {
  ++fake_port.sleeps;
  while (fake_port.milliseconds < fake_port.contact.size() &&
         !fake_port.contact[fake_port.milliseconds])
    ++fake_port.milliseconds;
}

std::uint8_t port_button_closed() {
  const std::size_t now = fake_port.milliseconds - 1;
  return now < fake_port.contact.size() && fake_port.contact[now] ? 1 : 0;
}

std::uint16_t port_take_edges() { return fake_port.edges ? fake_port.edges() : 0; }

void port_bus_start(std::uint8_t address) {
  fake_port.panel.start();
  fake_port.panel.write(static_cast<std::uint8_t>(address << 1));
}
void port_bus_write(std::uint8_t byte) { fake_port.panel.write(byte); }
void port_bus_stop() { fake_port.panel.stop(); }
void port_bus_send(const std::uint8_t *bytes, std::uint8_t count) {
  for (std::uint8_t i = 0; i < count; ++i) fake_port.panel.write(bytes[i]);
  fake_port.panel.stop();
}

void port_frame_starts() { ++fake_port.frames; }

void port_face_starts(std::uint8_t face, std::int8_t latent) {
  fake_port.face = face;
  fake_port.latent = latent;
}
void port_face_ends() {}

}  // extern "C"

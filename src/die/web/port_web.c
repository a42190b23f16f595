/* port.h in a page, where nothing may wait: the firmware rolls at once, from the press to the last
 * byte on the bus, and the page, which was told of every tick, step and byte, plays it as slowly
 * as asked. `page` are the functions that die.js gives; what is exported is what it calls. */
#include <string.h>

#include "die.h"
#include "die_app.h"
#include "picture.h"
#include "port.h"
#include "random.h"

#define FROM_PAGE(name) __attribute__((import_module("page"), import_name(name)))
#define TO_PAGE(name) __attribute__((export_name(name)))

FROM_PAGE("tick") void page_tick(void);
FROM_PAGE("step") void page_step(int group);
FROM_PAGE("bus_start") void page_bus_start(void);
FROM_PAGE("bus_byte") void page_bus_byte(int byte);
FROM_PAGE("bus_stop") void page_bus_stop(void);
FROM_PAGE("face_starts") void page_face_starts(int face, int latent);
FROM_PAGE("face_ends") void page_face_ends(void);

static uint16_t edges;
static uint16_t closed; /* milliseconds for which the contact stays so */

void die_step(int group) { page_step(group); }

void port_wait_tick(void) {
  if (closed > 0) --closed;
  page_tick();
}

uint8_t port_button_closed(void) { return closed > 0; }

uint16_t port_take_edges(void) { return edges; }

void port_bus_start(uint8_t address) {
  page_bus_start();
  page_bus_byte((uint8_t)(address << 1));
}

void port_bus_write(uint8_t byte) { page_bus_byte(byte); }

void port_bus_stop(void) { page_bus_stop(); }

void port_bus_send(const uint8_t *bytes, uint8_t count) {
  while (count-- > 0) page_bus_byte(*bytes++);
  page_bus_stop();
}

void port_face_starts(uint8_t face, int8_t latent) { page_face_starts(face, latent); }

void port_face_ends(void) { page_face_ends(); }

/* The page presses before it rolls: there is nothing to sleep for. */
void port_sleep(void) {}

void port_frame_starts(void) {}

TO_PAGE("start") void web_start(void) { die_start(); }

/* The contact has changed when the page's clock showed `count`. */
TO_PAGE("edge") void web_edge(int count) { edges = random_fold(edges, (uint16_t)count); }

/* A roll whose button was held for that long. */
TO_PAGE("roll") void web_roll(int milliseconds) {
  closed = (uint16_t)(milliseconds < 12 ? 12 : milliseconds > 2000 ? 2000 : milliseconds);
  die_roll();
}

static void row_made(void *user, int output, int row, const void *data) {
  (void)user;
  (void)output;
  picture_row((uint8_t)row, (const int8_t *)data);
}

/* Face 1 to 6 at a quantized latent, without a roll: what the slider shows. */
TO_PAGE("draw") void web_draw(int face, int latent) {
  int8_t *input = die_input(0);
  input[0] = (int8_t)latent;
  for (int i = 1; i <= 6; ++i) input[i] = DIE_QUANTIZE_IN0(0.0f);
  input[face] = DIE_QUANTIZE_IN0(1.0f);
  page_face_starts(face, latent);
  die_run_rows(row_made, 0);
  page_face_ends();
}

TO_PAGE("latent_first") int web_latent_first(void) { return DIE_QUANTIZE_IN0(-1.5f); }
TO_PAGE("latent_last") int web_latent_last(void) { return DIE_QUANTIZE_IN0(1.5f); }
TO_PAGE("arena") const void *web_arena(void) { return DIE_ARENA; }

/* With -mbulk-memory these are an instruction each. */
void *memcpy(void *to, const void *from, size_t count) { return __builtin_memcpy(to, from, count); }
void *memmove(void *to, const void *from, size_t count) {
  return __builtin_memmove(to, from, count);
}
void *memset(void *to, int byte, size_t count) { return __builtin_memset(to, byte, count); }

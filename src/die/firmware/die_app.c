/* The die itself. Between rolls it sleeps. The button's press and release (and every bounce of
 * them) are timed to the CPU clock and stirred into the generator; then a face and a latent are
 * drawn, a few frames roll through latent space, at first as fast as the chip draws, then ever
 * slower, and the face is drawn by the network while it streams to the panel. The network is `die`
 * of die.h, generated; the chip is behind port.h. */
#include "die_app.h"

#include "button.h"
#include "count.h"
#include "die.h"
#include "picture.h"
#include "port.h"
#include "random.h"
#include "roll.h"
#include "ssd1306.h"

#ifndef DIE_DRAW /* 0: rolls without drawing, to count faces quickly */
#define DIE_DRAW 1
#endif

#define FACES 6
#define LATENT_FIRST DIE_QUANTIZE_IN0(-1.5f) /* the range that the network was trained on */
#define LATENT_LAST DIE_QUANTIZE_IN0(1.5f)
#define LATENT_COUNT (LATENT_LAST - LATENT_FIRST + 1)
#define SLOW_FRAMES (DIE_ROLLING_FRAMES - DIE_ROLLING_FRAMES / 2)
#define SLOWDOWN_MS 16 /* a slow frame pauses this much longer than the one before */

static struct random_source source = RANDOM_SOURCE_INIT;
static struct button button = BUTTON_INIT;

static void row_made(void *user, int output, int row, const void *data) {
  (void)user;
  (void)output;
  picture_row((uint8_t)row, (const int8_t *)data);
}

/* Face `a`, or, where they differ, the picture halfway between `a` and `b` in latent space. */
static void draw(uint8_t a, uint8_t b, int8_t latent) {
  int8_t *input = die_input(0);
  for (uint8_t face = 0; face < FACES; ++face) input[1 + face] = DIE_QUANTIZE_IN0(0.0f);
  input[0] = latent;
  input[1 + a] = input[1 + b] = a == b ? DIE_QUANTIZE_IN0(1.0f) : DIE_QUANTIZE_IN0(0.5f);
  die_run_rows(row_made, 0);
}

static void wait_for_roll(void) {
  enum button_event event;
  do {
    if (button.samples == 0 && !button.down) port_sleep();
    port_wait_tick();
    event = button_sample(&button, port_button_closed());
    if (event != BUTTON_SAME) random_stir(&source, port_take_edges());
  } while (event != BUTTON_RELEASED);
}

static void pause(uint8_t milliseconds) {
  while (milliseconds-- > 0) port_wait_tick();
}

/* The index `steps` further than `from` on a path to and fro through the latents 0 ... LATENT_COUNT
 * - 1. */
static uint8_t turned(uint8_t from, uint16_t steps) {
  const uint16_t period = 2 * (LATENT_COUNT - 1);
  const uint16_t at = (uint16_t)(from + steps) % period;
  return (uint8_t)(at < LATENT_COUNT ? at : period - at);
}

/* Turns towards the final latent, ever slower; the fast half is blurred between two faces. */
static void roll_frames(uint8_t final_latent) {
  for (uint8_t left = DIE_ROLLING_FRAMES; left > 0; --left) {
    const uint8_t latent = turned(final_latent, (uint16_t)(left * left * 4));
    const uint8_t face = random_below(&source, FACES);
    const uint8_t other = left > SLOW_FRAMES ? random_below(&source, FACES) : face;
    port_frame_starts();
    draw(face, other, (int8_t)(LATENT_FIRST + latent));
    if (left <= SLOW_FRAMES) pause((uint8_t)((SLOW_FRAMES + 1 - left) * SLOWDOWN_MS));
  }
}

void die_start(void) { ssd1306_init(); }

void die_roll(void) {
  wait_for_roll();
  if (DIE_DRAW) count_roll();
  const uint8_t face = random_below(&source, FACES);
  const uint8_t index = random_below(&source, LATENT_COUNT);
  const int8_t latent = (int8_t)(LATENT_FIRST + index);
  if (DIE_DRAW) roll_frames(index);
  port_face_starts((uint8_t)(face + 1), latent);
  if (DIE_DRAW) draw(face, face, latent);
  port_face_ends();
}

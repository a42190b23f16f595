/* The host: samples come in on stdin and outputs leave on stdout, one after the other as raw bytes.
 * Nothing is counted. */
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

static uint8_t *sample, *outputs;
static int write_pending;

static void die(const char *what) {
  fprintf(stderr, "harness: %s\n", what);
  exit(1);
}

static void copy(uint8_t *to, const uint8_t *from, uint32_t bytes) {
  while (bytes-- > 0) *to++ = *from++;
}

static void flush_outputs(void) {
  if (write_pending && fwrite(outputs, 1, network_output_bytes, stdout) != network_output_bytes)
    die("cannot write the outputs");
  write_pending = 0;
}

void port_open(void) {
  sample = malloc(network_input_bytes + 1);
  outputs = calloc(network_output_bytes + 1, 1);
  if (!sample || !outputs) die("out of memory");
}

int port_next(void) {
  flush_outputs();
  const size_t got = fread(sample, 1, network_input_bytes, stdin);
  if (got == 0) return 0;
  if (got != network_input_bytes) die("the last sample is cut short");
  write_pending = 1;
  return 1;
}

void port_read(uint32_t offset, void *to, uint32_t bytes) {
  if (offset > network_input_bytes || bytes > network_input_bytes - offset)
    die("the network asks for bytes that its inputs don't have");
  copy(to, sample + offset, bytes);
}

void port_write(uint32_t offset, const void *from, uint32_t bytes) {
  if (offset > network_output_bytes || bytes > network_output_bytes - offset)
    die("the network hands out bytes that its outputs don't have");
  copy(outputs + offset, from, bytes);
}

void port_start(void) {}
void port_stop(void) {}
void port_step(int group) { (void)group; }

void port_close(void) {
  free(sample);
  free(outputs);
}

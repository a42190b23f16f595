/* The loop over samples; see harness.h. */
#include "harness.h"

int main(void) {
  port_open();
  port_start();
  port_stop();
  while (port_next()) {
    network_load();
    network_run();
    network_store();
  }
  port_close();
  return 0;
}

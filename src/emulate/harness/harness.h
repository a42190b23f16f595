/* The program around an emitted network: it takes samples, runs the network between two marks,
 * hands the outputs back. main.c is the loop, port_*.c one file a kind of machine, and network.c,
 * which is printed for each network (print_network.h), knows the network's header. Nothing here may
 * use a library function that a network might need too: what the harness already links would not
 * show in the network's bill. */
#ifndef THIMBLE_HARNESS_H
#define THIMBLE_HARNESS_H

#include <stdint.h>

/* Bytes of one sample: the elements of all network inputs (outputs), one port after the other. */
extern const uint32_t network_input_bytes;
extern const uint32_t network_output_bytes;

void network_load(void);  /* fills the inputs that lie in the arena */
void network_run(void);   /* one inference between port_start() and port_stop() */
void network_store(void); /* hands over the outputs that lie in the arena */

void port_open(void);
int port_next(void); /* is there another sample? */
/* Part of this sample, `offset` bytes from its start. */
void port_read(uint32_t offset, void *to, uint32_t bytes);
void port_write(uint32_t offset, const void *from, uint32_t bytes);
/* The marks: the count of what runs between them is taken, and the depth of the stack below the
 * caller's frame. The first pair encloses nothing and says what the marks themselves cost. */
void port_start(void);
void port_stop(void);
/* The count since the last call, without the calls' own, belongs to the group that was named then.
 * Only profiled networks call it. */
void port_step(int group);
void port_close(void);

#endif

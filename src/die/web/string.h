/* What there is of <string.h> on the page: port_web.c has the functions. */
#ifndef DIE_WEB_STRING_H
#define DIE_WEB_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int byte, size_t count);

#endif

#ifndef THIMBLE_WINDOW_C8_AVR_MUL_C
#define THIMBLE_WINDOW_C8_AVR_MUL_C
#include "thimble_kernel.h"

// As window_c8, by running the weights: a pixel is what starts its sums, the taps of each row of
// the window, and what makes outputs of the sums. Eight sums have all registers but those that
// point; the rest is in `frame`. A pixel has one pass, or one of each column where its values do
// not lie beside the next one's. Four sums leave twelve registers, enough for up to three rows of
// one pass.
THIMBLE_KERNEL THIMBLE_INLINE void window_c8(int8_t *out, int out_step, int pixels,
                                             const int8_t *in0, int first_row, int next_row,
                                             int in0_row, int in0_end, int row_count, int most_rows,
                                             int column, int column_step, int columns, int in_c,
                                             int gap, const uint16_t *weight, int before,
                                             int row_words, int tap_words, int words,
                                             const uint8_t *ends, int out_c, int out_zero,
                                             int act_min, int act_max) {
  const unsigned code = (unsigned)weight >> 1;
  const unsigned start_code = code + (unsigned)words;
  unsigned row_code = code + (unsigned)before;
  (void)ends, (void)out_zero, (void)act_min, (void)act_max;
  if (columns <= 0) row_count = 0;
  if (out_c <= 4 && most_rows <= 3 && gap == 0) {
    struct {
      unsigned start, rows[3], end;  // 0, 2, 8
      int8_t *out;                   // 10
      int out_step;                  // 12: from the end of a pixel's outputs to the next ones
      uint8_t row_count;             // 14
    } frame;
    frame.start = start_code;
    frame.rows[0] = row_code;
    frame.rows[1] = row_code + (unsigned)row_words;
    frame.rows[2] = row_code + (unsigned)(2 * row_words);
    frame.end = start_code + (unsigned)(6 * out_c + 1);
    frame.out = out;
    frame.out_step = out_step - out_c;
    frame.row_count = (uint8_t)row_count;
    const int third_row = next_row + in0_row == in0_end ? 0 : next_row + in0_row;
    register const int8_t *row0 __asm__("r14") = in0 + (first_row + column);
    register const int8_t *row1 __asm__("r16") = in0 + (next_row + column);
    register const int8_t *row2 __asm__("r18") = in0 + (third_row + column);
    register int step __asm__("r20") = column_step;
    register uint8_t taps __asm__("r22") = (uint8_t)columns;
    register uint8_t left __asm__("r23") = (uint8_t)pixels;
    register void *place __asm__("r24") = &frame;
    __asm__ volatile(
        ".macro thimble_row low, high, code\n"
        "movw r26, \\low\n"
        "ldd r30, Y+\\code\n"
        "ldd r31, Y+\\code+1\n"
        "clr r28\n"
        "mov r29, r22\n"
        "icall\n"
        "movw r28, r24\n"
        "add \\low, r20\n"
        "adc \\high, r21\n"
        ".endm\n"
        ".macro thimble_pixels rows\n"
        "3:\n"
        "ldd r30, Y+0\n"
        "ldd r31, Y+1\n"
        "icall\n"
        ".if \\rows\n"
        "thimble_row r14, r15, 2\n"
        ".endif\n"
        ".if \\rows > 1\n"
        "thimble_row r16, r17, 4\n"
        ".endif\n"
        ".if \\rows > 2\n"
        "thimble_row r18, r19, 6\n"
        ".endif\n"
        "ldd r26, Y+10\n"
        "ldd r27, Y+11\n"
        "ldd r30, Y+8\n"
        "ldd r31, Y+9\n"
        "clr r28\n"
        "icall\n"
        "movw r28, r24\n"
        "ldd r30, Y+12\n"
        "ldd r31, Y+13\n"
        "add r26, r30\n"
        "adc r27, r31\n"
        "std Y+10, r26\n"
        "std Y+11, r27\n"
        "dec r23\n"
        "brne 3b\n"
        "rjmp 9f\n"
        ".endm\n"
        "thimble_pushes_4_%=:\n"
        "push r28\n"
        "push r29\n"
        "movw r28, r24\n"
        "ldd r26, Y+14\n"
        "cpi r26, 2\n"
        "brsh 2f\n"
        "cpi r26, 1\n"
        "brsh 1f\n"
        "thimble_pixels 0\n"
        "1:\n"
        "thimble_pixels 1\n"
        "2:\n"
        "brne 1f\n"
        "thimble_pixels 2\n"
        "1:\n"
        "thimble_pixels 3\n"
        "9:\n"
        "clr r1\n"
        "pop r29\n"
        "pop r28\n"
        "thimble_pushed_%=:\n"
        ".purgem thimble_row\n"
        ".purgem thimble_pixels\n"
        : "+&r"(row0), "+&r"(row1), "+&r"(row2), "+&r"(left)
        : "r"(step), "r"(taps), "r"(place)
        : "r0", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r26",
          "r27", "r30", "r31", "cc", "memory");
    return;
  }
  struct {
    int8_t *out;             // 0
    uint8_t pixels, passes;  // 2, 3
    uint8_t passes_left;     // 4
    int words;               // 5: of instructions, from a pass to the next
    int pixel,
        pixel_words;      // 7, 9: of values and instructions, from the last one to the next pixel
    int out_step;         // 11: from the end of a pixel's outputs to the next ones
    unsigned start, end;  // 13, 15
    struct {
      const int8_t *values;  // 0
      unsigned weight;       // 2
      uint8_t taps;          // 4: of a pass
      int step;              // 5: from its last value to those of the next one
    } rows[6];               // 17: up to one that is nowhere
  } frame, *place = &frame;
  const int passes = gap == 0 || columns < 1 ? 1 : columns;
  frame.out = out;
  frame.pixels = (uint8_t)pixels;
  frame.passes = frame.passes_left = (uint8_t)passes;
  frame.words = tap_words;
  frame.pixel = column_step - columns * (in_c + gap);
  frame.pixel_words = (1 - passes) * tap_words;
  frame.out_step = out_step - out_c;
  frame.start = start_code;
  frame.end = start_code + (unsigned)(6 * out_c + 1);
  int rows = 0;
  for (; rows < row_count; ++rows) {
    frame.rows[rows].values = in0 + (first_row + column);
    frame.rows[rows].weight = row_code;
    frame.rows[rows].taps = (uint8_t)(gap == 0 ? columns : 1);
    frame.rows[rows].step = gap == 0 ? column_step - columns * in_c : gap;
    row_code += (unsigned)row_words;
    first_row = next_row;
    next_row += in0_row;
    if (next_row == in0_end) next_row = 0;
  }
  frame.rows[rows].values = 0;
  __asm__ volatile(
      ".macro thimble_advance values, instructions\n"
      "movw r26, r28\n"
      "adiw r26, 17\n"
      "rjmp 12f\n"
      "11:\n"
      ".if \\values\n"
      "ldd r0, Y+\\values\n"
      "ldd r1, Y+\\values+1\n"
      "add r30, r0\n"
      "adc r31, r1\n"
      "st X, r31\n"
      "st -X, r30\n"
      "adiw r26, 1\n"
      ".endif\n"
      "adiw r26, 1\n"
      "ldd r0, Y+\\instructions\n"
      "ldd r1, Y+\\instructions+1\n"
      "ld r30, X+\n"
      "ld r31, X\n"
      "add r30, r0\n"
      "adc r31, r1\n"
      "st X, r31\n"
      "st -X, r30\n"
      "adiw r26, 5\n"
      "12:\n"
      "ld r30, X+\n"
      "ld r31, X\n"
      "tst r31\n"
      "brne 11b\n"
      ".endm\n"
      "thimble_pushes_8_%=:\n"
      "push r28\n"
      "push r29\n"
      "movw r28, r26\n"
      "1:\n"
      "ldd r30, Y+13\n"
      "ldd r31, Y+14\n"
      "icall\n"
      "2:\n"
      "push r28\n"
      "push r29\n"
      "adiw r28, 17\n"
      "rjmp 4f\n"
      "3:\n"
      "ldd r26, Y+0\n"
      "ldd r30, Y+2\n"
      "ldd r31, Y+3\n"
      "ldd r0, Y+4\n"
      "push r28\n"
      "push r29\n"
      "clr r28\n"
      "mov r29, r0\n"
      "icall\n"
      "pop r29\n"
      "pop r28\n"
      "ldd r30, Y+5\n"
      "ldd r31, Y+6\n"
      "add r26, r30\n"
      "adc r27, r31\n"
      "std Y+0, r26\n"
      "std Y+1, r27\n"
      "adiw r28, 7\n"
      "4:\n"
      "ldd r27, Y+1\n"
      "tst r27\n"
      "brne 3b\n"
      "pop r29\n"
      "pop r28\n"
      "ldd r30, Y+4\n"
      "dec r30\n"
      "brne 7f\n"
      "ldd r26, Y+0\n"
      "ldd r27, Y+1\n"
      "ldd r30, Y+15\n"
      "ldd r31, Y+16\n"
      "push r28\n"
      "push r29\n"
      "clr r28\n"
      "icall\n"
      "pop r29\n"
      "pop r28\n"
      "ldd r24, Y+2\n"
      "dec r24\n"
      "brne 10f\n"
      "rjmp 9f\n"
      "10:\n"
      "std Y+2, r24\n"
      "ldd r24, Y+11\n"
      "ldd r25, Y+12\n"
      "add r26, r24\n"
      "adc r27, r25\n"
      "std Y+0, r26\n"
      "std Y+1, r27\n"
      "ldd r24, Y+3\n"
      "cpi r24, 1\n"
      "brne 8f\n"
      "rjmp 1b\n"
      "7:\n"
      "std Y+4, r30\n"
      "thimble_advance 0, 5\n"
      "rjmp 2b\n"
      "8:\n"
      "std Y+4, r24\n"
      "thimble_advance 7, 9\n"
      "rjmp 1b\n"
      "9:\n"
      "clr r1\n"
      "pop r29\n"
      "pop r28\n"
      "thimble_pushed_%=:\n"
      ".purgem thimble_advance\n"
      : "+&x"(place)
      :
      : "r0", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
        "r15", "r16", "r17", "r18", "r19", "r20", "r21", "r22", "r23", "r24", "r25", "r30", "r31",
        "cc", "memory");
}

#endif

// What an operator says about rows: the sentence "a row lives from the step that makes it to the
// last step that reads it" needs, for each output row, the input rows it reads. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace thimble::ops {

struct Range {  // half open; empty when lo == hi
  int lo = 0, hi = 0;
  bool operator==(const Range &) const = default;
};

enum class AccessKind {
  kWindow,  // output row y reads input rows rows[y]; both ends monotone in y; clipped to the input
  kAccumulate,  // every input row is folded in as it arrives; output rows are ready after the last
  kCarry,  // kWindow, plus a state that `begin` sets, and that each row reads and changes: rows
           // are made in order from row 0 on. Other inputs of such a mode that row 0 alone
           // reads, `begin` reads too: it comes right before row 0
  kWhole,  // every output row reads all input rows
};

struct Access {
  AccessKind kind = AccessKind::kWindow;
  std::vector<Range>
      rows;  // kWindow, kCarry: one an output row. kWhole: empty. kAccumulate: empty,
             // or output row y is ready when the rows below rows[y].hi are folded in,
             // and its sums are held from the fold of rows[y].lo until it is made
  std::vector<Range> cols;  // kWindow, or folded in the output: input columns read by output
                            // column x; empty: all of them
  bool by_columns = false;  // kAccumulate: columns of a row can be folded in one after the other
  bool pitched = false;     // although it reads all columns, its pixels may lie apart (in a Concat)
};

// In which order one kernel call reads and writes, for outputs that overwrite their dying inputs.
enum class WriteOrder {
  kAnywhere,  // no promise: the output row may be written before the input is read
  kPixel,     // pixels ascend; all reads of pixel x (all channels) come before its first write
  kElement,  // (x, c) ascend; element (x, c) is written after its own reads, which are of channel c
};

// One way to run a node.
struct Mode {
  std::string name;            // "window", "accumulate"
  std::vector<Access> inputs;  // one a node input
  WriteOrder order = WriteOrder::kAnywhere;
  std::int64_t state_bytes =
      0;  // lives from `begin` to the last `end` (accumulators, carried state)
  std::int64_t workspace_bytes = 0;  // lives during one call
  int alignment = 1;                 // of state and workspace
  // The only input is folded into the output's own rows, pixel by pixel: each input element into
  // those of the windows it lies in, the first of a window sets them. No state, no `begin`, no
  // `end`: output row y is held from the fold of rows[y].lo on, and is made by that of
  // rows[y].hi - 1. Windows leave out no input column, and no row before their last one's end.
  // `order` is of a fold: of the pixels that it sets.
  bool in_output = false;
  // Takes several pixels of a row in hardly more time than one: rows are not made pixel by pixel
  // where the plan could have it so (fused pairs).
  bool by_rows = false;
  // kAccumulate: the state is one sum an output element, in stored order, no narrower than the
  // element. `end` reads each sum once and in order, and writes its element after that: outputs may
  // grow over their own sums.
  bool ends_in_order = false;
};

// The output is (part of) the input's bytes, or the inputs are parts of the output's.
struct View {
  enum class Kind {
    kReshape,         // same bytes, other shape
    kConcatChannels,  // input i lies in the output from channel offsets[i], pixel pitch of the
                      // output
    kConcatRows,      // input i lies in the output from row offsets[i]
    kConcatColumns,   // input i lies in the output from column offsets[i], row pitch of the output
    kColumns,         // the output lies in the input from column offsets[0]
  };
  Kind kind = Kind::kReshape;
  std::vector<int> offsets;
};

}  // namespace thimble::ops

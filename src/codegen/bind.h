// From the plan's calls to kernel calls: every parameter of a kernel gets its C expression
// (kernels/README.md lists the parameters).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "codegen/arena.h"
#include "codegen/kernel_text.h"
#include "codegen/tables.h"
#include "codegen/work.h"
#include "plan/program.h"

namespace thimble::codegen {

struct KernelCall {
  const KernelText *kernel = nullptr;
  std::string node;                             // its name
  std::map<std::string, Expression> arguments;  // by parameter name
  // Not to be inlined: its locals would lie on the stack under all that its caller calls.
  bool stays_function = false;
};

// Where the first row of a window is when it is being replaced (plan::LineLane): pixel c at byte
// `end` - (`made` - c) * pixel_pitch.
struct SavedRow {
  std::int64_t end = 0;
  std::string made;       // variable
  std::string condition;  // when it is; empty: always. Else it is in its slot
};

// Where one call works: the row it makes (folds, ...) and its columns.
struct Position {
  Index row;
  Index x0, x1;          // as the kernel is told
  Index out_col;         // of the first output pixel, as an index into the output's column slots
  int tile_input = -1;   // the input that is the block of a fused pair, or -1
  Index tile_cols = {};  // columns of the tile that are there
  Index sink_col = {};   // fused sink: the output column; its window says where others are read
  std::map<int, SavedRow> saved = {};  // by input
};

// Binds one call after the other; tables gather in `tables`.
class Binder {
 public:
  // `inner_loops`: as find_kernel takes it.
  Binder(const ir::Graph &graph, const ops::Numbers &numbers, const ArenaStyle &style,
         const std::string &inner_loops, Tables &tables, ctext::Names &names)
      : graph_(graph),
        numbers_(numbers),
        style_(style),
        inner_loops_(inner_loops),
        tables_(tables),
        names_(names) {}

  const ArenaStyle &style() const { return style_; }
  // Of all calls that were bound.
  const KernelUses &kernel_uses() const { return kernel_uses_; }
  // Errors: no kernel for the node's types; a kernel file that is not there.
  Result<KernelCall> bind(const plan::Call &call, const Position &position);
  // The C name of a table that no kernel reads; `node` names its user.
  std::string add_table(const std::string &node, const ops::Table &table) {
    return tables_.add(node, table, names_);
  }

 private:
  // The call's kernel with its rescaling solved (ops/rescaled_kernel.h, rescale_plane.h), where the
  // target is made for it and it can be.
  const std::optional<ops::Kernel> &solved_kernel(const plan::Call &call,
                                                  const ops::Kernel &kernel);

  const ir::Graph &graph_;
  const ops::Numbers &numbers_;
  const ArenaStyle &style_;
  const std::string &inner_loops_;
  Tables &tables_;
  ctext::Names &names_;
  std::map<std::tuple<ir::NodeId, int, plan::Phase>, std::optional<ops::Kernel>> solved_;
  KernelUses kernel_uses_;
};

}  // namespace thimble::codegen

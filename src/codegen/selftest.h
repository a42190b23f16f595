// NAME_selftest: pseudo-random input made on the spot, and the host's own result to compare with: a
// CRC-32 of the bytes of an integer network's output, a random projection of a float one's (whose
// last bits depend on the compiler). No table is needed, and nothing of it stays if it is unused.
// A borrowed input is made where the caller says.
#pragma once

#include "codegen/arena.h"
#include "codegen/emit.h"
#include "codegen/ports.h"
#include "ctext/c_writer.h"

namespace thimble::codegen {

// Evaluates the graph once, on the host.
void print_selftest(ctext::CWriter &writer, const ir::Graph &graph, const plan::Plan &plan,
                    const Options &options, const Ports &ports, const ArenaStyle &style);

}  // namespace thimble::codegen

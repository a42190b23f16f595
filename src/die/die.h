// The electronic die: from a trained decoder to rolled faces on a simulated board.
//
// run_die imports the decoder, quantizes it with evenly spaced latents of all six classes, plans it
// with streamed output, emits it, links it with the firmware (firmware/), rolls on the simulated
// board (board.h) and has every face recognised by the evaluation network (recognise.h). What a
// maker needs to build the die (sources, .hex, wiring, pictures) is left in the output directory.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "emulate/run.h"
#include "support/diagnostic.h"
#include "support/json.h"
#include "targets/target.h"

namespace thimble::die {

struct DieOptions {
  targets::Target target;  // one that parts.h knows
  // A decoder, 7 values -> 1x32x32: a file, or a shipped one by name (faces_3889, die_929, ...).
  // Empty: the part's.
  std::filesystem::path model;
  int rolls = 30;          // presses of the button; at least 1
  std::uint64_t seed = 1;  // of the person who presses it
  std::string
      weights;  // ops::Numbers::weights; "int8": less flash for more time; empty: the part's
  std::filesystem::path output = "die_out";
};

// What happens, a line at a time ("planning: arena 403 B ...").
using Log = std::function<void(const std::string &line)>;

// One face as the panel shows it.
struct FacePicture {
  int face = 0;                 // 1 to 6
  std::filesystem::path image;  // PNG
  std::string drawing;          // for a terminal: lines of half-block characters
};

struct DieReport {
  std::string target, model;
  int rolls = 0;
  std::array<int, 6> faces{};   // how often each was rolled
  double recognised = 0;        // share of the rolls whose panel picture shows the rolled face
  double recognised_float = 0;  // same latents, grey pictures of the float decoder
  int pictures_different = 0;   // among the first 100 rolls (or all, if fewer)
  std::int64_t cycles_per_face =
      0;  // slowest: from the start of drawing to the last byte on the bus
  double seconds_per_face = 0;
  double frames_per_second = 0;       // while it rolls, before it slows down
  emulate::Bill bill;                 // of the whole linked firmware, not of what the network adds
  std::vector<FacePicture> pictures;  // one a face that was rolled, ascending
  std::string wiring;                 // a table: signal, pin, where to
  std::string flash_command;          // relative to the output directory
  std::filesystem::path hex;
};

// Errors: what the model, its quantization, the plan or the compiler reports; a decoder of other
// shapes (kModel); a firmware that does not fit the part (kBudget); a missing avr-gcc
// (kMissingTool); a face that the board never finished (kVerify).
Result<DieReport> run_die(const DieOptions &options, const Log &log);

// The keys of `thimble die --json`.
Json to_json(const DieReport &report);

}  // namespace thimble::die

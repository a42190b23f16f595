// Many rolls on simulated boards, and how well the panel's pictures show what was rolled.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "die/board.h"
#include "die/decoder.h"
#include "die/parts.h"
#include "die/recognise.h"
#include "support/diagnostic.h"

namespace thimble::die {

// The same firmware twice: as it is flashed, and without the frames that roll before a face. Those
// cost many times the face's own time and leave no trace in it, so only the first rolls show them.
struct Images {
  std::filesystem::path flashed, without_frames;
};

struct Rolls {
  std::vector<Roll> rolls;
  std::int64_t stack_bytes = 0;  // deepest of the flashed firmware
  double frames_per_second = 0;  // of its rolls, before they slow down; 0: none rolls
};

// So many frames of `cycles` that the roll takes about a second, and is one with slow chips too.
int frames_for(std::int64_t cycles, const Part &part);
// How long drawing a face takes. Errors: as Board.
Result<std::int64_t> face_cycles(const std::filesystem::path &without_frames, const Part &part,
                                 std::uint64_t seed);

// Errors: as Board.
Result<Rolls> roll_many(const Images &images, const Part &part, int count, std::uint64_t seed);

struct Judgement {
  double recognised = 0;        // share of the panel pictures that show the rolled face
  double recognised_float = 0;  // of the float decoder's grey pictures, same faces and latents
  int pictures_different = 0;   // among the first 100
};

Judgement judge(const std::vector<Roll> &rolls, const Decoder &decoder,
                const Recogniser &recogniser);

}  // namespace thimble::die

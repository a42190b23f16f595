// A board is powered up once and then pressed again and again, as on a table. Rolls with equal face
// and latent give equal pictures, so each pair is recognised once.
#include "die/rolling.h"

#include <algorithm>
#include <map>
#include <utility>

#include "support/progress.h"

namespace thimble::die {
namespace {

constexpr int kRollsWithFrames = 12;
constexpr double kRollSeconds = 1.2;  // at full speed
constexpr int kFewestFrames = 3, kMostFrames = 16;
constexpr int kPicturesCompared = 100;

Status roll_on(Board &board, Finger &finger, int count, Progress &progress,
               std::vector<Roll> &rolls) {
  for (int i = 0; i < count; ++i) {
    TRY(Roll roll, board.roll(finger));
    rolls.push_back(std::move(roll));
    progress.advance();
  }
  return Unit{};
}

// Frames that nothing but drawing holds up: the first half (firmware/die_app.c).
double frame_rate(const std::vector<Roll> &rolls, const Part &part) {
  std::uint64_t cycles = 0, frames = 0;
  for (const Roll &roll : rolls) {
    const std::size_t fast = roll.frames.size() / 2;
    if (fast == 0) continue;
    frames += fast;
    cycles += roll.frames[fast] - roll.frames[0];
  }
  return cycles == 0 ? 0
                     : static_cast<double>(frames) * static_cast<double>(part.clock_hz) /
                           static_cast<double>(cycles);
}

int count_different(const std::vector<Roll> &rolls) {
  std::vector<PanelPicture> different;
  const std::size_t compared = std::min<std::size_t>(rolls.size(), kPicturesCompared);
  for (std::size_t i = 0; i < compared; ++i) {
    const PanelPicture picture = die_alone(rolls[i].picture);
    if (std::find(different.begin(), different.end(), picture) == different.end())
      different.push_back(picture);
  }
  return static_cast<int>(different.size());
}

}  // namespace

int frames_for(std::int64_t cycles, const Part &part) {
  const double frames =
      kRollSeconds * static_cast<double>(part.clock_hz) / static_cast<double>(cycles);
  return static_cast<int>(std::clamp<double>(frames, kFewestFrames, kMostFrames));
}

Result<std::int64_t> face_cycles(const std::filesystem::path &without_frames, const Part &part,
                                 std::uint64_t seed) {
  Finger finger(seed, part.clock_hz);
  TRY(Board board, Board::power_up(without_frames, part));
  TRY(const Roll roll, board.roll(finger));
  return roll.cycles;
}

Result<Rolls> roll_many(const Images &images, const Part &part, int count, std::uint64_t seed) {
  const int with_frames = std::min(count, kRollsWithFrames);
  Finger finger(seed, part.clock_hz);
  Progress progress("rolling", count);
  Rolls result;
  TRY(Board flashed, Board::power_up(images.flashed, part));
  TRY([[maybe_unused]] const Unit first,
      roll_on(flashed, finger, with_frames, progress, result.rolls));
  result.stack_bytes = flashed.stack_bytes();
  result.frames_per_second = frame_rate(result.rolls, part);
  TRY(Board quick, Board::power_up(images.without_frames, part));
  TRY([[maybe_unused]] const Unit rest,
      roll_on(quick, finger, count - with_frames, progress, result.rolls));
  return result;
}

Judgement judge(const std::vector<Roll> &rolls, const Decoder &decoder,
                const Recogniser &recogniser) {
  struct Shown {
    bool panel = false, grey = false;  // the rolled face was recognised
  };
  std::map<std::pair<int, int>, Shown> known;  // by face and latent
  Progress progress("recognising", static_cast<std::int64_t>(rolls.size()));
  int panel = 0, grey = 0;
  for (const Roll &roll : rolls) {
    const auto [at, is_new] = known.try_emplace({roll.face, roll.latent});
    if (is_new) {
      at->second.panel = recogniser.face(filter_down(roll.picture)) == roll.face;
      const Grey drawn = draw_float(decoder, roll.face, latent_of(decoder, roll.latent));
      at->second.grey = recogniser.face(drawn) == roll.face;
    }
    panel += at->second.panel;
    grey += at->second.grey;
    progress.advance();
  }
  const auto share = [&](int shown) {
    return rolls.empty() ? 0.0 : static_cast<double>(shown) / rolls.size();
  };
  return {share(panel), share(grey), count_different(rolls)};
}

}  // namespace thimble::die

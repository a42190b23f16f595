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

int count_different(const std::vector<Roll> &rolls) {
  std::vector<const PanelPicture *> different;
  const std::size_t compared = std::min<std::size_t>(rolls.size(), kPicturesCompared);
  for (std::size_t i = 0; i < compared; ++i) {
    const auto same = [&](const PanelPicture *other) { return *other == rolls[i].picture; };
    if (std::none_of(different.begin(), different.end(), same))
      different.push_back(&rolls[i].picture);
  }
  return static_cast<int>(different.size());
}

}  // namespace

Result<Rolls> roll_many(const Images &images, const Part &part, int count, std::uint64_t seed) {
  const int with_frames = std::min(count, kRollsWithFrames);
  Finger finger(seed, part.clock_hz);
  Progress progress("rolling", count);
  Rolls result;
  TRY(Board flashed, Board::power_up(images.flashed, part));
  TRY([[maybe_unused]] const Unit first,
      roll_on(flashed, finger, with_frames, progress, result.rolls));
  result.stack_bytes = flashed.stack_bytes();
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

#include "train/fit.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <mutex>

#include "support/files.h"
#include "support/progress.h"
#include "train/checkpoint.h"

namespace thimble::train {
namespace {

using History = std::vector<std::vector<double>>;

std::vector<torch::optim::Adam> make_optimizers(const std::vector<Player> &players) {
  std::vector<torch::optim::Adam> optimizers;
  for (const Player &player : players)
    optimizers.emplace_back(player.parameters, torch::optim::AdamOptions(player.rate));
  return optimizers;
}

void set_rate(torch::optim::Adam &optimizer, double rate) {
  for (auto &group : optimizer.param_groups())
    static_cast<torch::optim::AdamOptions &>(group.options()).lr(rate);
}

// One step of one player; the loss before it.
double step(const Player &player, torch::optim::Adam &optimizer, const torch::Tensor &rows,
            double progress) {
  optimizer.zero_grad();
  const torch::Tensor loss = player.loss(rows, progress);
  loss.backward();
  optimizer.step();
  return loss.item<double>();
}

// Mean losses of one epoch, a player an entry.
std::vector<double> run_epoch(const std::vector<Player> &players,
                              std::vector<torch::optim::Adam> &optimizers, const Fit &options,
                              int epoch, Progress &progress_bar) {
  std::vector<double> sums(players.size(), 0);
  const std::int64_t steps = std::max<std::int64_t>(options.examples / options.batch, 1);
  const torch::Tensor order = torch::randperm(options.examples, torch::kInt64);
  for (std::int64_t i = 0; i < steps; ++i) {
    const double progress =
        (epoch + static_cast<double>(i) / static_cast<double>(steps)) / options.epochs;
    const torch::Tensor rows = order.slice(0, i * options.batch, (i + 1) * options.batch);
    for (std::size_t p = 0; p < players.size(); ++p) {
      set_rate(optimizers[p], players[p].rate * rate_factor(options.schedule, progress));
      sums[p] += step(players[p], optimizers[p], rows, progress);
    }
    progress_bar.advance();
  }
  for (double &sum : sums) sum /= static_cast<double>(steps);
  return sums;
}

// A line an epoch, a player a column, beside the checkpoint: for curves and for looking in.
Status write_losses(std::filesystem::path checkpoint, const History &history) {
  std::string csv;
  for (const std::vector<double> &losses : history)
    csv += fmt::format("{:.6f}\n", fmt::join(losses, ","));
  return write_file(checkpoint.replace_extension(".csv"), csv);
}

Diagnostic no_number(int epoch) {
  Diagnostic error = model_error(fmt::format("the loss of epoch {} is not a number", epoch + 1),
                                 "the steps were too large", "train at a smaller rate");
  error.error_class = ErrorClass::kVerify;
  return error;
}

}  // namespace

Result<History> fit(const std::vector<Player> &players, const Fit &options) {
  auto optimizers = make_optimizers(players);
  Checkpoint state{options.identity, {}, players, optimizers};
  if (options.resume && std::filesystem::exists(options.checkpoint))
    if (auto status = read_checkpoint(options.checkpoint, state); !status.ok())
      return status.diagnostics();
  const std::int64_t steps = std::max<std::int64_t>(options.examples / options.batch, 1);
  Progress progress(options.label, steps * options.epochs);
  progress.advance(steps * static_cast<std::int64_t>(state.history.size()));
  for (int epoch = static_cast<int>(state.history.size()); epoch < options.epochs; ++epoch) {
    state.history.push_back(run_epoch(players, optimizers, options, epoch, progress));
    const double loss = state.history.back()[0];
    if (!std::isfinite(loss)) return no_number(epoch);
    progress.note(fmt::format("loss {:.5f}", loss));
    if (options.checkpoint.empty()) continue;
    if (auto status = write_losses(options.checkpoint, state.history); !status.ok())
      return status.diagnostics();
    if (auto status = write_checkpoint(options.checkpoint, state); !status.ok())
      return status.diagnostics();
  }
  return std::move(state.history);
}

void start(std::uint64_t seed) {
  at::set_num_threads(1);
  torch::manual_seed(seed);
}

}  // namespace thimble::train

#include "train/checkpoint.h"

#include <fmt/format.h>

#include <sstream>

#include "support/files.h"

namespace thimble::train {
namespace {

torch::Tensor tensor_of(const std::vector<std::vector<double>> &history, std::size_t players) {
  torch::Tensor table =
      torch::empty({static_cast<std::int64_t>(history.size()), static_cast<std::int64_t>(players)},
                   torch::kFloat64);
  for (std::size_t i = 0; i < history.size(); ++i)
    for (std::size_t p = 0; p < players; ++p)
      table[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(p)] = history[i][p];
  return table;
}

std::vector<std::vector<double>> history_of(const torch::Tensor &table) {
  std::vector<std::vector<double>> history;
  for (std::int64_t i = 0; i < table.size(0); ++i) {
    const double *row = table[i].data_ptr<double>();
    history.emplace_back(row, row + table.size(1));
  }
  return history;
}

void save_player(torch::serialize::OutputArchive &archive, const Player &player,
                 torch::optim::Adam &optimizer, std::size_t index) {
  for (std::size_t i = 0; i < player.parameters.size(); ++i)
    archive.write(fmt::format("player{}_parameter{}", index, i), player.parameters[i].detach());
  torch::serialize::OutputArchive inner;
  optimizer.save(inner);
  archive.write(fmt::format("player{}_adam", index), inner);
}

void load_player(torch::serialize::InputArchive &archive, const Player &player,
                 torch::optim::Adam &optimizer, std::size_t index) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < player.parameters.size(); ++i) {
    torch::Tensor stored, parameter = player.parameters[i];
    archive.read(fmt::format("player{}_parameter{}", index, i), stored);
    parameter.copy_(stored);
  }
  torch::serialize::InputArchive inner;
  archive.read(fmt::format("player{}_adam", index), inner);
  optimizer.load(inner);
}

Diagnostic unreadable(const std::filesystem::path &path, std::string why) {
  Diagnostic error = usage_error("this checkpoint cannot be continued", std::move(why),
                                 "remove it, or train without --resume");
  error.file = path.string();
  return error;
}

}  // namespace

Status write_checkpoint(const std::filesystem::path &path, const Checkpoint &checkpoint) {
  torch::serialize::OutputArchive archive;
  archive.write("identity", c10::IValue(checkpoint.identity));
  archive.write("history", tensor_of(checkpoint.history, checkpoint.players.size()));
  archive.write("generator", at::globalContext().defaultGenerator(at::kCPU).get_state());
  for (std::size_t p = 0; p < checkpoint.players.size(); ++p)
    save_player(archive, checkpoint.players[p], checkpoint.optimizers[p], p);
  std::ostringstream bytes;
  archive.save_to(bytes);
  return write_file(path, bytes.str());
}

Status read_checkpoint(const std::filesystem::path &path, Checkpoint &checkpoint) {
  try {
    torch::serialize::InputArchive archive;
    archive.load_from(path.string());
    c10::IValue identity;
    archive.read("identity", identity);
    if (identity.toStringRef() != checkpoint.identity)
      return unreadable(path, "it belongs to another training: " + identity.toStringRef());
    torch::Tensor history, generator;
    archive.read("history", history);
    archive.read("generator", generator);
    for (std::size_t p = 0; p < checkpoint.players.size(); ++p)
      load_player(archive, checkpoint.players[p], checkpoint.optimizers[p], p);
    checkpoint.history = history_of(history);
    at::Generator chance = at::globalContext().defaultGenerator(at::kCPU);
    chance.set_state(generator);
  } catch (const c10::Error &error) {
    return unreadable(path, error.what_without_backtrace());
  }
  return Unit{};
}

}  // namespace thimble::train

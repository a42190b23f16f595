// `thimble train`: the shipped networks, from their data. A program of its own, so that the
// compiler needs no libtorch; `thimble` hands its command line over (cli/train.cpp).
#include <fmt/core.h>

#include <optional>

#include "cli/app.h"
#include "cli/command.h"
#include "cli/console.h"
#include "recipes/train_die.h"
#include "support/files.h"

namespace thimble::recipes {
namespace {

struct Options {
  std::string what, config, output = "trained";
  std::optional<int> epochs;
  std::uint64_t seed = 1;
  bool resume = false, as_json = false;
};

Result<DieConfig> config_of(const Options &options) {
  DieConfig config;
  if (options.what == "evaluator") {
    config.epochs = 8;
    config.batch = 64;
    config.rate = 1e-3;
  }
  if (!options.config.empty()) {
    TRY(const std::string text, read_text(options.config));
    TRY(config, parse_config(text, options.config));
  }
  if (options.epochs) config.epochs = *options.epochs;
  return config;
}

std::string to_text(const Json &result) {
  std::string text;
  for (const auto &[key, value] : result.items())
    text += fmt::format("{:<24} {}\n", key, value.dump());
  return text;
}

Status train(const Options &options) {
  TRY(const DieConfig config, config_of(options));
  const TrainOptions training{config, options.seed, options.output, options.resume};
  TRY(const Json result,
      options.what == "evaluator" ? train_evaluator(training) : train_die(training));
  options.as_json ? cli::print_result(result) : cli::print_result(to_text(result));
  return Unit{};
}

cli::Command train_command(CLI::App &root) {
  CLI::App *app = root.add_subcommand("train", "Train the shipped networks from their data");
  auto options = std::make_shared<Options>();
  app->add_option("what", options->what,
                  "die: a network that draws faces; evaluator: one that reads them")
      ->required()
      ->check(CLI::IsMember({"die", "evaluator"}));
  app->add_option("--config", options->config,
                  "JSON with any of: method (cvae, angle, gan, flow), channels, hires, encoder, "
                  "epochs, batch, rate, beta, restarts, telling, quantized");
  app->add_option("--epochs", options->epochs, "Instead of the configuration's")
      ->check(CLI::Range(1, 1000000));
  app->add_option("--seed", options->seed, "Equal seeds give equal weights; default: 1");
  app->add_option("-o,--output", options->output, "Directory for what is made; default: trained");
  app->add_flag("--resume", options->resume, "Continue a training that was interrupted");
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return train(*options); }};
}

}  // namespace
}  // namespace thimble::recipes

int main(int argc, char **argv) {
  return thimble::cli::run(argc, argv, [](CLI::App &root) {
    return std::vector{thimble::recipes::train_command(root)};
  });
}

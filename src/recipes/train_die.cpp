#include "recipes/train_die.h"

#include <ctime>

#include "die/decoder.h"
#include "die/networks.h"
#include "frontends/onnx/write_onnx.h"
#include "ops/evaluate.h"
#include "recipes/flow.h"
#include "recipes/lesson.h"
#include "report/png.h"
#include "support/files.h"

namespace thimble::recipes {
namespace {

constexpr int kSamples = 12;  // a face

Result<ir::Graph> train(const Lesson &lesson) {
  const std::string &method = lesson.config.method;
  if (method == "angle") return train_by_angle(lesson);
  if (method == "gan") return train_gan(lesson);
  if (method == "flow") return train_flow(lesson);
  return train_cvae(lesson);
}

Draw draw_by_decoder(const ir::Graph &graph) {
  return [&graph](int face, float latent) {
    std::vector<float> code(1 + die::kFaces, 0.0f);
    code[0] = latent;
    code[face] = 1;
    const ir::Type &type = graph.value(graph.inputs()[0].value).type;
    return ops::to_real(ops::evaluate_outputs(graph, {}, {ops::from_real(type, code)})[0]);
  };
}

report::Image samples(const Draw &draw, int side) {
  report::Image image{kSamples * side, die::kFaces * side, 1, {}};
  image.pixels.resize(static_cast<std::size_t>(image.width) * image.height);
  for (int face = 1; face <= die::kFaces; ++face)
    for (int i = 0; i < kSamples; ++i) {
      const float latent = die::kLatentLimit * (2.0f * i / (kSamples - 1) - 1);
      const die::Grey picture = draw(face, latent);
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x)
          image.pixels[((face - 1) * side + y) * image.width + i * side + x] =
              static_cast<std::uint8_t>(255 * picture[y * side + x] + 0.5f);
    }
  return image;
}

Json to_json(const TrainOptions &options, const ir::Graph &network, const Verdict &verdict,
             double seconds) {
  const die::ParameterCount count = die::count_parameters(network);
  return {{"config", recipes::to_json(options.config)},
          {"seed", options.seed},
          {"parameters", count.total()},
          {"parameters_cnn", count.convolutions},
          {"parameters_fc", count.fully_connected},
          {"loss", verdict.loss},
          {"variance", verdict.variance},
          {"recognised", verdict.recognised},
          {"recognised_by_evaluator", verdict.recognised_by_evaluator},
          {"pictures_different", verdict.pictures_different},
          {"seconds", seconds}};
}

void remove_checkpoints(const std::filesystem::path &directory) {
  for (const auto &entry : std::filesystem::directory_iterator(directory))
    if (entry.path().extension() == ".pt") std::filesystem::remove(entry.path());
}

Status write_network(const std::filesystem::path &path, const ir::Graph &network) {
  TRY(const std::string onnx, frontends::onnx::write_onnx(network));
  return write_file(path, onnx);
}

}  // namespace

Result<Json> train_die(const TrainOptions &options) {
  const std::clock_t start = std::clock();
  std::filesystem::create_directories(options.directory);
  train::start(options.seed);
  const int side = options.config.shape.side;
  const Dice dice = to_tensors(training_pictures(side));
  TRY(const ir::Graph network,
      train({options.config, options.seed, dice, options.directory, options.resume}));
  const Draw draw =
      options.config.method == "flow" ? draw_by_flow(network) : draw_by_decoder(network);
  TRY(const Verdict verdict, judge(draw, test_pictures(side)));
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  const Json json = to_json(options, network, verdict, seconds);
  const std::filesystem::path &directory = options.directory;
  TRY([[maybe_unused]] const Unit onnx, write_network(directory / "decoder.onnx", network));
  TRY([[maybe_unused]] const Unit png,
      report::write_png(directory / "samples.png", report::enlarge(samples(draw, side), 2)));
  TRY([[maybe_unused]] const Unit run, write_file(directory / "run.json", json.dump(2) + "\n"));
  remove_checkpoints(directory);
  return json;
}

}  // namespace thimble::recipes

// Calibration sees the whole input space, coarsely: the latent is one number and the faces are six.
#include "die/decoder.h"

#include <algorithm>

#include "ops/evaluate.h"
#include "passes/quantize.h"

namespace thimble::die {
namespace {

constexpr int kCalibrationLatents = 17;  // evenly spaced, both limits included

Grey draw(const ir::Graph &graph, const ops::Numbers &numbers, int face, float latent) {
  return ops::to_real(
      ops::evaluate_outputs(graph, numbers, {decoder_input(graph, face, latent)})[0]);
}

Status check_shapes(const Model &model) {
  const ir::Graph &graph = model.graph;
  const auto port_is = [&](const std::vector<ir::Port> &ports, const ir::Shape &shape) {
    return ports.size() == 1 && graph.value(ports[0].value).type.shape == shape;
  };
  if (port_is(graph.inputs(), {1, 1, 1 + kFaces}) &&
      port_is(graph.outputs(), {kGreySide, kGreySide, 1})) {
    return Unit{};
  }
  Diagnostic error = model_error("is no decoder of the die",
                                 "the die gives (latent, one-hot of 6 faces) and draws 1x32x32",
                                 "use a network with one input [1,7] and one output [1,1,32,32]");
  error.file = model.name;
  return error;
}

Status check_quantized(const Decoder &decoder, const ops::Numbers &numbers) {
  const ir::Graph &graph = decoder.quantized;
  const ir::Type &output = graph.value(graph.outputs()[0].value).type;
  Diagnostics errors;
  if (!output.quant || *output.quant != ir::Quant{1.0f / 256, -128}) {
    errors.push_back(
        model_error("its grey levels are not those of a sigmoid",
                    "the firmware dithers int8 levels with scale 1/256 and zero point -128",
                    "end the decoder with a Sigmoid"));
  }
  for (int face = 1; face <= kFaces; ++face) {
    const Grey picture = draw(graph, numbers, face, 0.0f);
    const auto [darkest, lightest] = std::minmax_element(picture.begin(), picture.end());
    if (*darkest == *lightest) {
      errors.push_back(model_error(
          "draws face " + std::to_string(face) + " as one even grey after quantization",
          "the network does not survive 8 bits", "train with quantization in the loop"));
    }
  }
  for (Diagnostic &error : errors) error.file = decoder.model.name;
  if (!errors.empty()) return errors;
  return Unit{};
}

}  // namespace

ops::Tensor decoder_input(const ir::Graph &graph, int face, float latent) {
  std::vector<float> values(1 + kFaces, 0.0f);
  values[0] = latent;
  values[face] = 1.0f;
  return ops::from_real(graph.value(graph.inputs()[0].value).type, values);
}

Result<ir::Graph> quantize_decoder(const Model &model) {
  TRY([[maybe_unused]] const Unit shapes, check_shapes(model));
  const ir::Type &input = model.graph.value(model.graph.inputs()[0].value).type;
  if (input.dtype == ir::DType::kI8) return model.graph;
  passes::Samples samples;
  for (int face = 1; face <= kFaces; ++face) {
    for (int i = 0; i < kCalibrationLatents; ++i) {
      const float latent = kLatentLimit * (2.0f * i / (kCalibrationLatents - 1) - 1);
      samples.push_back({decoder_input(model.graph, face, latent)});
    }
  }
  return passes::quantize(model.graph, samples);
}

Result<Decoder> make_decoder(Model model, const ops::Numbers &numbers) {
  TRY(ir::Graph quantized, quantize_decoder(model));
  Decoder decoder{std::move(model), std::move(quantized)};
  TRY([[maybe_unused]] const Unit levels, check_quantized(decoder, numbers));
  return decoder;
}

Grey draw_float(const Model &model, int face, float latent) {
  return draw(model.graph, {}, face, latent);
}

Grey draw_float(const Decoder &decoder, int face, float latent) {
  return draw_float(decoder.model, face, latent);
}

float latent_of(const Decoder &decoder, int quantized) {
  const ir::Graph &graph = decoder.quantized;
  const ir::Quant quant = *graph.value(graph.inputs()[0].value).type.quant;
  return quant.scale * static_cast<float>(quantized - quant.zero_point);
}

}  // namespace thimble::die

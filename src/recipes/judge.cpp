#include "recipes/judge.h"

#include <torch/torch.h>

#include <algorithm>
#include <set>

#include "die/decoder.h"
#include "die/recognise.h"
#include "support/progress.h"

namespace thimble::recipes {
namespace {

constexpr int kDrawings = 256;    // a face, for the loss
constexpr int kRecognised = 100;  // a face
constexpr int kCompared = 100;

float latent_at(int index, int count) {
  return die::kLatentLimit * (2.0f * static_cast<float>(index) / static_cast<float>(count - 1) - 1);
}

// The face's drawings at even latents, one a row.
torch::Tensor drawings(const Draw &draw, int face, Progress &progress) {
  std::vector<torch::Tensor> rows;
  for (int i = 0; i < kDrawings; ++i) {
    rows.push_back(torch::tensor(draw(face, latent_at(i, kDrawings))));
    progress.advance();
  }
  return torch::stack(rows);
}

// Of each test picture of the face to the nearest drawing; summed.
double squared_errors(const torch::Tensor &drawn, const die::DiePictures &tests, int face) {
  const std::int64_t pixels = drawn.size(1);
  double sum = 0;
  for (int i = 0; i < tests.count(); ++i) {
    if (tests.faces[i] != face) continue;
    const torch::Tensor picture =
        torch::from_blob(const_cast<float *>(&tests.pixels[i * pixels]), {pixels});
    sum += (drawn - picture).square().mean(1).min().item<double>();
  }
  return sum;
}

double share_recognised(const Draw &draw, const die::Recogniser &recogniser) {
  int recognised = 0;
  Progress progress("recognising", die::kFaces * kRecognised);
  for (int face = 1; face <= die::kFaces; ++face)
    for (int i = 0; i < kRecognised; ++i) {
      recognised += recogniser.face(draw(face, latent_at(i, kRecognised))) == face;
      progress.advance();
    }
  return static_cast<double>(recognised) / (die::kFaces * kRecognised);
}

int count_different(const Draw &draw) {
  std::set<die::Grey> different;
  for (int i = 0; i < kCompared; ++i)
    different.insert(draw(1 + i % die::kFaces, latent_at(i, kCompared)));
  return static_cast<int>(different.size());
}

}  // namespace

Result<Verdict> judge(const Draw &draw, const die::DiePictures &tests) {
  TRY(const die::Recogniser small, die::Recogniser::load());
  TRY(const die::Recogniser evaluator, die::Recogniser::load("evaluator.onnx"));
  Verdict verdict;
  Progress progress("measuring the loss", die::kFaces * kDrawings);
  for (int face = 1; face <= die::kFaces; ++face)
    verdict.loss += squared_errors(drawings(draw, face, progress), tests, face);
  verdict.loss /= tests.count();
  verdict.variance = torch::tensor(tests.pixels).var(false).item<double>();
  verdict.recognised = share_recognised(draw, small);
  verdict.recognised_by_evaluator = share_recognised(draw, evaluator);
  verdict.pictures_different = count_different(draw);
  return verdict;
}

}  // namespace thimble::recipes

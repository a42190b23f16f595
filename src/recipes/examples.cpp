#include "recipes/examples.h"

#include <algorithm>
#include <filesystem>

#include "api/samples.h"
#include "support/idx.h"
#include "train/tensors.h"

namespace thimble::recipes {
namespace {

std::vector<torch::Tensor> to_batches(const passes::Samples &samples) {
  std::vector<torch::Tensor> inputs;
  for (std::size_t i = 0; i < samples[0].size(); ++i) {
    std::vector<ops::Tensor> of_input;
    for (const auto &sample : samples) of_input.push_back(sample[i]);
    inputs.push_back(train::to_batch(of_input));
  }
  return inputs;
}

Diagnostic about(const std::string &path, std::string what, std::string why, std::string fix) {
  Diagnostic error = usage_error(std::move(what), std::move(why), std::move(fix));
  error.file = path;
  return error;
}

// Undefined: there is no y.
Result<torch::Tensor> read_labels(const ir::Graph &graph, const std::string &path,
                                  std::int64_t count) {
  TRY(const NpzEntries entries, read_arrays(path));
  const auto y = std::find_if(entries.begin(), entries.end(),
                              [](const auto &entry) { return entry.first == "y"; });
  if (y == entries.end()) return torch::Tensor();
  const NpyArray &array = y->second;
  if (!array.is_integer() || array.element_count() != count)
    return about(path, "'y' does not hold one whole number a sample", "it is the samples' classes",
                 "leave y out to learn from the network itself");
  torch::Tensor labels = torch::empty({count}, torch::kInt64);
  std::visit(
      [&](const auto &data) {
        for (std::int64_t i = 0; i < count; ++i)
          labels[i] = static_cast<std::int64_t>(data[static_cast<std::size_t>(i)]);
      },
      array.data);
  const std::int64_t classes = graph.value(graph.outputs()[0].value).type.shape.elements();
  if (labels.min().item<std::int64_t>() < 0 || labels.max().item<std::int64_t>() >= classes)
    return about(path, "'y' names classes that the network does not have",
                 "its first output has " + std::to_string(classes), "number them from 0");
  return labels;
}

}  // namespace

Examples Examples::rows(const torch::Tensor &indices) const {
  Examples some;
  for (const torch::Tensor &input : inputs) some.inputs.push_back(input.index_select(0, indices));
  if (labelled()) some.labels = labels.index_select(0, indices);
  return some;
}

Examples Examples::slice(std::int64_t first, std::int64_t end) const {
  Examples some;
  for (const torch::Tensor &input : inputs) some.inputs.push_back(input.slice(0, first, end));
  if (labelled()) some.labels = labels.slice(0, first, end);
  return some;
}

Result<Examples> read_examples(const ir::Graph &graph, const std::string &from,
                               const std::string &part) {
  const bool folder = std::filesystem::is_directory(from);
  const std::string path = folder ? (std::filesystem::path(from) / part).string() : from;
  if (folder && !are_digits(path)) return read_digits(path).diagnostics();
  TRY(const passes::Samples samples, api::read_calibration(graph, path));
  Examples examples{to_batches(samples), {}};
  if (path.starts_with("random:")) return examples;
  TRY(examples.labels, read_labels(graph, path, examples.count()));
  return examples;
}

}  // namespace thimble::recipes

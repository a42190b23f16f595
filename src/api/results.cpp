// Samples to arrays for people, and to the bytes that the generated C reads and writes.
#include <bit>
#include <cstring>

#include "api/samples.h"
#include "ops/evaluate.h"
#include "support/check.h"

namespace thimble::api {
namespace {

static_assert(std::endian::native == std::endian::little, "raw samples are little endian");

}  // namespace

// Dimensions of one sample: the port's without the batch.
std::vector<std::int64_t> sample_dims(const ir::Port &port) {
  const bool batched = port.dims.size() > 1 && port.dims.front() == 1;
  return {port.dims.begin() + (batched ? 1 : 0), port.dims.end()};
}

NpzEntries to_arrays(const ir::Graph &graph, const std::vector<Sample> &outputs, bool raw) {
  NpzEntries entries;
  for (std::size_t i = 0; i < graph.outputs().size(); ++i) {
    const ir::Port &port = graph.outputs()[i];
    const ir::Type &type = graph.value(port.value).type;
    const auto order = ir::stored_order(port, type.shape);
    NpyArray array;
    array.shape = sample_dims(port);
    array.shape.insert(array.shape.begin(), static_cast<std::int64_t>(outputs.size()));
    const auto fill = [&](auto elements_of) {
      auto data = elements_of(Sample::value_type{});
      data.resize(outputs.size() * order.size());
      for (std::size_t s = 0; s < outputs.size(); ++s) {
        const auto elements = elements_of(outputs[s][i]);
        for (std::size_t e = 0; e < order.size(); ++e) {
          data[s * order.size() + static_cast<std::size_t>(order[e])] = elements[e];
        }
      }
      array.data = std::move(data);
    };
    if (raw && type.dtype == ir::DType::kI8) {
      fill([](const ops::Tensor &tensor) { return tensor.i8; });
    } else {
      fill([](const ops::Tensor &tensor) { return ops::to_real(tensor); });
    }
    const std::string suffix = graph.outputs().size() > 1 ? std::to_string(i) : "";
    entries.emplace_back("y" + suffix, std::move(array));
  }
  return entries;
}

std::vector<emulate::RawSample> to_raw(const std::vector<Sample> &samples) {
  std::vector<emulate::RawSample> raw;
  for (const Sample &sample : samples) {
    emulate::RawSample tensors;
    for (const ops::Tensor &tensor : sample) {
      const auto *i8 = reinterpret_cast<const std::uint8_t *>(tensor.i8.data());
      const auto *f32 = reinterpret_cast<const std::uint8_t *>(tensor.f32.data());
      if (tensor.type.dtype == ir::DType::kI8) {
        tensors.emplace_back(i8, i8 + tensor.i8.size());
      } else {
        tensors.emplace_back(f32, f32 + tensor.f32.size() * sizeof(float));
      }
    }
    raw.push_back(std::move(tensors));
  }
  return raw;
}

std::vector<Sample> from_raw(const std::vector<ir::Type> &types,
                             const std::vector<emulate::RawSample> &raw) {
  std::vector<Sample> samples;
  for (const emulate::RawSample &tensors : raw) {
    CHECK(tensors.size() == types.size(), "a run gave another number of outputs than the network");
    Sample sample;
    for (std::size_t i = 0; i < types.size(); ++i) {
      CHECK(static_cast<std::int64_t>(tensors[i].size()) == types[i].bytes(),
            "a run gave an output of another size");
      ops::Tensor tensor{types[i], {}, {}};
      const auto elements = static_cast<std::size_t>(types[i].shape.elements());
      if (types[i].dtype == ir::DType::kI8) {
        tensor.i8.assign(tensors[i].begin(), tensors[i].end());
      } else {
        tensor.f32.resize(elements);
        std::memcpy(tensor.f32.data(), tensors[i].data(), tensors[i].size());
      }
      sample.push_back(std::move(tensor));
    }
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace thimble::api

// A tensor is made of numbers in C order, and read so whatever its strides.
#include "train/tensors.h"

#include <algorithm>

#include "support/check.h"

namespace thimble::train {
namespace {

torch::Tensor copied(std::span<const float> numbers, const std::vector<std::int64_t> &sizes) {
  torch::Tensor tensor = torch::empty(sizes);
  CHECK(tensor.numel() == static_cast<std::int64_t>(numbers.size()), "one number an element");
  std::copy(numbers.begin(), numbers.end(), tensor.data_ptr<float>());
  return tensor;
}

std::vector<std::int64_t> sizes_of(std::size_t batch, const ir::Shape &shape) {
  return {static_cast<std::int64_t>(batch), shape.rows, shape.cols, shape.channels};
}

}  // namespace

torch::Tensor to_batch(std::span<const ops::Tensor> samples) {
  CHECK(!samples.empty(), "a batch has a sample or more");
  std::vector<float> numbers;
  for (const ops::Tensor &sample : samples)
    numbers.insert(numbers.end(), sample.f32.begin(), sample.f32.end());
  return copied(numbers, sizes_of(samples.size(), samples[0].type.shape));
}

std::vector<ops::Tensor> from_batch(const torch::Tensor &batch, const ir::Type &type) {
  std::vector<ops::Tensor> samples;
  for (const torch::Tensor &sample : batch.unbind(0))
    samples.push_back({type, to_floats(sample), {}});
  return samples;
}

torch::Tensor to_batch(const ir::Port &port, const ir::Shape &shape,
                       std::span<const float> arrays) {
  const std::vector<std::int64_t> order = ir::stored_order(port, shape);
  std::vector<float> numbers(arrays.size());
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const std::size_t first = i / order.size() * order.size();
    numbers[i] = arrays[first + static_cast<std::size_t>(order[i % order.size()])];
  }
  return copied(numbers, sizes_of(arrays.size() / order.size(), shape));
}

std::vector<float> to_file_order(const ir::Port &port, const ir::Shape &shape,
                                 const torch::Tensor &batch) {
  const std::vector<std::int64_t> order = ir::stored_order(port, shape);
  const std::vector<float> numbers = to_floats(batch);
  std::vector<float> arrays(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t first = i / order.size() * order.size();
    arrays[first + static_cast<std::size_t>(order[i % order.size()])] = numbers[i];
  }
  return arrays;
}

torch::Tensor to_tensor(const ir::Constant &constant) {
  return copied(std::get<std::vector<float>>(constant.data),
                {constant.dims.begin(), constant.dims.end()});
}

std::vector<float> to_floats(const torch::Tensor &tensor) {
  const torch::Tensor plain = tensor.detach().to(torch::kFloat32).contiguous();
  const float *first = plain.data_ptr<float>();
  return {first, first + plain.numel()};
}

}  // namespace thimble::train

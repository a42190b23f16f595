// Arrays to samples: names and shapes are checked against the network's ports, the element order is
// changed by ir::stored_order, and every message says which shape was expected.
#include "api/samples.h"

#include <algorithm>
#include <cmath>

#include "ops/evaluate.h"
#include "support/check.h"

namespace thimble::api {
namespace {

std::string shape_text(const std::vector<std::int64_t> &dims, const char *first = "") {
  std::string text = first;
  for (std::int64_t dim : dims) text += (text.empty() ? "" : ", ") + std::to_string(dim);
  return "[" + text + "]";
}

Diagnostic array_error(const std::string &path, std::string what, std::string why = {},
                       std::string fix = {}) {
  Diagnostic diagnostic = usage_error(std::move(what), std::move(why), std::move(fix));
  diagnostic.file = path;
  return diagnostic;
}

// Axes of one element change nothing in the order of elements.
std::vector<std::int64_t> longer_than_1(std::vector<std::int64_t> dims) {
  std::erase(dims, 1);
  return dims;
}

Status check_shape(const ir::Port &port, const std::string &name, const NpyArray &array,
                   const std::string &path) {
  const auto dims = sample_dims(port);
  const auto &shape = array.shape;
  if (shape != dims && !shape.empty() &&
      longer_than_1({shape.begin() + 1, shape.end()}) == longer_than_1(dims)) {
    if (shape[0] > 0) return Unit{};
    return array_error(path, "'" + name + "' holds no samples");
  }
  const std::string expected = "the model takes " + shape_text(dims, "samples");
  if (shape == dims) {
    return array_error(path, "'" + name + "' has no sample axis: its shape is " + shape_text(shape),
                       expected, "give one sample as numpy.expand_dims(x, 0)");
  }
  return array_error(path, "'" + name + "' has shape " + shape_text(shape), expected,
                     "give samples of that shape");
}

// The array of network input `index`: x0, x1, ...; a single input may be named x or be the only
// array.
const std::pair<std::string, NpyArray> *find_array(const NpzEntries &entries, std::size_t index,
                                                   std::size_t input_count) {
  const auto named = [&](const std::string &name) -> const std::pair<std::string, NpyArray> * {
    const auto at = std::find_if(entries.begin(), entries.end(),
                                 [&](const auto &entry) { return entry.first == name; });
    return at == entries.end() ? nullptr : &*at;
  };
  if (const auto *found = named("x" + std::to_string(index))) return found;
  if (input_count > 1) return nullptr;
  if (const auto *found = named("x")) return found;
  return entries.size() == 1 ? &entries.front() : nullptr;
}

Result<NpzEntries> read_entries(const std::string &path) {
  auto entries = read_arrays(path);
  if (entries) return entries;
  Diagnostics errors = entries.diagnostics();  // an array is an argument, not a model
  for (Diagnostic &error : errors) error.error_class = ErrorClass::kUsage;
  return errors;
}

// One array a network input, checked.
Result<std::vector<NpyArray>> inputs_of(const ir::Graph &graph, const NpzEntries &entries,
                                        const std::string &path) {
  const std::size_t count = graph.inputs().size();
  std::vector<NpyArray> arrays;
  Diagnostics errors;
  for (std::size_t i = 0; i < count; ++i) {
    const auto *entry = find_array(entries, i, count);
    if (!entry) {
      errors.push_back(
          array_error(path, "has no array 'x" + std::to_string(i) + "'",
                      "the model has " + std::to_string(count) + " input" + (count == 1 ? "" : "s"),
                      count == 1 ? "name it x" : "write an .npz with x0, x1, ..."));
      continue;
    }
    const Status shape = check_shape(graph.inputs()[i], entry->first, entry->second, path);
    errors.insert(errors.end(), shape.diagnostics().begin(), shape.diagnostics().end());
    arrays.push_back(entry->second);
  }
  if (!errors.empty()) return errors;
  for (const NpyArray &array : arrays) {
    if (array.shape[0] != arrays[0].shape[0]) {
      return array_error(path, "its arrays hold different numbers of samples");
    }
  }
  return arrays;
}

// Elements of sample `sample` in stored order.
template <class T>
std::vector<T> stored(const std::vector<T> &data, const std::vector<std::int64_t> &order,
                      std::size_t sample) {
  std::vector<T> elements(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    elements[i] = data[sample * order.size() + static_cast<std::size_t>(order[i])];
  }
  return elements;
}

Result<std::vector<std::int8_t>> as_int8(const NpyArray &array, const std::string &path) {
  std::vector<std::int8_t> result;
  const bool fits = std::visit(
      [&](const auto &data) {
        for (auto element : data) {
          if (element < -128 || element > 127) return false;
          result.push_back(static_cast<std::int8_t>(element));
        }
        return true;
      },
      array.data);
  if (fits) return result;
  return array_error(path, "holds integers outside of -128..127",
                     "integers are taken as the model's quantized int8 input",
                     "give real numbers as float32");
}

bool all_finite(const std::vector<float> &data) {
  return std::all_of(data.begin(), data.end(), [](float v) { return std::isfinite(v); });
}

Diagnostic not_finite(const std::string &path) {
  return array_error(path, "holds numbers that are not finite");
}

// The samples of one network input.
Result<std::vector<ops::Tensor>> input_tensors(const ir::Graph &graph, std::size_t input,
                                               const NpyArray &array, const std::string &path) {
  const ir::Port &port = graph.inputs()[input];
  const ir::Type &type = graph.value(port.value).type;
  const auto order = ir::stored_order(port, type.shape);
  const auto count = static_cast<std::size_t>(array.shape[0]);
  std::vector<ops::Tensor> tensors;
  if (type.dtype == ir::DType::kI8 && array.is_integer()) {
    TRY(const auto data, as_int8(array, path));
    for (std::size_t s = 0; s < count; ++s) tensors.push_back({type, {}, stored(data, order, s)});
    return tensors;
  }
  const std::vector<float> data = array.as_float();
  if (type.dtype == ir::DType::kI8 && !all_finite(data)) return not_finite(path);
  for (std::size_t s = 0; s < count; ++s) {
    tensors.push_back(ops::from_real(type, stored(data, order, s)));
  }
  return tensors;
}

// [input][sample] -> [sample][input]
std::vector<Sample> by_sample(std::vector<std::vector<ops::Tensor>> inputs) {
  std::vector<Sample> samples(inputs.empty() ? 0 : inputs[0].size());
  for (auto &tensors : inputs) {
    for (std::size_t s = 0; s < samples.size(); ++s) samples[s].push_back(std::move(tensors[s]));
  }
  return samples;
}

}  // namespace

Result<std::vector<Sample>> to_samples(const ir::Graph &graph, const NpzEntries &entries,
                                       const std::string &path) {
  TRY(const std::vector<NpyArray> arrays, inputs_of(graph, entries, path));
  std::vector<std::vector<ops::Tensor>> inputs;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    TRY(auto tensors, input_tensors(graph, i, arrays[i], path));
    inputs.push_back(std::move(tensors));
  }
  return by_sample(std::move(inputs));
}

Result<std::vector<Sample>> read_samples(const ir::Graph &graph, const std::string &path) {
  TRY(const NpzEntries entries, read_entries(path));
  return to_samples(graph, entries, path);
}

Result<std::vector<Sample>> to_finite_samples(const ir::Graph &graph, const NpzEntries &entries,
                                              const std::string &path) {
  TRY(auto samples, to_samples(graph, entries, path));
  for (const Sample &sample : samples) {
    for (const ops::Tensor &tensor : sample) {
      if (!all_finite(tensor.f32)) return not_finite(path);
    }
  }
  return samples;
}

Result<std::vector<Sample>> read_finite_samples(const ir::Graph &graph, const std::string &path) {
  TRY(const NpzEntries entries, read_entries(path));
  return to_finite_samples(graph, entries, path);
}

Result<passes::Samples> read_real_samples(const ir::Graph &graph, const std::string &path) {
  CHECK(std::all_of(graph.inputs().begin(), graph.inputs().end(),
                    [&](auto &p) { return graph.value(p.value).type.dtype == ir::DType::kF32; }),
        "real samples are for float graphs");
  return read_finite_samples(graph, path);
}

}  // namespace thimble::api

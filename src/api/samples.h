// Between NumPy arrays and tensors. Arrays have the samples along their first axis and then the
// dimensions of the model's file ([N,C,H,W]); tensors are one sample in stored order (HWC).
#pragma once

#include <string>
#include <vector>

#include "emulate/run.h"
#include "ir/graph.h"
#include "ops/operator.h"
#include "passes/quantize.h"
#include "support/npy.h"

namespace thimble::api {

using Sample = std::vector<ops::Tensor>;  // one a network input, or one an output

// Dimensions of one sample: the port's without the batch.
std::vector<std::int64_t> sample_dims(const ir::Port &port);

// Real numbers for a float graph's inputs, from `.npy` (one input) or `.npz` (x0, x1, ... or x).
// Errors: arrays missing, of a wrong shape, without the sample axis, of different lengths.
Result<passes::Samples> read_real_samples(const ir::Graph &graph, const std::string &path);
// The same as the graph's input types want it: int8 inputs are quantized from real numbers, or
// taken as they are from integer arrays. Float inputs may be infinite or not a number.
Result<std::vector<Sample>> read_samples(const ir::Graph &graph, const std::string &path);
// The same where such numbers have no place: to measure ranges, errors or time.
Result<std::vector<Sample>> read_finite_samples(const ir::Graph &graph, const std::string &path);
// The same of arrays that are at hand; `path` is what errors call them.
Result<std::vector<Sample>> to_samples(const ir::Graph &graph, const NpzEntries &entries,
                                       const std::string &path);
Result<std::vector<Sample>> to_finite_samples(const ir::Graph &graph, const NpzEntries &entries,
                                              const std::string &path);
// `count` samples of standard normal numbers, the same every time.
passes::Samples random_samples(const ir::Graph &graph, int count);
// "X.npy", "X.npz" or "random:N".
Result<passes::Samples> read_calibration(const ir::Graph &graph, const std::string &text);

// Samples of real numbers in the types of the graph's inputs.
std::vector<Sample> to_input_types(const ir::Graph &graph, const passes::Samples &real);

// One array a network output, named y or y0, y1, ...; real numbers unless `raw`.
NpzEntries to_arrays(const ir::Graph &graph, const std::vector<Sample> &outputs, bool raw);

// Elements as the generated C holds them, and back.
std::vector<emulate::RawSample> to_raw(const std::vector<Sample> &samples);
std::vector<Sample> from_raw(const std::vector<ir::Type> &types,
                             const std::vector<emulate::RawSample> &raw);

}  // namespace thimble::api

// The tensors of a file: their names, dimensions, quantization and constant data.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "frontends/limits.h"
#include "frontends/tflite/flatbuffer.h"
#include "ops/foreign.h"
#include "support/diagnostic.h"

namespace thimble::frontends::tflite {

// What a tensor is to a network.
struct TensorInfo {
  std::string name;  // unique
  Dims dims;
  int type = 0;  // the schema's TensorType
  std::vector<float> scales;
  std::vector<std::int64_t> zero_points;  // as many
  int channel_axis = 0;                   // of several scales
  View data;                              // empty: computed, or given
  bool is_sparse = false;
};

// Reads tensors when they are asked for, each once, and counts what that costs.
class TensorReader {
 public:
  TensorReader(Tables tensors, Tables buffers, View file)
      : tensors_(tensors), buffers_(buffers), file_(file) {}

  // Null: there is no such tensor, or too much has been asked for.
  const TensorInfo *find(std::int64_t index);

  // The constant as floats where its type or its scales make it one, else as integers.
  Result<ops::ForeignTensor> constant(const TensorInfo &info);

 private:
  std::string unique_name(std::string_view name, std::int64_t index);
  View data_of(const Table &tensor) const;
  bool read_quantization(const Table &tensor, TensorInfo &info);

  Tables tensors_, buffers_;
  View file_;
  std::map<std::int64_t, TensorInfo> read_;
  std::set<std::string> names_;
  Budget items_{kMaxItems}, elements_{kMaxElements};
};

// How the integers of an activation relate to real numbers; none where it has none of 8 bits.
std::optional<ir::Quant> activation_quant(const TensorInfo &info);
// Whether its elements are real numbers, as such or as int8.
bool is_real(const TensorInfo &info);
// "INT16, quantized"
std::string describe_type(const TensorInfo &info);

}  // namespace thimble::frontends::tflite

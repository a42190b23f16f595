// What TensorFlow Lite's schema calls things: the fields of its tables by their places, its
// operators by their numbers, and which options of an operator become attributes of a ForeignNode.
// Source: tensorflow/lite/schema/schema.fbs, version 3.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "frontends/tensor_bytes.h"

namespace thimble::frontends::tflite {

inline constexpr std::uint32_t kSchemaVersion = 3;
inline constexpr std::string_view kIdentifier = "TFL3";  // bytes 4 to 7 of a file

struct Model {
  enum {
    kVersion,
    kOperatorCodes,
    kSubgraphs,
    kDescription,
    kBuffers,
    kMetadataBuffers,
    kMetadata,
    kSignatures,
    kFieldCount  // newer schemas have more
  };
};
struct Metadata {
  enum { kName, kBuffer };
};
struct OperatorCode {
  enum { kOldBuiltin, kCustom, kVersion, kBuiltin };  // numbers up to 126 stand in both
};
struct Subgraph {
  enum { kTensors, kInputs, kOutputs, kOperators };
};
struct Tensor {
  enum { kShape, kType, kBuffer, kName, kQuantization, kIsVariable, kSparsity };
};
struct Quantization {
  enum { kMin, kMax, kScale, kZeroPoint, kDetailsType, kDetails, kDimension };
};
struct Operator {
  enum { kCode, kInputs, kOutputs, kOptionsType, kOptions };
};
struct BufferTable {
  enum { kData, kOffset, kSize };  // the latter two: of data behind the flatbuffer
};

// "CONV_2D"; "operator 300" for a number without a name.
std::string operator_name(std::int32_t builtin);

// Types by their number; none where Thimble has no use for them. The name is the schema's.
std::optional<Element> element_of(int type);
std::string type_name(int type);
// Bytes of an element in RAM; 0 where it has no such number.
int bytes_of_type(int type);

// A field of an operator's options and the attribute it becomes: the name is the schema's.
struct Option {
  enum class Kind { kByte, kBool, kInt, kFloat };
  int field;
  std::string_view name;
  Kind kind;
  double otherwise = 0;
};
std::span<const Option> options_of(std::string_view op);

}  // namespace thimble::frontends::tflite

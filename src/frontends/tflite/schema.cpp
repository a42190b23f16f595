// The schema's lists (schema.h).
#include "frontends/tflite/schema.h"

#include <fmt/format.h>

#include <map>
#include <vector>

namespace thimble::frontends::tflite {
namespace {

// By number, from 0.
constexpr std::string_view kOperators[] = {"ADD",
                                           "AVERAGE_POOL_2D",
                                           "CONCATENATION",
                                           "CONV_2D",
                                           "DEPTHWISE_CONV_2D",
                                           "DEPTH_TO_SPACE",
                                           "DEQUANTIZE",
                                           "EMBEDDING_LOOKUP",
                                           "FLOOR",
                                           "FULLY_CONNECTED",
                                           "HASHTABLE_LOOKUP",
                                           "L2_NORMALIZATION",
                                           "L2_POOL_2D",
                                           "LOCAL_RESPONSE_NORMALIZATION",
                                           "LOGISTIC",
                                           "LSH_PROJECTION",
                                           "LSTM",
                                           "MAX_POOL_2D",
                                           "MUL",
                                           "RELU",
                                           "RELU_N1_TO_1",
                                           "RELU6",
                                           "RESHAPE",
                                           "RESIZE_BILINEAR",
                                           "RNN",
                                           "SOFTMAX",
                                           "SPACE_TO_DEPTH",
                                           "SVDF",
                                           "TANH",
                                           "CONCAT_EMBEDDINGS",
                                           "SKIP_GRAM",
                                           "CALL",
                                           "CUSTOM",
                                           "EMBEDDING_LOOKUP_SPARSE",
                                           "PAD",
                                           "UNIDIRECTIONAL_SEQUENCE_RNN",
                                           "GATHER",
                                           "BATCH_TO_SPACE_ND",
                                           "SPACE_TO_BATCH_ND",
                                           "TRANSPOSE",
                                           "MEAN",
                                           "SUB",
                                           "DIV",
                                           "SQUEEZE",
                                           "UNIDIRECTIONAL_SEQUENCE_LSTM",
                                           "STRIDED_SLICE",
                                           "BIDIRECTIONAL_SEQUENCE_RNN",
                                           "EXP",
                                           "TOPK_V2",
                                           "SPLIT",
                                           "LOG_SOFTMAX",
                                           "DELEGATE",
                                           "BIDIRECTIONAL_SEQUENCE_LSTM",
                                           "CAST",
                                           "PRELU",
                                           "MAXIMUM",
                                           "ARG_MAX",
                                           "MINIMUM",
                                           "LESS",
                                           "NEG",
                                           "PADV2",
                                           "GREATER",
                                           "GREATER_EQUAL",
                                           "LESS_EQUAL",
                                           "SELECT",
                                           "SLICE",
                                           "SIN",
                                           "TRANSPOSE_CONV",
                                           "SPARSE_TO_DENSE",
                                           "TILE",
                                           "EXPAND_DIMS",
                                           "EQUAL",
                                           "NOT_EQUAL",
                                           "LOG",
                                           "SUM",
                                           "SQRT",
                                           "RSQRT",
                                           "SHAPE",
                                           "POW",
                                           "ARG_MIN",
                                           "FAKE_QUANT",
                                           "REDUCE_PROD",
                                           "REDUCE_MAX",
                                           "PACK",
                                           "LOGICAL_OR",
                                           "ONE_HOT",
                                           "LOGICAL_AND",
                                           "LOGICAL_NOT",
                                           "UNPACK",
                                           "REDUCE_MIN",
                                           "FLOOR_DIV",
                                           "REDUCE_ANY",
                                           "SQUARE",
                                           "ZEROS_LIKE",
                                           "FILL",
                                           "FLOOR_MOD",
                                           "RANGE",
                                           "RESIZE_NEAREST_NEIGHBOR",
                                           "LEAKY_RELU",
                                           "SQUARED_DIFFERENCE",
                                           "MIRROR_PAD",
                                           "ABS",
                                           "SPLIT_V",
                                           "UNIQUE",
                                           "CEIL",
                                           "REVERSE_V2",
                                           "ADD_N",
                                           "GATHER_ND",
                                           "COS",
                                           "WHERE",
                                           "RANK",
                                           "ELU",
                                           "REVERSE_SEQUENCE",
                                           "MATRIX_DIAG",
                                           "QUANTIZE",
                                           "MATRIX_SET_DIAG",
                                           "ROUND",
                                           "HARD_SWISH",
                                           "IF",
                                           "WHILE",
                                           "NON_MAX_SUPPRESSION_V4",
                                           "NON_MAX_SUPPRESSION_V5",
                                           "SCATTER_ND",
                                           "SELECT_V2",
                                           "DENSIFY",
                                           "SEGMENT_SUM",
                                           "BATCH_MATMUL",
                                           "PLACEHOLDER_FOR_GREATER_OP_CODES",
                                           "CUMSUM",
                                           "CALL_ONCE",
                                           "BROADCAST_TO",
                                           "RFFT2D",
                                           "CONV_3D",
                                           "IMAG",
                                           "REAL",
                                           "COMPLEX_ABS",
                                           "HASHTABLE",
                                           "HASHTABLE_FIND",
                                           "HASHTABLE_IMPORT",
                                           "HASHTABLE_SIZE",
                                           "REDUCE_ALL",
                                           "CONV_3D_TRANSPOSE",
                                           "VAR_HANDLE",
                                           "READ_VARIABLE",
                                           "ASSIGN_VARIABLE",
                                           "BROADCAST_ARGS",
                                           "RANDOM_STANDARD_NORMAL",
                                           "BUCKETIZE",
                                           "RANDOM_UNIFORM",
                                           "MULTINOMIAL",
                                           "GELU",
                                           "DYNAMIC_UPDATE_SLICE",
                                           "RELU_0_TO_1",
                                           "UNSORTED_SEGMENT_PROD",
                                           "UNSORTED_SEGMENT_MAX",
                                           "UNSORTED_SEGMENT_SUM",
                                           "ATAN2",
                                           "UNSORTED_SEGMENT_MIN",
                                           "SIGN"};

struct TypeEntry {
  std::string_view name;
  std::optional<Element> element;
};

constexpr TypeEntry kTypes[] = {
    {"FLOAT32", Element::kF32},  {"FLOAT16", Element::kF16}, {"INT32", Element::kI32},
    {"UINT8", Element::kU8},     {"INT64", Element::kI64},   {"STRING", {}},
    {"BOOL", Element::kBool},    {"INT16", Element::kI16},   {"COMPLEX64", {}},
    {"INT8", Element::kI8},      {"FLOAT64", Element::kF64}, {"COMPLEX128", {}},
    {"UINT64", Element::kU64},   {"RESOURCE", {}},           {"VARIANT", {}},
    {"UINT32", Element::kU32},   {"UINT16", Element::kU16},  {"INT4", {}},
    {"BFLOAT16", Element::kBF16}};

using enum Option::Kind;

const std::map<std::string_view, std::vector<Option>> &all_options() {
  static const std::vector<Option> kPool = {
      {0, "padding", kByte},      {1, "stride_w", kInt},
      {2, "stride_h", kInt},      {3, "filter_width", kInt},
      {4, "filter_height", kInt}, {5, "fused_activation_function", kByte}};
  static const std::vector<Option> kFused = {{0, "fused_activation_function", kByte}};
  static const std::map<std::string_view, std::vector<Option>> all = {
      {"CONV_2D",
       {{0, "padding", kByte},
        {1, "stride_w", kInt},
        {2, "stride_h", kInt},
        {3, "fused_activation_function", kByte},
        {4, "dilation_w_factor", kInt, 1},
        {5, "dilation_h_factor", kInt, 1}}},
      {"DEPTHWISE_CONV_2D",
       {{0, "padding", kByte},
        {1, "stride_w", kInt},
        {2, "stride_h", kInt},
        {4, "fused_activation_function", kByte},
        {5, "dilation_w_factor", kInt, 1},
        {6, "dilation_h_factor", kInt, 1}}},
      {"TRANSPOSE_CONV",
       {{0, "padding", kByte},
        {1, "stride_w", kInt},
        {2, "stride_h", kInt},
        {3, "fused_activation_function", kByte}}},
      {"FULLY_CONNECTED",
       {{0, "fused_activation_function", kByte},
        {1, "weights_format", kByte},
        {2, "keep_num_dims", kBool}}},
      {"MAX_POOL_2D", kPool},
      {"AVERAGE_POOL_2D", kPool},
      {"ADD", kFused},
      {"SUB", kFused},
      {"MUL", kFused},
      {"CONCATENATION", {{0, "axis", kInt}, {1, "fused_activation_function", kByte}}},
      {"SOFTMAX", {{0, "beta", kFloat}}},
      {"MEAN", {{0, "keep_dims", kBool}}},
      {"LEAKY_RELU", {{0, "alpha", kFloat}}},
      {"RESIZE_BILINEAR", {{2, "align_corners", kBool}, {3, "half_pixel_centers", kBool}}},
      {"RESIZE_NEAREST_NEIGHBOR", {{0, "align_corners", kBool}, {1, "half_pixel_centers", kBool}}},
      {"SPLIT", {{0, "num_splits", kInt}}},
      {"STRIDED_SLICE",
       {{0, "begin_mask", kInt},
        {1, "end_mask", kInt},
        {2, "ellipsis_mask", kInt},
        {3, "new_axis_mask", kInt},
        {4, "shrink_axis_mask", kInt},
        {5, "offset", kBool}}},
  };
  return all;
}

}  // namespace

std::string operator_name(std::int32_t builtin) {
  if (builtin < 0 || builtin >= std::ssize(kOperators)) return fmt::format("operator {}", builtin);
  return std::string(kOperators[builtin]);
}

std::optional<Element> element_of(int type) {
  if (type < 0 || type >= std::ssize(kTypes)) return std::nullopt;
  return kTypes[type].element;
}

std::string type_name(int type) {
  if (type < 0 || type >= std::ssize(kTypes)) return fmt::format("type {}", type);
  return std::string(kTypes[type].name);
}

int bytes_of_type(int type) {
  const auto element = element_of(type);
  return element ? static_cast<int>(element_bytes(*element)) : 0;
}

std::span<const Option> options_of(std::string_view op) {
  const auto found = all_options().find(op);
  return found == all_options().end() ? std::span<const Option>() : found->second;
}

}  // namespace thimble::frontends::tflite

// Arithmetic of two operands, one of which may be a number (elementwise.h), and choices between
// two. Truth is 1 or 0; what is not a number makes results that are not, as in ONNX.
#include "ops/elementwise.h"
#include "ops/elementwise_import.h"
#include "ops/families.h"

namespace thimble::ops {

const Operator kSub = elementwise_operator({.op = "Sub",
                                            .kernel = "sub",
                                            .summary = "difference",
                                            .operands = 2,
                                            .real = THIMBLE_REAL(u - v),
                                            .integer = THIMBLE_INTEGER(u - v),
                                            .foreign = {{"onnx", "Sub"}}},
                                           {{"aten", "sub.Tensor", import_scaled_sum},
                                            {"aten", "sub.Scalar", import_scaled_sum},
                                            {"aten", "rsub.Tensor", import_scaled_sum},
                                            {"aten", "rsub.Scalar", import_scaled_sum},
                                            {"tflite", "SUB", import_tflite_arithmetic}});

const Operator kAdd = elementwise_operator({.op = "Add",
                                            .kernel = "add",
                                            .summary = "sum",
                                            .operands = 2,
                                            .real = THIMBLE_REAL(u + v),
                                            .integer = THIMBLE_INTEGER(u + v),
                                            .foreign = {{"onnx", "Add"}}},
                                           {{"aten", "add.Tensor", import_scaled_sum},
                                            {"aten", "add.Scalar", import_scaled_sum},
                                            {"onnx", "Sum", import_variadic},
                                            {"onnx", "Mean", import_variadic},
                                            {"tflite", "ADD", import_tflite_arithmetic}});

const Operator kMul = elementwise_operator(
    {.op = "Mul",
     .kernel = "mul",
     .summary = "product",
     .operands = 2,
     .real = THIMBLE_REAL(u * v),
     .integer = THIMBLE_INTEGER(u * v),
     .scales = IntegerScales::kProduct,
     .foreign = {{"onnx", "Mul"}, {"aten", "mul.Tensor"}, {"aten", "mul.Scalar"}}},
    {{"aten", "square.default", import_square}, {"tflite", "MUL", import_tflite_arithmetic}});

const Operator kDiv = elementwise_operator(
    {.op = "Div",
     .kernel = "div",
     .summary = "quotient",
     .operands = 2,
     .real = THIMBLE_REAL(u / v),
     // By zero: the end of the range; of zero by zero: zero. |u| is at most 255.
     .integer = THIMBLE_INTEGER(v == 0 ? u * 8388607 : u * 32768 / v),
     .scales = IntegerScales::kQuotient,
     .foreign = {{"onnx", "Div"}, {"aten", "div.Tensor"}, {"aten", "div.Scalar"}}},
    {{"aten", "div.Tensor_mode", import_rounded_division},
     {"aten", "floor_divide.default", import_rounded_division}});

const Operator kMin =
    elementwise_operator({.op = "Min",
                          .kernel = "min",
                          .summary = "the smaller",
                          .operands = 2,
                          .real = THIMBLE_REAL(u < v || u != u ? u : v),
                          .integer = THIMBLE_INTEGER(u < v ? u : v),
                          .foreign = {{"aten", "minimum.default"}, {"aten", "min.other"}}},
                         {{"onnx", "Min", import_variadic}});

const Operator kMax =
    elementwise_operator({.op = "Max",
                          .kernel = "max",
                          .summary = "the larger",
                          .operands = 2,
                          .real = THIMBLE_REAL(u > v || u != u ? u : v),
                          .integer = THIMBLE_INTEGER(u > v ? u : v),
                          .foreign = {{"aten", "maximum.default"}, {"aten", "max.other"}}},
                         {{"onnx", "Max", import_variadic}});

const Operator kPRelu = elementwise_operator(
    {.op = "PRelu",
     .kernel = "prelu",
     .summary = "x, or slope * x below 0",
     .operands = 2,
     .real = THIMBLE_REAL(u < 0.0f ? u * v : u),
     .integer = THIMBLE_INTEGER(u < 0 ? u * v * beta : u * alpha),
     .scales = IntegerScales::kProduct},
    {{"onnx", "PRelu", import_prelu}, {"aten", "prelu.default", import_prelu}});

const Operator kPow = elementwise_operator({.op = "Pow",
                                            .kernel = "pow",
                                            .summary = "power",
                                            .operands = 2,
                                            .real = THIMBLE_REAL(powf(u, v)),
                                            .foreign = {{"onnx", "Pow"},
                                                        {"aten", "pow.Tensor_Scalar"},
                                                        {"aten", "pow.Tensor_Tensor"},
                                                        {"aten", "pow.Scalar"}}});

const Operator kFmod =
    elementwise_operator({.op = "Fmod",
                          .kernel = "fmod",
                          .summary = "remainder with the sign of the first operand",
                          .operands = 2,
                          .real = THIMBLE_REAL(fmodf(u, v)),
                          .foreign = {{"aten", "fmod.Tensor"}, {"aten", "fmod.Scalar"}}});

const Operator kMod = elementwise_operator(
    {.op = "Mod",
     .kernel = "mod",
     .summary = "remainder with the sign of the second operand",
     .operands = 2,
     .real = THIMBLE_REAL(
         fmodf(u, v) != 0.0f && (fmodf(u, v) < 0.0f) != (v < 0.0f) ? fmodf(u, v) + v : fmodf(u, v)),
     .foreign = {{"aten", "remainder.Tensor"}, {"aten", "remainder.Scalar"}}},
    {{"onnx", "Mod", import_mod}});

const Operator kAtan2 = elementwise_operator({.op = "Atan2",
                                              .kernel = "atan2",
                                              .summary = "angle of the point (second, first)",
                                              .operands = 2,
                                              .real = THIMBLE_REAL(atan2f(u, v)),
                                              .foreign = {{"aten", "atan2.default"}}});

const Operator kAnd =
    elementwise_operator({.op = "And",
                          .kernel = "and",
                          .summary = "whether both are not 0",
                          .operands = 2,
                          .real = THIMBLE_REAL(u != 0.0f && v != 0.0f ? 1.0f : 0.0f),
                          .foreign = {{"onnx", "And"},
                                      {"aten", "logical_and.default"},
                                      {"aten", "__and__.Tensor"},
                                      {"aten", "bitwise_and.Tensor"}}});

const Operator kOr =
    elementwise_operator({.op = "Or",
                          .kernel = "or",
                          .summary = "whether one is not 0",
                          .operands = 2,
                          .real = THIMBLE_REAL(u != 0.0f || v != 0.0f ? 1.0f : 0.0f),
                          .foreign = {{"onnx", "Or"},
                                      {"aten", "logical_or.default"},
                                      {"aten", "__or__.Tensor"},
                                      {"aten", "bitwise_or.Tensor"}}});

const Operator kXor =
    elementwise_operator({.op = "Xor",
                          .kernel = "xor",
                          .summary = "whether just one is not 0",
                          .operands = 2,
                          .real = THIMBLE_REAL((u != 0.0f) != (v != 0.0f) ? 1.0f : 0.0f),
                          .foreign = {{"onnx", "Xor"},
                                      {"aten", "logical_xor.default"},
                                      {"aten", "__xor__.Tensor"},
                                      {"aten", "bitwise_xor.Tensor"}}});

const Operator kEqual = elementwise_operator(
    {.op = "Equal",
     .kernel = "equal",
     .summary = "whether they are equal",
     .operands = 2,
     .real = THIMBLE_REAL(u == v ? 1.0f : 0.0f),
     .foreign = {{"onnx", "Equal"}, {"aten", "eq.Tensor"}, {"aten", "eq.Scalar"}}});

const Operator kNotEqual =
    elementwise_operator({.op = "NotEqual",
                          .kernel = "not_equal",
                          .summary = "whether they differ",
                          .operands = 2,
                          .real = THIMBLE_REAL(u != v ? 1.0f : 0.0f),
                          .foreign = {{"aten", "ne.Tensor"}, {"aten", "ne.Scalar"}}});

const Operator kLess = elementwise_operator({.op = "Less",
                                             .kernel = "less",
                                             .summary = "whether the first is smaller",
                                             .operands = 2,
                                             .real = THIMBLE_REAL(u < v ? 1.0f : 0.0f),
                                             .foreign = {{"onnx", "Less"},
                                                         {"onnx", "Greater", {}, true},
                                                         {"aten", "lt.Tensor"},
                                                         {"aten", "lt.Scalar"},
                                                         {"aten", "gt.Tensor", {}, true},
                                                         {"aten", "gt.Scalar", {}, true}}});

const Operator kLessOrEqual =
    elementwise_operator({.op = "LessOrEqual",
                          .kernel = "less_or_equal",
                          .summary = "whether the first is not larger",
                          .operands = 2,
                          .real = THIMBLE_REAL(u <= v ? 1.0f : 0.0f),
                          .foreign = {{"onnx", "LessOrEqual"},
                                      {"onnx", "GreaterOrEqual", {}, true},
                                      {"aten", "le.Tensor"},
                                      {"aten", "le.Scalar"},
                                      {"aten", "ge.Tensor", {}, true},
                                      {"aten", "ge.Scalar", {}, true}}});

const Operator kWhere =
    elementwise_operator({.op = "Where",
                          .kernel = "where",
                          .summary = "the second where the first is not 0, else the third",
                          .operands = 3,
                          .real = THIMBLE_REAL(u != 0.0f ? v : w),
                          .foreign = {{"onnx", "Where"},
                                      {"aten", "where.self"},
                                      {"aten", "where.ScalarSelf"},
                                      {"aten", "where.ScalarOther"},
                                      {"aten", "where.Scalar"}}});

}  // namespace thimble::ops

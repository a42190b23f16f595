// What every room may ask of an operator. One struct of functions each, one file a family, one line
// in families.h. A missing ability is a null pointer.
//
// The functions are told the graph and the node; the node's constants and attributes are as the
// family's file documents. Output row y, column x and channel c below always mean the stored (HWC)
// ones.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ir/graph.h"
#include "ops/access.h"
#include "ops/import.h"
#include "support/diagnostic.h"
#include "targets/target.h"

namespace thimble::ops {

struct ElementFunction;  // element_function.h

// A tensor with its elements: `f32` or `i8` filled, as type.dtype says.
struct Tensor {
  ir::Type type;
  std::vector<float> f32;
  std::vector<std::int8_t> i8;
};

// Options of one plan that change bits or bytes: the same for eval_int, codegen and flash figures.
struct Numbers {
  targets::Requant requant = targets::Requant::kM16;
  // Of int8 weights (weight_code.h): "auto": in the code of fewest bytes, where several take about
  // the same the fastest; "fast": in the fastest; "int8": as they are; "w4": in this code where it
  // can hold them.
  std::string weights = "auto";
  std::vector<targets::CodeCost> costs = {};  // of the target
  std::int64_t flash_bytes = 0;               // of the target; 0: unknown

  // What weights lie in is left to Thimble.
  bool chooses_codes() const { return weights == "auto" || weights == "fast"; }
};

// A constant array of the generated C, in the type the kernel declares.
struct Table {
  std::string role;    // the kernel's parameter it is bound to: "weight", "bias", "multiplier"
  std::string c_type;  // "int8_t", "int16_t", "int32_t", "uint8_t", "float"
  std::variant<std::vector<std::int64_t>, std::vector<float>> data;
  bool is_weight = false;  // counts as weights in flash figures, else as constants
  std::string code = {};   // of weights that are not as they are: "4 bits"
  bool is_code = false;    // words are a processor's instructions, to be run where they lie
  std::vector<std::int64_t> plain = {};  // [out][...]: the int8 that `data` has in another layout
  std::int64_t bytes() const;
};

// One kernel file with everything a call of it needs besides addresses and row numbers.
struct Kernel {
  std::string file;  // "conv2d_i8": codegen/kernels/conv2d_i8.c, function of the same name
  // Of a file that leaves its function open (THIMBLE_FUNCTION): what stands there, an expression of
  // the file's variables and of sizes and reals; and what the kernel is called with it.
  std::string expression = {}, name = {};
  std::vector<std::pair<std::string, std::int64_t>> sizes;  // by parameter name
  std::vector<std::pair<std::string, float>> reals;         // likewise (float kernels)
  std::vector<Table> tables;                                // by parameter name (role)
};

// Of tables of whole numbers.
inline const std::vector<std::int64_t> &integers(const Table &table) {
  return std::get<std::vector<std::int64_t>>(table.data);
}
// Null: the kernel has none of this role.
const Table *find_table(const Kernel &kernel, std::string_view role);

// What one mode of a node does, phase by phase. `row` alone for windows; begin, fold (once an input
// row), and end for accumulating modes, where `row` is absent.
struct Kernels {
  std::optional<Kernel> row = {}, begin = {}, fold = {}, end = {};
};

struct Operator {
  std::string_view name;     // "Conv2d"; the op of ir::Node
  std::string_view summary;  // one line for `thimble ops`

  // Foreign operators that become this one.
  std::vector<ImportRule> imports;

  // Types of the outputs from those of the inputs (shape and dtype; quant of an int8 output is kept
  // from the node's current output type). Errors: inputs that do not fit.
  Result<std::vector<ir::Type>> (*infer)(const ir::Graph &, const ir::Node &) = nullptr;

  void (*eval_float)(const ir::Graph &, const ir::Node &, std::span<const Tensor *const> inputs,
                     std::span<Tensor> outputs) = nullptr;
  // The bits that the generated C must produce. Outputs come with their types set.
  void (*eval_int)(const ir::Graph &, const ir::Node &, const Numbers &,
                   std::span<const Tensor *const> inputs, std::span<Tensor> outputs) = nullptr;

  // The ways to run it, the plainest first; never empty. Views need no mode.
  std::vector<Mode> (*modes)(const ir::Graph &, const ir::Node &) = nullptr;
  // Set when the output (or each input, for Concat) is a view and no kernel runs.
  std::optional<View> (*view)(const ir::Graph &, const ir::Node &) = nullptr;

  // Kernels for `modes()[mode]`.
  Kernels (*kernels)(const ir::Graph &, const ir::Node &, const Numbers &, int mode) = nullptr;

  std::int64_t (*macs)(const ir::Graph &, const ir::Node &) = nullptr;  // null: 0

  // Quantization: how the output's Quant comes about.
  enum class QuantRule {
    kCalibrated,   // from the observed range of the output
    kSameAsInput,  // max-pool, relu on its own, reshape, resize nearest: the input's, unchanged
    kShared,       // concat: all inputs and the output share one
    kFixed,        // softmax: fixed_quant
    kPreferred,    // sigmoid: fixed_quant if the observed range fills a good part of it; else
                   // calibrated, for a network output without zero among its levels
  };
  QuantRule quant_rule = QuantRule::kCalibrated;
  std::optional<ir::Quant> fixed_quant = {};

  // Set where each output element is a function of one element of each input.
  std::shared_ptr<const ElementFunction> function = nullptr;

  // Traits that passes ask for.
  bool elementwise = false;  // f applied to each element alone: commutes with Permute and Reshape
  // Every window is computed alike, wherever it is; attribute pad says what is outside.
  bool sliding = false;
  // Where the output has as many channels as an input, each is made of that channel alone, and all
  // are alike: one can be left out.
  bool channelwise = false;
  bool recurrent = false;  // constants and their scales are as recurrent.h says
};

// Whether the node can be computed on int8 inputs.
bool has_integer_form(const ir::Node &node);

// The one list (families.h), in the order of the documentation.
std::span<const Operator *const> all_operators();
// Null when unknown.
const Operator *find_operator(std::string_view name);
// CHECKs that it is known.
const Operator &operator_of(const ir::Node &node);

// Types and operators of a whole graph, after ir::verify. Empty: sound.
Diagnostics verify(const ir::Graph &graph);
// Recomputes the type of every value from the inputs'.
Status infer_types(ir::Graph &graph);
// Whether some mode reads rows of this input as one run, so that its pixels must lie side by side.
bool reads_whole_rows(const std::vector<Mode> &modes, std::size_t input);
std::int64_t macs(const ir::Graph &graph, const ir::Node &node);
std::int64_t macs(const ir::Graph &graph);  // of all nodes
// Elements of all constants, each once, without the zeros that stand for absent biases.
std::int64_t parameter_count(const ir::Graph &graph);

}  // namespace thimble::ops

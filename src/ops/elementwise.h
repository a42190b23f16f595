// Operators that apply a function to each element (element_function.h): everything about them but
// the function.
//
// Of the function's operands each is an input of the node, or a number, which is then an attribute
// by its letter: Sub(x) {u = 1.0} is 1 - x. Inputs broadcast: each side of their shape is the
// output's or 1. Attributes besides: alpha, beta, gamma, and act or its limits (fused.h).
#pragma once

#include "ops/element_function.h"
#include "ops/operator.h"

namespace thimble::ops {

// `imports`: rules besides those of the function's foreign forms.
Operator elementwise_operator(ElementFunction function, std::vector<ImportRule> imports = {});

// Of a float node.
Kernel elementwise_kernel(const ir::Graph &graph, const ir::Node &node);

// Whether the node can be computed on int8 inputs: of one input always, of two where the function
// has an integer expression.
bool has_integer_form(const ir::Node &node);
// Whether C text uses an identifier.
bool mentions(std::string_view text, std::string_view word);

// One operand of a node and of its function.
inline constexpr std::string_view kOperandNames[] = {"u", "v", "w"};

// The function of a node, with its numbers filled in.
class ElementCall {
 public:
  explicit ElementCall(const ir::Node &node);
  const ElementFunction &function() const { return *function_; }
  bool is_input(int operand) const { return input_of_[operand] >= 0; }
  int input_count() const { return input_count_; }
  float scalar(int operand) const { return scalars_[operand]; }
  float parameter(int index) const { return parameters_[index]; }  // 0: alpha
  const float *parameters() const { return parameters_; }
  // `inputs`: an element of each input of the node.
  float operator()(const float *inputs) const;

 private:
  const ElementFunction *function_;
  int input_of_[3] = {-1, -1, -1};
  int input_count_ = 0;
  float scalars_[3] = {};
  float parameters_[3] = {};
  float lo_, hi_;
  bool limited_;
};

// Where element (row, column, channel) of a broadcast input lies: strides that are 0 along its
// sides of 1.
struct BroadcastStrides {
  std::int64_t row, col, channel;
};
BroadcastStrides broadcast_strides(const ir::Shape &in, const ir::Shape &out);

}  // namespace thimble::ops

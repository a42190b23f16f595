// Importers of elementwise operators: foreign inputs to operands that broadcast, and the foreign
// operators that are more than one function.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/import.h"

namespace thimble::ops {

// An operand as a file has it: a value, or a number that every element takes.
struct Operand {
  Imported value;                // where `number` is not set; its dimensions in any case
  std::optional<double> number;  // ... which have one element then
};

// The i-th input: constants of one element are numbers. Reports and gives nothing where there is
// none.
std::optional<Operand> operand_of(Builder &builder, const ForeignNode &node, std::size_t index);

// A node of elementwise operator `op` on operands that are broadcast against each other (numpy's
// rule); at least one of them is no number. Its value is kFailedValue where something has been
// reported, and nothing is returned where not even its dimensions are known.
std::optional<Operand> add_elementwise(Builder &builder, const ForeignNode &node,
                                       const std::string &op, std::vector<Operand> operands,
                                       ir::Attributes attributes = {});
// Binds the foreign node's output to a result.
void bind_result(Builder &builder, const ForeignNode &node, const std::optional<Operand> &result);

// The importer of all ForeignForms.
void import_elementwise(Builder &builder, const ForeignNode &node);

void import_square(Builder &builder, const ForeignNode &node);
void import_gelu(Builder &builder, const ForeignNode &node);
void import_clip(Builder &builder, const ForeignNode &node);
void import_prelu(Builder &builder, const ForeignNode &node);
void import_mod(Builder &builder, const ForeignNode &node);
void import_scaled_sum(Builder &builder, const ForeignNode &node);  // add, sub, rsub with alpha
void import_tflite_arithmetic(Builder &builder, const ForeignNode &node);  // ADD, SUB, MUL
void import_variadic(Builder &builder, const ForeignNode &node);           // Max, Min, Sum, Mean
void import_rounded_division(Builder &builder, const ForeignNode &node);   // floor, trunc

}  // namespace thimble::ops

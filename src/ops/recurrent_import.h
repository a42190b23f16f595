// Importers of recurrent layers: one node of ONNX or one call of PyTorch is layers, directions and
// samples; each becomes a node of its own over a view of the sequence.
#pragma once

#include <string>
#include <vector>

#include "ops/import.h"

namespace thimble::ops {

struct RecurrentRule {
  std::string op;
  std::vector<int> gates;                // by ours: the file's position of that gate
  std::vector<std::string> activations;  // ONNX: the ones that are read
  int states = 1;
  bool rectified = false;  // Rnn of PyTorch with ReLU
};

// LSTM, GRU, RNN: X, W, R, B, sequence_lens, initial_h (, initial_c, P) -> Y, Y_h (, Y_c).
void import_onnx_recurrent(Builder &builder, const ForeignNode &node, const RecurrentRule &rule);
// lstm.input, gru.input, rnn_*.input: input, states, parameters -> output, h (, c).
void import_aten_recurrent(Builder &builder, const ForeignNode &node, const RecurrentRule &rule);

}  // namespace thimble::ops

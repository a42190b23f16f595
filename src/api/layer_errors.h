// Which layer loses what to 8-bit numbers: an int8 graph beside the float graph that it was made
// of.
#pragma once

#include <string>
#include <vector>

#include "api/build.h"
#include "api/compare.h"

namespace thimble::api {

struct LayerError {
  std::string name;
  Errors errors;     // of the integers after this layer against the floats there
  double added = 0;  // mean error that this layer makes of the integers it is given, against what
                     // the float layer makes of the same ones; as a share of the range, too
};

// Of each tensor that both graphs have, in the order in which they are made, over the first
// kLayerSamples of `real`. Empty for a network that is not quantized here.
inline constexpr std::size_t kLayerSamples = 20;
std::vector<LayerError> layer_errors(const Network &network, const std::vector<Sample> &real);

// The layer that adds the largest error; null where there is none.
const LayerError *largest_adder(const std::vector<LayerError> &layers);

// A warning where 8 bits lose much of the outputs on these samples; names the layer.
Diagnostics losses(const Network &network, const std::vector<Sample> &real);

}  // namespace thimble::api

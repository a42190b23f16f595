// Channels of one tensor share 256 levels. Where one has a hundred times the range of another,
// the other keeps two or three of them.
//
//     conv (relu) -> conv         conv / s (relu) -> s * conv: the same function for any s > 0 of a channel
//
// Cross-layer equalization (Nagel et al., Data-Free Quantization through Weight Equalization and
// Bias Correction, 2019), by the ranges that were observed instead of by the weights'.
#pragma once

#include <vector>

#include "ir/graph.h"

namespace thimble::passes {

// The largest magnitude of each channel, by value; empty: not observed, left alone.
using ChannelPeaks = std::vector<std::vector<float>>;

// Values made by a Conv2d, ConvTranspose2d or Linear (with or without a relu) and read by such only,
// in floats: each channel gets the peak of the largest one. No other value changes.
ir::Graph equalize_channels(ir::Graph graph, const ChannelPeaks &peaks);

}  // namespace thimble::passes

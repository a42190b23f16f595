// MNIST's handwritten digits, as its four IDX files have them (LeCun, Cortes and Burges, 1998).
#pragma once

#include <filesystem>

#include "support/diagnostic.h"
#include "support/npy.h"

namespace thimble {

// Of "DIR/train" (60,000 to learn from) or "DIR/t10k" (10,000 to test with), which are
// DIR/train-images-idx3-ubyte and DIR/train-labels-idx1-ubyte: x [pictures, rows, columns], greys
// of mean 0 and deviation 1 over the training pictures (0.1307 is taken off, and divided by
// 0.3081); y [pictures], the digits. Errors (kUsage): a file that is missing, cut off or not of its
// kind.
Result<NpzEntries> read_digits(const std::filesystem::path &pair);
// Whether there are such files.
bool are_digits(const std::filesystem::path &pair);

}  // namespace thimble

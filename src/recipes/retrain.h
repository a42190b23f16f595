// A network is changed (a stride, fewer channels, fewer bits), and learns again to do what it did.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "ir/graph.h"
#include "passes/levels.h"
#include "recipes/examples.h"
#include "support/diagnostic.h"

namespace thimble::recipes {

// What all changes of one network have in common.
struct School {
  std::optional<ir::Graph> teacher;  // float; none: labels alone teach
  Examples training;                 // learned from
  Examples checking;                 // choices are made by it, nothing is learned from it
  bool distorts = false;             // each picture anew, before teacher and student see it
  bool draws = false;                // the training samples are random numbers: each batch others
  int batch = 64;
  std::filesystem::path directory;  // of checkpoints; empty: none
};

// How the weights of a float network will be, by constant; what is not named stays as it is.
struct Rounding {
  std::map<ir::ConstantId, passes::Levels> levels = {};  // of all weights, or none
  std::map<ir::ConstantId, double> sparsity = {};        // share of zeros, the smallest weights
};

struct Course {
  std::string name;  // for the progress bar
  int epochs = 1;
  double rate = 1e-3;  // Adam's, at the schedule's peak
  // Zeros are the weights that are smallest as the course goes on: more and more of them until two
  // thirds of it (Zhu and Gupta, To Prune or Not to Prune, 2017).
  Rounding rounding = {};
  bool by_shifts = false;  // sums become int8 by a shift alone (train/quantizer.h)
};

// The student after the course: a float graph, or with levels an int8 graph. Of a float graph its
// values' ranges are not known to anybody. Errors: operators without a gradient, a loss that is no
// number.
Result<ir::Graph> retrain(const School &school, const ir::Graph &student, const Course &course);

// The student at the levels as it is, without having learned.
Result<ir::Graph> rounded(const School &school, const ir::Graph &student,
                          const std::map<ir::ConstantId, passes::Levels> &levels);

// The share of labels that are a graph's largest output, float or int8; and how far its outputs are
// from the teacher's (train::relative_error; 0 without one).
struct Score {
  double accuracy = 0;  // without labels: share of samples of one opinion with the teacher
  double distance = 0;
};
Score score(const School &school, const ir::Graph &graph, const Examples &examples);

// Constants that are weights: the first of every node with a weight and a bias.
std::vector<ir::ConstantId> weights_of(const ir::Graph &graph);

}  // namespace thimble::recipes

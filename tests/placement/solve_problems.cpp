// Places the problems on stdin, one solution a line on stdout, so that another solver can be asked
// the same. All numbers; of a problem:
//
//   objects pairs
//   size alignment fixed          an object; fixed is -1 where it is free
//   a b intervals lo hi lo hi ... a pair: forbidden values of at(a) - at(b), half open
//
// Of a solution: bytes, lower bound, 1 if proven, the offsets.
#include <iostream>

#include "plan/place.h"

namespace {

using namespace thimble::plan;

constexpr double kSeconds = 20;

PlaceProblem read_problem(std::istream &in, std::size_t objects, std::size_t pairs) {
  PlaceProblem problem;
  problem.objects.resize(objects);
  for (PlaceProblem::Object &object : problem.objects) {
    std::int64_t fixed = 0;
    in >> object.size >> object.alignment >> fixed;
    if (fixed >= 0) object.fixed = fixed;
  }
  problem.pairs.resize(pairs);
  for (PlaceProblem::Pair &pair : problem.pairs) {
    std::size_t intervals = 0;
    in >> pair.a >> pair.b >> intervals;
    pair.forbidden.resize(intervals);
    for (Interval &interval : pair.forbidden) in >> interval.lo >> interval.hi;
  }
  return problem;
}

}  // namespace

int main() {
  for (std::size_t objects = 0, pairs = 0; std::cin >> objects >> pairs;) {
    const PlaceProblem problem = read_problem(std::cin, objects, pairs);
    const PlaceSolution solution = place(problem, kSeconds);
    std::cout << solution.bytes << ' ' << solution.lower_bound << ' ' << solution.proven;
    for (std::int64_t offset : solution.offsets) std::cout << ' ' << offset;
    std::cout << '\n';
    for (const std::string &finding : validate(problem, solution)) std::cerr << finding << '\n';
  }
  return 0;
}

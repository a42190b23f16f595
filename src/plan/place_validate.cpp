// Checks a placement against its problem, pair by pair; written apart from the solver and sharing
// nothing with it.
#include <algorithm>

#include "plan/place.h"

namespace thimble::plan {
namespace {

std::string object_name(int index) { return "object " + std::to_string(index); }

void check_object(const PlaceProblem &problem, const PlaceSolution &solution, int index,
                  std::vector<std::string> &findings) {
  const PlaceProblem::Object &object = problem.objects[index];
  const std::int64_t at = solution.offsets[index];
  if (at < 0) findings.push_back(object_name(index) + " lies below 0");
  if (at % object.alignment != 0) findings.push_back(object_name(index) + " is not aligned");
  if (object.fixed && *object.fixed != at)
    findings.push_back(object_name(index) + " is not at its fixed offset");
  if (at + object.size > solution.bytes)
    findings.push_back(object_name(index) + " ends behind the last byte");
}

void check_pair(const PlaceProblem::Pair &pair, const PlaceSolution &solution,
                std::vector<std::string> &findings) {
  const std::int64_t gap = solution.offsets[pair.a] - solution.offsets[pair.b];
  for (const Interval &interval : pair.forbidden) {
    if (gap >= interval.lo && gap < interval.hi)
      findings.push_back("objects " + std::to_string(pair.a) + " and " + std::to_string(pair.b) +
                         " are " + std::to_string(gap) + " bytes apart, which is unsafe");
  }
}

}  // namespace

std::vector<std::string> validate(const PlaceProblem &problem, const PlaceSolution &solution) {
  if (solution.offsets.size() != problem.objects.size())
    return {"the solution has another number of objects"};
  std::vector<std::string> findings;
  for (int i = 0; i < static_cast<int>(problem.objects.size()); ++i)
    check_object(problem, solution, i, findings);
  for (const PlaceProblem::Pair &pair : problem.pairs) check_pair(pair, solution, findings);
  if (solution.lower_bound > solution.bytes)
    findings.push_back("the lower bound is above the solution");
  if (solution.proven && solution.lower_bound != solution.bytes)
    findings.push_back("proven, but not equal to the lower bound");
  return findings;
}

}  // namespace thimble::plan

// Union-find over the pairs.
#include "plan/place_parts.h"

#include <numeric>

namespace thimble::plan {
namespace {

class Groups {
 public:
  explicit Groups(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  int find(int object) {
    while (parent_[object] != object) object = parent_[object] = parent_[parent_[object]];
    return object;
  }
  void join(int a, int b) { parent_[find(a)] = find(b); }

 private:
  std::vector<int> parent_;
};

}  // namespace

std::vector<PlacePart> divide_into_parts(const PlaceProblem &problem) {
  const int count = static_cast<int>(problem.objects.size());
  Groups groups(problem.objects.size());
  for (const PlaceProblem::Pair &pair : problem.pairs) groups.join(pair.a, pair.b);
  std::vector<PlacePart> parts;
  std::vector<int> part_of_group(problem.objects.size(), -1);
  std::vector<int> index(problem.objects.size());  // in its part
  for (int object = 0; object < count; ++object) {
    int &part = part_of_group[groups.find(object)];
    if (part < 0) {
      part = static_cast<int>(parts.size());
      parts.emplace_back();
    }
    index[object] = static_cast<int>(parts[part].objects.size());
    parts[part].objects.push_back(object);
    parts[part].problem.objects.push_back(problem.objects[object]);
  }
  for (const PlaceProblem::Pair &pair : problem.pairs)
    parts[part_of_group[groups.find(pair.a)]].problem.pairs.push_back(
        {index[pair.a], index[pair.b], pair.forbidden});
  return parts;
}

}  // namespace thimble::plan

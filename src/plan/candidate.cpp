// From regions to a placement problem: see candidate.h.
#include "plan/candidate.h"

#include "plan/distances.h"

namespace thimble::plan {

Candidate work_out(const Network &network, std::vector<Region> regions, const Boundary &boundary) {
  Candidate candidate;
  candidate.regions = std::move(regions);
  candidate.trace = simulate(network.storage.tensors, candidate.regions, boundary);
  candidate.objects = find_objects(network, candidate.trace, boundary);
  candidate.problem = find_distances(network, candidate.trace, candidate.objects, boundary);
  return candidate;
}

Boundary network_boundary(const Network &network) {
  Boundary boundary;
  for (const Tensor &tensor : network.storage.tensors) {
    boundary.made_before.push_back(tensor.producer < 0 && !tensor.streamed_in);
    boundary.needed_later.emplace_back();
  }
  return boundary;
}

}  // namespace thimble::plan

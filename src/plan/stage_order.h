// Another order of a network's nodes, where fewer bytes are alive in it.
#pragma once

#include <vector>

#include "plan/network.h"
#include "plan/order.h"

namespace thimble::plan {

// The stages, one after the other, and the tensors they read and make, whole. What is alive while a
// stage runs is what the row simulator says of it, for each of the ways in which its inputs may
// die: an output grows over a dying input as far as rows allow it.
OrderProblem order_problem(const Network &network);

// Nodes of the network's stages, in this order of its stages.
std::vector<ir::NodeId> nodes_of(const Network &network, const Order &order);

}  // namespace thimble::plan

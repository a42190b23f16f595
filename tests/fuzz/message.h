// A protobuf message in bytes, changed somewhere inside with every length around it made right
// again: a change of lengths alone ends at the wire format's own checks.
#pragma once

#include <string>

#include "chance.h"

namespace thimble::fuzz {

// Picks a field, of this message or of one within it, and drops it, doubles it, exchanges it with
// another, forges its number, or hands its bytes to `change`. Nothing where `message` is none.
void mutate_message(std::string &message, void (*change)(std::string &, Random &), Random &random);

std::string to_varint(std::uint64_t value);

}  // namespace thimble::fuzz

// A zip archive in memory as a list of entries: taken apart, changed and put together again with
// right checksums.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace thimble::fuzz {

using Entries = std::vector<std::pair<std::string, std::string>>;  // names and contents, in order

std::optional<Entries> unpack(const std::string &archive);  // nothing where it is no archive
std::string pack(const Entries &entries);                   // stored; empty where it cannot be made

}  // namespace thimble::fuzz

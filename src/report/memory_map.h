// The arena as a picture in characters: time goes right, addresses go up, each buffer is a letter.
#pragma once

#include <string>

#include "report/analysis.h"

namespace thimble::report {

//     1160 |aaaaaaaaabbbb....|
//      580 |cccccccccccc.....|   a  input (784 B at 376)
//        0 |ddddd............|
//           ^ peak
//
// Each cell is a span of addresses during a span of steps; it shows the buffer that came last into
// it
// ('.': free). Two buffers may share bytes while both are alive: the later follows the dying one.
std::string memory_map(const Analysis &analysis, const TextStyle &style = {});

}  // namespace thimble::report

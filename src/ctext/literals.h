// Numbers and strings as C spells them, exactly.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace thimble::ctext {

// Valid as an `int` expression of the width that the value needs; INT32_MIN without overflow.
std::string int_literal(std::int64_t value);
// The shortest decimal that reads back as the same float: "0.1f", "-2.0f"; "-INFINITY", which
// is <math.h>'s. `value` is a number.
std::string float_literal(float value);
// In double quotes; everything but printable ASCII is escaped.
std::string string_literal(std::string_view text);
// What may stand in a comment of one line: anything but printable ASCII becomes '?', a backslash
// '/' (at a line's end it would continue the comment).
std::string comment_text(std::string_view text);

}  // namespace thimble::ctext

// Text that goes into HTML, SVG and their attributes: whatever a model calls its tensors.
#pragma once

#include <string>
#include <string_view>

namespace thimble::report::page {

// & < > " ' as entities, control characters and broken UTF-8 as U+FFFD: safe between tags and in
// quoted attributes.
std::string escaped(std::string_view text);

// A name in bold, its middle left out where it is very long; then the whole one is its tooltip.
std::string bold(std::string_view name);

// <section id=...><h2>title</h2>body</section>; nothing for an empty body. `title` is HTML.
std::string section(std::string_view id, std::string_view title, const std::string &body);

// <td data-label="label" class="kind">inner</td>: the label is what a phone shows beside the cell.
std::string cell(std::string_view label, const std::string &inner, std::string_view kind = "");

}  // namespace thimble::report::page

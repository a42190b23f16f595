// The panel's picture for people: enlarged as an image, and as text.
#pragma once

#include <string>

#include "die/panel.h"
#include "report/png.h"

namespace thimble::die {

// Each pixel of the panel a small square of light with a gap, as on an OLED; 768x384, RGB.
report::Image panel_image(const PanelPicture &picture);

// The columns that show anything, two rows a line of text (UTF-8 half blocks); 32 lines.
std::string panel_text(const PanelPicture &picture);

}  // namespace thimble::die

// Pictures for people: the panel's, enlarged as an image and as text, and a sheet of many.
#pragma once

#include <string>

#include "die/panel.h"
#include "die/pictures.h"
#include "report/png.h"

namespace thimble::die {

// Each pixel of the panel a small square of light with a gap, as on an OLED; 768x384, RGB.
report::Image panel_image(const PanelPicture &picture);

// The columns that show anything, two rows a line of text (UTF-8 half blocks); 32 lines.
std::string panel_text(const PanelPicture &picture);

// A row a face, 1 at the top, with its first `columns` pictures; ground where there are fewer.
// Grey.
report::Image contact_sheet(const DiePictures &pictures, int columns);

}  // namespace thimble::die

// The sections of a page, each HTML; empty where there is nothing to say. One file each.
#pragma once

#include <string>

#include "report/page.h"
#include "report/page/figures.h"

namespace thimble::report::page {

std::string verdict(const Page &page, const Figures &figures);  // head of the page: does it fit?
std::string memory(const Page &page, const Figures &figures);   // rows over time and addresses
std::string peak(const Page &page, const Figures &figures);     // when it is fullest, what helps
std::string layers(const Page &page, const Figures &figures);
std::string shrinking(const Page &page, const Figures &figures);
std::string samples(const Page &page, const Figures &figures);
std::string front(const Page &page, const Figures &figures);

// What marks a buffer wherever it is named: a number in its colour.
std::string chip(int buffer);
const std::string &buffer_colour(int buffer);

}  // namespace thimble::report::page

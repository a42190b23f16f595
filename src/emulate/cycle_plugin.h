// Model cycles of a run on QEMU: a plugin that this program carries (qemu_plugin/main.cpp) is
// passed to QEMU, and writes its counts at the marks of harness/semihosting.c. A QEMU that takes no
// plugins runs without.
#pragma once

#include <string>
#include <vector>

#include "emulate/emulators.h"

namespace thimble::emulate {

// QEMU's options, for a run in the image's directory, where the plugin is put; empty where the
// target has no cycle model. Errors: a directory that cannot be written, an unreadable image.
Result<std::vector<std::string>> cycle_plugin_options(const Image &image,
                                                      const targets::Target &target);
// Did QEMU load the plugin in this directory?
bool cycle_plugin_ran(const std::filesystem::path &directory);

// Adds their model cycles to the marks, if the plugin ran and its count of instructions is every
// mark's, and to the steps. Errors: unreadable records.
Status add_model_cycles(const std::filesystem::path &directory, Trace &trace);

}  // namespace thimble::emulate

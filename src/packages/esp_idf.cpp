// An ESP-IDF component (docs.espressif.com, Build System) with a project that runs it.
#include "packages/common.h"
#include "packages/example.h"

namespace thimble::packages {
namespace {

constexpr std::string_view kLists = R"(# SPDX-License-Identifier: 0BSD
idf_component_register(SRCS "src/@NAME@.c" INCLUDE_DIRS "src")
)";

constexpr std::string_view kManifest = R"(# SPDX-License-Identifier: 0BSD
version: "@VERSION@"
description: "A trained network: @WHAT@"
license: 0BSD
)";

constexpr std::string_view kProject = R"(# SPDX-License-Identifier: 0BSD
cmake_minimum_required(VERSION 3.16)
set(EXTRA_COMPONENT_DIRS "${CMAKE_CURRENT_LIST_DIR}/../..")
include($ENV{IDF_PATH}/tools/cmake/project.cmake)
project(run_@NAME@)
)";

constexpr std::string_view kMain = R"(# SPDX-License-Identifier: 0BSD
idf_component_register(SRCS "main.c")
)";

constexpr std::string_view kUse =
    R"(Put this folder into `components/` of your project, or name it in `EXTRA_COMPONENT_DIRS`. `examples/run` does so:
`idf.py build` there.
)";

}  // namespace

std::vector<File> esp_idf(const Subject &subject) {
  std::vector<File> files = common_files(subject, kUse);
  files.push_back({"CMakeLists.txt", fill(kLists, subject)});
  files.push_back({"idf_component.yml", fill(kManifest, subject)});
  files.push_back({"examples/run/CMakeLists.txt", fill(kProject, subject)});
  files.push_back({"examples/run/main/CMakeLists.txt", fill(kMain, subject)});
  files.push_back({"examples/run/main/main.c", example_program(subject, "void app_main(void)")});
  return files;
}

}  // namespace thimble::packages

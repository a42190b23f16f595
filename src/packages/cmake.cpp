// A CMake package: to be added as a subdirectory or installed and found; NAME::NAME is the target
// either way. The target's own name begins with "thimble_", for CMake keeps names like "test".
#include "packages/common.h"
#include "packages/example.h"

namespace thimble::packages {
namespace {

constexpr std::string_view kLists =
    R"(# A trained network as a library, @NAME@::@NAME@. SPDX-License-Identifier: 0BSD
cmake_minimum_required(VERSION 3.13)
project(thimble_@NAME@ VERSION @VERSION@ LANGUAGES C)
include(GNUInstallDirs)

add_library(thimble_@NAME@ STATIC src/@NAME@.c src/@NAME@.h)
add_library(@NAME@::@NAME@ ALIAS thimble_@NAME@)
set_target_properties(thimble_@NAME@ PROPERTIES EXPORT_NAME @NAME@ C_STANDARD 99)
target_include_directories(thimble_@NAME@ PUBLIC
  $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/src> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)

# The example and the installation are for who builds this folder itself.
if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)
  add_executable(run_@NAME@ examples/run/main.c)
  target_link_libraries(run_@NAME@ PRIVATE @NAME@::@NAME@)
  install(TARGETS thimble_@NAME@ EXPORT @NAME@Config ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(FILES src/@NAME@.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
  install(EXPORT @NAME@Config NAMESPACE @NAME@:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/@NAME@)
endif()
)";

constexpr std::string_view kUse = R"(As a part of your sources:

    add_subdirectory(@NAME@)
    target_link_libraries(my_program PRIVATE @NAME@::@NAME@)

or installed (`cmake -S . -B build && cmake --build build && cmake --install build`), with `find_package(@NAME@)` in the
place of the first line. Built by itself it also makes `run_@NAME@`, a program that prints what the network makes of made-up
numbers.
)";

}  // namespace

std::vector<File> cmake(const Subject &subject) {
  std::vector<File> files = common_files(subject, kUse);
  files.push_back({"CMakeLists.txt", fill(kLists, subject)});
  files.push_back({"examples/run/main.c", example_program(subject, "int main(void)")});
  return files;
}

}  // namespace thimble::packages

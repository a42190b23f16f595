// A Zephyr module (docs.zephyrproject.org, Modules): zephyr/module.yml says where its CMake and
// Kconfig are; CONFIG_THIMBLE_NAME takes the network into an application.
#include "packages/common.h"
#include "packages/example.h"

namespace thimble::packages {
namespace {

constexpr std::string_view kModule = R"(# SPDX-License-Identifier: 0BSD
name: @NAME@
build:
  cmake: zephyr
  kconfig: zephyr/Kconfig
)";

constexpr std::string_view kLists = R"(# SPDX-License-Identifier: 0BSD
if(CONFIG_THIMBLE_@UPPER@)
  zephyr_library_named(thimble_@NAME@)
  zephyr_library_sources(${CMAKE_CURRENT_LIST_DIR}/../src/@NAME@.c)
  zephyr_include_directories(${CMAKE_CURRENT_LIST_DIR}/../src)
endif()
)";

constexpr std::string_view kConfig = R"(# SPDX-License-Identifier: 0BSD
config THIMBLE_@UPPER@
	bool "Network '@NAME@'"
	help
	  A trained network: @WHAT@.
)";

constexpr std::string_view kSampleLists = R"(# SPDX-License-Identifier: 0BSD
cmake_minimum_required(VERSION 3.20)
set(EXTRA_ZEPHYR_MODULES ${CMAKE_CURRENT_LIST_DIR}/../..)
find_package(Zephyr REQUIRED HINTS $ENV{ZEPHYR_BASE})
project(run_@NAME@ LANGUAGES C)
target_sources(app PRIVATE src/main.c)
)";

constexpr std::string_view kSampleConfig = R"(# SPDX-License-Identifier: 0BSD
CONFIG_THIMBLE_@UPPER@=y
CONFIG_CBPRINTF_FP_SUPPORT=y
CONFIG_MAIN_STACK_SIZE=4096
)";

constexpr std::string_view kUse =
    R"(Name this folder in `EXTRA_ZEPHYR_MODULES` (or as a project of your west manifest) and put `CONFIG_THIMBLE_@UPPER@=y` into
`prj.conf`. `samples/run` does so: `west build -b BOARD samples/run`.
)";

}  // namespace

std::vector<File> zephyr(const Subject &subject) {
  std::vector<File> files = common_files(subject, kUse);
  files.push_back({"zephyr/module.yml", fill(kModule, subject)});
  files.push_back({"zephyr/CMakeLists.txt", fill(kLists, subject)});
  files.push_back({"zephyr/Kconfig", fill(kConfig, subject)});
  files.push_back({"samples/run/CMakeLists.txt", fill(kSampleLists, subject)});
  files.push_back({"samples/run/prj.conf", fill(kSampleConfig, subject)});
  files.push_back({"samples/run/src/main.c", example_program(subject, "int main(void)")});
  return files;
}

}  // namespace thimble::packages

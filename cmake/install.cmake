# What `cmake --install` puts where: the program; one header to include, and all rooms up to `api` in
# one static library, found by find_package(thimble); and the same as a Debian package (cpack -G DEB).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS thimble)

set(objects)
foreach(room support ctext ir targets ops frontends passes plan codegen emulate report api)
  list(APPEND objects $<TARGET_OBJECTS:thimble_${room}>)
endforeach()
add_library(thimble_library STATIC ${objects})
set_target_properties(thimble_library PROPERTIES OUTPUT_NAME thimble EXPORT_NAME thimble LINKER_LANGUAGE CXX)
target_compile_features(thimble_library INTERFACE cxx_std_20)
target_include_directories(thimble_library INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(thimble_library INTERFACE $<INSTALL_INTERFACE:PkgConfig::thimble_needs>)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/thimble)
install(TARGETS thimble_library EXPORT thimble_targets)
install(EXPORT thimble_targets NAMESPACE thimble:: DESTINATION ${package})
install(FILES include/thimble/thimble.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/thimble)
install(FILES src/support/diagnostic.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/thimble/support)

set(THIMBLE_NEEDS fmt libzip libpng tomlplusplus)  # names that pkg-config knows
if(THIMBLE_BOARD)
  list(APPEND THIMBLE_NEEDS simavr)
endif()
list(JOIN THIMBLE_NEEDS " " THIMBLE_NEEDS)
configure_package_config_file(cmake/thimble-config.cmake.in ${CMAKE_BINARY_DIR}/thimble-config.cmake
  INSTALL_DESTINATION ${package})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/thimble-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/thimble-config.cmake ${CMAKE_BINARY_DIR}/thimble-config-version.cmake
  DESTINATION ${package})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_PACKAGE_NAME thimble)
set(CPACK_PACKAGE_CONTACT "The Thimble authors <thimble@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "compiler from trained networks to C for microcontrollers")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
# Not what trains: no package of Debian's is the libtorch that it may be linked with.
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};thimble;Unspecified;/")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS gcc)
# Compilers and emulators of the chips; then what find_package(thimble) needs.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gcc-avr, avr-libc, gcc-arm-none-eabi, libnewlib-arm-none-eabi, qemu-system-arm, \
gcc-riscv64-unknown-elf, picolibc-riscv64-unknown-elf, qemu-system-misc, \
pkg-config, libfmt-dev, libzip-dev, libpng-dev, libtomlplusplus-dev, libsimavr-dev, libelf-dev")
set(CPACK_GENERATOR DEB)
include(CPack)

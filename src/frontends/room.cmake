find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
target_link_libraries(thimble_frontends PRIVATE PkgConfig::LIBZIP)

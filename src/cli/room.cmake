find_package(CLI11 REQUIRED)
target_link_libraries(thimble_cli PRIVATE CLI11::CLI11)
# Nothing here is hot: a first build is what counts.
target_compile_options(thimble_cli PRIVATE -O0)

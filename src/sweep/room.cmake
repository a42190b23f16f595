find_package(fmt REQUIRED)
target_link_libraries(thimble_sweep PRIVATE fmt::fmt)
# The list of runs travels inside the program.
thimble_embed(thimble_sweep thimble::sweep shipped_list ${CMAKE_SOURCE_DIR}/models/die/sweep.json)

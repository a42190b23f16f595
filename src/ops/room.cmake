# Sums of products by vectors, which GCC 12 leaves at -O2: quantizing spends most of its time in them.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/ops/convolution.cpp PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O3>")

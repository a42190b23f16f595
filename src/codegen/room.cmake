file(GLOB kernels CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/codegen/kernels/*.c)
thimble_embed(thimble_codegen thimble::codegen embedded_kernels ${kernels})

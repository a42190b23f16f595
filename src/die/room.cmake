find_package(fmt REQUIRED)
target_link_libraries(thimble_die PRIVATE fmt::fmt)

# The firmware's sources and the shipped networks travel inside the program, so that it runs from anywhere.
file(GLOB firmware CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/die/firmware/*)
thimble_embed(thimble_die thimble::die embedded_firmware ${firmware})

file(GLOB models CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/models/die/*.pt2 ${CMAKE_SOURCE_DIR}/models/die/*.onnx)
set(embedded_models ${CMAKE_BINARY_DIR}/embedded/thimble_die_embedded_models.cpp)
add_custom_command(
  OUTPUT ${embedded_models}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${embedded_models} "-DFILES=${models}" -P ${CMAKE_SOURCE_DIR}/src/die/embed_models.cmake
  DEPENDS ${models} ${CMAKE_SOURCE_DIR}/src/die/embed_models.cmake
  VERBATIM)
target_sources(thimble_die PRIVATE ${embedded_models})

# The page's template, style, script and port.
file(GLOB web CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/die/web/*)
thimble_embed(thimble_die thimble::die embedded_web ${web})

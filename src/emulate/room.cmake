file(GLOB harness CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/emulate/harness/*)
thimble_embed(thimble_emulate thimble::emulate embedded_harness ${harness})
if(THIMBLE_BOARD)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(SIMAVR REQUIRED IMPORTED_TARGET simavr)
  target_link_libraries(thimble_emulate PUBLIC PkgConfig::SIMAVR)
  target_compile_definitions(thimble_emulate PUBLIC THIMBLE_WITH_SIMAVR)
endif()

# What qemu-system-arm loads to count model cycles: by itself, without this program or libstdc++ around it.
add_library(thimble_cycle_plugin MODULE ${CMAKE_SOURCE_DIR}/src/emulate/qemu_plugin/main.cpp ${CMAKE_SOURCE_DIR}/src/emulate/cycles.cpp)
target_include_directories(thimble_cycle_plugin PRIVATE
  $<TARGET_PROPERTY:thimble_emulate,INCLUDE_DIRECTORIES>)
target_compile_options(thimble_cycle_plugin PRIVATE -fno-exceptions -fno-rtti -fno-sanitize=all)
target_link_options(thimble_cycle_plugin PRIVATE -s -fno-sanitize=all)
set_target_properties(thimble_cycle_plugin PROPERTIES LINKER_LANGUAGE C)
thimble_embed_bytes(thimble_emulate thimble::emulate embedded_cycle_plugin $<TARGET_FILE:thimble_cycle_plugin>)

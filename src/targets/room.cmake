find_package(tomlplusplus REQUIRED)
target_link_libraries(thimble_targets PRIVATE tomlplusplus::tomlplusplus)
thimble_embed(thimble_targets thimble::targets embedded_targets ${CMAKE_SOURCE_DIR}/src/targets/targets.toml
              ${CMAKE_SOURCE_DIR}/src/targets/costs.toml ${CMAKE_SOURCE_DIR}/src/targets/times.toml)

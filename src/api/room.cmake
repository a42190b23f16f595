target_compile_definitions(thimble_api PUBLIC THIMBLE_VERSION="${PROJECT_VERSION}" PRIVATE THIMBLE_ROOMS)
target_include_directories(thimble_api PUBLIC ${CMAKE_SOURCE_DIR}/include)

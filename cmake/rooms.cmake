# thimble_room(NAME USES other... PRECOMPILE header... OWN_PRECOMPILE): library thimble_NAME from src/NAME/**.cpp. Its headers are included as
# "NAME/file.h" through a folder that holds a link to src/NAME and nothing else. PRECOMPILE names large
# headers of libraries that many of its files read; OWN_PRECOMPILE: its room.cmake sees to that.
function(thimble_room NAME)
  cmake_parse_arguments(ROOM "OWN_PRECOMPILE" "" "USES;PRECOMPILE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${NAME}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(NOT sources)
    file(WRITE ${CMAKE_BINARY_DIR}/rooms/${NAME}/empty.cpp "")
    set(sources ${CMAKE_BINARY_DIR}/rooms/${NAME}/empty.cpp)
  endif()
  add_library(thimble_${NAME} STATIC ${sources})
  set(include ${CMAKE_BINARY_DIR}/rooms/${NAME}/include)
  file(MAKE_DIRECTORY ${include})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/src/${NAME} ${include}/${NAME} SYMBOLIC)
  target_include_directories(thimble_${NAME} PUBLIC ${include})
  if(CCACHE OR ROOM_OWN_PRECOMPILE)
    # nothing: see CMakeLists.txt
  elseif(ROOM_PRECOMPILE)
    target_precompile_headers(thimble_${NAME} PRIVATE ${THIMBLE_PRECOMPILED_OPS} ${ROOM_PRECOMPILE})
  elseif(NAME MATCHES "^(support|ctext|ir|targets)$")
    target_precompile_headers(thimble_${NAME} REUSE_FROM thimble_precompiled)
  else()
    target_precompile_headers(thimble_${NAME} REUSE_FROM thimble_precompiled_ops)
  endif()
  foreach(other ${ROOM_USES})
    target_link_libraries(thimble_${NAME} PUBLIC thimble_${other})
  endforeach()
  if(EXISTS ${CMAKE_SOURCE_DIR}/src/${NAME}/room.cmake)
    include(${CMAKE_SOURCE_DIR}/src/${NAME}/room.cmake)  # packages and embedded files of this room
  endif()
endfunction()

# thimble_embed(TARGET NAMESPACE FUNCTION FILE...): generates `std::string_view FUNCTION(std::string_view
# file_name)` in NAMESPACE: the text of each file by its base name, empty when unknown.
function(thimble_embed TARGET NAMESPACE FUNCTION)
  set(output ${CMAKE_BINARY_DIR}/embedded/${TARGET}_${FUNCTION}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAMESPACE=${NAMESPACE} -DFUNCTION=${FUNCTION}
            "-DFILES=${ARGN}" -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  target_sources(${TARGET} PRIVATE ${output})
endfunction()

# thimble_embed_bytes(TARGET NAMESPACE FUNCTION FILE): generates `std::string_view FUNCTION()` in NAMESPACE:
# the bytes of FILE, which the build may make.
function(thimble_embed_bytes TARGET NAMESPACE FUNCTION FILE)
  set(output ${CMAKE_BINARY_DIR}/embedded/${TARGET}_${FUNCTION}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAMESPACE=${NAMESPACE} -DFUNCTION=${FUNCTION}
            -DFILE=${FILE} -P ${CMAKE_SOURCE_DIR}/cmake/embed_bytes.cmake
    DEPENDS ${FILE} ${CMAKE_SOURCE_DIR}/cmake/embed_bytes.cmake
    VERBATIM)
  target_sources(${TARGET} PRIVATE ${output})
endfunction()

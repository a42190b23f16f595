# Target thimble_torch: libtorch and its headers (as a system's: their warnings are not ours), for
# what includes them: that of PyTorch's wheel where THIMBLE_PYTHON has one, else the system's
# (Debian's libtorch-dev). Whatever variables and flags Torch's own configuration sets stay within
# the function.
function(thimble_find_torch)
  if(NOT Torch_DIR AND EXISTS ${THIMBLE_PYTHON})
    execute_process(COMMAND ${THIMBLE_PYTHON} -c "import torch; print(torch.utils.cmake_prefix_path)"
      OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed)
      find_package(Torch QUIET PATHS ${prefix} NO_DEFAULT_PATH)
    endif()
  endif()
  if(NOT Torch_FOUND)
    find_package(Torch QUIET)
  endif()
  if(Torch_FOUND)
    add_library(thimble_torch INTERFACE)
    target_include_directories(thimble_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
    target_link_libraries(thimble_torch INTERFACE ${TORCH_LIBRARIES})
    # The wheel's headers bring another libfmt than the system's library.
    target_compile_definitions(thimble_torch INTERFACE FMT_HEADER_ONLY)
    message(STATUS "libtorch: ${Torch_DIR}")
  elseif(THIMBLE_TRAIN STREQUAL "AUTO")
    message(STATUS "no libtorch: the room train is left out")
  else()
    message(FATAL_ERROR "THIMBLE_TRAIN needs libtorch: install libtorch-dev, or make .venv with tests/requirements.txt")
  endif()
endfunction()

thimble_find_torch()

# thimble_precompile_torch(TARGET): its files read train/torch.h, half a minute's work each, parsed once.
# ccache keeps files compiled so only if it is asked to.
function(thimble_precompile_torch target)
  if(target STREQUAL thimble_train)
    target_precompile_headers(${target} PRIVATE ${THIMBLE_PRECOMPILED} ${CMAKE_SOURCE_DIR}/src/train/torch.h)
  else()
    target_precompile_headers(${target} REUSE_FROM thimble_train)
    # A program is compiled as the room is, or the precompiled header does not fit it.
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
  endif()
  if(CCACHE)
    set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros;${CCACHE}")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

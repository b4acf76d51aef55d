# SPDX-License-Identifier: BSD-3-Clause
# Finds the LibTorch(s) named by REPROREC_TORCH and gives each a sub-build, for one configure can
# see only one. A sub-build makes the recorder library, the samples and the test programs of its
# version. Sets REPROREC_TORCH_VERSIONS (major.minor of each) and torch_<version>_library_dir.
include(ExternalProject)
include(TorchSearch)

set(REPROREC_TORCH_VERSIONS "")
set(repro_torch_summary "")

# Adds the sub-build of the LibTorch in `root`, found as `origin`.
function(repro_add_torch_build root origin)
  repro_inspect_torch("${root}" torch)
  set(version ${torch_minor_version})
  if(version IN_LIST REPROREC_TORCH_VERSIONS)
    message(STATUS "LibTorch ${torch_version} in ${root} left out: ${version} is there already")
    return()
  endif()
  set(folder ${CMAKE_BINARY_DIR}/torch-${version})
  ExternalProject_Add(torch-${version}
    PREFIX ${folder}
    SOURCE_DIR ${CMAKE_CURRENT_SOURCE_DIR}/cmake/torch_build
    BINARY_DIR ${folder}/build
    CMAKE_CACHE_ARGS
      -DCMAKE_BUILD_TYPE:STRING=${CMAKE_BUILD_TYPE}
      -DCMAKE_C_COMPILER:FILEPATH=${CMAKE_C_COMPILER}
      -DCMAKE_CXX_COMPILER:FILEPATH=${CMAKE_CXX_COMPILER}
      -DCMAKE_EXPORT_COMPILE_COMMANDS:BOOL=${CMAKE_EXPORT_COMPILE_COMMANDS}
      -DREPROREC_WERROR:BOOL=${REPROREC_WERROR}
      -DREPROREC_BUILD_TESTS:BOOL=${REPROREC_BUILD_TESTS}
      -DREPROREC_PRIVATE_LIBRARY_DIR:PATH=${REPROREC_PRIVATE_LIBRARY_DIR}
      -DREPROREC_PROGRAM_DIR:PATH=${folder}
      -DREPROREC_TORCH_VERSION:STRING=${version}
      -DREPROREC_TORCH_INCLUDE_DIR:PATH=${torch_include_dir}
      -DREPROREC_TORCH_LIBRARY_DIR:PATH=${torch_library_dir}
    BUILD_ALWAYS ON
    INSTALL_COMMAND ""
    # One after the other, and shown as it goes: LibTorch's headers need more than a GB a job.
    USES_TERMINAL_CONFIGURE ON
    USES_TERMINAL_BUILD ON)
  # The sub-build's own tests run with ours. It is configured only when the main build runs.
  set(tests ${folder}/tests.cmake)
  file(WRITE ${tests} "if(EXISTS ${folder}/build/CTestTestfile.cmake)\n  subdirs(${folder}/build)\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${tests})
  install(PROGRAMS ${REPROREC_PRIVATE_LIBRARY_DIR}/librepro_recorder-${version}.so
                   ${REPROREC_PRIVATE_LIBRARY_DIR}/repro-exec-${version}
          DESTINATION lib/reprorec)
  list(APPEND REPROREC_TORCH_VERSIONS ${version})
  list(APPEND repro_torch_summary "${torch_version} (${origin}, ${torch_library_dir})")
  return(PROPAGATE REPROREC_TORCH_VERSIONS repro_torch_summary)
endfunction()

repro_find_torch_roots("${REPROREC_TORCH}" repro_torch_found)
foreach(repro_torch IN LISTS repro_torch_found)
  string(REPLACE "|" ";" repro_torch "${repro_torch}")
  list(GET repro_torch 0 repro_torch_origin)
  list(GET repro_torch 1 repro_torch_root)
  repro_add_torch_build("${repro_torch_root}" "${repro_torch_origin}")
endforeach()

if(REPROREC_TORCH_VERSIONS)
  list(JOIN repro_torch_summary ", " repro_torch_summary)
  message(STATUS "LibTorch: ${repro_torch_summary}")
elseif(REPROREC_TORCH STREQUAL "none")
  message(STATUS "LibTorch: none, as asked: traces can be compared, nothing can be recorded")
else()
  message(STATUS "LibTorch: none found, nothing can be recorded; install libtorch-dev, or name one "
                 "with -DREPROREC_TORCH=DIR")
endif()

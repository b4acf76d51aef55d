# SPDX-License-Identifier: BSD-3-Clause
# repro_warnings: warnings and sanitizers of every target of ours.
add_library(repro_warnings INTERFACE)
target_compile_options(repro_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual)
if(REPROREC_WERROR)
  target_compile_options(repro_warnings INTERFACE -Werror)
endif()
# GCC 12 sees overlaps in additions of strings that are not there (its bug 105651), when it optimizes.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(repro_warnings INTERFACE $<$<CONFIG:Release>:-Wno-restrict>)
endif()
if(REPROREC_SANITIZE)
  add_compile_options(-fsanitize=${REPROREC_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${REPROREC_SANITIZE})
endif()

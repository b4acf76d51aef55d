# SPDX-License-Identifier: BSD-3-Clause
# ccache where there is one. With precompiled headers it answers only under these settings.
find_program(REPROREC_CCACHE ccache)
if(REPROREC_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${REPROREC_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${REPROREC_CCACHE})
endif()

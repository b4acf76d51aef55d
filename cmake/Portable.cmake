# SPDX-License-Identifier: BSD-3-Clause
# Programs for other machines than the one that builds them (a wheel): libraries that a Linux need not have are linked
# statically. Debian's shared HDF5 alone would bring twenty more, for reading from S3, which nothing here does.
find_library(REPROREC_RE2 libre2.a REQUIRED)
find_library(REPROREC_LIBELF libelf.a REQUIRED)

# What a static library needs is named here, for only a shared one tells it.
foreach(library IN ITEMS dw lzma bz2 sz aec)
  find_library(REPROREC_STATIC_${library} lib${library}.a REQUIRED)
endforeach()
find_package(ZLIB REQUIRED)
set(REPROREC_LIBDW ${REPROREC_STATIC_dw} ${REPROREC_LIBELF} ${REPROREC_STATIC_lzma} ${REPROREC_STATIC_bz2} ZLIB::ZLIB)
set(HDF5_USE_STATIC_LIBRARIES ON)
find_package(HDF5 REQUIRED COMPONENTS C)
set_target_properties(HDF5::HDF5 PROPERTIES INTERFACE_LINK_LIBRARIES
  "${HDF5_C_LIBRARY_hdf5};${REPROREC_STATIC_sz};${REPROREC_STATIC_aec};ZLIB::ZLIB;m;${CMAKE_DL_LIBS};Threads::Threads")

# Debian has no static library of fmt.
add_library(fmt::fmt INTERFACE IMPORTED)
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY=1)

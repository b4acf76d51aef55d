// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "trace/reader.h"

#include <filesystem>
#include <string_view>

/// A notation for traces, so that a test shows the runs that it is about.
///
/// A line is an op: its name ("aten::" is added where none is), what it reads, `->`, what it
/// writes, and after `|` what else is known of it. `#` at the beginning of a word begins a comment.
///
///     add %x:f32[2,3]=a0 %y -> %z:f32[2,3]=fp | args:1 threads:4
///
/// A tensor is `%name`. Where it is first named it gets `:dtype[sizes]` and `=contents` (any word:
/// equal words are equal contents). Read before any op wrote it, it comes from outside. Later,
/// `%x=word` says that it holds something else now: read so, somebody changed it; written so, the
/// op did. `=(1,2.5,nan)` records numbers, with their bytes. `:f32[2]=word@x+8` lies in the storage
/// of %x, 8 bytes on. Suffixes after the word:
/// `:f32[2,3/1,2]` has strides of its own, `:f32[4]a16` an address that is a multiple of 16 bytes.
/// `%x/0 %y/1` are items of a list.
/// `?` assumed, `~` holds bytes that nobody wrote, `*` without meaning, `^` a workspace, `&` a
/// number that LibTorch wrapped, `!` the op writes it.
///
/// After `|`: `args:1,0.5,"mean"`, `draw:generator:before:after`, `held`, `alerted`, `asked`,
/// `unfinished`, `threw`, `loader-seed`,
/// `threads:n`, `flags:n` (of the context), `backward`, `parameter:path` (of an optimizer's op),
/// `site:file:line:function<file:line...` (a stack, the innermost call first; the function may be
/// left out).
///
/// Other lines: `thread NAME [POOL]`, `step N`, `layer PATH TYPE` ... `end` (a layer call),
/// `begin OP ...` ... `end` (an op that runs others), `node NAME [FORWARD EVENT]` ... `end`,
/// `optimizer`, `mode N`, `watch %x`, `seed GENERATOR N`, `met GENERATOR STATE` (one of Python or
/// NumPy; an object of the program's own has a # in its name), `moved GENERATOR BEFORE AFTER`,
/// maybe with `| site:...`, `schema OP DECLARATION`, `environment JSON`, `source FILE` (as it is
/// now), `incomplete TEXT`, `drops N`, `children N`.
namespace repro::test {

/// Writes the trace to `path` and opens it. Throws: std::invalid_argument with the line it refuses.
trace::Reader buildTrace(const std::filesystem::path& path, std::string_view text);

} // namespace repro::test

// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <QString>
#include <QStringList>

#include <cstdint>
#include <span>

namespace repro::gui {

/// What must be there for a command to make sense: any trace that was chosen, even one that failed
/// to open; an open run; two.
enum class Needs : std::uint8_t { Nothing, Path, Run, Pair };

/// One thing a user can do. The same id serves menu, shortcut, palette, --run-actions, docs and
/// tests.
struct Command {
    const char* id;   ///< "go.next-origin"
    const char* menu; ///< "Go"; empty: not in a menu
    const char* text; ///< with mnemonic: "Next &origin"
    const char* keys; ///< QKeySequence texts, the first is shown, separated by "; "; may be empty
    Needs needs;
    const char* help;          ///< one line
    const char* argument = ""; ///< what --run-actions may add: "ADDRESS"
};

/// All of them, in the order of the menus. Needs no display.
[[nodiscard]] std::span<const Command> commands();
[[nodiscard]] const Command* findCommand(const QString& id);
/// Text without the mnemonic.
[[nodiscard]] QString plainText(const Command& command);
/// What --list-actions prints: id, keys and help, a line each.
[[nodiscard]] QString commandList();
/// The table of docs/viewer.md.
[[nodiscard]] QString commandMarkdown();

} // namespace repro::gui

// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/commands.h"

#include <algorithm>
#include <array>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array kCommands = std::to_array<Command>({
    {"file.open", "File", "&Open...", "Ctrl+O", Needs::Nothing, "Open one trace, or two to compare",
     "FILE [FILE]"},
    {"file.example", "File", "Open the e&xample", "", Needs::Nothing,
     "Open the two sample traces that come with reproview"},
    {"file.add-b", "File", "Add run &B...", "Ctrl+Shift+O", Needs::Run,
     "Compare with another run B", "FILE"},
    {"file.swap", "File", "&Swap A and B", "", Needs::Pair, "Swap runs A and B"},
    {"file.reload", "File", "&Reload", "F5", Needs::Path, "Read the traces again"},
    {"file.export-pane", "File", "Export &pane...", "Ctrl+E", Needs::Run,
     "Save the current pane as PNG, SVG, PDF, or CSV, by file extension", "FILE"},
    {"file.report", "File", "Export r&eport...", "Ctrl+Shift+E", Needs::Run,
     "Write a report folder: HTML, CSV, and JSON", "FOLDER"},
    {"file.screenshot", "File", "Save screens&hot...", "", Needs::Nothing, "Save the window as PNG",
     "FILE"},
    {"file.close", "File", "&Close", "Ctrl+W", Needs::Run, "Close the traces"},
    {"file.quit", "File", "&Quit", "Ctrl+Q", Needs::Nothing, "Quit reproview"},

    {"edit.copy-address", "Edit", "Copy &address", "Ctrl+Shift+C", Needs::Run,
     "Copy the address of the focus"},
    {"edit.copy-verdict", "Edit", "Copy &verdict", "", Needs::Run, "Copy the verdict sentence"},
    {"edit.copy-table", "Edit", "Copy &table", "Ctrl+C", Needs::Run,
     "Copy the selection, or the pane's table, as TSV"},
    {"edit.note", "Edit", "&Note...", "Ctrl+Shift+B", Needs::Run, "Add a note to the focused event",
     "TEXT"},
    {"edit.bookmark", "Edit", "&Bookmark", "Ctrl+B", Needs::Run,
     "Add or remove a bookmark on the focused event"},
    {"edit.align", "Edit", "Align by &hand", "Ctrl+Y", Needs::Pair,
     "Pin this event, then pin its counterpart, to align the runs again", "A = B"},
    {"edit.unalign", "Edit", "Undo ali&gnment", "Ctrl+Shift+Y", Needs::Pair,
     "Unpin the events that were pinned last"},
    {"edit.filter", "Edit", "&Filter", "Ctrl+L", Needs::Run, "Filter the events", "EXPRESSION"},
    {"edit.filter-undo", "Edit", "&Undo filter", "Ctrl+Shift+L", Needs::Run,
     "Go back to the previous filter"},
    {"edit.filter-save", "Edit", "&Save filter...", "", Needs::Run, "Save the filter under a name",
     "NAME"},
    {"edit.filter-load", "Edit", "Sav&ed filters...", "", Needs::Run, "Apply a saved filter",
     "NAME"},
    {"edit.filter-forget", "Edit", "De&lete filter...", "", Needs::Run, "Delete a saved filter",
     "NAME"},
    {"edit.filter-line", "Edit", "Events &of this line", "", Needs::Run,
     "Filter by the line of the program that the focused event comes from"},
    {"edit.only-differences", "Edit", "Only &differences", "Ctrl+D", Needs::Run,
     "Show only rows that differ, or all rows"},
    {"edit.find", "Edit", "F&ind...", "Ctrl+F", Needs::Run,
     "Find rows that match a filter, without hiding the others", "EXPRESSION"},
    {"edit.find-next", "Edit", "Find ne&xt", "F3", Needs::Run, "Next matching row"},
    {"edit.find-previous", "Edit", "Find &previous", "Shift+F3", Needs::Run,
     "Previous matching row"},

    {"go.address", "Go", "Go to &address...", "Ctrl+G", Needs::Run,
     "Go to an address: 12:3417/out0[17]", "ADDRESS"},
    {"go.back", "Go", "&Back", "Alt+Left", Needs::Run, "Undo the last jump"},
    {"go.forward", "Go", "&Forward", "Alt+Right", Needs::Run, "Redo the jump"},
    {"go.first", "Go", "First &divergence", "Ctrl+J", Needs::Run,
     "Go to the first origin, or the first difference"},
    {"go.last", "Go", "&Last difference", "Ctrl+Shift+J", Needs::Run,
     "Go to the last row that differs"},
    {"go.next-difference", "Go", "&Next difference", "F7; Alt+Down", Needs::Run,
     "Next row that differs"},
    {"go.previous-difference", "Go", "&Previous difference", "Shift+F7; Alt+Up", Needs::Run,
     "Previous row that differs"},
    {"go.next-origin", "Go", "Next &origin", "F8", Needs::Pair,
     "Next origin: an independent cause"},
    {"go.previous-origin", "Go", "Previous o&rigin", "Shift+F8", Needs::Pair, "Previous origin"},
    {"go.producer", "Go", "Producer of the &input", "Ctrl+I", Needs::Run,
     "Go to the row that produced the differing input"},
    {"go.consumer", "Go", "First &consumer", "Ctrl+U", Needs::Run,
     "Go to the first differing row that reads this output"},
    {"go.next-bookmark", "Go", "Next boo&kmark", "Ctrl+Shift+Down", Needs::Run,
     "Next row with a note or bookmark"},
    {"go.previous-bookmark", "Go", "Previous book&mark", "Ctrl+Shift+Up", Needs::Run,
     "Previous row with a note or bookmark"},
    {"go.editor", "Go", "Line in the &editor", "", Needs::Run,
     "Open the line of the program in $VISUAL"},

    {"run.play", "Run", "&Play or pause", "Ctrl+Space", Needs::Run,
     "Step through both runs in lockstep"},
    {"run.next", "Run", "Step &forward", "Ctrl+Right", Needs::Run, "Next event, layer, or step"},
    {"run.previous", "Run", "Step &back", "Ctrl+Left", Needs::Run,
     "Previous event, layer, or step"},
    {"run.again", "Run", "Re-e&xecute this op, or stop", "Ctrl+R", Needs::Run,
     "Re-execute the focused op on its recorded inputs"},
    {"run.grain-event", "Run", "By &event", "Ctrl+Alt+E", Needs::Run, "Step by event"},
    {"run.grain-layer", "Run", "By &layer", "Ctrl+Alt+L", Needs::Run, "Step by layer"},
    {"run.grain-step", "Run", "By &step", "Ctrl+Alt+S", Needs::Run, "Step by step"},
    {"run.faster", "Run", "Fas&ter", "Ctrl+Alt++", Needs::Run, "Play faster"},
    {"run.slower", "Run", "Slo&wer", "Ctrl+Alt+-", Needs::Run, "Play slower"},

    {"tensor.view-a", "Tensor", "Run &A", "Alt+1", Needs::Run, "Show the tensor of run A"},
    {"tensor.view-b", "Tensor", "Run &B", "Alt+2", Needs::Run, "Show the tensor of run B"},
    {"tensor.view-delta", "Tensor", "&Difference", "Alt+3", Needs::Run, "Show B - A"},
    {"tensor.view-ulp", "Tensor", "&ULP", "Alt+4", Needs::Run,
     "Show the distance in units in the last place"},
    {"tensor.side-by-side", "Tensor", "&Side by side", "Alt+5", Needs::Run,
     "A, B, and difference side by side"},
    {"tensor.split", "Tensor", "S&plit", "Alt+6", Needs::Run, "A and B with a movable divider"},
    {"tensor.blink", "Tensor", "B&link", "Alt+7", Needs::Run, "Alternate between A and B"},
    {"tensor.single", "Tensor", "S&ingle", "Alt+8", Needs::Run, "One image"},
    {"tensor.log", "Tensor", "L&og scale", "Alt+9", Needs::Run, "Color by magnitude"},
    {"tensor.zero-lock", "Tensor", "Center on &zero", "Alt+Z", Needs::Run,
     "Make this tensor's range symmetric around zero, with a diverging color map"},
    {"tensor.fit-range", "Tensor", "&Fit range", "Alt+0", Needs::Run,
     "Fit the color range to the values"},
    {"tensor.read-large", "Tensor", "Read a lar&ge tensor", "", Needs::Run,
     "Read a tensor that takes more than a quarter of memory"},
    {"tensor.next-element", "Tensor", "Next differing &element", "Ctrl+N", Needs::Run,
     "Go to the next differing element"},
    {"tensor.previous-element", "Tensor", "Pre&vious differing element", "Ctrl+Shift+N", Needs::Run,
     "Go to the previous differing element"},
    {"tensor.next-slice", "Tensor", "Next differing sli&ce", "Ctrl+PgDown", Needs::Run,
     "Go to the next slice with a difference"},
    {"tensor.previous-slice", "Tensor", "P&revious differing slice", "Ctrl+PgUp", Needs::Run,
     "Go to the previous slice with a difference"},
    {"tensor.next-slot", "Tensor", "Ne&xt tensor", "Ctrl+]", Needs::Run,
     "Go to the next input or output of the op"},
    {"tensor.previous-slot", "Tensor", "Previous &tensor", "Ctrl+[", Needs::Run,
     "Go to the previous input or output of the op"},

    {"view.tree", "View", "&Tree", "Ctrl+T", Needs::Run, "Show events as a tree or as a flat list"},
    {"view.overview", "View", "&Overview strip", "F9", Needs::Run,
     "Show or hide the strip beside the events"},
    {"view.theme-light", "View", "&Light", "", Needs::Nothing, "Use the light theme"},
    {"view.theme-dark", "View", "&Dark", "", Needs::Nothing, "Use the dark theme"},
    {"view.theme-system", "View", "&System theme", "", Needs::Nothing, "Follow the desktop theme"},
    {"view.larger", "View", "L&arger text", "Ctrl++", Needs::Nothing, "Larger text and marks"},
    {"view.smaller", "View", "S&maller text", "Ctrl+-", Needs::Nothing, "Smaller text and marks"},
    {"view.table", "View", "As ta&ble", "Ctrl+Alt+T", Needs::Run,
     "Show the current picture as a table"},
    {"view.full-screen", "View", "F&ull screen", "F11", Needs::Nothing, "Toggle full screen"},

    {"view.set", "", "Set", "", Needs::Nothing, "Change a setting", "SETTING: CHOICE"},

    {"window.triage", "Window", "&Triage", "Ctrl+Alt+1", Needs::Nothing,
     "Layout: map, events, explanation, and tensor"},
    {"window.tensor", "Window", "Te&nsor", "Ctrl+Alt+2", Needs::Nothing,
     "Layout: large tensor view"},
    {"window.propagation", "Window", "&Propagation", "Ctrl+Alt+3", Needs::Nothing,
     "Layout: lineage, growth, and map"},
    {"window.environment", "Window", "&Environment", "Ctrl+Alt+4", Needs::Nothing,
     "Layout: environment and random numbers"},
    {"window.one-run", "Window", "&One run", "Ctrl+Alt+5", Needs::Nothing,
     "Layout for a single trace"},
    {"window.save-layout", "Window", "&Save layout...", "", Needs::Nothing,
     "Save the dock layout under a name, and for the next start", "NAME"},
    {"window.load-layout", "Window", "Saved la&youts...", "", Needs::Nothing,
     "Apply a saved layout", "NAME"},
    {"window.forget-layout", "Window", "&Delete layout...", "", Needs::Nothing,
     "Delete a saved layout", "NAME"},
    {"window.reset-layout", "Window", "&Reset layout", "", Needs::Nothing,
     "Restore the default layout"},
    {"window.lock", "Window", "&Lock docks", "", Needs::Nothing, "Lock the docks in place"},
    {"window.next-pane", "Window", "Ne&xt pane", "F6", Needs::Nothing,
     "Move the keyboard focus to the next pane"},
    {"window.previous-pane", "Window", "Pre&vious pane", "Shift+F6", Needs::Nothing,
     "Move the keyboard focus to the previous pane"},
    {"window.pane", "", "Show pane", "", Needs::Nothing, "Show a pane", "PANE"},

    {"help.palette", "Help", "&Commands...", "Ctrl+K; Ctrl+Shift+P", Needs::Nothing,
     "Find a command, setting, op, layer, or step by name", "TEXT"},
    {"help.shortcuts", "Help", "&Keyboard shortcuts", "F1; Ctrl+/", Needs::Nothing,
     "List, search, and change keyboard shortcuts"},
    {"help.about", "Help", "&About", "", Needs::Nothing, "Show version and format"},
    {"job.cancel", "", "Cancel", "Esc", Needs::Nothing,
     "Cancel running work, a preview, a lasso, or a pin"},
});

} // namespace

std::span<const Command> commands() {
    return kCommands;
}

const Command* findCommand(const QString& id) {
    const auto found = std::find_if(kCommands.begin(), kCommands.end(), [&](const Command& c) {
        return id == QLatin1StringView(c.id);
    });
    return found == kCommands.end() ? nullptr : &*found;
}

QString plainText(const Command& command) {
    return QString::fromLatin1(command.text).remove(u'&').remove(u"..."_s);
}

QString commandList() {
    QString list;
    for (const Command& command : kCommands) {
        const QString call =
            QString::fromLatin1(command.id) +
            (*command.argument == 0 ? QString() : u' ' + QString::fromLatin1(command.argument));
        list += u"%1 %2 %3\n"_s.arg(call, -36)
                    .arg(QString::fromLatin1(command.keys), -24)
                    .arg(QString::fromLatin1(command.help));
    }
    return list;
}

QString commandMarkdown() {
    QString table = u"| keys | description | action |\n|---|---|---|\n"_s;
    for (const Command& command : kCommands) {
        QStringList keys;
        for (const QString& key :
             QString::fromLatin1(command.keys).split(u"; "_s, Qt::SkipEmptyParts)) {
            keys.append(u'`' + key + u'`');
        }
        table += u"| %1 | %2 | `%3` |\n"_s.arg(
            keys.join(u", "_s), QString::fromLatin1(command.help), QString::fromLatin1(command.id));
    }
    return table;
}

} // namespace repro::gui

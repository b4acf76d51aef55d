// SPDX-License-Identifier: BSD-3-Clause
#include "gui/viewmodel/commands.h"

#include <algorithm>
#include <array>

namespace repro::gui {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array kCommands = std::to_array<Command>({
    {"file.open", "File", "&Open...", "Ctrl+O", Needs::Nothing,
     "Open one recording, or two to compare", "FILE [FILE]"},
    {"file.example", "File", "Open the e&xample", "", Needs::Nothing,
     "Open the two runs of a small program that come with reproview"},
    {"file.add-b", "File", "Add run &B...", "Ctrl+Shift+O", Needs::Run,
     "Compare with another run B", "FILE"},
    {"file.swap", "File", "&Swap A and B", "", Needs::Pair, "Run B becomes run A"},
    {"file.reload", "File", "&Reload", "F5", Needs::Path, "Read the recordings again"},
    {"file.export-pane", "File", "Export &pane...", "Ctrl+E", Needs::Run,
     "Write the pane in front as PNG, SVG, PDF or CSV, by the name's ending", "FILE"},
    {"file.report", "File", "Export r&eport...", "Ctrl+Shift+E", Needs::Run,
     "Write a folder with the report as HTML, CSV and JSON", "FOLDER"},
    {"file.screenshot", "File", "Save screens&hot...", "", Needs::Nothing,
     "Write the window as PNG", "FILE"},
    {"file.close", "File", "&Close", "Ctrl+W", Needs::Run, "Close the recordings"},
    {"file.quit", "File", "&Quit", "Ctrl+Q", Needs::Nothing, "Leave reproview"},

    {"edit.copy-address", "Edit", "Copy &address", "Ctrl+Shift+C", Needs::Run,
     "Copy the address of the focus"},
    {"edit.copy-verdict", "Edit", "Copy &verdict", "", Needs::Run,
     "Copy the sentence of the verdict bar"},
    {"edit.copy-table", "Edit", "Copy &table", "Ctrl+C", Needs::Run,
     "Copy what is selected, or the pane's table, as TSV"},
    {"edit.note", "Edit", "&Note...", "Ctrl+Shift+B", Needs::Run, "Write a note at the focus",
     "TEXT"},
    {"edit.bookmark", "Edit", "&Bookmark", "Ctrl+B", Needs::Run,
     "Set or remove a bookmark at the focus"},
    {"edit.align", "Edit", "Align by &hand", "Ctrl+Y", Needs::Pair,
     "Hold this event and, the second time, that one together, and align the runs anew", "A = B"},
    {"edit.unalign", "Edit", "Undo ali&gnment", "Ctrl+Shift+Y", Needs::Pair,
     "Let the events go that were held together last"},
    {"edit.filter", "Edit", "&Filter", "Ctrl+L", Needs::Run,
     "Type a filter for the events, or set it", "EXPRESSION"},
    {"edit.filter-undo", "Edit", "&Undo filter", "Ctrl+Shift+L", Needs::Run,
     "Back to the filter before"},
    {"edit.filter-save", "Edit", "&Save filter...", "", Needs::Run, "Keep the filter by a name",
     "NAME"},
    {"edit.filter-load", "Edit", "Sav&ed filters...", "", Needs::Run, "Set a filter that was kept",
     "NAME"},
    {"edit.filter-forget", "Edit", "F&orget filter...", "", Needs::Run, "Keep a filter no longer",
     "NAME"},
    {"edit.only-differences", "Edit", "Only &differences", "Ctrl+D", Needs::Run,
     "Show only rows that differ, or all"},
    {"edit.find", "Edit", "F&ind...", "Ctrl+F", Needs::Run,
     "Find a row by a filter, without hiding others", "EXPRESSION"},
    {"edit.find-next", "Edit", "Find ne&xt", "F3", Needs::Run, "Next row that was searched for"},
    {"edit.find-previous", "Edit", "Find &previous", "Shift+F3", Needs::Run,
     "Previous row that was searched for"},

    {"go.address", "Go", "Go to &address...", "Ctrl+G", Needs::Run,
     "Go to an address: 12:3417/out0[17]", "ADDRESS"},
    {"go.back", "Go", "&Back", "Alt+Left", Needs::Run, "Undo the last jump"},
    {"go.forward", "Go", "&Forward", "Alt+Right", Needs::Run, "Redo the jump"},
    {"go.first", "Go", "First &divergence", "Ctrl+J", Needs::Run,
     "The first origin, or first difference"},
    {"go.last", "Go", "&Last difference", "Ctrl+Shift+J", Needs::Run, "The last row that differs"},
    {"go.next-difference", "Go", "&Next difference", "F7; Alt+Down", Needs::Run,
     "Next row that differs"},
    {"go.previous-difference", "Go", "&Previous difference", "Shift+F7; Alt+Up", Needs::Run,
     "Previous row that differs"},
    {"go.next-origin", "Go", "Next &origin", "F8", Needs::Pair,
     "Next origin: an independent cause"},
    {"go.previous-origin", "Go", "Previous o&rigin", "Shift+F8", Needs::Pair, "Previous origin"},
    {"go.producer", "Go", "To producer of the &input", "Ctrl+I", Needs::Run,
     "The row that made the input that differs"},
    {"go.consumer", "Go", "To first &consumer", "Ctrl+U", Needs::Run,
     "The first row that reads this and differs"},
    {"go.next-bookmark", "Go", "Next boo&kmark", "Ctrl+Shift+Down", Needs::Run,
     "Next row with a note or bookmark"},
    {"go.previous-bookmark", "Go", "Previous book&mark", "Ctrl+Shift+Up", Needs::Run,
     "Previous row with a note or bookmark"},

    {"run.play", "Run", "&Play or pause", "Ctrl+Space", Needs::Run,
     "Walk through both runs in lock-step"},
    {"run.next", "Run", "Step &forward", "Ctrl+Right", Needs::Run,
     "Next event, layer or step, by the grain"},
    {"run.previous", "Run", "Step &back", "Ctrl+Left", Needs::Run,
     "Previous event, layer or step, by the grain"},
    {"run.again", "Run", "Run this op &again, or stop", "Ctrl+R", Needs::Run,
     "Run the op in focus again and again on its recorded inputs"},
    {"run.grain-event", "Run", "Grain: &event", "Ctrl+Alt+E", Needs::Run, "Step by events"},
    {"run.grain-layer", "Run", "Grain: &layer", "Ctrl+Alt+L", Needs::Run, "Step by layers"},
    {"run.grain-step", "Run", "Grain: &step", "Ctrl+Alt+S", Needs::Run, "Step by steps"},
    {"run.faster", "Run", "Fas&ter", "Ctrl+Alt++", Needs::Run, "Play faster"},
    {"run.slower", "Run", "Slo&wer", "Ctrl+Alt+-", Needs::Run, "Play slower"},

    {"tensor.view-a", "Tensor", "Run &A", "Alt+1", Needs::Run, "Show the tensor of run A"},
    {"tensor.view-b", "Tensor", "Run &B", "Alt+2", Needs::Run, "Show the tensor of run B"},
    {"tensor.view-delta", "Tensor", "&Difference", "Alt+3", Needs::Run, "Show B - A"},
    {"tensor.view-ulp", "Tensor", "&ULP", "Alt+4", Needs::Run,
     "Show the distance in units in the last place"},
    {"tensor.side-by-side", "Tensor", "&Side by side", "Alt+5", Needs::Run,
     "A, B and difference beside each other"},
    {"tensor.split", "Tensor", "S&plit", "Alt+6", Needs::Run, "A and B with a wipe between them"},
    {"tensor.blink", "Tensor", "B&link", "Alt+7", Needs::Run, "A and B in turn"},
    {"tensor.single", "Tensor", "S&ingle", "Alt+8", Needs::Run, "One picture"},
    {"tensor.log", "Tensor", "L&og scale", "Alt+9", Needs::Run, "Colour by magnitude"},
    {"tensor.zero-lock", "Tensor", "&Zero in the middle", "Alt+Z", Needs::Run,
     "A range symmetric to zero for this tensor, in colours that diverge from it"},
    {"tensor.fit-range", "Tensor", "&Fit range", "Alt+0", Needs::Run,
     "Black and white point from the values"},
    {"tensor.read-large", "Tensor", "Read a lar&ge tensor", "", Needs::Run,
     "Reads a tensor that takes more than a quarter of the memory"},
    {"tensor.next-element", "Tensor", "Next differing &element", "Ctrl+N", Needs::Run,
     "The next element of the list of differences"},
    {"tensor.previous-element", "Tensor", "Pre&vious differing element", "Ctrl+Shift+N", Needs::Run,
     "Go to the previous differing element"},
    {"tensor.next-slice", "Tensor", "Next differing sli&ce", "Ctrl+PgDown", Needs::Run,
     "The next slice in which an element differs"},
    {"tensor.previous-slice", "Tensor", "P&revious differing slice", "Ctrl+PgUp", Needs::Run,
     "Go to the previous slice with a difference"},
    {"tensor.next-slot", "Tensor", "Ne&xt tensor", "Ctrl+]", Needs::Run,
     "The next input or output of the op"},
    {"tensor.previous-slot", "Tensor", "Previous &tensor", "Ctrl+[", Needs::Run,
     "Go to the previous input or output of the op"},

    {"view.tree", "View", "&Tree", "Ctrl+T", Needs::Run, "Events as step, layer and op, or flat"},
    {"view.overview", "View", "&Overview strip", "F9", Needs::Run,
     "Show or hide the strip beside the events"},
    {"view.theme-light", "View", "&Light", "", Needs::Nothing, "Light theme"},
    {"view.theme-dark", "View", "&Dark", "", Needs::Nothing, "Dark theme"},
    {"view.theme-system", "View", "&System theme", "", Needs::Nothing,
     "Light or dark as the desktop is"},
    {"view.larger", "View", "L&arger text", "Ctrl++", Needs::Nothing, "Larger text and marks"},
    {"view.smaller", "View", "S&maller text", "Ctrl+-", Needs::Nothing, "Smaller text and marks"},
    {"view.table", "View", "As ta&ble", "Ctrl+Alt+T", Needs::Run,
     "The picture in front as a table"},
    {"view.full-screen", "View", "F&ull screen", "F11", Needs::Nothing, "Full screen or window"},

    {"view.set", "", "Set", "", Needs::Nothing, "Sets what the list of commands calls a setting",
     "SETTING: CHOICE"},

    {"window.triage", "Window", "&Triage", "Ctrl+Alt+1", Needs::Nothing,
     "Layout: map, events, explanation, tensor"},
    {"window.tensor", "Window", "Te&nsor", "Ctrl+Alt+2", Needs::Nothing,
     "Layout: the tensor, large"},
    {"window.propagation", "Window", "&Propagation", "Ctrl+Alt+3", Needs::Nothing,
     "Layout: lineage, growth, map"},
    {"window.environment", "Window", "&Environment", "Ctrl+Alt+4", Needs::Nothing,
     "Layout: environment and random numbers"},
    {"window.one-run", "Window", "&One run", "Ctrl+Alt+5", Needs::Nothing,
     "Layout for one recording"},
    {"window.save-layout", "Window", "&Save layout...", "", Needs::Nothing,
     "Keep the docks as they are by a name, and for the next start", "NAME"},
    {"window.load-layout", "Window", "Own la&youts...", "", Needs::Nothing,
     "Arrange the docks as they were kept", "NAME"},
    {"window.forget-layout", "Window", "&Forget layout...", "", Needs::Nothing,
     "Keep a layout no longer", "NAME"},
    {"window.reset-layout", "Window", "&Reset layout", "", Needs::Nothing,
     "Back to the layout as it was shipped"},
    {"window.lock", "Window", "&Lock docks", "", Needs::Nothing,
     "Docks cannot be moved by accident"},
    {"window.next-pane", "Window", "Ne&xt pane", "F6", Needs::Nothing, "Keyboard to the next pane"},
    {"window.previous-pane", "Window", "Pre&vious pane", "Shift+F6", Needs::Nothing,
     "Keyboard to the previous pane"},
    {"window.pane", "", "Show pane", "", Needs::Nothing, "Brings a pane to the front", "PANE"},

    {"help.palette", "Help", "&Commands...", "Ctrl+K; Ctrl+Shift+P", Needs::Nothing,
     "Find a command, setting, op, layer or step by its name", "TEXT"},
    {"help.shortcuts", "Help", "&Keys", "F1; Ctrl+/", Needs::Nothing,
     "The table of keys, to search and to change"},
    {"help.about", "Help", "&About", "", Needs::Nothing, "Version and formats"},
    {"job.cancel", "", "Cancel", "Esc", Needs::Nothing,
     "Cancel what is running; end a preview; clear the filter line's message"},
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

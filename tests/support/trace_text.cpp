// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/trace_text.h"

#include "trace/arguments.h"
#include "trace/fingerprint.h"
#include "trace/writer.h"

#include <bit>
#include <charconv>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace repro::test {
namespace {

using namespace trace; // NOLINT: the notation builds every kind of row

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);) {
        parts.push_back(part);
    }
    return parts;
}

Fingerprint contentsOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return fingerprintOfBytes(std::as_bytes(std::span(text)));
}

std::uint64_t number(const std::string& text) {
    std::uint64_t value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size()) {
        throw std::invalid_argument("not a number: " + text);
    }
    return value;
}

Fingerprint fingerprintOf(const std::string& word) {
    return {std::hash<std::string>{}(word), std::hash<std::string>{}(word + "'")};
}

DType dtypeOf(const std::string& name) {
    static const std::map<std::string, DType> kNames = {
        {"f32", DType::Float32},   {"f64", DType::Float64}, {"f16", DType::Float16},
        {"bf16", DType::BFloat16}, {"i64", DType::Int64},   {"i32", DType::Int32},
        {"b8", DType::Bool},       {"u8", DType::UInt8}};
    return kNames.at(name);
}

struct Tensor {
    Value value;
    std::string word;
    std::uint16_t alignment = 0; ///< as flags of the value
};

class Builder {
public:
    explicit Builder(const std::filesystem::path& path) : m_writer(path, {.overwrite = true}) {
        m_header.complete = true;
        m_header.ending = "exit 0";
        m_header.capture = "fingerprints";
        m_header.verifyInputs = "top";
        m_header.runId = path.filename().string();
        m_header.environment = "{}";
        switchThread({"thread", "main"});
    }

    void line(std::string text) {
        text = text.starts_with('#') ? "" : text.substr(0, text.find(" #"));
        std::istringstream stream(text);
        std::vector<std::string> words;
        for (std::string word; stream >> word;) {
            words.push_back(word);
        }
        if (!words.empty()) {
            statement(text, words);
        }
    }

    void finish() {
        m_writer.environment(m_header.environment);
        m_writer.finish(m_header, m_stepStarts);
    }

private:
    void statement(const std::string& text, const std::vector<std::string>& words) {
        const std::string& what = words[0];
        if (what == "thread") {
            switchThread(words);
        } else if (what == "step") {
            m_step = static_cast<std::uint32_t>(number(words.at(1)));
            m_stepStarts.resize(m_step, m_events);
        } else if (what == "layer") {
            openLayer(words);
        } else if (what == "node") {
            Event node = row(EventKind::Node, opId(words.at(1), ""));
            node.forward = words.size() > 2 ? number(words[2]) : kNone64;
            open(node);
        } else if (what == "begin") {
            op({words.begin() + 1, words.end()}, true);
        } else if (what == "end") {
            close();
        } else if (what == "optimizer" || what == "mode" || what == "watch") {
            mark(words);
        } else if (what == "met" || what == "moved") {
            foreignGenerator(words);
        } else if (what == "seed") {
            m_seeds[words.at(1)] = number(words.at(2));
        } else if (what == "schema") {
            m_schemas[full(words.at(1))] =
                text.substr(text.find(words.at(1)) + words[1].size() + 1);
        } else if (what == "environment") {
            m_header.environment = text.substr(text.find('{'));
        } else if (what == "source") {
            m_writer.add(SourceFile{m_writer.text(words.at(1)), contentsOf(words[1])});
        } else if (what == "incomplete") {
            m_header.complete = false;
            m_header.ending = text.substr(text.find(words.at(1)));
        } else if (what == "drops") {
            m_header.drops = number(words.at(1));
        } else if (what == "children") {
            m_header.unrecordedChildren = number(words.at(1));
        } else {
            op(words, false);
        }
    }

    static std::string full(const std::string& name) {
        return name.find("::") == std::string::npos ? "aten::" + name : name;
    }

    void switchThread(const std::vector<std::string>& words) {
        const auto [found, isNew] = m_threads.try_emplace(words.at(1), kNone32);
        if (isNew) {
            Thread thread;
            thread.name = m_writer.text(words[1]);
            thread.pool = words.size() > 2 ? m_writer.text(words[2]) : kNone32;
            found->second = m_writer.add(thread);
        }
        m_thread = found->second;
    }

    OpId opId(const std::string& name, const std::string& overload) {
        const auto [found, isNew] = m_ops.try_emplace(name + "." + overload, kNone32);
        if (isNew) {
            Op op;
            op.name = m_writer.text(name);
            op.overload = m_writer.text(overload);
            const auto schema = m_schemas.find(name);
            op.schema = schema == m_schemas.end() ? kNone32 : m_writer.text(schema->second);
            op.flags = name.starts_with("aten::") ? op_flag::Aten | op_flag::Schema : 0;
            found->second = m_writer.add(op);
        }
        return found->second;
    }

    Event row(EventKind kind, OpId op) {
        Event event;
        event.kind = kind;
        event.op = op;
        event.step = m_step;
        event.thread = m_thread;
        event.begin = ++m_ordinal;
        event.layer = m_layers[m_thread].empty() ? kNone32 : m_layers[m_thread].back();
        event.parent = stack().empty() ? kNone64 : stack().back().id;
        return event;
    }

    struct Open {
        EventId id;
        EventEnd end;
        bool isLayer;
        bool isAten;
    };
    std::vector<Open>& stack() { return m_open[m_thread]; }

    void open(const Event& event, std::uint64_t firstUse = 0, std::uint32_t useCount = 0,
              bool isAten = false) {
        const EventId id = m_writer.begin(event);
        ++m_events;
        EventEnd end;
        end.flags = event.flags;
        end.phase = event.phase;
        end.layer = event.layer;
        end.parameter = event.parameter;
        end.firstUse = firstUse;
        end.useCount = useCount;
        stack().push_back({id, end, event.kind == EventKind::Layer, isAten});
    }

    void close() {
        Open open = stack().back();
        stack().pop_back();
        const bool unfinished = (open.end.flags & event_flag::Unfinished) != 0;
        open.end.end = unfinished ? 0 : ++m_ordinal;
        if (open.isLayer) {
            m_layers[m_thread].pop_back();
        }
        m_writer.end(open.id, open.end);
    }

    void openLayer(const std::vector<std::string>& words) {
        const auto [found, isNew] = m_layerIds.try_emplace(words.at(1), kNone32);
        if (isNew) {
            Layer layer;
            layer.path = m_writer.text(words[1]);
            layer.type = m_writer.text(words.at(2));
            found->second = m_writer.add(layer);
        }
        m_layers[m_thread].push_back(found->second);
        open(row(EventKind::Layer, kNone32));
    }

    void mark(const std::vector<std::string>& words) {
        const EventKind kind = words[0] == "optimizer" ? EventKind::OptimizerStep
                               : words[0] == "mode"    ? EventKind::Mode
                                                       : EventKind::Watch;
        Event event = row(kind, kNone32);
        if (kind == EventKind::Watch) {
            std::vector<Use> uses = {use(words.at(1), Direction::In, 0)};
            finishEvent(event, uses, false, false);
            return;
        }
        event.extra = words.size() > 1 ? number(words[1]) : 0;
        open(event);
        close();
    }

    void foreignGenerator(const std::vector<std::string>& words) {
        const std::string& name = words.at(1);
        if (words[0] == "moved") {
            m_writer.add(Draw{m_events, m_generators.at(name), fingerprintOf(words.at(2)),
                              fingerprintOf(words.at(3))});
            Event move = row(EventKind::Stream, kNone32);
            if (words.size() > 5 && words[5].starts_with("site:")) {
                move.site = siteOf(words[5].substr(5));
            }
            open(move);
            close();
            return;
        }
        Generator met;
        met.name = m_writer.text(name);
        met.isForeign = true;
        met.isDefault = name.find('#') == std::string::npos;
        RngState state;
        state.generator = m_generators[name] = m_writer.add(met);
        state.fingerprint = fingerprintOf(words.at(2));
        m_writer.add(state);
    }

    void finishEvent(const Event& event, std::vector<Use>& uses, bool isAten, bool keepOpen) {
        for (Use& use : uses) {
            use.event = m_events;
        }
        const std::uint64_t first = uses.empty() ? 0 : m_writer.add(uses);
        open(event, first, static_cast<std::uint32_t>(uses.size()), isAten);
        if (!keepOpen) {
            close();
        }
    }

    void op(const std::vector<std::string>& words, bool keepOpen) {
        const std::size_t dot = words[0].find('.');
        const std::string name = full(words[0].substr(0, dot));
        const std::string overload = dot == std::string::npos ? "" : words[0].substr(dot + 1);
        Event event = row(EventKind::Op, opId(name, overload));
        event.flags = event_flag::Verified;
        bool enclosed = false;
        for (const Open& open : stack()) {
            enclosed = enclosed || open.isAten;
        }
        event.flags |= enclosed ? 0 : static_cast<std::uint32_t>(event_flag::Outermost);
        std::vector<Use> uses;
        Context context{.threads = 2, .flags = context_flag::GradMode};
        Direction direction = Direction::In;
        std::uint16_t slot = 0;
        bool extra = false;
        for (std::size_t i = 1; i < words.size(); ++i) {
            if (words[i] == "->") {
                direction = Direction::Out;
                slot = 0;
            } else if (words[i] == "|") {
                extra = true;
            } else if (extra) {
                option(words[i], event, context);
            } else {
                const auto [word, item] = listItem(words[i]);
                slot = static_cast<std::uint16_t>(slot - (item > 0 ? 1 : 0));
                uses.push_back(use(word, direction, slot++));
                uses.back().item = item;
            }
        }
        for (Use& use : uses) { // what an optimizer's op writes belongs to the parameter
            use.name = (use.flags & use_flag::Written) != 0 ? event.parameter : kNone32;
        }
        event.context = m_writer.add(context);
        finishEvent(event, uses, name.starts_with("aten::"), keepOpen);
    }

    /// "%x/2" is item 2 of a list.
    static std::pair<std::string, std::uint32_t> listItem(const std::string& word) {
        const std::size_t slash = word.rfind('/');
        const std::size_t shut = word.rfind(']');
        if (slash == std::string::npos || (shut != std::string::npos && slash < shut)) {
            return {word, 0};
        }
        return {word.substr(0, slash), static_cast<std::uint32_t>(number(word.substr(slash + 1)))};
    }

    void option(const std::string& word, Event& event, Context& context) {
        const std::vector<std::string> parts = split(word, ':');
        if (parts[0] == "args") {
            event.arguments = arguments(parts.at(1));
        } else if (parts[0] == "draw") {
            m_writer.add(Draw{m_events, generator(parts.at(1)), fingerprintOf(parts.at(2)),
                              fingerprintOf(parts.at(3))});
            event.flags |= event_flag::Drew | event_flag::CanDraw;
        } else if (parts[0] == "held") {
            event.flags |= event_flag::CanDraw | event_flag::GeneratorHeld;
        } else if (parts[0] == "loader-seed") {
            event.flags |= event_flag::LoaderSeed;
        } else if (parts[0] == "unfinished") {
            event.flags |= event_flag::Unfinished;
        } else if (parts[0] == "threw") {
            event.flags |= event_flag::Threw;
        } else if (parts[0] == "alerted") {
            event.flags |= event_flag::Alerted;
        } else if (parts[0] == "asked") {
            event.flags |= event_flag::Asked;
        } else if (parts[0] == "threads") {
            context.threads = static_cast<std::uint32_t>(number(parts.at(1)));
        } else if (parts[0] == "flags") {
            context.flags = static_cast<std::uint32_t>(number(parts.at(1)));
        } else if (parts[0] == "backward") {
            event.phase = Phase::Backward;
        } else if (parts[0] == "parameter") {
            event.parameter = m_writer.text(parts.at(1));
            event.phase = Phase::Optimizer;
        } else if (parts[0] == "site") {
            event.site = siteOf(word.substr(parts[0].size() + 1));
        } else {
            throw std::invalid_argument("unknown option: " + word);
        }
    }

    SiteId siteOf(const std::string& stack) {
        const auto calls = split(stack, '<');
        SiteId innermost = kNone32;
        for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
            const auto parts = split(*call, ':');
            const std::size_t function = parts.at(0).size() + parts.at(1).size() + 2;
            Site site;
            site.caller = innermost;
            site.module = m_writer.text("train");
            site.file = m_writer.text(parts.at(0));
            site.line = static_cast<std::uint32_t>(number(parts.at(1)));
            site.function = parts.size() > 2 ? m_writer.text(call->substr(function)) : kNone32;
            innermost = m_writer.add(site);
        }
        return innermost;
    }

    GeneratorId generator(const std::string& name) {
        const auto [found, isNew] = m_generators.try_emplace(name, kNone32);
        if (isNew) {
            Generator row;
            row.name = m_writer.text(name);
            row.seed = m_seeds[name];
            found->second = m_writer.add(row);
        }
        return found->second;
    }

    ArgumentsId arguments(const std::string& text) {
        std::vector<std::byte> bytes;
        ArgumentEncoder encoder(bytes);
        for (const std::string& item : split(text, ',')) {
            if (item == "T") {
                encoder.tag(ArgumentTag::Tensor);
            } else if (item == "true" || item == "false") {
                encoder.boolean(item == "true");
            } else if (item.find('.') != std::string::npos || item.find('e') != std::string::npos) {
                encoder.real(std::stod(item));
            } else if (item.front() == '"') {
                encoder.string(item.substr(1, item.size() - 2));
            } else {
                encoder.integer(std::stoll(item));
            }
        }
        return m_writer.arguments(bytes);
    }

    Use use(const std::string& word, Direction direction, std::uint16_t slot) {
        Use use;
        use.direction = direction;
        use.slot = slot;
        use.flags = use_flag::Verified;
        std::string text = word;
        bool isNumber = false;
        while (std::string("?~*!^&").find(text.back()) != std::string::npos) {
            switch (text.back()) {
            case '?':
                use.flags = static_cast<std::uint8_t>((use.flags & ~use_flag::Verified) |
                                                      use_flag::Assumed);
                break;
            case '~':
                use.flags |= use_flag::Unwritten;
                break;
            case '*':
                use.flags |= use_flag::Meaningless;
                break;
            case '^':
                use.flags |= use_flag::Meaningless | use_flag::Workspace;
                break;
            case '&':
                isNumber = true;
                break;
            default:
                use.flags |= use_flag::Written;
            }
            text.pop_back();
        }
        use.value = value(text, isNumber);
        return use;
    }

    /// "%name[:dtype[sizes]][=word][@other+bytes]"
    ValueId value(const std::string& text, bool isNumber) {
        const std::size_t colon = text.find(':');
        const std::size_t equal = text.find('=');
        const std::size_t place = text.find('@');
        const std::string name = text.substr(1, std::min(colon, equal) - 1);
        if (text[0] != '%' || (colon == std::string::npos && !m_tensors.contains(name))) {
            throw std::invalid_argument("no such tensor: " + text);
        }
        Tensor& tensor = m_tensors[name];
        if (equal != std::string::npos) {
            tensor.word = text.substr(equal + 1, place - equal - 1);
            tensor.value.fingerprint = fingerprintOf(tensor.word);
            tensor.value.payload = kNone64;
        }
        if (colon != std::string::npos) {
            shape(tensor, text.substr(colon + 1, equal - colon - 1));
            lay(tensor.value, place == std::string::npos ? "" : text.substr(place + 1));
        }
        if (equal != std::string::npos && tensor.word.front() == '(') {
            store(tensor.value, tensor.word.substr(1, tensor.word.size() - 2));
        }
        tensor.value.flags = static_cast<std::uint16_t>(tensor.alignment |
                                                        (isNumber ? value_flag::WrappedNumber : 0));
        return m_writer.add(tensor.value, {});
    }

    template <class T>
    static void append(std::vector<std::byte>& bytes, T number) {
        const auto raw = std::as_bytes(std::span(&number, 1));
        bytes.insert(bytes.end(), raw.begin(), raw.end());
    }

    /// Contents as numbers: "1,2.5,nan".
    void store(Value& value, const std::string& numbers) {
        std::vector<std::byte> bytes;
        for (const std::string& number : split(numbers, ',')) {
            switch (value.dtype) {
            case DType::Float32:
                append(bytes, std::stof(number));
                break;
            case DType::Float64:
                append(bytes, std::stod(number));
                break;
            case DType::Int64:
                append(bytes, static_cast<std::int64_t>(std::stoll(number)));
                break;
            default:
                throw std::invalid_argument("no numbers for this dtype: " + numbers);
            }
        }
        if (bytes.size() != value.elements * dtypeSize(value.dtype)) {
            throw std::invalid_argument("another number of elements: " + numbers);
        }
        value.fingerprint = fingerprintOfContents(bytes);
        value.payload = m_writer.payload(value.dtype, bytes);
        m_header.capture = "full";
    }

    /// "f32[2,3]", with strides "f32[2,3/1,2]", with the alignment of its address "f32[4]a64".
    void shape(Tensor& tensor, const std::string& text) {
        Value& value = tensor.value;
        const std::size_t open = text.find('[');
        const std::size_t shut = text.find(']');
        value.dtype = dtypeOf(text.substr(0, open));
        const std::string inside = text.substr(open + 1, shut - open - 1);
        const std::size_t slash = inside.find('/');
        const std::vector<std::int64_t> sizes = integers(inside.substr(0, slash));
        value.elements = 1;
        for (const std::int64_t size : sizes) {
            value.elements *= static_cast<std::uint64_t>(size);
        }
        value.sizes = m_writer.list(sizes);
        value.strides = m_writer.list(
            slash == std::string::npos ? dense(sizes) : integers(inside.substr(slash + 1)));
        const std::string alignment = text.substr(shut + 1);
        tensor.alignment =
            alignment.empty()
                ? 0
                : static_cast<std::uint16_t>(std::bit_width(number(alignment.substr(1)))
                                             << value_flag::AlignmentShift);
    }

    static std::vector<std::int64_t> integers(const std::string& text) {
        std::vector<std::int64_t> list;
        for (const std::string& item : split(text, ',')) {
            list.push_back(static_cast<std::int64_t>(number(item)));
        }
        return list;
    }

    static std::vector<std::int64_t> dense(const std::vector<std::int64_t>& sizes) {
        std::vector<std::int64_t> strides;
        std::int64_t stride = 1;
        for (auto it = sizes.rbegin(); it != sizes.rend(); ++it) {
            strides.insert(strides.begin(), stride);
            stride *= *it;
        }
        return strides;
    }

    void lay(Value& value, const std::string& place) {
        const std::size_t plus = place.find('+');
        const std::uint64_t offset = plus == std::string::npos ? 0 : number(place.substr(plus + 1));
        value.storage =
            place.empty() ? m_storages++ : m_tensors.at(place.substr(0, plus)).value.storage;
        value.spanBegin = offset;
        value.spanEnd = offset + value.elements * dtypeSize(value.dtype);
    }

    Writer m_writer;
    Header m_header;
    std::vector<EventId> m_stepStarts;
    std::map<std::string, ThreadId> m_threads;
    std::map<std::string, OpId> m_ops;
    std::map<std::string, LayerId> m_layerIds;
    std::map<std::string, GeneratorId> m_generators;
    std::map<std::string, std::uint64_t> m_seeds;
    std::map<std::string, std::string> m_schemas;
    std::map<std::string, Tensor> m_tensors;
    std::map<ThreadId, std::vector<Open>> m_open;
    std::map<ThreadId, std::vector<LayerId>> m_layers;
    ThreadId m_thread = 0;
    std::uint32_t m_step = 0;
    std::uint64_t m_ordinal = 0;
    std::uint64_t m_events = 0;
    std::uint64_t m_storages = 0;
};

} // namespace

Reader buildTrace(const std::filesystem::path& path, std::string_view text) {
    Builder builder(path);
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        try {
            builder.line(line);
        } catch (const std::exception& error) {
            throw std::invalid_argument("line \"" + line + "\": " + error.what());
        }
    }
    builder.finish();
    return Reader(path);
}

} // namespace repro::test

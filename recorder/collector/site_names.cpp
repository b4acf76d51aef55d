// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/collector/site_names.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace repro::collector {
namespace {

symbols::Request requestFor(const SiteAddresses& addresses) {
    symbols::Request request;
    for (const SiteAddresses::Module& module : addresses.modules) {
        request.objects.push_back({module.path, module.buildId, {}});
    }
    for (const SiteAddresses::Address& site : addresses.sites) {
        if (addresses.modules[site.module].function.empty()) {
            request.objects[site.module].offsets.push_back(site.offset);
        }
    }
    for (symbols::ObjectRequest& object : request.objects) {
        std::ranges::sort(object.offsets);
        const auto rest = std::ranges::unique(object.offsets);
        object.offsets.erase(rest.begin(), rest.end());
    }
    return request;
}

trace::TextId textOf(trace::SiteSink& sink, const std::string& text) {
    return text.empty() ? trace::kNone32 : sink.text(text);
}

/// 32 hexadecimal digits, the most significant first.
trace::Fingerprint fingerprintOf(const std::string& digits) {
    trace::Fingerprint fingerprint;
    if (digits.size() == 32) {
        std::from_chars(digits.data(), digits.data() + 16, fingerprint.high, 16);
        std::from_chars(digits.data() + 16, digits.data() + 32, fingerprint.low, 16);
    }
    return fingerprint;
}

/// Where compiler or linker made one function of several, any of them may have been called, on its
/// own line.
std::string functionOf(const symbols::SourceFrame& frame) {
    std::string name = frame.function;
    for (const std::string& alias : frame.aliases) {
        name += " or " + alias;
    }
    return name;
}

void nameSite(trace::SiteId site, const std::vector<symbols::SourceFrame>& frames,
              trace::SiteSink& sink) {
    if (frames.empty()) {
        return;
    }
    const symbols::SourceFrame& function = frames.back();
    if (!function.aliases.empty()) {
        sink.resolve(site, sink.text(functionOf(function)), trace::kNone32, 0);
        return;
    }
    sink.resolve(site, textOf(sink, function.function), textOf(sink, function.file), function.line);
    for (std::size_t i = 0; i + 1 < frames.size(); ++i) {
        sink.add(trace::InlinedFrame{site, textOf(sink, frames[i].function),
                                     textOf(sink, frames[i].file), frames[i].line});
    }
}

} // namespace

SiteNames nameSites(const SiteAddresses& addresses, trace::SiteSink& sink,
                    const std::filesystem::path& program, std::uint64_t beganNs,
                    const std::vector<std::string>& debugFolders) {
    if (addresses.sites.empty()) {
        return {};
    }
    symbols::Request request = requestFor(addresses);
    request.debugDirs = debugFolders;
    const auto answers = symbols::resolve(program, request);
    SiteNames names;
    for (trace::SiteId site = 0; site < addresses.sites.size(); ++site) {
        const auto [module, offset] = addresses.sites[site];
        const auto& offsets = request.objects[module].offsets;
        const auto place =
            static_cast<std::size_t>(std::ranges::lower_bound(offsets, offset) - offsets.begin());
        auto& frames = names.frames.emplace_back();
        if (const auto& python = addresses.modules[module]; !python.function.empty()) {
            sink.resolve(site, sink.text(python.function), sink.text(python.path),
                         static_cast<std::uint32_t>(offset));
        } else if (place < answers[module].frames.size()) {
            frames = answers[module].frames[place];
            nameSite(site, frames, sink);
        }
    }
    std::map<std::string, std::string> sources;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const SiteAddresses::Module& module = addresses.modules[i];
        if (module.function.empty()) {
            sources.insert(answers[i].sources.begin(), answers[i].sources.end());
            names.modules.push_back({module.path, answers[i].status, answers[i].detail});
        } else if (std::string hash = symbols::hashOfSource(module.path, beganNs); !hash.empty()) {
            sources[module.path] = std::move(hash);
        }
    }
    for (const auto& [file, digits] : sources) {
        sink.add(trace::SourceFile{sink.text(file), fingerprintOf(digits)});
    }
    return names;
}

} // namespace repro::collector

// SPDX-License-Identifier: BSD-3-Clause
#include "recorder/host/family.h"

#include "recorder/host/peek.h"

#include <algorithm>
#include <cstring>
#include <dlfcn.h>
#include <exception>
#include <iostream>
#include <optional>
#include <pthread.h>

namespace repro::host {
namespace {

using torch::nn::Module;
using Children = torch::OrderedDict<std::string, std::shared_ptr<Module>>;

/// `children_` is private, and what returns its contents copies what may be gone. An explicit
/// instantiation may name it.
Children Module::*childrenMember();
template <Children Module::*kMember>
struct Reveal {
    friend Children Module::*childrenMember() { return kMember; }
};
template struct Reveal<&Module::children_>;

bool peekWhole(const void* from, void* to, std::size_t size) {
    return peek(from, to, size) == size;
}

template <class T>
std::optional<T> peek(const void* from) {
    T value;
    return peekWhole(from, &value, sizeof value) ? std::optional(value) : std::nullopt;
}

using Word = const std::byte*;

/// Types by the virtual table that their objects begin with, for one search: libraries come and go.
class Types {
public:
    /// Null where there is none. Before a table stands the address of the type, and types are
    /// objects of three types.
    const std::type_info* of(Word table) {
        static const std::optional<Word> kinds[] = {peek<Word>(&typeid(std::exception)),
                                                    peek<Word>(&typeid(std::bad_exception)),
                                                    peek<Word>(&typeid(std::iostream))};
        const auto [known, isNew] = m_known.try_emplace(table, nullptr);
        if (isNew) {
            const auto type = peek<Word>(table - sizeof(Word));
            const auto kind = type ? peek<Word>(*type) : std::nullopt;
            if (kind && std::count(std::begin(kinds), std::end(kinds), kind) != 0) {
                known->second = reinterpret_cast<const std::type_info*>(*type);
            }
        }
        return known->second;
    }

private:
    std::unordered_map<Word, const std::type_info*> m_known;
};

template <class T>
T wordsAt(const void* place) {
    T words;
    std::memcpy(&words, place, sizeof words);
    return words;
}

/// A module's bytes, copied from where it may be gone.
class Glance {
public:
    explicit Glance(const Module* module) : m_seen(peekWhole(module, m_bytes, sizeof m_bytes)) {}
    [[nodiscard]] const std::type_info* type(Types& types) const {
        return m_seen ? types.of(wordsAt<Word>(m_bytes)) : nullptr;
    }
    [[nodiscard]] const Module& copy() const { return *reinterpret_cast<const Module*>(m_bytes); }

private:
    alignas(Module) std::byte m_bytes[sizeof(Module)]; ///< never destroyed
    bool m_seen;
};

enum class Life { Gone, Unknown, Living };

/// Of what no shared_ptr owns: a global, or a variable of a function that this thread is in.
bool isVariable(const void* object) {
    Dl_info info;
    if (dladdr(object, &info) != 0) {
        return true;
    }
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
        return false;
    }
    void* stack = nullptr;
    std::size_t size = 0;
    pthread_attr_getstack(&attributes, &stack, &size);
    pthread_attr_destroy(&attributes);
    return object > __builtin_frame_address(0) && object < static_cast<std::byte*>(stack) + size;
}

/// A shared_ptr leaves with its object a weak one to itself, whose block counts the owners.
Life lifeOf(const Module* module, const Glance& glance, Types& types) {
    struct Owner {
        const Module* object;
        Word block;
    };
    struct Block {
        Word table;
        std::int32_t owners;
    };
    static_assert(sizeof(Owner) == sizeof(std::weak_ptr<const Module>));
    if (glance.type(types) == nullptr) {
        return Life::Gone;
    }
    const std::enable_shared_from_this<Module>& shared = glance.copy();
    const auto owner = wordsAt<Owner>(&shared);
    if (owner.object == nullptr && owner.block == nullptr) {
        return isVariable(module) ? Life::Living : Life::Unknown;
    }
    const auto block = owner.object == module ? peek<Block>(owner.block) : std::nullopt;
    const std::type_info* type = block && block->owners > 0 ? types.of(block->table) : nullptr;
    return type != nullptr && std::strstr(type->name(), "_Sp_counted_") != nullptr ? Life::Living
                                                                                   : Life::Gone;
}

/// Text of a string that may be gone, of which `text` is a copy byte for byte.
std::optional<std::string> textOf(const std::string& text) {
    constexpr std::size_t kLongest = 1024;
    if (text.size() > kLongest) {
        return std::nullopt;
    }
    std::string copy(text.size() + 1, 'x');
    if (!peekWhole(text.data(), copy.data(), copy.size()) || copy.back() != '\0') {
        return std::nullopt;
    }
    copy.pop_back();
    return copy;
}

/// Calls `each(key, child)` for what a module holds.
template <class Each>
void forChildren(const Glance& glance, Each&& each) {
    constexpr std::size_t kMost = 1U << 16U;
    const auto& items = (glance.copy().*childrenMember()).items();
    if (items.empty() || items.size() > kMost) {
        return;
    }
    std::vector<std::byte> bytes(items.size() * sizeof(Children::Item));
    if (!peekWhole(items.data(), bytes.data(), bytes.size())) {
        return;
    }
    const auto* item = reinterpret_cast<const Children::Item*>(bytes.data());
    for (std::size_t i = 0; i < items.size(); ++i, ++item) {
        if (auto key = textOf(item->key())) {
            each(std::move(*key), item->value().get());
        }
    }
}

} // namespace

std::vector<Parent> Family::ancestors(const Module* module) {
    struct Claim {
        std::uint64_t number = 0; ///< of two parents the younger counts
        bool certain = false;
        Parent parent;
    };
    Types types;
    std::unordered_map<const Module*, Claim> claims;
    std::erase_if(m_constructed, [&](const auto& entry) {
        const auto& [candidate, number] = entry;
        const Glance glance(candidate);
        const Life life = lifeOf(candidate, glance, types);
        if (life != Life::Gone) {
            forChildren(glance, [&, number = number](std::string key, const Module* child) {
                Claim& claim = claims[child];
                if (claim.number < number) {
                    claim = {number,
                             life == Life::Living,
                             {candidate, glance.type(types), std::move(key)}};
                }
            });
        }
        return life == Life::Gone;
    });
    std::vector<Parent> line;
    for (auto found = claims.find(module); found != claims.end() && line.size() < claims.size();
         found = claims.find(line.back().module)) {
        if (!found->second.certain) {
            return {};
        }
        line.push_back(found->second.parent);
    }
    return line;
}

} // namespace repro::host

// SPDX-License-Identifier: BSD-3-Clause
#include "replay/reexec/job.h"

#include "trace/error.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

/// Contents as a byte string.
template <>
struct nlohmann::adl_serializer<std::vector<std::byte>> {
    static void to_json(json& out, const std::vector<std::byte>& bytes) {
        const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data());
        out = json::binary(std::vector<std::uint8_t>(first, first + bytes.size()));
    }
    static void from_json(const json& from, std::vector<std::byte>& bytes) {
        const auto* first = reinterpret_cast<const std::byte*>(from.get_binary().data());
        bytes.assign(first, first + from.get_binary().size());
    }
};

namespace repro::replay::exec {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Operand, argument, item, dtype, sizes, strides, storage, offset,
                                   requiresGrad, isNumber, isWritten, contents)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Job, op, overload, arguments, operands, storages, generatorState,
                                   threads, flags, runs)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Result, slot, item, isWritten, dtype, sizes, contents)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Outcome, ns, error, results)

namespace {

using nlohmann::json;

void writeAll(int socket, const std::uint8_t* data, std::size_t size) {
    while (size > 0) {
        const ssize_t written = ::send(socket, data, size, MSG_NOSIGNAL);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            throw Error(ErrorKind::Io, "repro-exec: the other process is gone");
        }
        data += written;
        size -= static_cast<std::size_t>(written);
    }
}

/// Returns: how much there was before the end.
std::size_t readAll(int socket, std::uint8_t* data, std::size_t size) {
    std::size_t had = 0;
    while (had < size) {
        const ssize_t got = ::read(socket, data + had, size - had);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        had += static_cast<std::size_t>(got);
    }
    return had;
}

using Length = std::array<std::uint8_t, 8>;

void sendFrame(int socket, const json& content) {
    const std::vector<std::uint8_t> body = json::to_cbor(content);
    Length length{};
    for (std::size_t i = 0; i < length.size(); ++i) {
        length[i] = static_cast<std::uint8_t>(body.size() >> (8 * i));
    }
    writeAll(socket, length.data(), length.size());
    writeAll(socket, body.data(), body.size());
}

template <class Message>
std::optional<Message> receive(int socket) {
    Length length{};
    const std::size_t had = readAll(socket, length.data(), length.size());
    if (had == 0) {
        return std::nullopt;
    }
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < length.size(); ++i) {
        size |= std::uint64_t{length[i]} << (8 * i);
    }
    std::vector<std::uint8_t> body(size);
    if (had < length.size() || readAll(socket, body.data(), size) < size) {
        throw Error(ErrorKind::Io, "repro-exec: a message ends in its middle");
    }
    try {
        return json::from_cbor(body).get<Message>();
    } catch (const json::exception& error) {
        throw Error(ErrorKind::Format, std::string("repro-exec: not a message: ") + error.what());
    }
}

} // namespace

void send(int socket, const Job& job) {
    sendFrame(socket, job);
}

void send(int socket, const Outcome& outcome) {
    sendFrame(socket, outcome);
}

std::optional<Job> receiveJob(int socket) {
    return receive<Job>(socket);
}

std::optional<Outcome> receiveOutcome(int socket) {
    return receive<Outcome>(socket);
}

} // namespace repro::replay::exec

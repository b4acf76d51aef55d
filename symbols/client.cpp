// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/client.h"

#include "symbols/helper.h"

#include <algorithm>
#include <numeric>

namespace repro::symbols {
namespace {

namespace fs = std::filesystem;

/// The numbers of the objects, the smallest file first: a huge one must not cost the others theirs.
std::vector<std::size_t> smallestFirst(const std::vector<ObjectRequest>& objects) {
    std::vector<std::uintmax_t> sizes;
    for (const ObjectRequest& object : objects) {
        std::error_code failed;
        const std::uintmax_t size = fs::file_size(object.path, failed);
        sizes.push_back(failed ? 0 : size);
    }
    std::vector<std::size_t> order(objects.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t object) { return sizes[object]; });
    return order;
}

/// What an object has that comes after the one that all ended at.
ObjectAnswer unreached(const ObjectRequest& last, const ObjectAnswer& ending) {
    const bool isGeneral = ending.status == Status::Unread;
    return {Status::Unread,
            isGeneral ? ending.detail : "no time was left: " + last.path + " " + ending.detail,
            {},
            {}};
}

} // namespace

std::vector<ObjectAnswer> resolve(const fs::path& program, const Request& request) {
    const Deadline deadline =
        std::chrono::steady_clock::now() + std::chrono::seconds(request.seconds);
    std::vector<ObjectAnswer> answers(request.objects.size());
    std::vector<std::size_t> left = smallestFirst(request.objects);
    while (!left.empty()) {
        Request rest = request;
        rest.objects.clear();
        std::ranges::transform(left, std::back_inserter(rest.objects),
                               [&](std::size_t object) { return request.objects[object]; });
        Helper helper(program, rest);
        auto object = left.begin();
        while (object != left.end()) {
            auto answer = helper.next(deadline);
            if (!answer) {
                break;
            }
            answers[*object++] = std::move(*answer);
        }
        if (object != left.end()) {
            const std::size_t last = *object++;
            answers[last] = helper.ending();
            if (!helper.canGoOn()) {
                std::for_each(object, left.end(), [&](std::size_t other) {
                    answers[other] = unreached(request.objects[last], answers[last]);
                });
                object = left.end();
            }
        }
        left.erase(left.begin(), object);
    }
    return answers;
}

} // namespace repro::symbols

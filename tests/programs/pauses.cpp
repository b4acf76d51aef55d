// SPDX-License-Identifier: BSD-3-Clause
#include <torch/torch.h>

#include <cstdio>
#include <functional>
#include <future>
#include <reprorec/reprorec.h>
#include <thread>

namespace {

void runOn(std::promise<void>& begin, const std::function<void()>& work) {
    begin.get_future().wait();
    work();
}

} // namespace

// Threads that are paused, and others that are not meanwhile. Of the ops that must be recorded each
// is called by one of the names of the left column, of the others by one of the right:
//     cos tan exp cosh erf    sin tanh sinh
int main() {
    const torch::Tensor x = torch::full({3}, 0.5);
    std::promise<void> idleBegins;
    std::promise<void> pausedBegins;
    // Older than the pause, and without any op until it runs.
    std::thread idle([&] { runOn(idleBegins, [&] { x.tan(); }); });
    std::thread pausing([&] {
        runOn(pausedBegins, [&] {
            {
                const reprorec::Pause pause;
                x.sinh();
            }
            x.cosh();
        });
    });
    {
        const reprorec::Pause pause;
        x.sin();
        pausedBegins.set_value();
        pausing.join();
        idleBegins.set_value();
        idle.join();
    }
    {
        // Nobody else is there, until a thread is made.
        const reprorec::Pause pause;
        x.tanh();
        std::thread([&] { x.cos(); }).join();
        const reprorec::Pause inner;
    }
    x.exp();
    std::thread([&] { x.erf(); }).join();
    std::printf("done\n");
    return 0;
}

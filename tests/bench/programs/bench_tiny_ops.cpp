// SPDX-License-Identifier: BSD-3-Clause
#include "tests/bench/programs/bench.h"

// One event an iteration, each with contents never seen before: what memory might grow with.
int main(int argc, char** argv) {
    CLI::App app("Adds to a tensor of four numbers, again and again");
    std::uint64_t events = 1'000'000;
    app.add_option("--events", events, "Additions")->check(CLI::PositiveNumber);
    CLI11_PARSE(app, argc, argv);
    const torch::NoGradGuard withoutGradients;
    torch::set_num_threads(1);
    // In float64 all sums are exact, and no two the same.
    torch::nn::Module model;
    torch::Tensor sum = model.register_buffer("sum", torch::zeros({4}, torch::kFloat64));
    const torch::Tensor one = torch::ones({4}, torch::kFloat64);
    const auto start = std::chrono::steady_clock::now();
    for (std::uint64_t i = 0; i < events; ++i) {
        sum.add_(one);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("seconds %.6f\n", took.count());
    printFinalHash(model);
    return 0;
}

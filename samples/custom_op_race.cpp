// SPDX-License-Identifier: BSD-3-Clause
#include "samples/fingerprint.h"
#include "samples/unordered_sum.h"

#include <torch/library.h>

#include <reprorec/reprorec.h>

namespace {

constexpr int kWords = 1024;
constexpr int kBuckets = 64;

/// The kernel of an op of the program's own, with threads of its own.
torch::Tensor bucketSum(const torch::Tensor& values, const torch::Tensor& buckets,
                        std::int64_t count) {
    torch::Tensor sums = at::zeros({count}, values.options());
    addUnordered(values.data_ptr<float>(), buckets.data_ptr<std::int64_t>(), values.numel(),
                 sums.data_ptr<float>());
    return sums;
}

class BucketSum : public torch::autograd::Function<BucketSum> {
public:
    static torch::Tensor forward(torch::autograd::AutogradContext* context,
                                 const torch::Tensor& values, const torch::Tensor& buckets) {
        static const auto op = c10::Dispatcher::singleton()
                                   .findSchemaOrThrow("samples::bucket_sum", "")
                                   .typed<decltype(bucketSum)>();
        context->save_for_backward({buckets});
        const at::AutoDispatchBelowADInplaceOrView guard;
        return op.call(values, buckets, kBuckets);
    }
    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
        return {gradients[0].index_select(0, context->get_saved_variables()[0]), torch::Tensor()};
    }
};

struct HistogramImpl : torch::nn::Module {
    HistogramImpl() { m_weight = register_parameter("weight", torch::rand({kWords})); }

    torch::Tensor forward(const torch::Tensor& words) {
        REPROREC_LAYER(*this);
        const torch::Tensor weights = m_weight.index_select(0, words);
        return BucketSum::apply(weights, words.remainder(kBuckets)) / words.numel();
    }

private:
    torch::Tensor m_weight;
};
TORCH_MODULE(Histogram);

} // namespace

TORCH_LIBRARY(samples, library) {
    library.def("bucket_sum(Tensor values, Tensor buckets, int count) -> Tensor");
}

TORCH_LIBRARY_IMPL(samples, CPU, library) {
    library.impl("bucket_sum", bucketSum);
}

int main() {
    torch::manual_seed(18);
    torch::nn::Sequential model({{"histogram", Histogram().ptr()},
                                 {"hidden", torch::nn::Linear(kBuckets, 32).ptr()},
                                 {"act", torch::nn::ReLU().ptr()},
                                 {"head", torch::nn::Linear(32, 1).ptr()}});
    torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(1e-2));
    for (int step = 0; step < 8; ++step) {
        const torch::Tensor words = torch::randint(kWords, {100'000}, torch::kLong);
        optimizer.zero_grad();
        torch::mse_loss(model->forward(words), torch::ones({1})).backward();
        optimizer.step();
    }
    printFinalHash(*model);
    return 0;
}

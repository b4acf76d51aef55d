# SPDX-License-Identifier: BSD-3-Clause
"""Programs in the style of LibTorch's public examples, written without the tool in mind."""

import support

PAIRS = 3


class Cases(support.Case):
    def check(self, name, layers):
        words = [self.program(name)]
        for number in range(support.pairs(PAIRS)):
            for output in "a.h5", "b.h5":
                if number == 0 and output == "a.h5":
                    self.assert_unharmed(words)
                else:
                    self.assertEqual(self.record(words, output, ["-f"]).status, 0)
            self.assert_same()
        info = self.assert_whole()
        tree = self.tool("info", "--layers", "a.h5").out.decode()
        for layer in layers:
            self.assertIn(layer, tree)
        return info

    def test_mnist_cnn(self):
        info = self.check("mnist_cnn", ["conv1", "conv2_drop", "fc1", "fc2", "Linear", "Conv2d"])
        self.assertGreaterEqual(info["counts"]["steps"], 16)

    def test_char_lstm(self):
        info = self.check("char_lstm", ["embedding", "lstm", "fc", "LSTM"])
        self.assertGreaterEqual(info["counts"]["steps"], 6)

    def test_dcgan(self):
        info = self.check("dcgan", ["conv1", "batch_norm1", "conv3", "BatchNorm2d", "ConvTranspose2d"])
        # Two optimizers, one step of each an iteration.
        self.assertIn(info["counts"]["steps"], (6, 7))

    def test_result_of_a_kernel_that_adds_to_zeros(self):
        """embedding_dense_backward writes after the op that it calls: that is not its result."""
        def result(event):
            tensors = self.json_of("show", "--json", "a.h5", "--event", str(event["event"]))["tensors"]
            return next(tensor["fingerprint"] for tensor in tensors if tensor["slot"] == "out0")

        self.assertEqual(self.record([self.program("char_lstm")]).status, 0)
        backward = self.events("--op", "aten::embedding_backward")[0]
        zeros = next(event for event in self.events("--nested", "--op", "aten::zero_")
                     if event["event"] > backward["event"])
        self.assertNotEqual(result(backward), result(zeros))

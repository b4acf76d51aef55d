# SPDX-License-Identifier: BSD-3-Clause
"""Every sample gets the verdict that samples/expected.json promises."""

import re

import support

CLEAN_PAIRS = 5
RACE_ATTEMPTS = 10


class Checks(support.Case):
    def words_of(self, name):
        return [self.sample(name)]

    def record_sample(self, name, arguments, output, env=None):
        outcome = self.record([*self.words_of(name), *arguments], output, ["-f"], env)
        self.assertEqual(outcome.status, 0, outcome)
        self.assert_whole(output)
        return outcome.out

    def check_clean(self, name):
        bare = self.run_words(self.words_of(name))
        for _ in range(support.pairs(CLEAN_PAIRS)):
            for output in "a.h5", "b.h5":
                self.assertEqual(self.record_sample(name, [], output), bare.out)
            self.assert_same()

    def record_until_different(self, name):
        first = self.record_sample(name, [], "a.h5")
        for _ in range(RACE_ATTEMPTS - 1):
            if self.record_sample(name, [], "b.h5") != first:
                return
        self.fail(f"{name} did not race in {RACE_ATTEMPTS} runs")

    def check_divergence(self, name, expected):
        verdict = self.diff()
        self.assertEqual((verdict["verdict"], verdict["exit"]), (expected["verdict"], 1), verdict)
        first = verdict["origins"][0]
        self.assertEqual((first["first"], first["cause"]), (verdict["first"], verdict["cause"]))
        self.check_origin(first, expected)
        self.assertEqual(verdict["origin_count"], expected.get("origins", 1), verdict)
        if "second" in expected:
            self.check_origin(verdict["origins"][1], expected["second"])
        text = self.tool("diff", "a.h5", "b.h5")
        self.assertEqual(text.status, 1, text)
        self.assertIn((verdict["first"]["op"] or "a mark").encode(), text.out)

    def check_origin(self, origin, expected):
        first, cause = origin["first"], origin["cause"]
        self.assertEqual(cause["class"], expected["class"], origin)
        self.assertRegex(first["op"] or "", f"^{expected['op']}$")
        if expected["layer"] is None:
            self.assertIsNone(first["layer"], origin)
        else:
            self.assertTrue(re.fullmatch(expected["layer"], first["layer"] or ""), origin)
        self.assertEqual(first["phase"], expected["phase"], origin)
        low, high = expected["steps"]
        self.assertTrue(low <= first["step"] <= high, origin)
        self.assertTrue(cause["evidence"] and cause["remedy"], origin)


def make(name, expected):
    def test(self):
        if expected["verdict"] == "same":
            self.check_clean(name)
        elif expected.get("race"):
            for _ in range(support.pairs(1)):
                self.record_until_different(name)
                self.check_divergence(name, expected)
        else:
            self.record_sample(name, expected.get("a", []), "a.h5")
            self.record_sample(name, expected.get("b", []), "b.h5", expected.get("b_env"))
            self.check_divergence(name, expected)
    return test


def add_tests(cases, expected):
    for sample, promise in expected.items():
        setattr(cases, f"test_{sample}", make(sample, promise))


class Cases(Checks):
    pass


add_tests(Cases, support.EXPECTED)

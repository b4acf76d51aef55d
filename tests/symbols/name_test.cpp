// SPDX-License-Identifier: BSD-3-Clause
#include "symbols/name.h"

#include <gtest/gtest.h>

namespace repro::symbols {
namespace {

TEST(Name, HasNoSignature) {
    EXPECT_EQ(withoutSignature("main"), "main");
    EXPECT_EQ(withoutSignature("a::b(int, char const*)"), "a::b");
    EXPECT_EQ(withoutSignature("a::B<int (*)(char)>::c() const"), "a::B<int (*)(char)>::c");
    EXPECT_EQ(withoutSignature("a::b() const &"), "a::b");
    EXPECT_EQ(withoutSignature("f(int) [clone .part.0]"), "f");
    EXPECT_EQ(withoutSignature("f(void (*)(int))"), "f");
}

TEST(Name, HasNoReturnType) {
    EXPECT_EQ(withoutSignature("at::Tensor f<int>(int)"), "f<int>");
    EXPECT_EQ(withoutSignature("std::vector<int, a> const& f<int>(int)"), "f<int>");
    EXPECT_EQ(withoutSignature("decltype (a(b)) f<int>(int)"), "f<int>");
    EXPECT_EQ(withoutSignature("unsigned long a::f<1>(int)"), "a::f<1>");
}

TEST(Name, KeepsAnonymousNamespaces) {
    EXPECT_EQ(withoutSignature("(anonymous namespace)::f(int)"), "(anonymous namespace)::f");
    EXPECT_EQ(withoutSignature("int a::(anonymous namespace)::f<int>(b)"),
              "a::(anonymous namespace)::f<int>");
}

TEST(Name, KeepsOperators) {
    EXPECT_EQ(withoutSignature("A::operator()(int) const"), "A::operator()");
    EXPECT_EQ(withoutSignature("A::operator[](int)"), "A::operator[]");
    EXPECT_EQ(withoutSignature("bool operator< <int>(A<int>)"), "operator< <int>");
    EXPECT_EQ(withoutSignature("std::ostream& operator<<(std::ostream&, A)"), "operator<<");
    EXPECT_EQ(withoutSignature("A::operator->() const"), "A::operator->");
    EXPECT_EQ(withoutSignature("A::operator bool() const"), "A::operator bool");
    EXPECT_EQ(withoutSignature("A::operator std::vector<int, a>() const"),
              "A::operator std::vector<int, a>");
    EXPECT_EQ(withoutSignature("operator new(unsigned long)"), "operator new");
    EXPECT_EQ(withoutSignature("A::co_operator(int)"), "A::co_operator");
    EXPECT_EQ(withoutSignature("my_operators::f(int)"), "my_operators::f");
}

TEST(Name, SaysLambda) {
    EXPECT_EQ(withoutSignature("f(int)::{lambda(int)#1}::operator()(int) const"),
              "f::{lambda}::operator()");
    EXPECT_EQ(withoutSignature("f(int) const::{lambda(B<int>)#2}::operator()<C>(int) const"),
              "f::{lambda}::operator()<C>");
    EXPECT_EQ(withoutSignature("f()::$_0::operator()() const"), "f::{lambda}::operator()");
    EXPECT_EQ(withoutSignature("f()::{unnamed type#1}::g()"), "f::{unnamed}::g");
}

TEST(Name, LosesNothingOfWhatIsNotBalanced) {
    EXPECT_EQ(withoutSignature(""), "");
    EXPECT_EQ(withoutSignature("f<"), "f<");
    EXPECT_EQ(withoutSignature("f(("), "f");
    EXPECT_EQ(withoutSignature("operator"), "operator");
    EXPECT_EQ(withoutSignature("$_"), "{unnamed}");
}

TEST(Name, OfASymbolIsDemangled) {
    EXPECT_EQ(functionOf("_ZN1a1bEi"), "a::b");
    EXPECT_EQ(functionOf("_ZN1a1bEi.cold"), "a::b");
    EXPECT_EQ(functionOf("main"), "main");
    EXPECT_EQ(functionOf("sum.constprop.0"), "sum");
    EXPECT_EQ(functionOf(""), "");
}

} // namespace
} // namespace repro::symbols

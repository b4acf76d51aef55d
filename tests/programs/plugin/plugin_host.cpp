// SPDX-License-Identifier: BSD-3-Clause
extern "C" int runPlugin();

// Links no LibTorch: it arrives with a plugin.
int main() {
    return runPlugin();
}

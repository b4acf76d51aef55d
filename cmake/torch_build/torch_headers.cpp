// SPDX-License-Identifier: BSD-3-Clause
// Owns the precompiled header of all programs.
int main() {
    return 0;
}

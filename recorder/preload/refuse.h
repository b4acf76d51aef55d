/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#ifdef __cplusplus
extern "C"
#endif
    /* Tells the collector that a LibTorch was met which no recorder library fits. */
    void
    reproTellRefused(const char* socketPath, const char* torchVersion);

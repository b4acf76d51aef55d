// SPDX-License-Identifier: BSD-3-Clause
#include "tests/programs/trainer.h"

#include <hdf5.h>

#include <array>

// writes_hdf5 FILE: a program that has HDF5 for itself, open while it trains.
int main(int argc, char** argv) {
    if (argc != 2) {
        return 2;
    }
    const std::array<hsize_t, 1> size{64};
    const hid_t file = H5Fcreate(argv[1], H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hid_t space = H5Screate_simple(1, size.data(), nullptr);
    const hid_t set =
        H5Dcreate2(file, "curve", H5T_IEEE_F32LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    Trainer trainer;
    trainer.steps(3);
    const torch::Tensor curve = torch::linspace(0, 1, 64);
    const bool written =
        H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, curve.data_ptr()) >= 0;
    const bool closed = H5Dclose(set) >= 0 && H5Sclose(space) >= 0 && H5Fclose(file) >= 0;
    printFinalHash(trainer.model());
    return written && closed ? 0 : 1;
}

"""The density of a million events on 512 x 512 cells by SciPy and KDEpy.

Called by the benchmark `points` with a file of events (pairs of float64), the
grid's west, south and cell edge in metres and the bandwidth in metres. Prints
`name<TAB>milliseconds` a line, the shortest of five runs, and nothing for a
program that is not there.
"""

import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

CELLS = 512


def shortest(run):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def main(path, west, south, cell_m, bandwidth_m):
    import numpy as np

    events = np.fromfile(path).reshape(-1, 2)
    far = np.array([west, south]) + CELLS * cell_m
    # KDEpy wants every event within its grid.
    margin = 0.5 * cell_m
    inside = (events > [west + margin, south + margin]).all(axis=1) & (events < far - margin).all(axis=1)
    events = events[inside]
    edges = [np.linspace(low, low + CELLS * cell_m, CELLS + 1) for low in (west, south)]

    try:
        from scipy.ndimage import gaussian_filter
    except ImportError:
        gaussian_filter = None
    if gaussian_filter is not None:

        def by_histogram():
            counts, _, _ = np.histogram2d(events[:, 0], events[:, 1], bins=edges)
            return gaussian_filter(counts, bandwidth_m / cell_m, mode="constant")

        def by_bincount():
            cells = ((events - [west, south]) / cell_m).astype(np.int64)
            counts = np.bincount(cells[:, 1] * CELLS + cells[:, 0], minlength=CELLS * CELLS)
            counts = counts.reshape(CELLS, CELLS).astype(np.float32)
            return gaussian_filter(counts, bandwidth_m / cell_m, mode="constant")

        print(f"SciPy (histogram2d, gaussian_filter)\t{shortest(by_histogram)}")
        print(f"SciPy (bincount, gaussian_filter in float32)\t{shortest(by_bincount)}")

    try:
        from KDEpy import FFTKDE
    except ImportError:
        return
    centres = [edge[:-1] + margin for edge in edges]
    grid = np.stack(np.meshgrid(*centres, indexing="ij"), -1).reshape(-1, 2)
    print(f"KDEpy (FFTKDE)\t{shortest(lambda: FFTKDE(bw=bandwidth_m).fit(events).evaluate(grid))}")


main(sys.argv[1], *map(float, sys.argv[2:6]))

"""Gi* by esda and a local Poisson window test by SciPy on 100 x 100 cells.

Called by the benchmark `areal`. Prints `name<TAB>milliseconds` a line, the
shortest of three runs, and nothing for a program that is not there.
"""

import os
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
warnings.filterwarnings("ignore")

EDGE = 100


def shortest(run):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def main():
    import numpy as np
    from libpysal.weights import fill_diagonal, lat2W

    random = np.random.default_rng(3)
    expected = random.random(EDGE * EDGE) * 0.6
    counts = (random.random(EDGE * EDGE) < expected).astype(float)
    weights = lat2W(EDGE, EDGE, rook=False)

    try:
        from esda.getisord import G_Local

        def gi(weights):
            return G_Local(counts, weights, transform="B", permutations=0, star=True)

        print(f"Gi* by esda, weights given\t{shortest(lambda: gi(weights))}", flush=True)
        made = shortest(lambda: gi(lat2W(EDGE, EDGE, rook=False)))
        print(f"Gi* by esda, weights made\t{made}", flush=True)
    except ImportError:
        pass

    from scipy.stats import false_discovery_control, poisson

    window = fill_diagonal(weights).sparse

    def local():
        p = poisson.sf(window @ counts - 1, window @ expected)
        return false_discovery_control(p)

    print(f"local window test by SciPy, weights given\t{shortest(local)}", flush=True)


try:
    main()
except ImportError:
    pass

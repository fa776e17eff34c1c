"""DBSCAN by scikit-learn and Knox by pointpats on the same events.

Called by the benchmark `scans` with a file of events (triples of float64: east,
north, day) and `dbscan EPS_M GROUPS` or `knox METRES DAYS PAIRS`, the last
number being what the caller found. Prints `name<TAB>milliseconds`, or nothing
when the program is not there; stops when the answers differ.
"""

import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"


def shortest(run, runs):
    times, answer = [], None
    for _ in range(runs):
        start = time.perf_counter()
        answer = run()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times), answer


def by_dbscan(events, eps_m, groups):
    from sklearn.cluster import DBSCAN

    found, answer = shortest(lambda: DBSCAN(eps=float(eps_m), min_samples=5).fit(events[:, :2]), 3)
    if answer.labels_.max() + 1 != int(groups):
        sys.exit(f"scikit-learn has {answer.labels_.max() + 1} groups, not {groups}")
    print(f"scikit-learn\t{found}")


def by_knox(events, metres, days, pairs):
    from pointpats import Knox

    def run():
        return Knox(events[:, :2], events[:, 2:].copy(), float(metres), float(days), permutations=99)

    found, answer = shortest(run, 1)
    if int(answer.statistic_) != int(pairs):
        sys.exit(f"pointpats has {answer.statistic_} pairs, not {pairs}")
    print(f"pointpats\t{found}")


if __name__ == "__main__":
    try:
        import numpy as np

        read = np.fromfile(sys.argv[1]).reshape(-1, 3)
        {"dbscan": by_dbscan, "knox": by_knox}[sys.argv[2]](read, *sys.argv[3:])
    except ImportError:
        pass

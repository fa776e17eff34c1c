"""Patrol rounds by PyVRP on an instance in a JSON file.

Called by the benchmark `patrol` with the file and the seconds to search.
Prints `pyvrp<TAB>prize`, and nothing where the program is not there.
"""

import json
import sys


def main(path, seconds):
    from pyvrp import Model
    from pyvrp.stop import MaxRuntime

    given = json.load(open(path))
    model = Model()
    nodes = [model.add_location(0, 0) for _ in given["travel"]]
    model.add_depot(nodes[0])
    for node, prize in zip(nodes[1:], given["prizes"]):
        model.add_client(node, service_duration=given["service"], prize=prize, required=False)
    model.add_vehicle_type(given["units"], tw_early=0, tw_late=given["shift"])
    for a, row in zip(nodes, given["travel"]):
        for b, duration in zip(nodes, row):
            model.add_edge(a, b, distance=0, duration=duration)
    found = model.solve(stop=MaxRuntime(seconds), seed=1, display=False)
    if found.is_feasible():
        print(f"pyvrp\t{found.best.prizes()}")


try:
    main(sys.argv[1], float(sys.argv[2]))
except ImportError:
    pass

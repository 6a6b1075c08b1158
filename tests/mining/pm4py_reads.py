"""What pm4py reads of a log, as JSON on the last line: a program of its own, for pm4py is AGPL and talks when it is imported."""

import json
import sys
from collections import Counter
from itertools import pairwise
from typing import Any

from pm4py import ocel_flattening
from pm4py.algo.discovery.dfg import algorithm as directly_follows
from pm4py.objects.log.importer.xes.variants import iterparse
from pm4py.objects.ocel.importer.jsonocel.variants import ocel20_standard


def of_xes(path: str) -> dict[str, Any]:
    """Cases, events, and which directly follows which."""
    log = iterparse.apply(path, {"show_progress_bar": False})
    strange = [
        (trace.attributes["concept:name"], event["concept:name"])
        for trace in log
        for event in trace
        if not event["known"]
    ]
    on_the_way = Counter(
        (one["concept:name"], other["concept:name"])
        for trace in log
        for way in ([event for event in trace if event["on_the_way"]],)
        for one, other in pairwise(way)
    )
    return {
        "cases": sorted(trace.attributes["concept:name"] for trace in log),
        "events": sum(map(len, log)),
        "pairs": told(directly_follows.apply(log)),
        "on_the_way": told(on_the_way),
        "strange": strange,
        "units": sorted({event["org:group"] for trace in log for event in trace if "org:group" in event}),
        "extensions": sorted(log.extensions),
    }


def of_ocel(path: str) -> dict[str, Any]:
    """The same, the case as the only object; and how many objects of each kind."""
    ocel = ocel20_standard.apply(path)
    flat = ocel_flattening(ocel, "case")
    return {
        "cases": sorted(ocel.objects[ocel.objects["ocel:type"] == "case"]["number"]),
        "events": len(ocel.events),
        "pairs": told(directly_follows.apply(flat)),
        "objects": dict(Counter(ocel.objects["ocel:type"])),
        "related": len(ocel.relations),
        "qualifiers": sorted(set(ocel.relations["ocel:qualifier"])),
    }


def told(pairs: Any) -> list[list[Any]]:
    """In an order of their own."""
    return sorted([*pair, n] for pair, n in pairs.items())


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps({"xes": of_xes(sys.argv[1]), "ocel": of_ocel(sys.argv[2])}) + "\n")

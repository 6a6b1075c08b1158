"""What is counted for those who run it."""

from prometheus_client import CollectorRegistry, Counter, Gauge

REGISTRY = CollectorRegistry()
COMMANDS = Counter("whistle_commands", "Commands by kind and result", ["command", "result"], registry=REGISTRY)
REFUSALS = Counter("whistle_refusals", "Refusals by code", ["code"], registry=REGISTRY)
LAG = Gauge("whistle_boards_lag", "Log positions that the boards have not come to", registry=REGISTRY)
PARKED = Gauge("whistle_boards_parked", "Cases that cannot be told", registry=REGISTRY)
HEAD = Gauge("whistle_log_position", "The last position of the log", registry=REGISTRY)

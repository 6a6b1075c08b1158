"""The index of boards."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "boards_of": ("{name}的看板", "Boards of {name}"),
    "streets": ("街道", "Streets"),
    "communities_and_grids": ("社区和网格", "Communities and grids"),
    "departments": ("部门", "Departments"),
    "open": ("在办", "Open"),
    "led_open": ("主办在办", "Leads, open"),
    "led_all": ("主办全部", "Leads or led"),
}  # fmt: skip

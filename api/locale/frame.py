"""On every page."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "product": ("街巷吹哨", "Whistle"),
    "tagline": ("街乡吹哨、部门报到", "Streets whistle, departments report"),
    "skip": ("跳到正文", "Skip to the content"),
    "menu": ("主导航", "Main menu"),
    "boards": ("看板", "Boards"),
    "flow": ("流程", "Flow"),
    "reference": ("接口文档", "API reference"),
    "document": ("OpenAPI 文档", "OpenAPI document"),
    "demo": ("演示", "Demo"),
    "invented": ("虚构案件：本站所有案件均为虚构，人员只写岗位。", "Invented cases: every case here is made up, staff are role titles."),
    "as_of": ("截至", "As of"),
    "edition": ("规则版本", "Edition"),
    "back_to_boards": ("全部看板", "All boards"),
    "home": ("首页", "Start page"),
}  # fmt: skip

"""The flow of a case."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "flow_title": ("案件流程", "The flow of a case"),
    "flow_intro": ("图和表都由同一张流程表生成；程序按它判断、显示按钮、计时。", "Picture and table both come from the one table by which the system judges, offers buttons and starts clocks."),
    "moves": ("案件的每一步", "Every move of a case"),
    "command": ("操作", "Command"),
    "from": ("从", "From"),
    "to": ("到", "To"),
    "who": ("谁", "Who"),
    "conditions": ("不满足条件时的答复", "What is answered where a condition does not hold"),
    "clocks": ("时限", "Clocks"),
    "stays": ("不变", "stays"),
    "any": ("任何状态", "any"),
    "any_open": ("任何在办状态", "any open"),
    "all_clocks": ("全部时限", "all clocks"),
    "assignment_moves": ("派单的状态", "Turns of an assignment"),
    "request_moves": ("申请的状态", "Turns of a request"),
}  # fmt: skip

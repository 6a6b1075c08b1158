"""Logging a case."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "log_title": ("登记案件", "Log a case"),
    "log_button": ("登记", "Log it"),
    "log_nobody": ("您的岗位不登记案件。", "Your office does not log cases."),
    "field_source": ("怎么知道的", "How it came in"),
    "field_urgency": ("紧急程度", "Urgency"),
    "field_narrative": ("反映人的原话（加密保存）", "The reporter's own words (kept sealed)"),
    "field_name": ("姓名（加密保存）", "Name (kept sealed)"),
    "field_phone": ("电话（加密保存）", "Phone (kept sealed)"),
    "log_summary_hint": ("写事，不写人：不要写姓名、电话、门牌号。", "About the matter, not the person: no names, phones or door numbers."),
    "log_reporter": ("谁在等答复", "Who waits for an answer"),
    "log_reporter_hint": ("有人等答复才填；办结后按此回访。", "Only where somebody waits for an answer; they are called back."),
    "near_title": ("附近有类似的在办案件：", "There are open cases like this one nearby:"),
    "near_way": ("如果是同一件事，请在该案件上补充说明或催办，不必重复登记。", "If it is the same matter, add a note or urge there instead of logging it again."),
}  # fmt: skip

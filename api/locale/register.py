"""The register."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "register": ("案件查询", "Cases"),
    "filters": ("筛选条件", "Filters"),
    "apply_filters": ("筛选", "Apply"),
    "no_filters": ("清除条件", "Clear"),
    "any_value": ("不限", "any"),
    "by_open": ("办理情况", "Open or ended"),
    "open_yes": ("在办", "open"),
    "open_no": ("已结束", "ended"),
    "by_street": ("街道", "Street"),
    "by_lead": ("主办部门", "Lead department"),
    "by_category": ("类别", "Category"),
    "by_words": ("摘要、类别或地点中的词（至少两个字）", "Words of the summary, a category or place"),
    "also_called": ("按名称查：", "So called: "),
    "by_number": ("案件编号（可只输一部分）", "Case number, or a part of it"),
    "by_overdue": ("已超期", "overdue now"),
    "by_late": ("处置超过时限", "result late"),
    "by_below": ("由街道、社区或网格负责", "held by the street, community or grid"),
    "by_clockless": ("没有时限在跑", "No clock runs"),
    "only": ("只列：", "Only:"),
    "logged_since": ("登记不早于", "Logged from"),
    "by_accountable": ("责任单位", "Held by"),
    "by_community": ("社区", "Community"),
    "by_grid": ("网格", "Grid"),
    "found": ("案件", "Cases found"),
    "on_this_page": ("本页 {n} 件", "{n} on this page"),
    "found_none": ("没有符合条件的案件；可放宽或清除筛选条件。", "No case meets these filters; take some away."),
    "found_none_at_all": ("您的范围内还没有案件。", "There are no cases within your reach yet."),
    "found_wrong": ("先改正上面的条件，再查询。", "Put the filters right first."),
    "pages": ("翻页", "Pages"),
    "older_cases": ("更早的案件", "Older cases"),
    "newest": ("回到最新", "Back to the newest"),
}  # fmt: skip

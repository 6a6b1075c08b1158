"""The district's board, and what is to decide."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "district_board": ("区级看板", "District board"),
    "colon": ("：", ": "),
    "time_is_held": ("自动事项已暂停", "What happens by itself is held"),
    "time_is_held_leapt": ("超过一天没有运行，或系统时钟被调过：{n} 件案件的时限、复查和超期暂不自动处理。请信息部门核对时钟后运行 whistle timers release。", "Nothing ran for over a day, or the clock was set: deadlines, reviews and misses of {n} cases wait. Your IT people check the clock, then run whistle timers release."),
    "time_is_held_flooded": ("中断之后有 {n} 件案件同时到期，暂不自动处理。请信息部门核对后运行 whistle timers release。", "After an outage {n} cases are due at once, and wait. Your IT people look, then run whistle timers release."),
    # sections
    "d_tiles": ("全区概况", "At a glance"),
    "d_to_route": ("无街道经办，待区里处理", "With no street: the district sees to it"),
    "to_route_note": ("不知在哪个街道的案件没有经办单位：请打开案件，更正地点。投诉街道的案件由督办员代行街道职责。时限照常计算。", "Nobody works on a case whose street is not known: open it and put the place right. With a complaint about a street the supervisor stands in the street's stead. The clocks run on."),
    "d_to_dispatch": ("待派遣的吹哨", "Whistles to dispatch"),
    "d_disputes": ("待裁定的争议", "Disputes to rule on"),
    "d_requests": ("待审批的申请", "Requests to decide"),
    "d_overdue": ("超期分布（街道 × 责任单位）", "Overdue: street × who holds it"),
    "d_leagues": ("街道和部门排名", "Leagues of streets and departments"),
    "d_suspensions": ("挂账案件", "Suspended cases"),
    "d_exclusions": ("已同意的剔除", "Exclusions granted"),
    "d_trends": ("类别走势和每月一题", "Trends by category, and the topic of the month"),
    # tiles
    "open_in": ("在办：{phase}", "Open: {phase}"),
    "clockless": ("无时限在跑，会被遗忘", "Would be forgotten: no clock runs"),
    "logged_today": ("今日新登记", "Logged today"),
    "intake_usual": ("前30天日均 {n}", "daily mean of 30 days: {n}"),
    "all_n": ("查看全部 {n} 件", "All {n}"),
    "first_of": ("先列出最急的 {n} 项，共 {all} 项；办完后其余会出现在这里。", "The {n} most urgent of {all}; the others come up as these are decided."),
    # dispatch
    "to_dispatch_empty": ("没有待派遣的吹哨；街道吹哨后会出现在这里。", "No whistle waits; they come here as streets blow them."),
    "usual_departments": ("该类常派部门", "Usual for the category"),
    "returned_by": ("已退单的部门", "Returned by"),
    "assign_as_proposed": ("按建议派单", "Assign as proposed"),
    "assign_otherwise": ("另选部门派单", "Choose others"),
    "accuracy": ("派单准确率", "Accuracy of dispatch"),
    "accuracy_note": ("近 {days} 天登记、派给部门的案件中，未退单、也未换过主办部门的比例。", "Of the cases logged in the last {days} days that a department was to lead: not returned, and no second lead."),
    # requests and disputes
    "would_change": ("同意后会怎样", "If granted"),
    "would_be": ("案件变为“{state}”", "the case is then: {state}"),
    "only_scores": ("状态和时限不变，只影响考核。", "State and deadlines stay; only the score changes."),
    "decided_by": ("审批人", "Decided by"),
    "disputes_empty": ("没有待裁定的争议。", "No dispute waits for a ruling."),
    "arguments": ("各方意见", "What was said"),
    # overdue
    "street_itself": ("街道自身", "the street itself"),
    "dispatch_itself": ("区派遣", "district dispatch"),
    "no_street": ("街道不详", "street not known"),
    "sum": ("合计", "Sum"),
    "overdue_none": ("全区没有超期案件。", "Nothing in the district is overdue."),
    # leagues
    "rank": ("名次", "Rank"),
    "not_ranked": ("不排名", "not ranked"),
    "l_composite": ("综合", "Composite"),
    "l_response": ("响应率", "Response"),
    "l_resolution": ("解决率", "Resolution"),
    "l_satisfaction": ("满意率", "Satisfaction"),
    "l_in_time": ("按期处置率", "In time"),
    "l_cases": ("案件", "Cases"),
    "left_out": ("剔除", "Left out"),
    "period": ("统计时段", "Period"),
    "last_days": ("近 {n} 天", "{n} days"),
    "leagues_note": (
        "统计近 {days} 天登记的案件；已同意剔除的不计入申请单位的成绩。三率按回访结果计算（分子/分母），联系不上的不计。按期 = 时限内办结 ÷ 应办结。不足 10 件只列分子和分母，也不排名。点表头可换排序。",
        "Cases logged in the last {days} days, without those left out of the unit's score. The three rates come from call-backs (numerator/denominator), the unreachable left out. In time = finished within the deadline ÷ due by now. Below 10 neither a rate nor a rank is shown. A heading sorts by it.",
    ),
    "leagues_opened": ("按考核月、按指标展开，直到案件", "By month and by figure, down to the cases"),
    # suspensions and exclusions
    "up_to_7": ("7 天内", "up to 7 days"),
    "up_to_30": ("8–30 天", "8 to 30 days"),
    "up_to_90": ("31–90 天", "31 to 90 days"),
    "over_90": ("90 天以上", "over 90 days"),
    "past_review": ("其中 {n} 件已过复核日。", "{n} of them are past their review date."),
    "next_reviews": ("按复核日列出", "By review date"),
    "exclusions_empty": ("近 {days} 天没有同意过剔除。", "No exclusion was granted in the last {days} days."),
    "decided_at": ("同意时间", "Granted"),
    # trends
    "topic": ("每月一题建议", "Proposed topic of the month"),
    "topic_grew": ("近 30 天 {n} 件，比前 30 天多 {more} 件，增加最多。主要来自：", "{n} cases in 30 days, {more} more than in the 30 before: it grew most. Mainly from:"),
    "topic_most": ("近 30 天 {n} 件，没有哪一类在增加，此类最多。主要来自：", "{n} cases in 30 days: nothing grew, and this came most. Mainly from:"),
    "recent": ("近 30 天", "Last 30 days"),
    "before": ("前 30 天", "30 days before"),
    "rise_or_fall": ("增减", "Change"),
    "other_categories": ("其余 {n} 类", "{n} other categories"),
    "trends_empty": ("近 60 天没有登记案件。", "No case was logged within 60 days."),
    "nobody_led": ("没有部门主办的案件。", "No department led a case."),
}  # fmt: skip

"""What follows a result: verification, and calling back."""

from collections.abc import Mapping

from adapters.boards.definitions import USUAL, chosen
from adapters.boards.shares import SHOWN_FROM
from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "callbacks": ("回访看板", "Call-backs"),
    "callbacks_note": (
        "每位反映人最多拨 {most} 次，两次之间至少隔 1 小时；承办单位不回访自己办的案件。",
        "A reporter is tried {most} times at most, an hour apart at least; who did the work does not call.",
    ),
    "callbacks_off": ("本市的案件不做回访。", "This city leaves calling back out."),
    "calling_queue": ("去回访", "Go calling"),
    "cb_streets": ("各街道", "By street"),
    "cb_due": ("现在该拨", "To call now"),
    "cb_due_empty": ("现在没有该拨的电话；核查通过、反映人留了电话的案件会出现在这里。", "Nobody is to be called now. Verified cases whose reporters left a number come here."),
    "cb_later": ("刚拨过，稍后再拨", "Tried just now, later again"),
    "cb_later_empty": ("没有等着再拨的。", "Nobody waits to be tried again."),
    "cb_used_up": ("次数用完，没有联系上", "Nobody reached, no attempt left"),
    "cb_used_up_empty": ("没有用完次数还联系不上的。", "Everybody was reached, or is still tried."),
    "cb_unsolved": ("反映人说没解决", "Not solved, says the reporter"),
    "cb_unsolved_empty": ("没有反映人说没解决的。", "No reporter says that it is not solved."),
    "cb_answered_today": ("今天已答复", "Answered today"),
    "cb_answered_today_empty": ("今天还没有联系上的。", "Nobody was reached yet today."),
    "n_of_most": ("{n}/{most}", "{n} of {most}"),
    "cb_again": ("可再拨", "Again from"),
    "cb_handled": ("承办单位", "Done by"),
    **{f"lately_{rate.name}": rate.title for rate in chosen(("response", "resolution", "rework"), USUAL)},
    "lately_note": (f"按考核指标口径，近 30 天登记的案件；不足 {SHOWN_FROM} 件只写件数，没有可计的显示“–”。", f"As the figures define them, of the cases logged within 30 days; below {SHOWN_FROM} without a rate, “–” where there is none to count."),
    "cb_streets_empty": ("还没有回访。", "Nobody was called back yet."),
    "verification": ("核查看板", "Verification"),
    "verification_note": ("办结最久的在前。承办单位不核查自己办的案件。", "The oldest result first. Who did the work does not verify it."),
    "verify_today": ("今天到期", "due today"),
    "verify_counts": ("待核查 {n} 件，其中今天到期 {today} 件。", "{n} to verify, {today} of them due by the end of today."),
    "ve_grids": ("按网格", "By grid"),
    "ve_oldest": ("最早办结", "Oldest result"),
    "ve_community_itself": ("（网格不详）", "(grid not known)"),
    "ve_for_others": ("本单位办的，由别人核查", "Our own work: others verify it"),
    "ve_back_at_work": ("核查或回访没通过，正在返工", "Came back, worked on again"),
    "ve_back_at_work_empty": ("没有正在返工的案件。", "Nothing that came back is being worked on."),
    "resolved_at": ("办结时间", "Result of"),
}  # fmt: skip

"""Any moment again: the slider, and what a page of the past says of itself."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "look_back": ("回看当时", "As it stood before"),
    "as_it_stood_at": ("回看当时：", "As it stood at"),
    "exact_moment": ("或指定时刻", "Or at this moment"),
    "show_then": ("回看", "Show"),
    "stood_until": ("截至", "As it stood at"),
    "stood_note": (
        "按当时已记录的内容逐条还原，时限和红黄绿灯也是当时的；此页只能查看，不能办理。",
        "Exactly as it was recorded by then, deadlines and traffic lights too. Nothing can be done on this page.",
    ),
    "held_then": ("当时", "Then"),
    "other_moments": ("前后时刻", "Other moments"),
    "week_before": ("◀ 前一周", "◀ week"),
    "day_before": ("◀ 前一天", "◀ day"),
    "day_after": ("后一天 ▶", "day ▶"),
    "week_after": ("后一周 ▶", "week ▶"),
    "entry_before": ("◀ 前一步", "◀ step"),
    "entry_after": ("后一步 ▶", "step ▶"),
    "back_to_now": ("回到现在", "Back to now"),
    "unit_flow": ("主办案件累计流量", "Flow of the cases that it led"),
    "moment_wrong": ("看不懂这个时刻", "That is no moment"),
    "moment_wrong_way": ("请写成 2026-03-02T10:00（本地时间），或带时区的 2026-03-02T10:00:00+08:00；也可以回到页面用滑块选择。", "Write it as 2026-03-02T10:00 (local time), or with a zone as 2026-03-02T10:00:00+08:00; or go back and use the slider."),
    "moment_ahead": ("这个时刻还没有到", "That moment has not come yet"),
    "moment_ahead_way": ("只能回看已经过去的时刻；请选不晚于现在的时刻。", "Only what has been can be shown: choose a moment that is not later than now."),
    "no_case_then": ("当时没有这个案件", "The case was not there then"),
    "no_case_then_way": ("那时它还没有登记，或不在您的范围内；请选更晚的时刻。", "It had not been logged by then, or was not within your reach; choose a later moment."),
    "not_kept": ("还没有整理到这个时刻", "That moment is not kept yet"),
    "not_kept_way": ("系统正在补齐历史看板，什么都没有改变。请稍后刷新，或选更早的时刻。", "The past is being caught up with; nothing has changed. Reload in a while, or choose an earlier moment."),
}  # fmt: skip

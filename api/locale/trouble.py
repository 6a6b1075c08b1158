"""What cannot be shown, and the way on."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "lost": ("没有这个页面", "There is no such page"),
    "lost_way": ("地址可能写错了，或者该案件、看板不存在。可以从这里继续：", "The address may be wrong, or there is no such case or board. Go on from here:"),
    "busy": ("系统繁忙", "The system is busy"),
    "busy_way": ("暂时读不到数据，什么都没有改变。请稍后刷新。", "The data cannot be read for the moment; nothing has changed. Reload in a while."),
    "no_edition": ("尚未加载辖区数据", "No jurisdiction is loaded"),
    "no_edition_way": ("请管理员运行 whistle jurisdiction load 加载辖区目录，然后刷新。", "An administrator loads a jurisdiction folder with “whistle jurisdiction load”; then reload."),
    "unknown": ("结果未知", "The outcome is unknown"),
    "unknown_way": ("可能已写入，也可能没有。请返回后用同一表单再提交一次：不会重复。", "It may be written, or not. Go back and send the same form again: it has one effect only."),
    "from_elsewhere": ("请求被拒绝", "This was refused"),
    "unread": ("这次提交没有被接受", "This was not taken"),
    "unread_way": ("内容过大，或不是本站表单的格式；什么都没有写入。请返回检查后再试。", "It is too large, or not what a form here sends; nothing was written. Go back, look at it, and try again."),
    "fault": ("系统内部错误", "Something is wrong on our side"),
    "fault_way": ("结果未知。请返回后用同一表单再提交一次：不会重复。如仍不行，请把这个编号告诉管理员：", "The outcome is not known. Go back and send the same form again: it has one effect only. If that does not help, tell the administrator this number:"),
    "from_elsewhere_way": ("这个请求不是从本站页面发出的，什么都没有改变。请从这里的页面操作。", "This was not sent by a page of ours; nothing has changed. Act from a page here."),
}  # fmt: skip

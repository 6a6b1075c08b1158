"""Who may act as what."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "staff": ("人员授权", "Staff and grants"),
    "staff_note": ("只登记代号和岗位，不登记姓名。每次授权与收回都记入日志；收回立即生效。", "Pseudonyms and offices, never names. Every grant and every end is in the log; what ends, ends at once."),
    "staff_search": ("按代号、角色或单位查找", "Find by pseudonym, role or unit"),
    "staff_who": ("代号", "Pseudonym"),
    "staff_who_hint": ("例如 worker-017；不要写姓名。", "Such as worker-017; not a name."),
    "staff_offices": ("岗位", "Offices"),
    "staff_role": ("角色", "Role"),
    "staff_unit": ("单位代码", "Code of the unit"),
    "staff_unit_hint": ("网格、社区、街道或区的代码，或部门代码。", "The code of a grid, community, street or district, or of a department."),
    "staff_since": ("开始日", "First day"),
    "staff_since_hint": ("留空：立即生效。", "Left out: from now on."),
    "staff_until": ("最后一日", "Last day"),
    "staff_until_hint": ("留空：直到收回。", "Left out: until somebody ends it."),
    "staff_by": ("授权人", "Given by"),
    "staff_left": ("已离岗", "left"),
    "staff_ahead": ("尚未开始", "not begun"),
    "staff_over": ("已到期", "over"),
    "staff_empty": ("没有这样的人员。", "There is no such member of staff."),
    "staff_none": ("没有岗位。", "No office."),
    "staff_more": ("只显示前一部分，请查找。", "Only the first are shown; search for others."),
    "staff_enter": ("给人员授权", "Let somebody act"),
    "staff_give": ("授权", "Give the grant"),
    "staff_end": ("收回", "End it"),
    "staff_end_of": ("收回：{office}", "End: {office}"),
    "staff_reason": ("理由", "Why"),
    "staff_leave": ("离岗：收回全部岗位", "Leaves: end every office"),
    "staff_leave_note": ("所有岗位和登录会话立即终止。", "Every office and every session ends at once."),
    "staff_file": ("记录", "File"),
    "staff_when": ("时间", "When"),
    "staff_what": ("内容", "What"),
    "staff_said_grant-given": ("授权", "granted"),
    "staff_said_grant-ended": ("收回", "ended"),
    "staff_said_staff-left": ("离岗", "left"),
    "staff_said_export-asked": ("申请导出", "asked for the release of a list"),
    "staff_said_export-released": ("同意导出", "its release"),
    "staff_said_export-refused": ("不同意导出", "its refusal"),
}  # fmt: skip

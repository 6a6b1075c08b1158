"""The start page."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "what": (
        "街道发现自己解决不了的问题就“吹哨”；部门“报到”，到现场办理；反映人得到答复，才算结案。每一步都是一条记录，谁负责、到什么时候，随时可查。",
        "A street that meets a problem it cannot solve blows the whistle; departments report in and work on it; it is closed when whoever raised it has an answer. Every step is a recorded event: who holds a case, and until when, can be seen at any time.",
    ),
    "picture": ("一件案件的一生", "The life of a case"),
    "picture_of": ("四个阶段和阶段之间的流转，编号见右侧或下方列表。", "The four phases and the moves between them; the numbers are explained in the list."),
    "steps": ("谁做什么", "Who does what"),
    "other_ends": ("其他结局", "Other ends"),
    "holds_logged": ("网格、社区或街道负责", "grid, community or street"),
    "holds_escalated": ("区派遣员负责", "the district dispatcher"),
    "holds_assigned": ("主办部门负责", "the lead department"),
    "holds_resolved": ("街道核查、回访、结案", "the street verifies, closes"),
    "phases": ("四个阶段", "The four words"),
    "does_logged": ("网格员巡查发现，或热线、窗口接到反映，登记案件；能办的就地办，办不了的逐级上报。", "A grid worker finds it, or the hotline or counter is told: the case is logged. What can be handled on the spot is; the rest is referred up."),
    "does_escalated": ("街道负责人吹哨，说明原因和已做的努力；区派遣员派给一个主办部门和若干协办部门。", "The street leader blows the whistle and says why and what was tried; the district dispatcher assigns one lead department and any supports."),
    "does_assigned": ("部门签收、到现场报到、处置并反馈结果；可申请退单、延期、挂账，由他人审批。", "Departments acknowledge, report in on the spot, work, and report the result. They may ask for a return, more time or a suspension; somebody else decides."),
    "does_resolved": ("网格或街道现场核查，回访反映人，然后结案；没解决就退回返工，之后还可重开。", "Grid or street verifies on the spot, the reporter is called back, then it is closed. What is not solved goes back to work, and can be reopened later."),
    "look": ("看一看", "Have a look"),
    "street_boards": ("街道看板", "Street boards"),
    "grid_boards": ("网格看板", "Grid boards"),
    "department_boards": ("部门看板", "Department boards"),
    "open_cases": ("在办 {n} 件", "{n} open"),
    "all_cases": ("共 {n} 件", "{n} in all"),
    "no_demo": ("工作人员入口", "For staff"),
    "no_demo_way": ("登录后可查看本岗位的案件和看板。程序凭访问令牌使用接口，令牌由管理员生成。", "Sign in to see the cases and boards of your office. Programs use the API with a token that an administrator makes."),
    "step_into": ("走进一个岗位", "Step into a role"),
    "step_into_note": ("同一件案件，看它经过每一双手：从网格员登记开始。", "Follow one case through all hands: begin as the grid worker who logs it."),
    "any_office": ("全部岗位", "Every office"),
}  # fmt: skip

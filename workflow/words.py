"""The field's words in Chinese and English, in one place: states, clocks, commands, and who may give them."""

from collections.abc import Mapping

LANGUAGES = ("zh", "en", "bo")

Pair = tuple[str, str]  # zh, en

PHASES: Mapping[str, Pair] = {
    "logged": ("已登记", "logged"),
    "escalated": ("已吹哨", "escalated"),
    "assigned": ("已派单", "assigned"),
    "resolved": ("已处置", "resolved"),
    "cancelled": ("作废", "cancelled"),
    "merged": ("已并案", "merged"),
}

STATES: Mapping[str, Pair] = {
    "nothing": ("未登记", "not logged"),
    "logged": ("已登记", "logged"),
    "handling": ("本级自办", "handled at its own level"),
    "escalated": ("已吹哨待派遣", "whistled, awaiting dispatch"),
    "disputed": ("争议待裁定", "disputed, awaiting a ruling"),
    "assigned": ("已派单", "assigned"),
    "in_progress": ("处置中", "in progress"),
    "suspended": ("挂账", "suspended"),
    "resolved": ("已处置待核查", "resolved, to be verified"),
    "verified": ("已核查待回访", "verified, to be called back"),
    "closed": ("已结案", "closed"),
    "cancelled": ("作废", "cancelled"),
    "merged": ("已并案", "merged"),
}

UNCALLED: Mapping[str, Pair] = {"verified": ("已核查待结案", "verified, to be closed")}  # where nobody is to be called

ASSIGNMENT_STATES: Mapping[str, Pair] = {
    "pending": ("待签收", "to be acknowledged"),
    "acknowledged": ("已签收", "acknowledged"),
    "reported_in": ("已报到", "reported in"),
    "done": ("已办结", "done"),
    "returned": ("已退单", "returned"),
    "withdrawn": ("已撤回", "withdrawn"),
}

REQUEST_STATES: Mapping[str, Pair] = {
    "pending": ("待审批", "pending"),
    "approved": ("已同意", "approved"),
    "rejected": ("已驳回", "rejected"),
    "withdrawn": ("已撤回", "withdrawn"),
    "lapsed": ("已失效", "lapsed"),
}

REQUESTS: Mapping[str, Pair] = {
    "whistle": ("吹哨申请", "whistle"),
    "return": ("退单申请", "return"),
    "extension": ("延期申请", "extension"),
    "suspension": ("挂账申请", "suspension"),
    "exclusion": ("剔除申请", "exclusion"),
    "erasure": ("清除申请", "erasure"),
    "lifting": ("解除限制申请", "lifting of the restriction"),
}

LEVELS: Mapping[str, Pair] = {
    "grid": ("网格", "grid"),
    "community": ("社区", "community"),
    "street": ("街道", "street"),
}

NATURES: Mapping[str, Pair] = {
    "incident": ("事件", "incident"),
    "need": ("求助", "need"),
    "consultation": ("咨询", "consultation"),
    "complaint": ("投诉", "complaint"),
    "suggestion": ("建议", "suggestion"),
    "praise": ("表扬", "praise"),
}

SOURCES: Mapping[str, Pair] = {
    "patrol": ("巡查发现", "patrol"),
    "home_visit": ("入户走访", "home visit"),
    "hotline": ("热线", "hotline"),
    "counter": ("窗口", "counter"),
    "web": ("网上", "web"),
    "partner": ("对接系统", "partner system"),
}

URGENCIES: Mapping[str, Pair] = {
    "routine": ("一般", "routine"),
    "tough": ("疑难", "tough"),
    "emergency": ("紧急", "emergency"),
}

WHISTLE_KINDS: Mapping[str, Pair] = {
    "resident_need": ("居民诉求哨", "resident's need"),
    "key_work": ("重点工作哨", "key work"),
    "joint_enforcement": ("综合执法哨", "joint enforcement"),
    "emergency": ("应急处置哨", "emergency"),
}

WHISTLE_STATES: Mapping[str, Pair] = {
    "blown": ("已吹哨", "blown"),
    "assigned": ("已派单", "assigned"),
    "completed": ("已办结", "completed"),
    "rated": ("已评价", "rated"),
    "declined": ("未受理", "declined"),
    "withdrawn": ("已撤回", "withdrawn"),
}

PARTS: Mapping[str, Pair] = {"lead": ("主办", "lead"), "support": ("协办", "support")}

CLOCKS: Mapping[str, Pair] = {
    "resident": ("群众时限", "resident's deadline"),
    "triage": ("分流时限", "triage"),
    "dispatch": ("派遣时限", "dispatch"),
    "sign": ("签收时限", "acknowledge"),
    "report_in": ("报到时限", "report in"),
    "resolve": ("处置时限", "resolve"),
    "arbitrate": ("裁定时限", "ruling"),
    "verify": ("核查时限", "verify"),
    "call_back": ("回访时限", "call back"),
    "supervision": ("督办答复时限", "answer to supervision"),
}

LIGHTS: Mapping[str, Pair] = {
    "green": ("正常", "in time"),
    "yellow": ("将到期", "near due"),
    "red": ("已超期", "overdue"),
}

OUTCOMES: Mapping[str, Pair] = {
    "solved": ("已解决", "solved"),
    "partly": ("部分解决", "partly solved"),
    "explained": ("已解释", "explained"),
    "unreachable": ("联系不上", "unreachable"),
    "unknown": ("不详", "unknown"),
}

SATISFIED: Mapping[str, Pair] = {"yes": ("满意", "yes"), "mostly": ("基本满意", "mostly"), "no": ("不满意", "no")}

# Why the system did something by itself, and how strictly it supervises.
RULES: Mapping[str, Pair] = {
    "missed": ("超期", "a deadline was missed"),
    "missed_too_often": ("多次超期", "deadlines were missed again and again"),
    "rework_at_maximum": ("返工次数已达上限", "it came back for rework as often as is borne"),
    "reopened_again": ("再次重开", "it was reopened again"),
    "not_satisfied": ("反映人不满意", "the reporter is not satisfied"),
    "yellow": ("黄色", "yellow"),
    "red": ("红色", "red"),
}
WINDOWS: Mapping[str, Pair] = {
    "return": ("退单期", "return window"),
    "contest": ("报到异议期", "window to contest a report-in"),
    "rate": ("评价期", "rating window"),
    "reopen": ("重开期", "reopening window"),
    "exclude": ("剔除申请期", "exclusion window"),
    "decide": ("审批期", "decision window"),
}

ROLES: Mapping[str, Pair] = {
    "grid_worker": ("网格员", "grid worker"),
    "community": ("社区", "community"),
    "street_clerk": ("街道经办人", "street clerk"),
    "street_leader": ("街道负责人", "street leader"),
    "hotline": ("热线坐席", "hotline"),
    "dispatcher": ("区派遣员", "dispatcher"),
    "department_clerk": ("部门经办人", "department clerk"),
    "department_head": ("部门负责人", "department head"),
    "arbiter": ("裁定员", "arbiter"),
    "supervisor": ("督办员", "supervisor"),
    "data_officer": ("数据专员", "data officer"),
    "auditor": ("审计员", "auditor"),
    "admin": ("系统管理员", "admin"),
    "partner": ("对接系统", "partner system"),
    "resident": ("居民", "resident"),
    "system": ("系统", "the system"),
}

PRIVATE: Mapping[str, Pair] = {
    "narrative": ("原话", "the reporter's own words"),
    "contact": ("联系方式", "name and contact"),
    "photos": ("照片", "photos"),
}

PERMISSIONS: Mapping[str, Pair] = {
    "see_cases": ("查看案件", "see cases"),
    "see_places": ("查看属地看板和指标", "see boards and figures of places"),
    "see_departments": ("查看部门看板和指标", "see boards and figures of departments"),
    "see_photos": ("查看照片", "see photos"),
    "clear_photos": ("审定照片可否公开", "clear photos for the public"),
    "see_words": ("查看反映人原话", "see the reporter's own words"),
    "see_contact": ("查看回访对象的联系方式", "see whom to call back, and how"),
    "take_calls": ("接听热线", "take calls"),
    "look_after_messages": ("管理消息", "look after messages"),
    "see_staff": ("查看人员授权", "see who may act as what"),
    "give_grants": ("授权与收回", "give and end grants"),
    "see_security_log": ("查看安全日志", "read the security log"),
    "release_exports": ("审批批量导出", "release long lists to others"),
}

SCOPES: Mapping[str, Pair] = {
    "there": ("本辖区及以下", "its place and all below"),
    "assigned": ("派给本部门的", "what it was assigned"),
    "receipt": ("本人回执对应的", "the one of the receipt"),
}

SECRECIES: Mapping[str, Pair] = {
    "contact": ("联系方式", "contact"),
    "narrative": ("原话和补充说明", "words"),
    "photos": ("照片", "photos"),
}

# What each is kept for, from when its retention counts, and what the fields are.
PURPOSES: Mapping[str, Pair] = {
    "answer": (
        "就这件事联系并答复反映人，不作他用",
        "to reach whoever waits for an answer to this report, and for nothing else",
    ),
    "work": ("让办理人员知道是什么事", "so that those who work on it know what is the matter"),
    "sight": (
        "让办理人员看到现场、看到是否办好",
        "so that those who work on it see what is the matter, and that it is done",
    ),
}
SINCES: Mapping[str, Pair] = {
    "closing": ("案件结束之日", "the end of the case"),
    "making": (
        "最近一次添加之日（不早于案件结束）",
        "the day the newest was added, but never before the end of the case",
    ),
}
PRIVATE_FIELDS: Mapping[str, Pair] = {
    "name": ("称呼", "name"),
    "phone": ("电话", "phone"),
    "address": ("住址", "home address"),
    "narrative": ("反映人的原话", "the reporter's own words"),
    "text": ("补充说明", "notes"),
    "photo": ("照片的编号", "which photo it is"),
    "bytes": ("照片", "the photo itself"),
}

COMMANDS: Mapping[str, Pair] = {
    "LogCase": ("登记案件", "log the case"),
    "CarryOver": ("承接历史案件", "carry the case over"),
    "AnswerOnTheSpot": ("当场答复", "answer on the spot"),
    "AmendCase": ("更正案件", "amend the case"),
    "HandleCase": ("自行处置", "handle it at its own level"),
    "ReferUp": ("上报", "refer it up"),
    "SendDown": ("下派", "send it down"),
    "RequestWhistle": ("申请吹哨", "apply for a whistle"),
    "GrantWhistle": ("同意吹哨", "grant the whistle"),
    "BlowWhistle": ("吹哨", "blow the whistle"),
    "WithdrawWhistle": ("撤回吹哨", "withdraw the whistle"),
    "DeclineWhistle": ("不予受理吹哨", "decline the whistle"),
    "AssignCase": ("派单", "assign departments"),
    "Acknowledge": ("签收", "acknowledge"),
    "ReportIn": ("报到", "report in"),
    "ContestReportIn": ("对报到提出异议", "contest the report-in"),
    "FinishStep": ("完成分步时限", "finish the step"),
    "FinishSupport": ("办结协办", "finish the support"),
    "RaiseDispute": ("提出争议", "raise a dispute"),
    "Rule": ("裁定", "rule"),
    "AskForSupport": ("请求增派协办", "ask for support"),
    "AddSupport": ("增派协办", "add a support"),
    "WithdrawSupport": ("撤回协办", "withdraw the support"),
    "Reassign": ("改派", "reassign"),
    "ReportResult": ("办结反馈", "report the result"),
    "RequestReturn": ("申请退单", "ask for a return"),
    "GrantReturn": ("同意退单", "grant the return"),
    "RequestExtension": ("申请延期", "ask for an extension"),
    "GrantExtension": ("同意延期", "grant the extension"),
    "RequestSuspension": ("申请挂账", "ask for a suspension"),
    "GrantSuspension": ("同意挂账", "grant the suspension"),
    "Resume": ("恢复处置", "resume"),
    "RequestExclusion": ("申请剔除", "ask for an exclusion"),
    "GrantExclusion": ("同意剔除", "grant the exclusion"),
    "RequestErasure": ("申请清除反映人信息", "ask to erase the reporter"),
    "GrantErasure": ("同意清除反映人信息", "erase the reporter"),
    "RequestLifting": ("申请解除限制", "ask to lift the restriction"),
    "GrantLifting": ("同意解除限制", "lift the restriction"),
    "RejectRequest": ("驳回申请", "reject the request"),
    "WithdrawRequest": ("撤回申请", "withdraw the request"),
    "LapseRequest": ("申请失效", "let the request lapse"),
    "PassVerification": ("核查通过", "pass the verification"),
    "FailVerification": ("核查不通过", "fail the verification"),
    "RecordCallback": ("记录回访", "record the call-back"),
    "OrderRework": ("退回返工", "order rework"),
    "CloseCase": ("结案", "close the case"),
    "RateDepartment": ("评价部门", "rate the department"),
    "RateWhistle": ("评价吹哨", "rate the whistle"),
    "ReopenCase": ("重开案件", "reopen the case"),
    "CancelCase": ("作废", "cancel the case"),
    "RestoreCase": ("恢复案件", "restore the case"),
    "MergeCase": ("并案", "merge the case"),
    "UnmergeCase": ("取消并案", "unmerge the case"),
    "AddNote": ("补充说明", "add a note"),
    "ClearPhoto": ("公开照片", "clear a photo for everybody"),
    "WithholdPhoto": ("撤回公开照片", "withhold a photo"),
    "ClearWords": ("确认文字可公开", "say that the words are fine"),
    "AddPhoto": ("补充照片", "add a photo"),
    "Urge": ("催办", "urge"),
    "OpenSupervision": ("督办", "supervise"),
    "AnswerSupervision": ("答复督办", "answer the supervision"),
    "LiftSupervision": ("解除督办", "lift the supervision"),
    "ShowPrivate": ("查看反映人的保密信息", "see what is private"),
    "EraseContact": ("清除本人联系方式", "have one's contact erased"),
    "EndRetention": ("清除保存期满的内容", "erase what was kept as long as it may be"),
    "ChangeEdition": ("改用新版规则", "follow another edition"),
    "RecordNearDue": ("记录将到期", "record that a deadline is near"),
    "RecordMiss": ("记录超期", "record a missed deadline"),
    "GiveGrant": ("授权", "give a grant"),
    "EndGrant": ("收回授权", "end a grant"),
    "LeaveOffice": ("收回全部授权", "end all grants of somebody"),
    "AskForExport": ("申请导出", "ask for the release of a list"),
    "ReleaseExport": ("同意导出", "release a list"),
    "RefuseExport": ("不同意导出", "refuse to release a list"),
    "RecordWindowPassed": ("记录期限已过", "record that a window passed"),
}

WHO: Mapping[str, Pair] = {
    "the_neighbourhood": ("所在街道的网格员、社区或街道", "a grid worker, community or clerk of the same street"),
    "who_may_see_it": ("有权查看的经办人", "whoever may see it"),
    "the_admin": ("区系统管理员", "an admin of the district"),
    "the_hotline": ("热线坐席", "the hotline"),
    "a_resident": ("居民", "a resident"),
    "a_partner": ("对接系统", "a partner system"),
    "the_street": ("所在街道", "the case's street office"),
    "the_street_leader": ("所在街道负责人", "the street leader"),
    "the_accountable_unit": ("当前责任单位", "the unit that is accountable now"),
    "the_unit_at_the_level": ("本级承办单位", "the unit at the case's level"),
    "the_grid_worker": ("本网格网格员", "the worker of the case's grid"),
    "the_dispatcher": ("区派遣员", "the district dispatcher"),
    "the_lead": ("主办部门", "the lead department"),
    "a_support": ("协办部门", "a supporting department"),
    "the_arbiter": ("裁定员", "the arbiter"),
    "the_supervisor": ("督办员", "the supervisor"),
    "the_data_officer": ("数据专员", "the data officer"),
    "the_reporter": ("反映人", "the reporter"),
    "the_system": ("系统", "the system"),
    "the_unit_that_handles": ("自行处置的单位", "the unit that handles it"),
    "a_unit_of_the_case": ("案件相关单位", "a unit of the case"),
    "who_asked": ("申请单位", "the unit that asked"),
    "who_decides": ("审批人", "whoever decides such a request"),
    "who_takes_it_out": ("导出人", "whoever takes it out"),
    "the_addressee": ("被督办单位", "the unit under supervision"),
}

# What happened, in as few words as fit on a map of ways; by the event's stored name.
STEPS: Mapping[str, Pair] = {
    "case-logged": ("登记", "logged"),
    "case-answered": ("当场答复", "answered"),
    "case-amended": ("更正", "amended"),
    "handling-begun": ("自行处置", "handled itself"),
    "case-referred-up": ("上报", "referred up"),
    "case-sent-down": ("下派", "sent down"),
    "whistle-blown": ("吹哨", "whistle blown"),
    "whistle-withdrawn": ("撤回吹哨", "whistle withdrawn"),
    "whistle-declined": ("吹哨未受理", "whistle declined"),
    "case-assigned": ("派单", "assigned"),
    "assignment-acknowledged": ("签收", "acknowledged"),
    "lead-reported-in": ("主办报到", "lead reported in"),
    "support-reported-in": ("协办报到", "support reported in"),
    "lead-report-in-contested": ("主办报到有异议", "lead's report-in contested"),
    "support-report-in-contested": ("协办报到有异议", "support's report-in contested"),
    "step-finished": ("完成分步时限", "step finished"),
    "support-finished": ("协办办结", "support finished"),
    "lead-returned": ("主办退单", "lead returned it"),
    "support-returned": ("协办退单", "support returned it"),
    "dispute-raised": ("提出争议", "dispute raised"),
    "lead-confirmed": ("裁定维持", "lead confirmed"),
    "lead-replaced": ("裁定改派", "lead replaced"),
    "case-reassigned": ("改派", "reassigned"),
    "support-asked": ("请求协办", "support asked for"),
    "support-added": ("增派协办", "support added"),
    "support-withdrawn": ("撤回协办", "support withdrawn"),
    "result-reported": ("办结反馈", "result reported"),
    "whistle-requested": ("申请吹哨", "whistle applied for"),
    "return-requested": ("申请退单", "return asked for"),
    "extension-requested": ("申请延期", "extension asked for"),
    "suspension-requested": ("申请挂账", "suspension asked for"),
    "exclusion-requested": ("申请剔除", "exclusion asked for"),
    "erasure-requested": ("申请清除", "erasure asked for"),
    "lifting-requested": ("申请解除限制", "lifting asked for"),
    "restriction-lifted": ("解除限制", "restriction lifted"),
    "extension-granted": ("同意延期", "extension granted"),
    "case-suspended": ("挂账", "suspended"),
    "case-resumed": ("恢复处置", "resumed"),
    "exclusion-granted": ("同意剔除", "exclusion granted"),
    "request-rejected": ("驳回申请", "request rejected"),
    "request-withdrawn": ("撤回申请", "request withdrawn"),
    "request-lapsed": ("申请失效", "request lapsed"),
    "verification-passed": ("核查通过", "verified"),
    "verification-failed": ("核查不通过", "verification failed"),
    "callback-recorded": ("回访", "called back"),
    "rework-ordered": ("退回返工", "rework ordered"),
    "private-shown": ("查看保密信息", "private words seen"),
    "case-closed": ("结案", "closed"),
    "department-rated": ("评价部门", "department rated"),
    "whistle-rated": ("评价吹哨", "whistle rated"),
    "case-reopened": ("重开", "reopened"),
    "case-cancelled": ("作废", "cancelled"),
    "case-restored": ("恢复案件", "restored"),
    "case-merged": ("并入他案", "merged"),
    "case-joined": ("他案并入", "another joined"),
    "case-unmerged": ("取消并案", "unmerged"),
    "case-parted": ("并入案分出", "another parted"),
    "note-added": ("补充说明", "note added"),
    "photo-added": ("补充照片", "photo added"),
    "photo-cleared": ("照片可公开", "photo cleared"),
    "photo-withheld": ("撤回公开照片", "photo withheld"),
    "words-cleared": ("文字已查看", "words looked at"),
    "case-urged": ("催办", "urged"),
    "supervision-opened": ("督办", "supervised"),
    "supervision-answered": ("答复督办", "supervision answered"),
    "supervision-lifted": ("解除督办", "supervision lifted"),
    "reporter-erased": ("清除反映人信息", "reporter erased"),
    "edition-changed": ("改用新版规则", "edition changed"),
    "deadline-near": ("将到期", "deadline near"),
    "deadline-missed": ("超期", "deadline missed"),
    "window-passed": ("期限已过", "window passed"),
    "contact-erased": ("联系方式清除", "contact erased"),
    "retention-ended": ("保存期满", "retention ended"),
    "case-carried-over": ("承接历史案件", "carried over"),
}

# Tibetan: only words that were found in print; everything else stays Chinese until a reader of Tibetan has confirmed it.
TIBETAN: Mapping[str, Mapping[str, str]] = {
    "LEVELS": {"grid": "དྲ་མིག", "community": "སྡེ་ཁུལ", "street": "ཁྲོམ་གཞུང"},
    "NATURES": {"consultation": "བློ་འདྲི", "complaint": "ཞུ་གཏུག", "suggestion": "བསམ་འཆར"},
    "SOURCES": {"hotline": "ཐད་སྦྲེལ་ཁ་པར"},
    "ROLES": {"grid_worker": "དྲ་མིག་པ", "community": "སྡེ་ཁུལ", "hotline": "ཐད་སྦྲེལ་ཁ་པར"},
}


def said(table: Mapping[str, Pair], code: str, language: str) -> str:
    """The word for a code; the code itself where the table has none. `language` is 'zh' or 'en'; else Chinese."""
    zh, en = table.get(code, (code, code))
    return en if language == "en" else zh

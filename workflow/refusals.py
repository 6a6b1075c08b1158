"""Every refusal in one sentence per language: why not, and what is possible now, by whom."""

from collections.abc import Iterable, Mapping

from workflow.ask import Refused
from workflow.words import COMMANDS, ROLES, STATES, WHO, Pair, said

# code -> (zh, en); {names} are arguments of the refusal
SENTENCES: Mapping[str, Pair] = {
    # wrong place in the life of a case
    "not_in_this_state": ("案件现为“{state}”，不能{command}。", "The case is {state}: one cannot {command} now."),
    "not_in_this_assignment_state": ("该派单的状态不允许{command}。", "This assignment's state does not allow to {command}."),
    "not_in_this_request_state": ("该申请已处理，不能{command}。", "This request has been dealt with: one cannot {command}."),
    # conditions
    "a_consultation": ("只有咨询类可当场答复；其他请自行处置或上报。", "Only a consultation is answered on the spot; handle other cases or refer them up."),
    "the_category_allows_it": ("该类别在本级不能自行处置，请上报。", "This category is not handled at this level; refer it up."),
    "below_the_street": ("已在街道一级；请自行处置或由街道负责人吹哨。", "It is at the street already; handle it, or the street leader whistles."),
    "above_the_grid": ("下级没有登记的网格或社区，无法下派。", "No place below is known; it cannot be sent down."),
    "not_sent_down_before": ("案件只能下派一次；请本级处置或吹哨。", "A case is sent down once; handle it here or whistle."),
    "approval_is_off": ("吹哨须由街道负责人批准；请先申请吹哨。", "The street leader approves whistles; apply for one."),
    "two_people_for_a_tough_one": ("疑难哨须一人申请、另一人批准；请先由他人申请吹哨。", "A tough whistle takes two people: one applies, another blows it."),
    "an_emergency_that_names_a_lead": ("只有应急哨可直接指定主办部门。", "Only an emergency whistle names the lead itself."),
    "departments_named_in_an_emergency_only": ("非应急哨由区派遣员指定部门；请去掉主办、协办，只写建议部门。", "The dispatcher names lead and supports except in an emergency; leave them out and only propose departments."),
    "it_contests_the_lead": ("该单位没有可异议的报到。", "That unit has no report-in to contest."),
    "it_contests_a_support": ("该单位没有可异议的报到。", "That unit has no report-in to contest."),
    "within_the_contest_window": ("报到异议期已过；可催办或请督办员督办。", "The window to contest the report-in has passed; urge, or ask for supervision."),
    "every_support_is_done": ("仍有协办未办结；请待其办结，或请派遣员撤回协办。", "A support is not done; wait for it, or the dispatcher withdraws it."),
    "reporting_in_is_off": ("请先报到，再反馈办结。", "Report in first, then report the result."),
    "not_asked_back_before": ("每个单位对同一案件只能申请一次退单；可提出争议。", "A unit asks for a return once per case; a dispute can be raised."),
    "within_the_return_window": ("退单申请期已过；可提出延期或请派遣员改派。", "The window for a return has passed; ask for an extension, or the dispatcher reassigns."),
    "not_ruled": ("已经裁定，不能退单；只有裁定员可改派。", "A ruling is binding; only the arbiter reassigns."),
    "no_ruling_stands": ("已经裁定，只有裁定员可改派。", "After a ruling only the arbiter reassigns."),
    "a_ruling_stands": ("尚未裁定，由派遣员改派。", "There was no ruling; the dispatcher reassigns."),
    "a_return_was_refused_or_a_second_unit_asked": ("退单被驳回，或有第二个单位申请退单后，方可提出争议。", "A dispute is raised after a refused return, or when a second unit asks for one."),
    "there_is_such_a_request": ("没有此项申请。", "There is no such request."),
    "another_than_the_asker": ("审批人不能是申请人本人；请由他人审批。", "Who decides may not have asked; another person decides."),
    "no_such_request_is_open": ("该单位已有一项同类申请待审批。", "Such a request of this unit is pending already."),
    "before_expiry": ("处置时限已过，不能再申请延期；请尽快办结并反馈。", "The deadline has passed; more time is asked for before. Report the result as soon as it is done."),
    "extensions_are_left": ("延期次数已用完；可申请挂账。", "No extension is left; a suspension can be asked for."),
    "a_lead_returns": ("申请单位已不在办理本案。", "The unit that asked no longer works on the case."),
    "a_support_returns": ("申请单位已不在办理本案。", "The unit that asked no longer works on the case."),
    "it_names_the_same_lead": ("裁定对象须是原主办或另一部门。", "A ruling names the same lead or another."),
    "it_names_another_lead": ("该部门已是主办；请指定另一部门。", "That department leads already; name another."),
    "it_was_assigned": ("争议前案件不在已派单状态。", "Before the dispute the case was not merely assigned."),
    "it_was_in_progress": ("争议前案件不在处置中。", "Before the dispute the case was not in progress."),
    "not_at_work_yet": ("该部门已在办理本案。", "That department works on the case already."),
    "it_is_a_support": ("该部门不是在办的协办。", "That department is not a support at work."),
    "the_step_runs": ("没有正在计时的此项分步时限。", "No such step is being counted."),
    "the_review_date_has_come": ("复核日未到；街道或督办员可提前恢复。", "The review date has not come; the street or the supervisor may resume earlier."),
    "a_department_worked": ("本案由本级自行处置。", "The case was handled at its own level."),
    "the_unit_worked_itself": ("本案由部门处置。", "A department worked on the case."),
    "not_the_handling_unit": ("处置单位不得核查、回访或结案；请由其他单位办理。", "Who handled the case may not verify, call back or close it; another unit does."),
    "a_reporter_waits": ("本案没有等待答复的反映人。", "Nobody waits for an answer to this case."),
    "somebody_is_to_be_called": ("本案没有需要回访的反映人；可直接结案。", "There is nobody to call back; the case can be closed."),
    "nobody_is_to_be_called": ("须先回访反映人。", "The reporter is to be called back first."),
    "it_is_an_answer": ("请说明是否解决、是否满意。", "Say whether it is solved, and whether you are satisfied."),
    "attempts_are_left": ("已完成回访或回访次数已用完；可结案或退回返工。", "The call-back is done, or its attempts are used up; close the case or order rework."),
    "the_calling_goes_on": ("回访已结束。", "The calling has ended."),
    "this_ends_the_calling": ("回访尚未结束。", "The calling has not ended."),
    "it_is_not_solved": ("反映人未表示“未解决”；请先回访。", "The reporter did not say that it is unsolved; call back first."),
    "the_callback_is_over": ("尚未完成回访；请先回访或用完回访次数。", "The call-back is not done; call first, or use up the attempts."),
    "the_outcome_is_what_was_said": ("结案结果与回访不符：“已解决”须反映人确认，“联系不上”须未能联系。", "The outcome must be what was said: solved needs the reporter's word, unreachable that nobody was reached."),
    "verification_is_off": ("本地规则要求核查。", "Verification is on here."),
    "calling_back_is_off": ("本地规则要求回访。", "The call-back is on here."),
    "rating_is_on": ("本地规则不评价。", "Rating is off here."),
    "a_department_of_the_case": ("该部门未被派单。", "That department was not assigned."),
    "not_rated_before": ("该派单已评价。", "This assignment has been rated."),
    "within_the_rating_window": ("评价期已过。", "The rating window has passed."),
    "the_whistle_is_completed": ("没有待评价的已办结吹哨。", "There is no completed whistle to rate."),
    "within_the_reopening_window": ("重开期已过；请登记新案件。", "The window to reopen has passed; log a new case."),
    "something_private_is_kept": ("没有可清除的内容，或已全部清除。", "Nothing private is kept of it, or it was erased already."),
    "it_is_about_a_unit": ("本案不是对某单位的投诉，没有需要解除的限制。", "It is no complaint about a unit: there is no restriction to lift."),
    "within_the_exclusion_window": ("剔除申请期已过。", "The window to ask for an exclusion has passed."),
    "into_another_case": ("只能并入同一区的另一案件。", "A case is merged into another case of the same district."),
    "the_other_case_is_open": ("目标案件已结束或已并案；请选择仍在办理的案件。", "The other case has ended or was merged; choose one that is open."),
    "there_is_such_a_photo": ("没有这张照片。", "There is no such photo."),
    "it_is_not_erased": ("这张照片已应反映人要求清除。", "This photo was erased because the reporter asked."),
    "everybody_sees_the_photo": ("这张照片没有公开。", "This photo is not public."),
    "words_are_marked": ("没有待查看的文字。", "No words are marked to be looked at."),
    "they_were_written": ("只能对已经记录的文字说“没有问题”。", "Only what has been written can be looked at."),
    "the_supervision_is_open": ("没有此项在办督办。", "No such supervision is open."),
    "not_answered_before": ("该督办已答复。", "This supervision has been answered."),
    "its_decide_by_has_passed": ("审批期未过。", "The time to decide has not passed."),
    "the_deadline_stands": ("该时限已变动。", "That deadline no longer stands."),
    "it_is_near_and_untold": ("该时限尚未临近，或已提示。", "That deadline is not near, or was told."),
    "it_is_past_and_unrecorded": ("该时限未过，或已记录。", "That deadline has not passed, or was recorded."),
    "not_recorded_before": ("已记录。", "It has been recorded."),
    "the_window_has_passed": ("期限未过。", "That window has not passed."),
    "a_contact_is_kept": ("没有留下联系方式，或已清除。", "No contact was left, or it was erased already."),
    "nobody_else_is_to_be_called": ("并入本案的反映人仍须回访。", "The reporter of a joined case is still to be called back."),
    "somebody_else_is_to_be_called": ("没有其他须回访的反映人。", "Nobody else is to be called back."),
    "a_retention_has_ended": ("没有保存期已满的内容。", "Nothing has been kept as long as it may be."),
    # what was said
    "say_it": ("请填写“{field}”。", "Fill in “{field}”."),
    "a_reason_once_assigned": ("已派单的案件更改类别须说明理由。", "Changing the category of an assigned case needs a reason."),
    "a_reason_of_the_list": ("“{reason}”不在理由清单内；可选：{reasons}。", "“{reason}” is not on the list of reasons; choose one of: {reasons}."),
    "a_review_date_within_the_maximum": ("复核日须在今天之后、{latest} 之前（含）。", "The review date lies after today and on {latest} at the latest."),
    "a_unit_is_lead_or_support_not_both": ("{unit} 不能既主办又协办。", "{unit} is lead or support, not both."),
    "no_unit_twice": ("同一部门不能重复派单。", "No department is named twice."),
    "contacted_needs_solved_and_satisfied": ("已联系须填写是否解决和满意度；未联系上则都不填。", "Contacted needs solved and satisfied; not reached has neither."),
    "marks_from_one_to_five": ("评分为 1 至 5。", "Marks go from 1 to 5."),
    "no_such_category": ("没有类别 {category}。", "There is no category {category}."),
    "a_category_with_parts": ("类别 {category} 下还有细类；请选细类。", "Category {category} has parts; choose one of them."),
    "no_such_department": ("没有部门 {unit}。", "There is no department {unit}."),
    "only_a_complaint_is_about_a_unit": ("只有投诉类案件可填被投诉单位；请将性质改为投诉，或不填被投诉单位。", "Only a complaint names the unit it is about; make it a complaint, or name none."),
    "no_such_unit": ("没有单位 {unit}；被投诉单位须是街道、社区、网格或部门。", "There is no unit {unit}: a complaint is about a street, community, grid or department."),
    "not_to_whom_it_is_about": ("{unit} 是被投诉单位，不能承办本案；请指定其他部门。", "This is a complaint about {unit}; name another department."),
    "about_the_same_unit": ("投诉案件只能并入投诉同一单位的案件。", "A complaint about a unit goes on only inside another about the same unit."),
    "no_such_edition": ("没有规则版本 {edition}。", "There is no edition {edition}."),
    "no_such_other_case": ("没有要并入的案件。", "There is no such other case."),
    "no_such_place": ("没有地点 {place}。", "There is no place {place}."),
    "not_in_a_register": ("登记册中没有 {code}。", "{code} is in no register."),
    "not_in_the_future": ("时间不能晚于现在。", "The time may not lie in the future."),
    "not_resolved_before_it_was_opened": ("办结时间 {resolved} 早于登记时间。", "The result of {resolved} is earlier than the opening of the case."),
    "only_assigned_or_resolved_is_carried_over": ("只能承接处于派单或处置阶段的历史案件，且与办结时间一致。", "Only cases in the assigned or resolved phase are carried over, as their result time shows."),
    "the_new_due_must_lie_ahead": ("延期 {by} 后的时限仍已过去；请申请更长的延期。", "Even {by} later the deadline has passed; a longer extension is needed."),
    # who may act as what
    "not_for_oneself": ("不能给自己授权或收回授权；请由另一位管理员办理。", "Nobody gives or ends their own grants; another admin does."),
    "no_such_office": ("没有岗位：{unit} 的 {role}。网格员、社区、街道角色对应同级地点，部门角色对应部门，其余对应区。", "There is no office of {role} for {unit}: grid, community and street roles go with such a place, department roles with a department, all others with the district."),
    "no_such_day": ("“{said}”不是日期；请写成 2026-03-02。", "“{said}” is no day; write it as 2026-03-02."),
    "no_such_grant": ("{staff} 没有 {unit} 的 {role} 授权。", "{staff} holds no grant as {role} for {unit}."),
    "nobody_of_that_name": ("没有人员 {staff}。", "There is no member of staff {staff}."),
    "ends_before_it_begins": ("截止时间 {until} 须晚于开始时间和现在。", "The end, {until}, must lie after the beginning, and ahead."),
    # what is taken out in bulk
    "another_releases_it_first": ("该清单有 {rows} 行；超过 {most} 行须由他人审批后导出。没有导出任何内容。", "The list has {rows} rows; above {most} somebody else releases it first. Nothing was taken out."),
    "its_release_is_awaited": ("该清单有 {rows} 行，超过 {most} 行；导出申请正在等待他人审批。", "The list has {rows} rows, more than {most}; its release was asked for and is awaited."),
    "words_are_not_released": ("该清单有 {rows} 行，超过 {most} 行，且按文字、编号或规则之外的代码筛选；此类条件不能永久记入日志，因此不能审批。请改用类别、地点、时间等条件，或缩小范围。", "The list has {rows} rows, more than {most}, and is narrowed by words, a number or codes that the rules do not know: these may not stand in the log for ever, so it cannot be released. Narrow it by category, place or time instead, or make it shorter."),
    "taken_out_alone": ("该清单有 {rows} 行，不超过 {most} 行；可直接导出，无需审批。", "The list has {rows} rows, not more than {most}: take it out, nobody need release it."),
    "for_oneself_in_an_office": ("只能以本人现有岗位为自己申请导出。", "Everybody asks for themselves, in an office that they hold."),
    "another_than_who_takes_it_out": ("不能审批自己的导出申请；请由他人审批。", "Nobody decides about what they take out themselves; another does."),
    "no_such_export": ("没有这项导出申请。", "No such export was asked for."),
    "it_waits_no_more": ("该导出申请已处理或已失效；如仍需要，请重新申请。", "This was decided already, or is over; ask once more if it is still needed."),
    "the_reason_tells_of_somebody": ("理由里有电话、证件号等个人信息；日志永久保存，请改写理由。", "The reason holds a phone number or the like; the log keeps it for ever. Say it without."),
    "too_long_an_extension": ("延期 {by} 超过上限 {most}。", "{by} is longer than the maximum of {most}."),
}  # fmt: skip

ONLY: Pair = ("仅{who}可{command}。", "Only {who} can {command}.")
POSSIBLE: Pair = ("现在可以：{moves}。", "Possible now: {moves}.")
OR: Pair = ("或", " or ")
AND: Pair = ("、", ", ")
MOVE: Pair = ("{command}（{who}）", "{command} ({who})")
SHOWN = 4  # moves named in a sentence; all stand in the problem


def sentence(refused: Refused, language: str) -> str:
    """Why not, and what is possible now, by whom. `language` is 'zh' or 'en'."""
    return f"{reason(refused, language)} {possible(refused, language)}".strip()


def reason(refused: Refused, language: str) -> str:
    """Why not."""
    if refused.code.startswith("only_") and "who" in refused.arguments:
        return _in(ONLY, language).format(**_words(refused, language))
    return _in(SENTENCES[refused.code], language).format(**_words(refused, language))


def possible(refused: Refused, language: str) -> str:
    """What is possible now, by whom; '' where the question was only badly put."""
    if not refused.possible:
        return ""
    moves = [_move(command, who, language) for command, who in refused.possible[:SHOWN]]
    return _in(POSSIBLE, language).format(moves=_in(AND, language).join(moves))


def _move(command: str, who: tuple[str, ...], language: str) -> str:
    return _in(MOVE, language).format(command=said(COMMANDS, command, language), who=_any_of(who, language))


def _any_of(who: Iterable[str], language: str) -> str:
    return _in(OR, language).join(said(WHO, name, language) for name in who)


def _in(pair: Pair, language: str) -> str:
    return pair[1] if language == "en" else pair[0]


def _words(refused: Refused, language: str) -> dict[str, str]:
    """The arguments as people read them."""
    words: dict[str, str] = {}
    for name, value in refused.arguments.items():
        match name, value:
            case "command", str():
                words[name] = said(COMMANDS, value, language)
            case "state", str():
                words[name] = said(STATES, value, language)
            case "role", str():
                words[name] = said(ROLES, value, language)
            case "who", list():
                words[name] = _any_of(value, language)
            case _, list():
                words[name] = _in(AND, language).join(map(str, value))
            case _:
                words[name] = str(value)
    return words

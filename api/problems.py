"""Every error as a problem (RFC 9457): a stable type, a sentence in the reader's language, and what is possible now."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from workflow.ask import Refused
from workflow.refusals import reason, sentence
from workflow.words import COMMANDS, WHO, Pair, said

MEDIA = "application/problem+json"
CONTENT = frozenset(
    {
        "say_it", "a_reason_once_assigned", "a_reason_of_the_list", "a_review_date_within_the_maximum",
        "a_unit_is_lead_or_support_not_both", "no_unit_twice", "contacted_needs_solved_and_satisfied",
        "marks_from_one_to_five", "no_such_category", "a_category_with_parts", "no_such_department", "no_such_edition",
        "no_such_other_case", "no_such_place", "not_in_a_register", "not_in_the_future",
        "only_assigned_or_resolved_is_carried_over", "too_long_an_extension", "no_such_office", "no_such_grant", "nobody_of_that_name",
        "ends_before_it_begins", "only_a_complaint_is_about_a_unit", "no_such_unit", "not_to_whom_it_is_about",
        "no_such_export", "the_reason_tells_of_somebody",
    }
)  # fmt: skip

SENTENCES: Mapping[str, tuple[int, Pair]] = {
    "no_token": (401, ("请提供访问令牌（Authorization: Bearer …）。", "A token is needed (Authorization: Bearer …).")),
    "bad_token": (401, ("访问令牌无效或已过期。", "This token is not known, or has expired.")),
    "beyond_scope": (403, ("此令牌没有这个用途：{scope}。", "This token is not good for that: {scope}.")),
    "no_such_case": (404, ("没有此案件，或不在您的权限范围内。", "There is no such case within your reach.")),
    "no_such_thing": (404, ("没有此页面。", "There is nothing here.")),
    "no_such_staff": (404, ("没有此人员，或不在您的权限范围内。", "There is no such member of staff within your reach.")),
    "no_such_message": (404, ("没有此消息，或不在您的权限范围内。", "There is no such message within your reach.")),
    "not_a_dead_letter": (409, ("这条消息没有停止发送，不必重发。", "This message is no dead letter: it was sent, or is still tried.")),
    "no_such_board": (404, ("没有此看板，或不在您的权限范围内。", "There is no such board within your reach.")),
    "no_such_registered_thing": (404, ("没有此部件、建筑或单位，或不在您的权限范围内。", "There is no such building, organisation or component within your reach.")),
    "no_such_figure": (404, ("没有此指标，或不在您的权限范围内。", "There is no such figure within your reach.")),
    "no_such_cohort": (422, ("此指标只能按登记时间统计。", "This figure goes by when cases were logged only.")),
    "no_such_place_here": (404, ("此坐标不在辖区内。", "This point lies in no place of the district.")),
    "method_not_allowed": (405, ("此处不支持该方法。", "This method is not possible here.")),
    "key_missing": (400, ("请提供 Idempotency-Key（UUID）。", "An Idempotency-Key (a UUID) is needed.")),
    "key_of_another": (422, ("此 Idempotency-Key 已用于另一请求。", "This Idempotency-Key was used for another request.")),
    "sent_before": (422, ("此表单之前已提交过，当时的内容已登记。改动后的内容没有写入；确需另外登记时，请再次提交。", "This form was sent before, and what it said then is written. What was changed since is not; send it again only if it is another matter.")),
    "id_taken": (409, ("此编号不能使用；未写入。请改动后重新提交。", "This id cannot be used; nothing was written. Send it again from the form.")),
    "photos_from_elsewhere": (422, ("照片只能随本辖区的案件提交；请改选地点，或不带照片登记。", "Photos go with cases of your own area only: choose another place, or log it without photos.")),
    "still_running": (409, ("同一请求正在处理，请稍后重试。", "The same request is being handled; try again shortly.")),
    "version_missing": (428, ("请提供 If-Match（案件版本）。", "If-Match (the case's version) is needed.")),
    "bad_version": (400, ("If-Match 不是案件版本。", "If-Match is no version of a case.")),
    "stale": (412, ("案件已被他人更新；请查看最新状态后重试。", "Others have changed the case; look at it as it stands, and try again.")),
    "contended": (503, ("太多人同时操作；未写入，请重试。", "Too many act at once; nothing was written, try again.")),
    "busy": (503, ("系统繁忙；未写入，请稍后重试。", "The system is busy; nothing was written, try again shortly.")),
    "unknown": (503, ("结果未知：可能已写入，也可能没有；用同一 Idempotency-Key 重试是安全的。", "The outcome is unknown: it may be written, or not. Trying again with the same Idempotency-Key is safe.")),
    "not_ready": (503, ("尚未就绪。", "Not ready.")),
    "not_caught_up": (503, ("看板尚未更新到该位置，请稍后重试。", "The boards have not come to that position; try again shortly.")),
    "bad_content": (422, ("内容有误：{fields}", "Something is not right: {fields}")),
    "bad_json": (400, ("请求正文不是有效的 JSON。", "The body is not valid JSON.")),
    "not_json": (415, ("请以 application/json 提交。", "Send application/json.")),
    "too_slow": (408, ("内容发送过慢；未写入，请重试。", "This came too slowly; nothing was written, try again.")),
    "wrong_host": (421, ("本系统不使用这个主机名；请使用单位公布的网址。", "This system is not reached under that name: use the address that your office gave you.")),
    "too_large": (413, ("内容过大。", "This is too large.")),
    "another_s_part": (403, ("这是 {unit} 的派单，只能由该单位办理。", "This is the part of {unit}; only it can do that.")),
    "no_such_position": (422, ("日志还没有到该位置。", "The log has not come to that position.")),
    "moment_ahead": (422, ("该时刻还没有到；请选不晚于现在的时刻。", "That moment has not come yet; choose one that is not later than now.")),
    "no_case_then": (404, ("该案件当时不存在，或不在您的范围内。", "The case was not there then, or not within your reach.")),
    "not_yet_gone": (503, ("清除已记录，但密钥尚未全部销毁；请用同一 Idempotency-Key 重试。", "The erasure is recorded, but not all bytes of the keys are gone yet; try again with the same Idempotency-Key.")),
    "fault": (500, ("系统内部错误，编号 {number}；结果未知，用同一 Idempotency-Key 重试是安全的。", "Something is wrong on our side, number {number}; trying again with the same Idempotency-Key is safe.")),
    "no_edition": (503, ("尚未加载辖区数据。", "No jurisdiction is loaded.")),
    "not_signed_in": (401, ("请先登录。", "Sign in first.")),
    "not_confirmed": (422, ("请勾选确认：清除后不能恢复。", "Tick that you are sure: what is erased does not come back.")),
    "no_photo": (422, ("请选择照片。", "Choose a photo.")),
    "too_many_photos": (422, ("一次最多上传 {most} 张照片；请分次上传。", "At most {most} photos can be sent at once; send the others after them.")),
    "case_full_of_photos": (409, ("每个案件最多 {most} 张照片，已到上限；没有添加任何照片。", "A case has at most {most} photos; none was added.")),
    "photo_too_large": (413, ("第 {n} 张照片超过 10 MB；请用较低的分辨率再拍或另存后重试。没有添加任何照片。", "Photo {n} is larger than 10 MB: take it, or save it, at a lower resolution. No photo was added.")),
    "photo_not_a_picture": (422, ("第 {n} 个文件不是照片；请上传 JPEG、PNG 或 WebP。没有添加任何照片。", "File {n} is not a picture: send a JPEG, PNG or WebP. No photo was added.")),
    "photo_foreign_format": (422, ("第 {n} 张图片的格式不支持；请上传 JPEG、PNG 或 WebP。没有添加任何照片。", "Photo {n} is in a format that is not taken: send a JPEG, PNG or WebP. No photo was added.")),
    "photo_heic": (422, ("第 {n} 张照片是 HEIC 格式，不支持；请在手机相机设置中选“兼容性最佳”，或另存为 JPEG 后重试。没有添加任何照片。", "Photo {n} is a HEIC, which is not taken: choose “Most compatible” in the phone's camera settings, or save it as a JPEG. No photo was added.")),
    "photo_too_many_pixels": (422, ("第 {n} 张照片像素过多；请用较低的分辨率再拍或另存后重试。没有添加任何照片。", "Photo {n} has too many pixels: take it, or save it, at a lower resolution. No photo was added.")),
    "photo_several_frames": (422, ("第 {n} 张是动图；请上传静态照片。没有添加任何照片。", "Photo {n} moves: send a still picture. No photo was added.")),
    "photo_broken": (422, ("第 {n} 张照片已损坏或不完整；请重新拍摄或重新选择。没有添加任何照片。", "Photo {n} is broken or not complete: take it again, or choose it again. No photo was added.")),
    "photo_too_hard": (422, ("第 {n} 张照片无法处理；请另存为 JPEG 后重试。没有添加任何照片。", "Photo {n} could not be read with the memory and time that a photo may take: save it as a plain JPEG. No photo was added.")),
    "no_such_photo": (404, ("没有这张照片，或已被清除。", "There is no such photo, or it was erased.")),
    "black_out_or_say_nothing": (422, ("请画出要遮盖的地方；没有需要遮盖的，请勾选“没有需要遮盖的”，两者只选其一。", "Black out what is nobody's business; or say that there is nothing to black out, and not both.")),
    "box_outside": (422, ("第 {n} 个遮盖框不在照片内；请填写 0 至 100 的数字，框不能超出照片。", "Box {n} lies outside of the photo: give numbers from 0 to 100, and keep it within.")),
    "too_many_boxes": (422, ("遮盖框过多；请用更大的框。", "There are too many boxes; use larger ones.")),
    "too_often": (429, ("过于频繁；什么都没有改变，请 {minutes} 分钟后再试。", "Too often: try again in {minutes} minutes.")),
    "no_such_saved_filter": (404, ("没有此筛选，或不是您保存的。", "There is no such filter of your own.")),
    "too_many_saved_filters": (409, ("最多保存 {most} 个筛选；请先删除不用的。", "At most {most} filters are kept: delete one first.")),
    "not_open": (403, ("本地没有开放这项网上服务。", "The city has not opened this service.")),
    "nothing_signed": (404, ("日志还没有签名到这么多条。", "The log has not been signed as far as that.")),
    "words_not_text": (422, ("文字含有无法保存的字符。", "The words hold characters that cannot be kept.")),
}  # fmt: skip


class Possible(BaseModel):
    """What can be done instead, and by whom."""

    command: str
    words: str
    by: list[str]


class Problem(BaseModel):
    """RFC 9457, with a code, its arguments and what is possible now."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    arguments: dict[str, Any] = {}
    possible: list[Possible] = []
    current: dict[str, Any] | None = None
    errors: list[dict[str, Any]] = []


class Trouble(Exception):  # noqa: N818 - an answer, not a fault
    """An answer that is a problem of our own, by its code."""

    def __init__(self, code: str, *, current: dict[str, Any] | None = None, **arguments: object) -> None:
        """`current` is the case as it stands, where that helps."""
        super().__init__(code)
        self.code, self.current, self.arguments = code, current, arguments
        self.errors: list[dict[str, Any]] = []


def language_of(request: Request) -> str:
    """'zh' unless the reader puts English before it."""
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("en"):
            return "en"
        if tag.startswith(("zh", "bo")):
            return "zh"
    return "zh"


def status_of(refused: Refused) -> int:
    """403 for who may not, 422 for what was said wrong, 409 for what cannot be done now."""
    if refused.code.startswith("only_") and "who" in refused.arguments:
        return 403
    return 422 if refused.code in CONTENT else 409


def refusal(request: Request, refused: Refused) -> JSONResponse:
    """A refusal as a problem."""
    language = language_of(request)
    possible = [
        Possible(command=command, words=said(COMMANDS, command, language), by=[said(WHO, w, language) for w in by])
        for command, by in refused.possible
    ]
    problem = Problem(
        type=f"/problems/{refused.code}",
        title=reason(refused, language),
        status=status_of(refused),
        detail=sentence(refused, language),
        code=refused.code,
        arguments=refused.arguments,
        possible=possible,
    )
    return answer(problem)


def trouble(request: Request, code: str, *, current: Any = None, errors: Any = (), **arguments: object) -> JSONResponse:  # noqa: ANN401 - JSON
    """One of our own problems, in the reader's language."""
    status, words = SENTENCES[code]
    text = words[language_of(request) == "en"].format(**arguments)
    problem = Problem(
        type=f"/problems/{code}",
        title=text,
        status=status,
        detail=text,
        code=code,
        arguments=arguments,
        current=current,
        errors=list(errors),
    )
    return answer(problem)


def answer(problem: Problem) -> JSONResponse:
    """The problem on the wire."""
    headers = {"Retry-After": "1"} if problem.status == 503 else {}  # noqa: PLR2004 - HTTP
    if problem.status == 429:  # noqa: PLR2004 - HTTP
        headers = {"Retry-After": str(60 * problem.arguments["minutes"])}
    if problem.status == 401:  # noqa: PLR2004 - HTTP
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(problem.model_dump(mode="json", exclude_none=True), problem.status, headers, MEDIA)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Answers for the OpenAPI document: problems of these statuses."""
    stated = {*statuses, *(OF_TOKENS if OF_TOKENS[0] in statuses else ())}
    of = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {status: {"description": TITLES[status], "content": {MEDIA: of}} for status in sorted(stated)}


OF_TOKENS = 401, 403, 429  # it is not known; it is good for less; too many were tried that are not known
TITLES = {
    400: "The request cannot be read",
    401: "No token, or one that is not known",
    403: "Somebody else may do this, or the token is not good for it",
    404: "Nothing here within your reach",
    409: "Not possible now",
    412: "Others have changed the case",
    413: "Too large",
    415: "Not JSON",
    422: "What was said is not right",
    428: "If-Match is missing",
    429: "Too often",
    503: "Try again shortly",
}

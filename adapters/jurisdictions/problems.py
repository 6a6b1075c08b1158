"""What can be wrong with a jurisdiction's files, in the words of whoever keeps them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workflow.words import STATES, Pair, said

SENTENCES: Mapping[str, Pair] = {
    "no_file": ("缺少文件。", "This file is missing."),
    "not_utf8": ("文件不是 UTF-8 编码；请另存为 UTF-8。", "This file is not UTF-8; save it as UTF-8."),
    "not_toml": ("不是有效的 TOML：{error}", "This is not valid TOML: {error}"),
    "not_geojson": ("不是有效的 GeoJSON：{error}", "This is not valid GeoJSON: {error}"),
    "no_column": ("缺少列“{field}”。", "The column “{field}” is missing."),
    "missing": ("缺少“{field}”。", "“{field}” is missing."),
    "unknown_field": ("不认识“{field}”。", "“{field}” is not known here."),
    "duplicate": ("编码 {code} 重复（已在第 {first} 行）。", "The code {code} stands here twice (first in line {first})."),
    "no_such_parent": ("上级 {code} 不存在。", "There is no parent {code}."),
    "circle": ("{code} 的上级关系成环。", "The parents of {code} go in a circle."),
    "wrong_rung": ("{rung} 不能位于 {parent} 之下。", "A {rung} cannot lie in a {parent}."),
    "no_such_rung": ("层级“{rung}”应为 district、street、community 或 grid。", "The rung “{rung}” is none of district, street, community, grid."),
    "one_district": ("应有且仅有一个区（没有上级的地点），编码为 {code}。", "Exactly one place has no parent: the district {code}."),
    "code_of_parent": ("编码 {code} 应以上级编码 {parent} 开头。", "The code {code} must begin with its parent's, {parent}."),
    "no_such_department": ("没有部门 {code}。", "There is no department {code}."),
    "no_such_category": ("没有类别 {code}。", "There is no category {code}."),
    "no_such_place": ("没有地点 {code}。", "There is no place {code}."),
    "no_such_nature": ("性质“{nature}”应为：{known}。", "The nature “{nature}” is none of: {known}."),
    "no_such_level": ("层级“{level}”应为：{known}。", "The level “{level}” is none of: {known}."),
    "no_such_clock": ("时限名称“{clock}”应为：{known}。", "The clock “{clock}” is none of: {known}."),
    "no_such_urgency": ("紧急程度“{urgency}”应为：{known}。", "The urgency “{urgency}” is none of: {known}."),
    "no_such_step": ("可关闭的环节“{step}”应为：{known}。", "The step “{step}” is none of: {known}."),
    "no_such_window": ("期限“{window}”应为：{known}。", "The window “{window}” is none of: {known}."),
    "no_such_list": ("理由清单“{ground}”应为：{known}。", "The list of reasons “{ground}” is none of: {known}."),
    "no_such_source": ("来源“{source}”应为：{known}。", "The source “{source}” is none of: {known}."),
    "no_such_role": ("角色“{role}”应为：{known}。", "The role “{role}” is none of: {known}."),
    "no_such_kind": ("“{kind}”不能登记；只能登记 building、organisation、component，不登记人、户。", "“{kind}” is not registered: only building, organisation, component; never a person, flat or household."),
    "no_such_calendar": ("没有日历“{calendar}”，或其相互继承。", "There is no calendar “{calendar}”, or it stands on itself."),
    "no_such_zone": ("没有时区“{zone}”。", "There is no time zone “{zone}”."),
    "not_a_limit": ("“{text}”不是时限；例如 3 working days 或 0.5 hours, from next day。", "“{text}” is not a limit; say, for example, 3 working days or 0.5 hours, from next day."),
    "not_a_number": ("“{text}”不是正整数。", "“{text}” is not a whole number above 0."),
    "not_a_time": ("“{text}”不是时间段；例如 09:00-12:30。", "“{text}” is no stretch of time; say, for example, 09:00-12:30."),
    "not_weekdays": ("工作日应为 1（周一）至 7（周日）的列表。", "Weekdays are a list of 1 (Monday) to 7 (Sunday)."),
    "no_date": ("需要日期 on，或 from 和 to。", "A date is needed: on, or from and to."),
    "bad_days": ("日期颠倒，或缺少 name、source。", "The days are the wrong way round, or name or source is missing."),
    "no_name": ("缺少 {language} 名称。", "The name in {language} is missing."),
    "role_and_unit": ("角色 {role} 的单位应为{wanted}，而不是 {unit}。", "A {role} belongs to a {wanted}; {unit} is none."),
    "no_polygon": ("没有面（Polygon）或其无效：{code}", "No valid polygon for {code}."),
    "no_such_command": ("没有操作“{command}”。", "There is no command “{command}”."),
    "nobody_may": ("没有人可以“{command}”。", "Nobody may {command}."),
    "state_never_reached": ("按此规则，永远到不了“{state}”。", "Under this policy “{state}” is never reached."),
    "no_way_to_closing": ("按此规则，“{state}”的案件无法结案。", "Under this policy a case that is “{state}” can never be closed."),
    "clock_without_limit": ("时限“{clock}”没有规定（至少需要 routine）。", "The clock “{clock}” has no limit (at least for routine)."),
    "no_staff": ("没有人担任 {role}。", "Nobody is a {role}."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: in which file, in which line (0: the whole file), and what."""

    file: str
    line: int
    code: str
    arguments: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """As one line: `places.csv:7: There is no parent 99`."""
        words = {name: _word(name, value, language) for name, value in self.arguments.items()}
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {said(SENTENCES, self.code, language).format(**words)}"


def _word(name: str, value: object, language: str) -> str:
    if name == "state":
        return said(STATES, str(value), language)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(str, value))
    return str(value)

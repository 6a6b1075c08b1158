"""What can be wrong with a jurisdiction's files, in the words of whoever keeps them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workflow.words import STATES, Pair, said

SENTENCES: Mapping[str, Pair] = {
    "no_file": ("缺少文件。", "This file is missing."),
    "not_utf8": ("文件不是 UTF-8 编码；请另存为 UTF-8。", "This file is not UTF-8; save it as UTF-8."),
    "not_toml": ("不是有效的 TOML：{error}", "This is not valid TOML: {error}"),
    "not_geojson": ("不是有效的 GeoJSON：{error}", "This is not valid GeoJSON: {error}"),
    "not_csv": ("表格从此行起无法读取（引号是否成对？）：{error}", "From here on the table cannot be read (is a quotation mark left open?): {error}"),
    "too_many_cells": ("此行的格数多于列数：“{text}”；含逗号的内容请加引号。", "This row has more cells than there are columns: “{text}”; put what holds a comma in quotation marks."),
    "unknown_column": ("不认识列“{field}”；备注列请以 # 开头。", "The column “{field}” is not known here; begin a column of remarks with #."),
    "no_column": ("缺少列“{field}”。", "The column “{field}” is missing."),
    "missing": ("缺少“{field}”。", "“{field}” is missing."),
    "wants_text": ("“{field}”应为文本（加引号）。", "“{field}” should be text in quotation marks."),
    "wants_list": ("“{field}”应为列表：[ … ]。", "“{field}” should be a list: [ … ]."),
    "wants_table": ("“{field}”应为表：{{ … }}。", "“{field}” should be a table: {{ … }}."),
    "wants_number": ("“{field}”应为数字。", "“{field}” should be a number."),
    "wants_whole_number": ("“{field}”应为整数。", "“{field}” should be a whole number."),
    "wants_yes_or_no": ("“{field}”应为 true 或 false。", "“{field}” should be true or false."),
    "not_yes_or_no": ("“{field}”应为 yes 或 no，而不是“{text}”。", "“{field}” should be yes or no, and not “{text}”."),
    "wants_time": ("“{field}”应为不加引号的时间，例如 17:00:00。", "“{field}” should be a time without quotation marks, for example 17:00:00."),
    "wants_date": ("“{field}”应为不加引号的日期，例如 2026-12-31。", "“{field}” should be a date without quotation marks, for example 2026-12-31."),
    "unknown_field": ("不认识“{field}”。", "“{field}” is not known here."),
    "duplicate": ("编码 {code} 重复（已在第 {first} 行）。", "The code {code} stands here twice (first in line {first})."),
    "no_such_parent": ("上级 {code} 不存在。", "There is no parent {code}."),
    "circle": ("{code} 的上级关系成环。", "The parents of {code} go in a circle."),
    "wrong_rung": ("{rung} 不能位于 {parent} 之下。", "A {rung} cannot lie in a {parent}."),
    "too_deep": ("{code} 的上级多于三层。", "There are more than three places above {code}."),
    "listed_twice": ("{code} 列出了两次。", "{code} is listed twice."),
    "limit_twice": ("此时限已在第 {first} 行规定。", "This limit is given already in line {first}."),
    "step_alone": ("步骤“{step}”有时限，但全程没有；请另加一行不带 step 的时限。", "The step “{step}” has a limit but the whole has none; add a row without a step."),
    "too_long": ("“{text}”过长；最多 {days} 天。", "“{text}” is too long; {days} days at most."),
    "not_a_share": ("“{text}”应大于 0、小于 1。", "“{text}” is not between 0 and 1."),
    "not_a_first_day": ("“{text}”不能作为考核月的首日；应为 1 至 28。", "An assessment month cannot begin on day “{text}”: it is 1 to 28."),
    "not_a_weight": ("“{text}”应在 0 到 1 之间。", "“{text}” is not between 0 and 1."),
    "weights_not_one": ("response、resolution、satisfaction 之和应为 1，而不是 {total}。", "response, resolution and satisfaction add up to {total}, and should to 1."),
    "not_a_date": ("“{text}”不是日期；例如 2026-12-31。", "“{text}” is no date; say, for example, 2026-12-31."),
    "ends_before_it_begins": ("{until} 早于 {since}。", "{until} is before {since}."),
    "not_an_office": ("{role} 不是可以授予的岗位。", "{role} is no office that anybody is given."),
    "grant_twice": ("{staff} 的同一岗位已在第 {first} 行。", "{staff} has this office already in line {first}."),
    "hours_out_of_order": ("工作时段 {text} 颠倒，或与前一段重叠。", "The stretch {text} is the wrong way round, or overlaps the one before it."),
    "calendar_twice": ("另一个文件已有日历“{calendar}”。", "Another file has the calendar “{calendar}” already."),
    "day_twice": ("{day} 在此文件中规定了两次。", "{day} is decided twice in this file."),
    "area_twice": ("{code} 有两个面。", "{code} has two polygons."),
    "outside_the_world": ("{code} 的坐标不是经度在前、纬度在后的 WGS 84。", "The coordinates of {code} are not WGS 84, longitude before latitude."),
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
    "no_such_reaction": ("留给人工的自动事项“{reaction}”应为：{known}。", "What the system does by itself, “{reaction}”, is none of: {known}."),
    "no_such_door": ("对外开放的入口“{door}”应为：{known}。", "The door “{door}” is none of: {known}."),
    "report_without_receipt": ("开放 report 时须同时开放 receipt：反映人要能查询办理情况。", "Where report is open receipt is open too: whoever reported can then follow it."),
    "no_such_window": ("期限“{window}”应为：{known}。", "The window “{window}” is none of: {known}."),
    "no_such_class": ("保密类别“{secrecy}”应为：{known}。", "The class “{secrecy}” is none of: {known}."),
    "not_in_days": ("“{text}”应为整天数，例如 180 days。", "“{text}” is not in whole days; say, for example, 180 days."),
    "no_such_list": ("理由清单“{ground}”应为：{known}。", "The list of reasons “{ground}” is none of: {known}."),
    "no_such_source": ("来源“{source}”应为：{known}。", "The source “{source}” is none of: {known}."),
    "no_such_role": ("角色“{role}”应为：{known}。", "The role “{role}” is none of: {known}."),
    "no_such_kind": ("“{kind}”不能登记；只能登记 building、organisation、component，不登记人、户。", "“{kind}” is not registered: only building, organisation, component; never a person, flat or household."),
    "no_such_calendar": ("没有日历“{calendar}”，或其相互继承。", "There is no calendar “{calendar}”, or it stands on itself."),
    "no_such_zone": ("没有时区“{zone}”。", "There is no time zone “{zone}”."),
    "no_such_encoding": ("没有编码“{encoding}”。", "There is no encoding “{encoding}”."),
    "one_character": ("“{field}”应为一个字符。", "“{field}” should be one character."),
    "not_a_limit": ("“{text}”不是时限；例如 3 working days 或 0.5 hours, from next day。", "“{text}” is not a limit; say, for example, 3 working days or 0.5 hours, from next day."),
    "not_a_number": ("“{text}”不是正整数。", "“{text}” is not a whole number above 0."),
    "not_a_time": ("“{text}”不是时间段；例如 09:00-12:30。", "“{text}” is no stretch of time; say, for example, 09:00-12:30."),
    "not_weekdays": ("工作日应为 1（周一）至 7（周日）的列表。", "Weekdays are a list of 1 (Monday) to 7 (Sunday)."),
    "no_date": ("需要日期 on，或 from 和 to。", "A date is needed: on, or from and to."),
    "bad_days": ("日期颠倒，或缺少 name、source。", "The days are the wrong way round, or name or source is missing."),
    "no_name": ("缺少 {language} 名称。", "The name in {language} is missing."),
    "no_text": ("缺少 {language} 正文。", "The text in {language} is missing."),
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

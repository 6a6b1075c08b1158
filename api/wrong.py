"""What is wrong with a field that was sent, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from workflow.words import Pair

# pydantic's type of error -> (zh, en); {names} are what it says about it
WRONG: Mapping[str, Pair] = {
    "missing": ("必填。", "It is needed."),
    "extra_forbidden": ("没有此字段。", "There is no such field."),
    "enum": ("只能是：{expected}。", "It is one of: {expected}."),
    "literal_error": ("只能是：{expected}。", "It is one of: {expected}."),
    "string_type": ("须为文字。", "It is a text."),
    "string_too_long": ("最多 {max_length} 个字符。", "It has at most {max_length} characters."),
    "string_pattern_mismatch": ("含有不允许的控制字符。", "It holds control characters, which cannot be kept."),
    "string_unicode": ("含有无法保存的字符。", "It holds characters that cannot be kept."),
    "int_type": ("须为整数。", "It is a whole number."),
    "int_parsing": ("须为整数。", "It is a whole number."),
    "int_from_float": ("须为整数。", "It is a whole number."),
    "float_parsing": ("须为数字。", "It is a number."),
    "finite_number": ("须为数字。", "It is a number."),
    "bool_type": ("须为 true 或 false。", "It is true or false."),
    "bool_parsing": ("须为 true 或 false。", "It is true or false."),
    "uuid_type": ("须为 UUID。", "It is a UUID."),
    "uuid_parsing": ("须为 UUID。", "It is a UUID."),
    "timezone_aware": ("时间须带时区，如 2026-03-02T10:00:00+08:00。", "A time needs its zone: 2026-03-02T10:00:00+08:00."),
    "datetime_from_date_parsing": ("须为带时区的时间，如 2026-03-02T10:00:00+08:00。", "It is a time with its zone: 2026-03-02T10:00:00+08:00."),
    "datetime_parsing": ("须为带时区的时间，如 2026-03-02T10:00:00+08:00。", "It is a time with its zone: 2026-03-02T10:00:00+08:00."),
    "date_from_datetime_parsing": ("须为日期，如 2026-03-02。", "It is a day: 2026-03-02."),
    "date_parsing": ("须为日期，如 2026-03-02。", "It is a day: 2026-03-02."),
    "greater_than_equal": ("不得小于 {ge}。", "It is {ge} at least."),
    "less_than_equal": ("不得大于 {le}。", "It is {le} at most."),
    "too_long": ("最多 {max_length} 项。", "It has at most {max_length} items."),
    "list_type": ("须为列表。", "It is a list."),
    "model_type": ("须为对象。", "It is an object."),
    "model_attributes_type": ("须为对象。", "It is an object."),
    "two_characters": ("至少输入两个相邻的字。", "At least two neighbouring letters or figures are needed."),
    "value_error": ("不符合要求：{error}", "It is not right: {error}"),
}  # fmt: skip
OTHERWISE: Pair = ("不符合要求。", "It is not right.")


def wrong(errors: Iterable[Any], language: str) -> list[dict[str, Any]]:
    """Where, and what, for each; never what was sent, which may be private."""
    return [{"where": [str(part) for part in one["loc"]], "what": _what(one, language)} for one in errors]


def _what(one: Mapping[str, Any], language: str) -> str:
    pair = WRONG.get(one["type"], OTHERWISE)
    return pair[language == "en"].format(**one.get("ctx", {}))

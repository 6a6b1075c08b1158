"""A condition of a question, asked of a row before it is written: the one definition of a fact, in Python too."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BindParameter, BooleanClauseList, Column, ColumnElement, False_, Null, True_
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, Grouping

Told = Mapping[str, Any]
Predicate = Callable[[Told], Any]
COMPARED: Mapping[Any, Callable[[Any, Any], bool]] = {
    operators.eq: operator.eq,
    operators.ne: operator.ne,
    operators.lt: operator.lt,
    operators.le: operator.le,
    operators.gt: operator.gt,
    operators.ge: operator.ge,
    operators.in_op: lambda value, some: value in some,
    operators.not_in_op: lambda value, some: value not in some,
}
BEING = {operators.is_: True, operators.is_not: False}  # the only ones that NULL answers
ALL = {operators.and_: all, operators.or_: any}


def predicate(condition: ColumnElement[Any]) -> Predicate:
    """The same, of a row as it is told; where the database would answer NULL, it does not hold. Raises TypeError."""
    match condition:
        case Column(name=name):
            return lambda told: told[name]
        case BindParameter(value=value):
            return lambda _: value
        case True_() | False_() | Null():
            known = {True_: True, False_: False, Null: None}[type(condition)]
            return lambda _: known
        case Grouping(element=ColumnElement() as inner):
            return predicate(inner)
        case BooleanClauseList(operator=joined, clauses=parts) if joined in ALL:
            every, asked = ALL[joined], [predicate(part) for part in parts]
            return lambda told: every(ask(told) for ask in asked)
        case BinaryExpression(operator=by, left=left, right=right) if by in COMPARED or by in BEING:
            return _compared(by, predicate(left), predicate(right))
    raise TypeError(condition)


def _compared(by: Any, left: Predicate, right: Predicate) -> Predicate:  # noqa: ANN401 - an operator of SQLAlchemy's
    if by in BEING:
        so = BEING[by]
        return lambda told: (left(told) is right(told)) is so
    compare = COMPARED[by]

    def compared(told: Told) -> bool:
        one, other = left(told), right(told)
        return one is not None and other is not None and compare(one, other)

    return compared

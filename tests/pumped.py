"""How much longer an expression takes when its input grows: the inputs are made from the expression itself, and pumped.

What `re` does cannot be counted, so time is: the least of several, and only against its own at half the size.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from itertools import product
from pathlib import Path
from re import _constants as sre  # what the library itself reads expressions with
from re import _parser as parser
from time import perf_counter
from types import ModuleType
from typing import Any

ROOMS = ("domain", "workflow", "adapters", "api")
ASKS = ("compile", "fullmatch", "match", "search", "sub", "subn", "split", "findall", "finditer")
FROM_THE_START = {"match", "fullmatch"}
LONG_ENOUGH, TOO_LONG = 0.0002, 0.02  # seconds
SHORT, LONGEST = (
    200,
    20_000,
)  # characters: one that takes TOO_LONG for less than SHORT is catastrophic; no text is longer than LONGEST
TRIES = 5
LINEAR, QUADRATIC = 2, 4  # by how much twice the input multiplies the work
MOST = (LINEAR * QUADRATIC) ** 0.5
ENDINGS = ("", "\x00")
COMMON = "aA0一- .@\t\n,;[\"'#+"

Text = str | bytes


@dataclass(frozen=True)
class Expression:
    """One of the product's: where it stands, and whether it is only ever tried from the start of a text."""

    where: str
    compiled: re.Pattern[Any]
    from_the_start: bool = False

    def tried(self, text: str) -> float:
        """Seconds for one text."""
        said: Text = text.encode() if isinstance(self.compiled.pattern, bytes) else text
        ask = self.compiled.match if self.from_the_start else self.compiled.search
        began = perf_counter()
        at = ask(said)
        while at and not self.from_the_start and at.end() < len(said):  # as whoever looks for all of them
            at = ask(said, max(at.end(), at.start() + 1))
        return perf_counter() - began


# --- the inputs


def _sample(tokens: Any) -> str:
    """The shortest text of a part, or something like it."""
    return "".join(_of(kind, value) for kind, value in tokens)


def _of(kind: Any, value: Any) -> str:  # noqa: PLR0911 - a table: one kind, one line
    match kind:
        case sre.LITERAL:
            return chr(value)
        case sre.IN:
            return _of_a_set(value)
        case sre.MAX_REPEAT | sre.MIN_REPEAT | sre.POSSESSIVE_REPEAT:
            return _sample(value[2]) * max(1, value[0])
        case sre.SUBPATTERN:
            return _sample(value[-1])
        case sre.ATOMIC_GROUP:
            return _sample(value)
        case sre.BRANCH:
            return _sample(value[1][0])
        case sre.NOT_LITERAL | sre.ANY:
            return "a"
        case _:
            return ""  # a place, not a character


def _of_a_set(members: Any) -> str:
    for kind, value in members:
        if kind is sre.LITERAL:
            return chr(value)
        if kind is sre.RANGE:
            return chr(value[0])
        if kind is sre.CATEGORY:
            return {sre.CATEGORY_DIGIT: "0", sre.CATEGORY_SPACE: " "}.get(value, "a")
    return "a"


def _repeated(tokens: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Each part that may come again, with what stands before it."""
    for kind, value in tokens:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            yield before, _sample(value[2])
            yield from _repeated(value[2], before)
        elif kind is sre.SUBPATTERN:
            yield from _repeated(value[-1], before)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from _repeated(branch, before)
        before += _of(kind, value)


def _characters(tokens: Any) -> Iterator[str]:
    for kind, value in tokens:
        if kind is sre.LITERAL:
            yield chr(value)
        elif kind is sre.IN:
            yield from (chr(one) for what, one in value if what is sre.LITERAL)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            yield from _characters(value[2])
        elif kind is sre.SUBPATTERN:
            yield from _characters(value[-1])


def attacks(compiled: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    """What stands before, what is pumped, what stands after."""
    pattern = compiled.pattern.decode("latin-1") if isinstance(compiled.pattern, bytes) else compiled.pattern
    tokens = parser.parse(pattern, compiled.flags & ~re.UNICODE & ~re.ASCII | re.UNICODE)
    bodies = dict.fromkeys((*_repeated(tokens), *(("", char) for char in (*COMMON, *_characters(tokens)))))
    befores = dict.fromkeys(("", *(before for before, _ in bodies)))
    units = dict.fromkeys(unit for _, unit in bodies if unit)
    yield from product(list(befores)[:6], list(units)[:40], ENDINGS)


def sizes() -> Iterator[int]:
    """Ever longer, so that no step is a leap for what doubles with every character."""
    size = 8.0
    while size < LONGEST:
        yield int(size)
        size *= 1.25


# --- the verdict


def growth(one: Expression) -> float:
    """By how much the work is multiplied when its worst input is twice as long; infinite where it is catastrophic."""
    worst, longest = ("", "a", ""), 0.0
    for attack in attacks(one.compiled):
        took = _reach(one, attack)
        if took > longest:
            worst, longest = attack, took
        if took == float("inf"):
            return took
    return _doubled(one, worst)


def _pumped(attack: tuple[str, str, str], size: int) -> str:
    before, unit, after = attack
    return before + unit * max(1, size // len(unit)) + after


def _reach(one: Expression, attack: tuple[str, str, str]) -> float:
    """Seconds for a character, at the size where it takes long enough to be told; infinite where that is a short one."""
    took, size = 0.0, 1
    for size in sizes():
        took = _least(one, attack, size, LONG_ENOUGH)
        if took > TOO_LONG and size < SHORT:
            return float("inf")
        if took > LONG_ENOUGH and size >= SHORT:
            break
    return took / size


def _doubled(one: Expression, attack: tuple[str, str, str]) -> float:
    enough = (size for size in sizes() if size >= SHORT and _least(one, attack, size) > LONG_ENOUGH)
    size = next(enough, LONGEST // 4)
    return (_least(one, attack, 4 * size) / _least(one, attack, size)) ** 0.5


def _least(one: Expression, attack: tuple[str, str, str], size: int, enough: float = 0.0) -> float:
    """The least of several tries, or of those until one took no longer than `enough`: what else runs makes none shorter."""
    text, least = _pumped(attack, size), float("inf")
    for _ in range(TRIES):
        least = min(least, one.tried(text))
        if least <= enough:
            break
    return least


# --- the product's expressions


def everywhere() -> tuple[Expression, ...]:
    """Every expression in the source: those in calls of `re`, those that pydantic checks, those that tables hold."""
    return tuple(
        expression for room in ROOMS for path in sorted(Path(room).rglob("*.py")) for expression in in_file(path)
    )


def in_file(path: Path) -> Iterator[Expression]:
    """Those of one file. Raises AssertionError where one is asked for that cannot be found."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    asked = [(call.args[0], call) for call in calls if call.args and _asks(call)]
    asked += [(keyword.value, call) for call in calls for keyword in call.keywords if keyword.arg == "pattern"]
    if not asked:
        return
    module = import_module(".".join(path.with_suffix("").parts))
    held = {found.pattern: found for found in _held(vars(module).values(), module)}
    for node, call in asked:
        try:
            pattern = eval(compile(ast.Expression(node), str(path), "eval"), vars(module))  # noqa: S307 - our own source
        except NameError:
            assert held, f"{path}:{node.lineno} cannot be found"
            continue
        compiled = pattern if isinstance(pattern, re.Pattern) else held.get(pattern) or re.compile(pattern)
        name = getattr(call.func, "attr", "")
        yield Expression(
            f"{path}:{node.lineno}", compiled, name in FROM_THE_START or _only_from_the_start(tree, module, compiled)
        )
    known = {ast.unparse(node) for node, _ in asked}
    for pattern, compiled in held.items():
        if repr(pattern) not in known:
            yield Expression(f"{path} {pattern!r}", compiled, _only_from_the_start(tree, module, compiled))


def _asks(call: ast.Call) -> bool:
    func = call.func
    return (
        isinstance(func, ast.Attribute)
        and isinstance(func.value, ast.Name)
        and func.value.id == "re"
        and func.attr in ASKS
    )


def _held(things: Iterable[Any], module: ModuleType) -> Iterator[re.Pattern[Any]]:
    for thing in things:
        if isinstance(thing, re.Pattern):
            yield thing
        elif isinstance(thing, tuple):
            yield from _held(thing, module)
        elif isinstance(thing, Mapping) and thing is not module.__dict__.get("__builtins__"):
            yield from _held(thing.values(), module)
        elif is_dataclass(thing) and not isinstance(thing, type) and type(thing).__module__ == module.__name__:
            yield from _held((getattr(thing, one.name) for one in fields(thing)), module)


def _only_from_the_start(tree: ast.AST, module: ModuleType, compiled: re.Pattern[Any]) -> bool:
    """Whether the file asks it only so, under the name that it has there."""
    names = {name for name, value in vars(module).items() if value is compiled}
    ways = {
        node.func.attr for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name) and node.func.value.id in names
    }  # fmt: skip
    return bool(ways) and ways <= FROM_THE_START

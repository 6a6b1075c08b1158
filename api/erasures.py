"""`whistle erase`, `certificate` and `retention`: what is forgotten, by whom, and what is left of it."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer

from adapters.boards import register
from adapters.erasing import Certified, Ended, certified, ended
from api.one_case import case_of
from api.shell import Home, Language, Mistake, Url, Wanted, opened, out
from api.whole import Whole
from domain.actors import Actor, Role
from domain.commands import RequestErasure
from workflow import words as w
from workflow.ask import Refused
from workflow.casework import Order
from workflow.refusals import sentence
from workflow.words import Pair, said

DryRun = Annotated[bool, typer.Option(help="Say what would be erased; erase nothing")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs")]
SAYS: dict[str, Pair] = {
    "asked": ("已申请清除案件 {number} 的反映人信息；由数据专员或督办员在案件页面上同意后执行。", "Asked for: the reporter of case {number} is erased once a data officer or supervisor grants it, on the case's page."),
    "head": ("清除证明：案件 {number}", "Certificate of erasure: case {number}"),
    "erased": ("{at} 清除：{classes}（日志位置 {position}，{by}）。{reason}", "{at}: erased: {classes} (position {position} of the log, {by}). {reason}"),
    "waits": ("尚未执行。", "It is still to be carried out."),
    "done": ("{at} 已执行：销毁密钥 {keys} 个，删除照片 {photos} 张；已核实密钥不可读。", "Carried out {at}: {keys} keys destroyed, {photos} photos deleted; that the keys cannot be read was looked at."),
    "sealed": ("日志中只剩无法解读的密文。", "What stays in the log is sealed, and nobody can read it."),
    "backups": ("密钥库的备份最迟于 {until} 全部过期；此后任何备份中也不再有这些密钥。", "Copies of the key store have all expired by {until}: from then on no backup holds these keys."),
}  # fmt: skip
LEFT: dict[str, Pair] = {
    "old_rows": ("密钥表旧行：本账户不是表的所有者，请所有者运行 VACUUM FULL case_keys", "old rows of the key table, which this role does not own: its owner runs VACUUM FULL case_keys"),
    "log_files": ("数据库预写日志：请授予 pg_monitor、pg_checkpoint 及 pg_switch_wal() 执行权", "the database's log files: grant pg_monitor, pg_checkpoint and EXECUTE on pg_switch_wal()"),
    "kept_log_files": ("复制槽或 wal_keep_size 保留的预写日志", "log files that a replication slot or wal_keep_size holds back"),
    "archive": ("已归档的预写日志，随备份过期", "archived log files, which expire with the backups"),
    "standbys": ("备用库的预写日志", "log files of standbys, which are theirs to recycle"),
    "log_remains": ("案件库中尚未被覆写的残留：已删除照片的密文，以及提交内容的校验值；没有密钥和主密钥都不可解读", "what the log's database has not yet written over: deleted photos, sealed, and marks of what was sent; unreadable without keys that are gone, or the master key"),
}  # fmt: skip


def erase(
    wanted: Wanted,
    reason: Annotated[str, typer.Option(help="Why; it stays in the record")],
    url: Url = "",
    home: Home = None,
    lang: Language = "en",
) -> None:
    """Ask to have a reporter forgotten; a data officer or supervisor decides, on the case's page: it takes two people."""
    with opened(url, home) as whole:
        case = case_of(whole, wanted)
        officer = Actor("command-line", Role.DATA_OFFICER, whole.casework.case(case).place.district)
        order = Order(command=RequestErasure(reason), actor=officer, now=whole.now(), id=uuid4())
        try:
            whole.casework.handle(case, order)
        except Refused as refused:
            raise Mistake(sentence(refused, lang)) from None
        whole.boards.catch_up()
        out.print(_said("asked", lang, number=_number(whole, case)), markup=False)


def certificate(
    wanted: Wanted, url: Url = "", home: Home = None, lang: Language = "en", *, as_json: AsJson = False
) -> None:
    """What was erased of a case, when and why, what is left of it and until when; the same whenever it is asked for."""
    with opened(url, home) as whole:
        case = case_of(whole, wanted)
        if not as_json:
            _print(whole, case, lang)
            return
        told = {"case": _number(whole, case), "erasures": [asdict(one) for one in certificates(whole, case)]}
        out.print(json.dumps(told, default=_plain, indent=1, ensure_ascii=False), markup=False)


def retention(url: Url = "", home: Home = None, lang: Language = "en", *, dry_run: DryRun = False) -> None:
    """Erase now what has been kept as long as it may be; `serve` and `work` do it by themselves. Repeating it is safe."""
    with opened(url, home) as whole:
        whole.boards.catch_up()
        count = 0
        for one in ended(whole.boards.engine, whole.casework, whole.now(), write=not dry_run):
            out.print(_line(whole, one, lang), markup=False)
            count += 1
        if not dry_run:
            whole.erasing.carry_out(whole.now())
            whole.boards.catch_up()
        out.print(f"{count} to be erased" if dry_run else f"{count} erased", markup=False)


def certificates(whole: Whole, case: UUID) -> tuple[Certified, ...]:
    """Every erasure of a case."""
    backups = timedelta(days=whole.settings.key_backups_days)
    return tuple(certified(whole.casework.file(case), whole.erasing.of(case), backups))


def _line(whole: Whole, one: Ended, lang: str) -> str:
    zone = whole.law.calendar.tz
    return f"{one.number}  {said(w.SECRECIES, one.secrecy, lang)}  {one.since.astimezone(zone):%Y-%m-%d} → {one.at.astimezone(zone):%Y-%m-%d}"


def _number(whole: Whole, case: UUID) -> str:
    return register.number(whole.boards.engine, case) or str(case)


def _print(whole: Whole, case: UUID, lang: str) -> None:
    found, number = certificates(whole, case), _number(whole, case)
    if not found:
        raise Mistake(f"nothing was erased of {number}")
    out.print(_said("head", lang, number=number), markup=False)
    for one in found:
        for line in _lines(whole, one, lang):
            out.print(line, markup=False)


def _lines(whole: Whole, one: Certified, lang: str) -> Iterator[str]:
    def at(moment: datetime | None) -> str:
        return f"{moment.astimezone(whole.law.calendar.tz):%Y-%m-%d %H:%M}" if moment else ""

    classes = ("、" if lang != "en" else ", ").join(said(w.SECRECIES, each, lang) for each in one.classes)
    by = said(w.ROLES, one.by, lang)
    yield _said(
        "erased", lang, at=at(one.recorded_at), classes=classes, position=one.position, by=by, reason=one.reason
    ).strip()
    if one.carried_out_at is None:
        yield "  " + _said("waits", lang)
        return
    yield "  " + _said("done", lang, at=at(one.carried_out_at), keys=one.keys, photos=one.photos)
    yield "  " + _said("sealed", lang)
    for code in one.left:
        yield "  - " + said(LEFT, code, lang)
    yield "  " + _said("backups", lang, until=at(one.backups_until))


def _said(key: str, lang: str, **values: object) -> str:
    return said(SAYS, key, lang).format(**values)


def _plain(value: Any) -> str:  # noqa: ANN401 - what JSON does not know
    return value.isoformat() if isinstance(value, datetime) else str(value)

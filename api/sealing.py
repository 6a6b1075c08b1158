"""`whistle verify` and `whistle seal`: whether history is as it was, told to a person or a program; checkpoints to keep elsewhere."""

import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from adapters.seal import SEAL, BrokenError
from adapters.seal.checkpoints import Checkpoint, notes_in
from adapters.seal.faults import Fault
from adapters.seal.proofs import NotAProofError, Proof
from adapters.seal.verifying import Kept, Report, verified
from adapters.sealing.signing import NotANoteError, PublicKey, read_signing_key
from adapters.store.engine import engine_at
from adapters.store.migrate import check
from api.locale import text
from api.settings import Settings
from api.shell import Home, Language, Mistake, Url, err, opened, out, settings_of

seals = typer.Typer(help="What the log was, signed.")
Files = Annotated[
    list[Path] | None,
    typer.Option("--against", help="Checkpoints that were kept elsewhere: the log must begin with each"),
]
Receipts = Annotated[list[Path] | None, typer.Option("--receipt", help="A resident's proof: its event must be there")]
Keys = Annotated[
    list[str] | None,
    typer.Option("--key", help="A public key that is trusted, as `whistle seal key` printed it; otherwise ours"),
]
MOST = 1_000  # faults that are told


def verify(
    against: Files = None,
    receipt: Receipts = None,
    key: Keys = None,
    url: Url = "",
    home: Home = None,
    lang: Language = "en",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For programs")] = False,
) -> None:
    """Read the whole log and say whether it is as it was sealed and signed; exit code 1, and a line for each fault, where it is not."""
    settings = settings_of(url, home)
    kept = [*_checkpoints(against or []), *_receipts(receipt or [])]
    with Progress(console=err, transient=True) as progress:
        task = progress.add_task("events", total=None)
        report = _verified(
            settings, key or [], kept, lambda done, total: progress.update(task, completed=done, total=total)
        )
    if as_json:
        sys.stdout.write(json.dumps(_told(report), ensure_ascii=False) + "\n")
    else:
        for line in _lines(report, lang):
            out.print(line, markup=False)
    if report.faults:
        raise typer.Exit(1)


@seals.callback(invoke_without_command=True)
def standing(context: typer.Context, url: Url = "", home: Home = None) -> None:
    """How far the log is sealed, and when it was signed last."""
    if context.invoked_subcommand is None:
        with opened(url, home) as whole:
            last = whole.seal.last()
            out.print(f"sealed: {whole.seal.size()} of {whole.seal.head()} events")
            out.print(f"signed: {last.size} events, {_at(last.at)}" if last else "signed: nothing yet")


@seals.command()
def checkpoint(url: Url = "", home: Home = None) -> None:
    """Seal and sign all there is now, and print it: to be kept where nobody of this office can change it."""
    with opened(url, home) as whole:
        try:
            whole.seal.catch_up(whole.now())
        except BrokenError as broken:
            raise Mistake(f"nothing is signed: {broken}; run `whistle verify`") from None
        last = whole.seal.last()
        if last is None:
            raise Mistake("nothing is in the log yet")
        sys.stdout.write(last.note)


@seals.command()
def key(url: Url = "", home: Home = None) -> None:
    """Print the public key, to be given to whoever wants to check."""
    out.print(read_signing_key(settings_of(url, home).seal_key).public.text, markup=False)


# --- what is asked


def _verified(settings: Settings, keys: list[str], kept: list[Kept], progress: Any) -> Report:  # noqa: ANN401 - of rich
    trusted = [PublicKey.of(one) for one in keys] or [read_signing_key(settings.seal_key).public]
    log, seal = engine_at(settings.log), engine_at(settings.seal)
    try:
        check(log)
        check(seal, SEAL)
        return verified(seal, log, trusted, kept, progress)
    finally:
        log.dispose()
        seal.dispose()


def _checkpoints(paths: list[Path]) -> Iterator[Kept]:
    for path in paths:
        try:
            notes = list(notes_in(path.read_text(encoding="utf-8")))
        except (NotANoteError, UnicodeDecodeError):
            raise Mistake(f"{path}: this is no file of checkpoints") from None
        if not notes:
            raise Mistake(f"{path}: there is no checkpoint in it")
        yield from (Kept(str(path), note) for note in notes)


def _receipts(paths: list[Path]) -> Iterator[Kept]:
    for path in paths:
        try:
            yield Kept(str(path), Proof.of(path.read_text(encoding="utf-8")))
        except (NotAProofError, UnicodeDecodeError):
            raise Mistake(f"{path}: this is no receipt's proof") from None


# --- what is told


def _told(report: Report) -> dict[str, Any]:
    """For programs."""
    last = report.signed[-1] if report.signed else None
    return {
        "whole": not report.faults,
        "size": report.size,
        "root": b64encode(report.root).decode(),
        "head": report.head,
        "waits_since": report.waits_since and report.waits_since.isoformat(),
        "signed": last and {"size": last.size, "root": last.root_text, "at": last.at.isoformat(), "by": last.origin},
        "kept": [{"source": kept.source, "size": one.size, "at": one.at.isoformat()} for kept, one in report.borne_out],
        "faults": [{**asdict(fault), "stream": fault.stream and str(fault.stream)} for fault in report.faults[:MOST]],
        "more": max(len(report.faults) - MOST, 0),
    }


def _lines(report: Report, lang: str) -> Iterator[str]:
    """For people: a line for each fault first."""
    for fault in report.faults[:MOST]:
        yield sentence(fault, lang)
    if len(report.faults) > MOST:
        yield text("fault_more", lang, n=len(report.faults) - MOST)
    whole = "verify_not_whole" if report.faults else "verify_whole"
    yield text(whole, lang, size=report.size, n=len(report.faults))
    yield text("verify_root", lang, root=b64encode(report.root).decode())
    yield _signed(report, lang)
    if report.waits_since:
        yield text("verify_waits", lang, n=report.head - report.size, since=_at(report.waits_since))
    for kept, found in report.borne_out:
        yield _kept(kept, found, lang)


def _signed(report: Report, lang: str) -> str:
    if not report.signed:
        return text("verify_unsigned", lang)
    last = report.signed[-1]
    return text("verify_signed", lang, size=last.size, at=_at(last.at), by=last.origin)


def _kept(kept: Kept, found: Checkpoint, lang: str) -> str:
    if isinstance(kept.what, str):
        return text("verify_kept", lang, source=kept.source, size=found.size, at=_at(found.at))
    event = kept.what.event
    said = text("an_event", lang, name=event.name, version=event.version, stream=event.stream)
    return text(
        "verify_receipt", lang, source=kept.source, event=said, position=event.position, recorded=_at(event.recorded_at), at=_at(found.at)
    )  # fmt: skip


def sentence(fault: Fault, lang: str) -> str:
    """A fault in words."""
    first, last = fault.position, max(fault.until, fault.position)
    return text(
        f"fault_{fault.kind}", lang,
        position=first, other=fault.other, before=first - 1, said=fault.said, source=f"{fault.source}: " if fault.source else "",
        stretch=text("up_to", lang, first=first, last=last) if last > first else str(first),
        event=text("an_event", lang, name=fault.name, version=fault.version, stream=fault.stream),
    )  # fmt: skip


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"

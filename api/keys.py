"""`whistle keys`: the master keys, and which wraps how many keys of cases."""

import typer

from adapters.sealing import retire as retired
from adapters.sealing import rotate as rotated
from adapters.sealing import wrappings
from api.erasures import LEFT
from api.shell import Home, Language, Mistake, Url, opened, out
from api.whole import Whole
from workflow.words import said

keys = typer.Typer(no_args_is_help=True, help="The master key, which wraps the keys of all cases.")


@keys.command(name="list")
def listed(url: Url = "", home: Home = None) -> None:
    """Every master key by its name, and how many keys of cases each wraps."""
    with opened(url, home) as whole:
        _show(whole)


@keys.command()
def rotate(url: Url = "", home: Home = None) -> None:
    """A new master key, and every case's key wrapped by it; beside those who work. Cut off, run it again."""
    with opened(url, home) as whole:
        done = 0
        for done in rotated(whole.keys, whole.settings.master_key):  # noqa: B007 - what the last one said
            pass
        whole.logins.wrapped_anew()
        out.print(f"{done} keys wrapped anew", markup=False)
        _show(whole)
        if stuck := sum(one.keys for one in wrappings(whole.keys) if one.how != "current"):
            raise Mistake(
                f"{stuck} keys could not be unwrapped: their master key is not in the file, or they were altered"
            )


@keys.command()
def retire(url: Url = "", home: Home = None, lang: Language = "en") -> None:
    """Forget the earlier master keys; receipts that were given under them stay good. Older copies of the key store need them: keep one aside until those expire."""
    with opened(url, home) as whole:
        whole.logins.wrapped_anew()
        names, left = retired(whole.keys, whole.settings.master_key)
        out.print(f"retired: {', '.join(names) or 'none'}", markup=False)
        for code in sorted(left):
            out.print(f"beyond our reach, see to it: {said(LEFT, code, lang)}", markup=False)


def _show(whole: Whole) -> None:
    for one in wrappings(whole.keys):
        out.print(f"{one.id}  {one.how:8}  {one.keys} keys", markup=False)

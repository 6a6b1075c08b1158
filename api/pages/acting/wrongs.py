"""Why a form was not taken, as its page says it: a summary on top, and a sentence at each field."""

from dataclasses import dataclass

from pydantic import ValidationError

from api.pages.acting.warned import MayTellError
from api.pages.reading import Reading
from api.pages.routing import NoPageError
from api.problems import SENTENCES, Trouble, status_of
from api.wrong import wrong
from workflow.ask import Refused
from workflow.casework import StaleError
from workflow.refusals import sentence


@dataclass(frozen=True)
class Wrong:
    """Why a form was not taken: the summary, and the sentence at each field."""

    status: int
    summary: str
    fields: dict[str, str]
    anyway: str = ""  # what is sent where it is meant all the same


def wrong_of(v: Reading, error: Exception) -> Wrong:
    """An error as the page says it. Raises NoPageError where what it is about is not within reach."""
    match error:
        case Refused():
            field = {str(error.arguments["field"]): sentence(error, v.language)} if error.code == "say_it" else {}
            return Wrong(status_of(error), sentence(error, v.language), field)
        case StaleError():
            return Wrong(412, v.t("changed_meanwhile"), {})
        case Trouble():
            status, words = SENTENCES["sent_before" if error.code == "key_of_another" else error.code]
            if status == 404:  # noqa: PLR2004 - HTTP
                raise NoPageError from None
            return Wrong(status, words[v.language == "en"].format(**error.arguments), {})
        case MayTellError():
            return Wrong(422, v.t("may_tell"), _told(v, error), error.anyway)
        case ValidationError():
            told = {".".join(one["where"]): one["what"] for one in wrong(error.errors(), v.language)}
            return Wrong(422, v.t("look_at_the_fields"), told)
        case _:
            status, words = SENTENCES["contended"]
            return Wrong(status, words[v.language == "en"], {})


def _told(v: Reading, error: MayTellError) -> dict[str, str]:
    """At each field, what was found in it."""
    found: dict[str, str] = {}
    for field, kind, words in error.pieces:
        one = v.t(f"may_tell_{kind}", words=words)
        found[field] = f"{found[field]} {one}" if field in found else one
    return found

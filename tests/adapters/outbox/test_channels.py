"""The file of channels: what it may say, and every fault in one clear line that tells no secret."""

from pathlib import Path

import pytest

from adapters.outbox import BadChannelsError, Channels, channels_of, strangers
from tests.adapters.outbox.post import ALLOWED, address, webhook
from tests.adapters.outbox.receivers import NEXT_SECRET, SECRET
from tests.town import TOWN

MAIL = "mailtos://user:hidden@mail.city.example?to=water@city.example"
SMS = "jsons://user:hidden@sms.city.example/send/{phone}"


def read(tmp_path: Path, said: str, **secrets: str) -> Channels:
    file = tmp_path / "channels.toml"
    file.write_text(said, encoding="utf-8")
    return channels_of(file, secrets)


def test_no_file_tells_nobody(tmp_path: Path) -> None:
    assert channels_of(tmp_path / "channels.toml", {}) == Channels()


def test_who_is_reached_how(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        address(MAIL)
        + webhook("https://city.example/hook", "water", "roads")
        + webhook("https://hub.example/hook", "*", name="hub")
        + address(SMS, "reporter", name="sms"),
    )
    assert [way.name for way in found.to_unit("water")] == ["mail", "hook", "hub"]
    assert [way.name for way in found.to_unit("gas")] == ["hub"]
    assert [way.name for way in found.to_reporters] == ["sms"]
    assert "hidden" not in repr(found) and SECRET not in repr(found)
    assert list(strangers(found, TOWN)) == []


def test_two_secrets_stand_at_once_and_come_from_the_environment(tmp_path: Path) -> None:
    said = webhook("env:WHISTLE_SECRET_URL").replace(
        f'"{SECRET}"', '["env:WHISTLE_SECRET_NOW", "env:WHISTLE_SECRET_NEXT"]'
    )
    kept = {
        "WHISTLE_SECRET_URL": "https://a.example/",
        "WHISTLE_SECRET_NOW": SECRET,
        "WHISTLE_SECRET_NEXT": NEXT_SECRET,
    }
    (way,) = read(tmp_path, said, **kept).ways
    assert (way.url, way.secret) == ("https://a.example/", (SECRET, NEXT_SECRET))


def test_a_unit_that_the_district_does_not_have_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, address(MAIL, "watr", "water", "*"))
    assert list(strangers(found, TOWN)) == [f"mail: there is no unit watr in {TOWN.edition}"]


FAULTS = {
    "[[channel": "Expected ']]' at the end",
    'allow = ["10.1.2.0/33"]\n': "allow 1: value is not a valid IPv4 or IPv6 network",
    'allo = ["10.1.2.0/24"]\n': "allo: Extra inputs are not permitted",
    address(MAIL, name="a b"): "channel 1 name: String should match pattern",
    address(MAIL).replace("address", "adress"): "channel 1 adress: Extra inputs are not permitted",
    address(MAIL) + address(MAIL): "mail: two channels have this name",
    address(MAIL, language="bo"): "channel 1 language: Input should be 'zh' or 'en'",
    address(MAIL) + f'secret = "{SECRET}"\n': "channel 1: a webhook (`url`) needs a `secret`, and only a webhook does",
    '[[channel]]\nname = "x"\nto = "water"\n': "channel 1: say either `address` or `url`, and not both",
    address(MAIL).replace('["water"]', "[]").replace("['water']", "[]"): "channel 1 to: Tuple should have at least 1 item",
    address("dbus://"): "mail: address: dbus:// is not among 46elks,",
    address("file:///etc/passwd"): "mail: address: file:// is not among 46elks,",
    address("mailto://"): "mail: address: mailto:// is written otherwise",
    address(MAIL, "reporter"): "mail: address: {phone} stands where reporters are reached, and nowhere else",
    address(SMS): "mail: address: {phone} stands where reporters are reached, and nowhere else",
    address(SMS, "reporter", "water"): "mail: a channel for reporters is for nobody else",
    webhook("https://a.example", "reporter"): "hook: reporters are reached by an `address` that holds {phone}",
    webhook("http://a.example"): "hook: url: write https://…; http:// only to a literal address inside `allow`",
    webhook("http://127.0.0.1:1/"): "hook: url: write https://…",
    webhook("ftp://a.example"): "hook: url: write https://…",
    webhook("https://[::1"): "hook: url: write https://…",
    webhook("https://a.example", secret="whsec_QUJD"): "hook: secret: write whsec_ and 24 to 64 bytes in base64",  # noqa: S106 - a short one
    webhook("https://a.example", secret="hunter2"): "hook: secret: write whsec_",  # noqa: S106 - none
    webhook("https://a.example", secret="env:PATH"): "hook: the environment does not say it: only WHISTLE_SECRET_… can be named",  # noqa: S106 - a name
    webhook("https://a.example", secret="env:WHISTLE_SECRET_GONE"): "hook: the environment does not say it",  # noqa: S106 - a name
}  # fmt: skip


@pytest.mark.parametrize("said", FAULTS, ids=lambda said: FAULTS[said][:40])
def test_a_fault_is_one_clear_line(said: str, tmp_path: Path) -> None:
    with pytest.raises(BadChannelsError) as found:
        read(tmp_path, said)
    assert any(fault.startswith(FAULTS[said]) for fault in found.value.faults), found.value.faults
    assert str(found.value).startswith("channels.toml: ") and "\n" not in str(found.value)
    assert "hidden" not in str(found.value) and "hunter2" not in str(found.value)


def test_an_allowed_network_may_be_called_in_clear(tmp_path: Path) -> None:
    assert read(tmp_path, ALLOWED + webhook("http://127.0.0.1:8080/hook")).ways


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadChannelsError) as found:
        read(tmp_path, address("dbus://") + webhook("http://a.example"))
    assert len(found.value.faults) == 2

"""What shows by itself: what is new, and what could not be sent."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "live_news": ("有 {n} 件新案", "{n} new"),
    "sound_on": ("新哨声提示音：开", "Sound for a new whistle: on"),
    "sound_off": ("新哨声提示音：关", "Sound for a new whistle: off"),
    "unsent": ("没有办成", "This was not done"),
    "unsent_way": (
        "网络不通，或系统暂时没有应答。您填写的内容还在，请再按一次按钮；即使刚才其实已经办成，也不会重复办理。",
        "There is no connection, or no answer came. What you filled in is still here: press the button again. Should it have been done after all, it is not done twice.",
    ),
    "signed_out": ("您已退出登录", "You are signed out"),
    "signed_out_way": (
        "您填写的内容还在。请在新窗口登录后，回到本页再按一次按钮。",
        "What you filled in is still here. Sign in, in a new window, then come back and press the button again.",
    ),
}

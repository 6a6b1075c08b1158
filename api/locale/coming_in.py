"""Coming in."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "by_oidc": ("用本市统一账号登录", "Sign in with the city's account"),
    "by_oidc_note": ("将转到统一身份认证页面，登录后自动返回。", "You are sent to the city's sign-in page, and come back from there."),
    "by_local": ("用本单位账号登录", "Sign in with an account of this office"),
    "local_name": ("账号", "Account"),
    "local_password": ("密码", "Password"),
    "local_code": ("验证码", "One-time code"),
    "local_code_hint": ("身份验证器应用里的六位数字，每个只能用一次。", "The six digits that your authenticator app shows; each is good once."),
    "bad_login": ("账号、密码或验证码不对。忘记了请找管理员重设。", "The account, the password or the code is not right. If you have lost one of them, the administrator resets it."),
    "no_way_in": ("还没有设置登录方式", "There is no way in yet"),
    "no_way_in_way": ("请管理员运行 whistle login add 建立账号，或在 oidc.toml 中设置统一身份认证。", "An administrator makes an account with “whistle login add”, or sets up the city's accounts in oidc.toml."),
    "left_here": ("您已退出本系统。统一账号仍处于登录状态：", "You are signed out here. Your city account is still signed in:"),
    "leave_there": ("同时退出统一账号", "Sign out there too"),
    "offices": ("选择岗位", "Choose your office"),
    "offices_note": ("您有多个岗位。进入后可随时从页首更换。", "You hold several offices. You can change at any time, at the top of each page."),
    "office_now": ("当前", "now"),
    "offices_none": ("您现在没有任何岗位。", "You hold no office now."),
    "not_in_plain": ("此连接未加密，不能登录", "Nobody signs in over this connection"),
    "not_in_plain_way": ("地址应以 https:// 开头。请改用加密地址；如没有，请联系管理员：服务前须有 TLS。", "It is not encrypted: the address has to begin with https://. Use that one; if there is none, tell the administrator that TLS has to stand before this server."),
    "not_in_refused": ("登录没有完成", "You were not signed in"),
    "not_in_refused_way": ("这次登录已过期、已用过，或统一身份认证没有确认您的身份；什么都没有改变。请重新登录。", "This attempt was too old, was used before, or the city's sign-in did not vouch for you; nothing has changed. Sign in again."),
    "not_in_bound": ("您的账号还没有对应到工作人员", "Your account is not linked to anybody here"),
    "not_in_bound_way": ("您已通过统一身份认证，但本系统还不知道您是哪位工作人员。请把这个代码告诉管理员（它不含您的姓名）：", "The city's sign-in knows you, but nobody here is linked to that account. Give this code to the administrator; it does not tell who you are:"),
    "not_in_office": ("您现在没有岗位", "You hold no office now"),
    "not_in_office_way": ("您的岗位已到期、被收回，或尚未开始。请联系管理员。", "Your office has ended, was taken back, or has not begun. Ask the administrator."),
    "not_in_away": ("统一身份认证暂时连不上", "The city's sign-in cannot be reached"),
    "not_in_away_way": ("什么都没有改变。请过一会儿再试。", "Nothing has changed. Try again in a while."),
    "sign_in_again": ("重新登录", "Sign in again"),
}  # fmt: skip

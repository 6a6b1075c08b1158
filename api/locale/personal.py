"""What may tell who somebody is: said to whoever writes it, and to the clerk who looks at it."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "look_once_more": ("请再看一眼", "Please look once more"),
    "may_tell": ("这段文字不加密，其中可能有个人信息。请改掉，或确认照写。", "These words are not sealed, and may tell who somebody is. Change them, or write them all the same."),
    "may_tell_here": ("这里不加密，请再看一眼：", "This is not sealed; look once more:"),
    "write_anyway": ("确认照写", "Write it all the same"),
    "may_tell_phone": ("像是电话号码：{words}。", "It looks like a phone number: {words}."),
    "may_tell_identity": ("像是身份证号：{words}。", "It looks like the number of an identity card: {words}."),
    "may_tell_plate": ("像是车牌号：{words}。", "It looks like a number plate: {words}."),
    "may_tell_email": ("像是电子邮箱：{words}。", "It looks like an e-mail address: {words}."),
    "may_tell_account": ("像是银行账号：{words}。", "It looks like the number of an account: {words}."),
    "kind_phone": ("电话", "phone"),
    "kind_identity": ("身份证", "identity card"),
    "kind_plate": ("车牌", "plate"),
    "kind_email": ("邮箱", "e-mail"),
    "kind_account": ("账号", "account"),
    "marked_how": ("下列文字没有加密，可能含个人信息；查看之前，案情摘要不会公开。摘要可用“更正”改写；没有问题的，请确认。", "These words are not sealed and may tell who somebody is; until somebody has looked, the summary is not public. Amend the summary where it must go; where nothing is wrong, say so."),
    "marked_entry": ("第 {n} 条记录", "entry {n}"),
}  # fmt: skip

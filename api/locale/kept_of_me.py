"""Everything that is kept about a report; and what is kept of people at all, in plain words."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "kept_link": ("我的这件事里保存了什么", "Everything that is kept about this report"),
    "kept_of_mine": ("这件事里保存的全部内容", "Everything that is kept about this report"),
    "kept_intro": ("只有凭回执才能看到。要带走，请下载：照片也在里面。", "Only your receipt opens this. To take it away, download it: the photos are in it."),
    "kept_download": ("下载（JSON）", "Download (JSON)"),
    "kept_said": ("您说的和留下的", "What you said and left"),
    "kept_no_words": ("没有保存您的原话或联系方式。", "Neither words nor contact of yours are kept."),
    "kept_erased": ("已清除，无人能读", "erased: nobody can read it any more"),
    "kept_own_photos": ("您的照片", "Your photos"),
    "kept_by_staff": ("办理人员还加密保存了 {n} 条补充说明或照片；想了解，请联系本区数据专员。", "Those who work on it keep {n} notes or photos of their own, sealed; ask the district's data officer about them."),
    "kept_spans": ("为什么保存、保存多久", "Why it is kept, and how long"),
    "kept_for": ("用途", "Kept for"),
    "kept_days": ("自{since}起 {days} 天", "{days} days from {since}"),
    "kept_why": ("{purpose}；{days}：", "{purpose}; {days}:"),
    "kept_until": ("保存到 {day}（含），之后自动清除", "kept until {day}, that day included, and then erased by itself"),
    "kept_open": ("还在办理，不会清除；结束后开始计算", "it is still being worked on, and nothing is erased; the days count from its end"),
    "kept_looks": ("谁看过您的联系方式", "Who looked at your contact"),
    "kept_no_looks": ("还没有人查看过。", "Nobody has looked."),
    "do_EraseContact": ("清除我的联系方式", "Have my contact erased"),
    "do_EraseContact_way": ("姓名、电话、住址将立即永久清除，无法恢复：不会再有人给您打电话或发短信。这件事照常办理，凭回执仍可查看进展和答复。", "Name, number and address are erased at once and for good: nobody will call you or write to you about this any more. It is dealt with all the same, and your receipt goes on showing you where it stands."),
    "do_EraseContact_sure": ("我明白：清除后不能恢复，也不会再接到电话", "I understand: it cannot be undone, and nobody will call me"),
    "do_EraseContact_send": ("确认清除", "Yes, erase it"),
    "done_EraseContact": ("联系方式已清除。", "Your contact is erased."),
    # what is kept of people
    "privacy_title": ("保存什么、为什么、多久", "What is kept of you, why, and how long"),
    "privacy_intro": ("只保存办好一件事需要的内容。不建立人员档案，不把不同的反映联系到同一个人，不跟踪居民或工作人员。", "Only what it takes to deal with one matter. There is no register of persons, reports are never linked to one another, and nobody is tracked: neither residents nor staff."),
    "privacy_sealed": ("下面的内容从写下起就加密：每件事、每一类各有一把密钥；密钥销毁后，谁也读不出来；密钥的备份 {days} 天内过期，此后备份里也读不出来。", "What stands below is sealed from the moment it is written, under a key of its own for each report and each kind; once the key is destroyed nobody can read it; copies of keys expire within {days} days, and from then on nobody can read it from a backup either."),
    "privacy_holds": ("包括", "That is"),
    "privacy_who": ("谁可以看", "Who may look"),
    "privacy_contact_who": ("只在回访时：{who}；每次查看都有记录", "Only to call you back: {who}; each look is recorded"),
    "privacy_narrative_who": ("办理这件事的人员", "Those who work on the matter"),
    "privacy_photos_who": ("{who}；未经审核不公开", "{who}; never the public, unless a clerk has cleared it"),
    "privacy_how_long": ("保存多久", "How long"),
    "privacy_rights": ("您的权利", "Your rights"),
    "privacy_right_look": ("凭回执随时查看并下载这件事里保存的全部内容。", "By your receipt, look at and download everything that is kept about your report, whenever you like."),
    "privacy_right_erase": ("凭回执随时清除联系方式；这件事照常办理。", "By your receipt, have your contact erased whenever you like; it is dealt with all the same."),
    "privacy_right_all": ("要求清除全部内容，或对保存有疑问，请联系本区数据专员。", "To have all of it erased, or with any question, turn to the district's data officer."),
    "privacy_right_nothing": ("不留姓名电话也可以反映，凭回执一样看到答复。", "You may report without leaving a name or number; the receipt shows you the answer all the same."),
    "privacy_stays": ("类别、地点、办理经过和公开答复作为公共记录保留，其中没有您的姓名、电话和原话。", "The kind, the place, what was done and the public answer stay as a public record: without your name, number or words."),
}  # fmt: skip

"""The photos of a case."""

from collections.abc import Mapping

from workflow.words import Pair

TEXTS: Mapping[str, Pair] = {
    "photos": ("照片", "Photos"),
    "photos_empty": ("还没有照片。", "There are no photos."),
    "photo_alt": ("照片 {n}（共 {of} 张），{at} 添加", "Photo {n} of {of}, added {at}"),
    "photo_erased": ("已应反映人要求清除，无法再查看。", "Erased because the reporter asked; nobody can see it any more."),
    "photo_elsewhere": ("照片不在本系统中。", "This photo is not kept here."),
    "photo_public": ("已公开", "cleared for the public"),
    "photo_internal": ("未公开", "not public"),
    "photo_clear": ("同意公开", "Clear for the public"),
    "photo_unclear": ("撤回公开", "Take back"),
    "photo_clear_hint": ("公开前请看清：照片里没有人脸、车牌、门牌号。", "Look first: no faces, number plates or door numbers may be in it."),
    "photo_add": ("添加照片", "Add photos"),
    "photo_choose": ("选择照片（最多 {n} 张，每张不超过 10 MB）", "Photos (at most {n}, of 10 MB each)"),
    "photo_hint": ("拍事，不拍人。拍摄地点等附带信息会自动去掉，照片加密保存。", "Of the matter, not of people. Where it was taken and the like is taken out; it is kept sealed."),
    "photo_full": ("已有 {n} 张照片，不能再添加。", "There are {n} photos; no more can be added."),
}  # fmt: skip

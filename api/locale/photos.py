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
    "photo_clear": ("遮盖并公开…", "Black out and clear…"),
    "photo_clear_hint": ("公开前先遮盖人脸、车牌、门牌号和证件；公开的只是遮盖后的副本。", "Faces, plates, doorbells and documents are blacked out first; only the copy is ever public."),
    "clearing_title": ("照片 {n}：遮盖并公开", "Photo {n}: black out and clear"),
    "clearing_how": ("在照片上拖出黑框盖住人脸、车牌、门牌号和证件。也可以用下面的数字（占照片宽、高的百分比）。", "Draw boxes over faces, plates, doorbells and documents; or say by number where they are, in per cent of the photo's width and height."),
    "clearing_box": ("遮盖框 {n}", "Box {n}"),
    "clearing_left": ("距左 %", "From the left, %"),
    "clearing_top": ("距上 %", "From the top, %"),
    "clearing_width": ("宽 %", "Wide, %"),
    "clearing_height": ("高 %", "High, %"),
    "clearing_add": ("添加遮盖框", "Add a box"),
    "clearing_remove": ("去掉", "Take it out"),
    "clearing_show": ("看看效果", "Show me"),
    "clearing_nothing": ("看过了，没有需要遮盖的", "I have looked: there is nothing to black out"),
    "clearing_do": ("公开遮盖后的副本", "Clear the copy for everybody"),
    "clearing_alt": ("要遮盖的照片", "The photo, to be blacked out"),
    "clearing_over": ("黑框盖住的地方", "What is blacked out"),
    "clearing_public": ("现在公开的样子", "What everybody sees now"),
    "clearing_public_alt": ("遮盖后公开的副本，遮盖 {n} 处", "The copy that is public; places blacked out: {n}"),
    "clearing_not_public": ("这张照片没有公开。", "This photo is not public."),
    "clearing_withhold": ("不再公开…", "Withhold it…"),
    "clearing_back": ("回到案件", "Back to the case"),
    "photo_add": ("添加照片", "Add photos"),
    "photo_choose": ("选择照片（最多 {n} 张，每张不超过 10 MB）", "Photos (at most {n}, of 10 MB each)"),
    "photo_hint": ("拍事，不拍人。拍摄地点等附带信息会自动去掉，照片加密保存。", "Of the matter, not of people. Where it was taken and the like is taken out; it is kept sealed."),
    "photo_full": ("已有 {n} 张照片，不能再添加。", "There are {n} photos; no more can be added."),
}  # fmt: skip

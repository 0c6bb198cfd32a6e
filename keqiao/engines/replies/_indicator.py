"""What a figure counts: a phrase of the words before and behind it, under the programme they stand in."""

from __future__ import annotations

import re

from keqiao.engines.replies._candidates import Candidate
from keqiao.engines.replies._places import Place
from keqiao.engines.replies._vocabulary import Vocabulary

_TIME = re.compile(
    r"(?:截至|截止)?(?:到)?(?:\d{4}年?[—\-～至]\d{4}年(?:间|期间)?|\d{4}年(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|初|以来|上半年|下半年|[一二三四]季度)?前?|“?十[三四五]五”?(?:以来|期间)|近[一二两三四五六七八九十\d]{1,2}年来?|近年来|目前|累计|每年|今年以来|今年|去年|上年度?)，?"
)
_LEAD = re.compile(
    r"^(?:[一二三四五六七八九十]{1,2}是|（[一二三四五六七八九十\d]{1,2}）|\d{1,2}\.|[，、；：。“”（]|同时|其中|另外|此外|并且|并|先后|还|也|已经|已|共计|共|总计|合计|分别|全年|据不完全统计|截至|截止|我[省市县区厅局委办]|全[省市县区]|(?:省|市|县|区)[一-鿿]{1,8}?(?:厅|局|委|办)(?=[一-鿿])|通过|将|拟|于(?=推|20|\d)|推动|推进|力争|确保|预计|计划(?!项目)|到(?=20)|对(?=[^，]{0,40}给予)|以|在(?=20)|及|和|与|以及)"
)
_TRAIL = re.compile(
    r"(?:超过|突破|达到|达|约|近|超|逾|不少于|不低于|不超过|最高|共|共计|合计|已|有|为|是|了|至|到|仅|分别|累计|总计|多达|高达|的|（|“|首次|还|均|各|前后|先后|不足|不到|至少|将近|增至|升至|在|由|从|按|：|，|、|计|新)$"
)
_STOP = re.compile(r"[，。；：、！？\n\t]")
_LIST = re.compile(r"[^，。；：\n]*?、[^，。；：\n]*(?:等|以及|和|及)(?=[^，。；：、\n]{2,})")
_BREAK = re.compile(r"以上|以内|左右|（(?=其中|含|占|较|同比)")
_NEXT = re.compile(r"\d|以上|以内|左右|（(?=其中|含|占|较|同比)")
_NUMBER = re.compile(r"\d[\d.,]{0,16}[余多]?[十百千万亿]{0,3}[余多]?(?:元|户|家|个|项|名|人|位|件|台|%|批|次|场)?")
_AGAINST = re.compile(r"同比|环比|年均|分别|较(?!大|好|高|多|强|为)|比(?=\d|上|去|年|同|全)")
_GREW = re.compile(
    r"(?:增长率|增长|增加|增幅|增速|提高|提升|下降|减少|降低|上升|净增|缩短|压缩|高于|低于)(?:了|约|近|超)?.{0,10}$"
)
_BECOMES = re.compile(
    r"(?:增至?|增加到?|缩短到?|缩短至|降至?|降到|提高到|提升至?|提高至?|升至?|减至|减少到|压缩至?|压缩到|扩大到)数?"
)
_LONGEST, _SHORT_LIST = 34, 22


class Indicators:
    """Reads the phrase of a figure."""

    def __init__(self, flat: str, vocabulary: Vocabulary) -> None:
        self._flat, self._lists = flat, vocabulary.lists

    def phrase(self, figure: Candidate, place: Place, kind: str, previous: str | None, since: int) -> str:
        """Cleaned words before and behind the number; `previous` where a comparison has no noun of its own."""
        before = self._before(figure, place, since)
        behind = self._behind(figure, place)
        core = before + behind
        if kind == "growth" or (kind == "delta" and not behind):
            core = self._compared(before, previous, kind)
        if kind not in ("growth", "delta") and (len(_letters(core)) < 2 or _BECOMES.fullmatch(core)):
            core = previous or self._context(figure, place)
        elif len(_letters(core)) < (8 if self._is_part(figure, place) else 6) and kind not in ("growth", "delta"):
            core = (previous[:12] if previous else self._context(figure, place)) + core
        return core

    def _is_part(self, figure: Candidate, place: Place) -> bool:
        """Behind 其中, in another clause than the noun it narrows: 其中光电领域3项，支持经费780万元."""
        return "其中" in self._flat[place.sentence[0] : place.clause[0]] and figure.start > place.clause[0]

    def _before(self, figure: Candidate, place: Place, since: int) -> str:
        start = max(place.clause[0], since)
        text = self._flat[start : figure.start]
        parts = text.rsplit("、", 1)
        if since > place.clause[0] and len(parts) == 2 and len(parts[0]) < 2:
            text = parts[1]
        return self._clean(text)

    def _clean(self, text: str) -> str:
        text = _TIME.sub("", text)
        if text.endswith("等") and ("”" in text or len(text) > _SHORT_LIST):
            text = ""  # 甲银行、乙银行…等7家: examples of what the noun behind the number names
        text = _LIST.sub("", text) if "、" in text and len(text) > 16 else text
        for _ in range(6):
            shorter = _LEAD.sub("", text)
            if shorter == text:
                break
            text = shorter
        for _ in range(4):
            shorter = _TRAIL.sub("", text)
            if shorter == text:
                break
            text = shorter
        return text[-_LONGEST:]

    def _behind(self, figure: Candidate, place: Place) -> str:
        stop = _STOP.search(self._flat, figure.end)
        end = min(stop.start() if stop else place.sentence[1], place.sentence[1], figure.end + 36)
        text = self._flat[figure.end : end]
        first = _NEXT.split(text, maxsplit=1)[0]
        # 给予574户企业3986万元研发投入补助: what the first number counts stands behind the second.
        text = _whole(first if len(first) > 3 else _NUMBER.sub("", _BREAK.split(text, maxsplit=1)[0]))
        text = re.sub(r"^(?:的|以上|以内|左右|，)", "", text)
        return re.split(r"(?<=[一-鿿]{2})(?:对|给予|用于|入驻|参加)", text, maxsplit=1)[0][:22]

    def _compared(self, before: str, previous: str | None, kind: str) -> str:
        """A growth is the growth of something: its own noun, else the figure before it."""
        own = _AGAINST.split(before, maxsplit=1)[0]
        own = _GREW.sub("", own)
        if len(own) < 3 and previous:
            own = previous
        tail = "增长率" if kind == "growth" else "增减"
        falls = self._lists["growth.falls"].found(before)
        return own + ("降幅" if falls else tail)

    def _context(self, figure: Candidate, place: Place) -> str:
        """The subject of the sentence where the clause has none."""
        text = self._flat[place.sentence[0] : place.clause[0]]
        return self._clean(text.rstrip("，：；").rsplit("，", 1)[-1])[-16:]


def titled(programme: str | None, core: str, unit_kind: str, kind: str) -> str:
    """The phrase under its programme; a count says that it is a number of things."""
    name = re.sub(r"[“”]", "", programme or "")
    text = re.sub(r"[和与及、的]{1,2}$", "", re.sub(r"[“”\s]", "", core))
    text = text[_repeated(name, text) :]
    if name and name not in text and not _overlaps(name, text):
        text = name + text
    if kind == "count" and not text.endswith(("数", "人数", "次", "总数", "数量")):
        text += "数"
    return text or "未写明"


def _repeated(name: str, text: str) -> int:
    """How many characters the phrase repeats of the end of the name."""
    if text in name:
        return 0
    for length in range(min(len(name), len(text)), 3, -1):
        if name.endswith(text[:length]) and length < len(name):
            return length
    return 0


def _whole(text: str) -> str:
    """The text up to a bracket that it did not open, or that it does not close."""
    opened = text.find("（")
    closed = text.find("）")
    if closed >= 0 and (opened < 0 or closed < opened):
        return text[:closed]
    return text[:opened] if opened >= 0 > closed else text


def _overlaps(name: str, text: str) -> bool:
    pairs = {name[at : at + 2] for at in range(len(name) - 1)}
    shared = sum(1 for at in range(len(text) - 1) if text[at : at + 2] in pairs)
    return bool(pairs) and shared >= 0.7 * len(pairs)


def _letters(text: str) -> str:
    return re.sub(r"[^一-鿿A-Za-z]", "", text)

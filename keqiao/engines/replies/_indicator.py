"""What a figure counts: a phrase of the words before and behind it, under the programme they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from keqiao.engines.replies._candidates import Candidate
from keqiao.engines.replies._places import Place
from keqiao.engines.replies._vocabulary import Vocabulary

_TIME = re.compile(
    r"\d{4}[—\-～至/]\d{2}(?:财政|课税|学)?年度?|(?:今年|本年|去年)[一二三四五六七八九十]{1,2}月(?:底|末|初)?|(?:截至|截止)?(?:到)?(?:\d{4}年?[—\-～至]\d{4}年(?:间|期间)?|\d{4}年(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末|初|以来|上半年|下半年|[一二三四]季度)?前?|“?十[三四五]五”?(?:以来|期间)|近[一二两三四五六七八九十\d]{1,2}年来?|近年来|[一二两三四五六七八九十\d]年内|年底前?|年内|今年以来|上半年|明后两?年|未来[一两二三四五]年|[两三四五]年(?=获得|共|合计|累计)|(?:\d{1,2}—)?\d{1,2}月(?:底|末|份)?前?|目前|累计|每年|今年以来|今年|去年|上年度?)，?"
)
_LEAD = re.compile(
    r"^(?:[①-⑳]|（?[a-z]）|[您你]们?(?:在[^，]{0,8}中)?(?:建议|提出|提到)|(?:对)?(?:代表|委员)(?:所提|提出的)|按(?:现行|有关|相关)?(?:政策|规定|标准)|由(?=[^，]{1,6}(?:安排|投入|组建))|[一二三四五六七八九十]{1,2}是|（[一二三四五六七八九十\d]{1,2}）|\d{1,2}\.|[，、；：。“”（]|同时|其中|另外|此外|并且|并|先后|还|也|已经|已|共计|共|总计|合计|分别|全年|据不完全统计|截至|截止|我[省市县区厅局委办]|全[省市县区]|(?:省|市|县|区)[一-鿿]{1,8}?(?:厅|局|委|办)(?=[一-鿿])|通过|将|拟|于(?=推|20|\d)|推动|推进|力争|确保|预计|计划(?!项目)|到(?=20)|对(?=[^，]{0,40}给予)|以|在(?=20)|及|和|与|以及)"
)
_TRAIL = re.compile(
    r"(?:超过|突破|达到|达|约|近|超|逾|不少于|不低于|不超过|最高|共|共计|合计|已|有|为|是|了|(?:增加|增长|提高|提升|上升|下降|降低|减少|缩短|扩大|延长|恢复)?(?:至|到)|仅|分别|累计|总计|多达|高达|的|（|“|首次|还|(?<![日年月户人亩])均|各|前后|先后|不足|不到|至少|将近|增至|升至|在|由|从|按|：|，|、|计|新)$"
)
_STOP = re.compile(r"[，。；：、！？\n\t]")
_LIST = re.compile(r"[^，。；：\n]*?、[^，。；：\n]*(?:等|以及|和|及)(?=[^，。；：、\n]{2,})")
_BREAK = re.compile(r"以上|以内|左右|（(?=其中|含|占|较|同比)")
_NEXT = re.compile(r"\d|以上|以内|左右|（(?=其中|含|占|较|同比)")
_NUMBER = re.compile(r"\d[\d.,]{0,16}[余多]?[十百千万亿]{0,3}[余多]?(?:元|户|家|个|项|名|人|位|件|台|%|批|次|场)?")
_AGAINST = re.compile(r"同比|环比|年均|分别|较(?!大|好|高|多|强|为)|比(?![例重为达赛武拼对方])")
_GREW = re.compile(
    r"(?:增长率|增长|增加|增幅|增速|提高|提升|下降|减少|降低|上升|净增|缩短|压缩|高于|低于)(?:了|约|近|超)?.{0,10}$"
)
_BECOMES = re.compile(
    r"(?:[增提升扩涨上跃攀缩压减降下拓调优改变翻发回延][一-鿿]{0,2}?[至到为成]?|增加?|缩短|降|提升|提高|升|压缩)数?"
)
_VERBS = re.compile(r"^(?:(?:实现了?|完成了?|取得了?|获得了?|达到|年(?!度)|全年|又|已经|给予)(?=[一-鿿]{2})){1,2}")
_MOVES = re.compile(r"[增提升扩涨上跃攀缩压减降下拓调优改变翻发回延][一-鿿]{0,2}[至到为成]")
_MEASURE = re.compile(
    r"(?:[一-鿿]{0,4}(?:占比|比重|比例|率|金额|资金|经费|投入|收入|产值|规模|面积|投资|工期|周期|补助|补贴|奖励|贷款|余额|合计|人次|营收|产能|产量|利润|税收|额度|标准|单价|到位|总额|数量|收益|成本|价格)"
    r"|[一-鿿]{0,2}(?:企业|项目|人员|服务|人数|户数))数?"
)
_COMPARED = re.compile(r"同比|环比|较(?!大|好|高|多|强|为)|(?<!占)比(?![例重为达赛武拼对方])|高于|低于|高出|多于|少于")
_CLASS = re.compile(r"[^，]{0,2}[超过逾]?[千百十]?[万亿]元(?:以上)?(?:的)?(?:企业|项目|园区|集群|产业)")
_MONEY = re.compile(
    "资金|经费|投入|收入|产值|金额|补助|补贴|奖|投资|贷款|余额|税|费|价|额|款|支出|预算|规模|营收|利润|债|基金|池|标准|成本|元"
)
_MONEY_END = re.compile("(?:投入|专项|补助|奖补)?(?:资金|经费)$|投资$|支出$")
_WHOLE = re.compile("合计|总计|共计|总额")
_BOUNDED = re.compile("以[上下内]的")
_SHARE = re.compile("([^占，]{0,10})占(?!比|用|地)")
_THINGS = re.compile("[一-鿿]{2,5}、[一-鿿]{3,}")
_FOR = re.compile("(?<=[，。；])对[^，。；]{0,12}?([^，。；的]{3,12})，$")
_PER = re.compile("每[一-鿿]{1,2}(?:给予|补助|补贴|奖励|资助|最高|可获)|每[一-鿿]{2}最高")
_LISTED = re.compile(r"\d[\d.,]{0,12}[万亿]?(?:[家户个项人名件台场]|万?元|个百分点|%)(?:、|和|及).{0,30}$")
_NEAR = re.compile(r"(?:了|约|近|超|超过|逾|将近)+$")
_DIGITS = re.compile(r"(?<![\d.,])\d[\d,]{0,16}(?:\.\d{1,6})?(?![\d年])")
_LONGEST, _SHORT_LIST = 34, 22


@dataclass
class Said:
    """What the figures before in the sentence said: the last phrase, the levels in order, the thing they are about."""

    phrase: str | None = None
    subject: str | None = None
    levels: list[str] = field(default_factory=list)
    parent: str | None = None  # the subject before 其中
    inner: int = 0
    measure: str = ""  # the money that a list behind 其中 divides

    def divided(self) -> Said:
        """What a sentence that opens with 其中 knows of the one before."""
        last = _MONEY_END.search(self.phrase or "")
        return Said(measure=last.group() if last else self.measure)

    def add(self, phrase: str, kind: str, unit: str, part_at: int | None = None) -> None:
        """Take in the phrase of a figure; `part_at` is the place of one behind 其中."""
        if part_at is not None and self.parent is None:
            self.parent, self.inner = self.subject, part_at
        if kind in ("growth", "delta"):
            return
        self.phrase = phrase
        self.levels.append(phrase)
        is_thing = len(_letters(phrase)) >= 4 and not _MEASURE.fullmatch(_letters(phrase))
        if is_thing and (unit.startswith("count") or self.subject is None):
            self.subject = phrase


class Indicators:
    """Reads the phrase of a figure."""

    def __init__(self, flat: str, vocabulary: Vocabulary) -> None:
        self._flat, self._lists = flat, vocabulary.lists

    def phrase(self, figure: Candidate, place: Place, kind: str, said: Said, since: int) -> str:
        """Cleaned words before and behind the number, under the subject where they are only what is measured of it."""
        before = self._before(figure, place, since)
        if kind == "growth":
            return self._grown(before, self._base(figure, place, said), figure, place)
        behind = self._behind(figure, place)
        if _MOVES.match(behind):
            behind = ""
        if kind == "delta" and not behind.strip("的和与及"):
            return self._differs(before, self._base(figure, place, said), figure, place)
        if figure.unit.kind == "percent" and (found := _SHARE.match(before)) is not None:
            return self._share(before[found.end(1) :], (said.phrase or self._context(figure, place)) + found[1])
        core = _VERBS.sub("", before) + behind
        if len(_letters(core)) < 2 or _BECOMES.fullmatch(core):
            whole = figure.unit.kind == "amount" and _WHOLE.search(self._flat, place.clause[0], figure.start)
            return (said.phrase or self._context(figure, place)) + ("合计" if whole else "")
        if figure.unit.kind == "amount" and not _MONEY.search(core):
            core += said.measure or ("资金" if core.endswith(("到位", "下达", "安排", "争取", "拨付")) else "")
        if said.parent and self._flat.rfind("；", 0, figure.start) > said.inner:
            said.subject, said.parent = said.parent, None  # behind 其中…； the whole is spoken of again
        if self._is_measure(core, figure, place):
            asked = _FOR.search(self._flat, place.sentence[0], place.clause[0])
            subject = (asked and asked[1]) or said.subject or said.phrase or self._context(figure, place)
            return subject[-14:] + core if core not in subject else subject
        return core

    def _is_measure(self, core: str, figure: Candidate, place: Place) -> bool:
        """Whether a phrase names no thing of its own: too short, or a mere measure like 资金 or 覆盖率."""
        letters = _letters(core)
        if len(letters) < (8 if self._is_part(figure, place) else 6):
            return not (self._flat[place.clause[0] - 1] == "；" and len(letters) >= 4 and not _MEASURE.match(letters))
        if _PER.match(core) or core.endswith(("以上", "以下", "以内")):
            return True
        return len(letters) < 9 and _MEASURE.fullmatch(letters) is not None

    def _base(self, figure: Candidate, place: Place, said: Said) -> str:
        """What grew: the figure before, or with 分别 the one in the same place of the list before."""
        flat = self._flat
        severally = flat.rfind("分别", place.clause[0], figure.start)
        if severally >= 0 and len(said.levels) > 1:
            numbers = [found.start() for found in _DIGITS.finditer(flat, severally, place.clause[1])]
            if figure.start in numbers and len(numbers) <= len(said.levels):
                return said.levels[len(said.levels) - len(numbers) + numbers.index(figure.start)]
        return said.phrase or ""

    def _share(self, before: str, base: str) -> str:
        """占有效灌溉面积的86% is the share of what was counted before in what 占 names."""
        whole = before[1:]
        base = base.removesuffix("增长率").removesuffix("降幅")
        return base[-16:] + "占" + (whole + "比重" if len(whole) > 1 and whole != "比" else "比")

    def _differs(self, before: str, base: str, figure: Candidate, place: Place) -> str:
        """A difference: what differs, with the words of the comparison: 入网仪器较上年末净增."""
        raw = self._flat[place.clause[0] : figure.start]
        found = _COMPARED.search(raw)
        words = _NEAR.sub("", _LISTED.sub("", raw[found.start() :])) if found else ""
        own = _GREW.sub("", _AGAINST.split(before, maxsplit=1)[0])
        own = own if len(own) >= 3 else base
        if not words or len(words) > 20:
            word = self._lists["growth.delta"].last(before, 0, len(before))
            words = word.group() if word else "增减"
        return own[-20:] + words

    def _is_part(self, figure: Candidate, place: Place) -> bool:
        """Behind 其中, in another clause than the noun it narrows: 其中光电领域3项，支持经费780万元."""
        return "其中" in self._flat[place.sentence[0] : place.clause[0]] and figure.start > place.clause[0]

    def _before(self, figure: Candidate, place: Place, since: int) -> str:
        start = max(place.clause[0], since)
        if _CLASS.match(self._flat, max(0, since - 4)):
            start = place.clause[0]
        elif _BOUNDED.match(self._flat, since):
            start = place.clause[
                0
            ]  # 单价50万元以上的347台, 营收超亿元企业19家: the first number only says which of them
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
        if stop and stop.group() == "、" and figure.unit.kind == "count" and _THINGS.match(self._flat, figure.end):
            stop = _STOP.search(self._flat, stop.end())  # 37家钢铁、水泥企业
        end = min(stop.start() if stop else place.sentence[1], place.sentence[1], figure.end + 36)
        text = self._flat[figure.end : end]
        first = _NEXT.split(text, maxsplit=1)[0]
        # 给予574户企业3986万元研发投入补助: what the first number counts stands behind the second.
        text = _whole(first if len(first) > 3 else _NUMBER.sub("", _BREAK.split(text, maxsplit=1)[0]))
        text = re.sub(r"^(?:的|以上|以内|左右|，)", "", text)
        return re.split(r"(?<=[一-鿿]{2})(?:对|给予|用于|入驻|参加)", text, maxsplit=1)[0][:22]

    def _grown(self, before: str, base: str, figure: Candidate, place: Place) -> str:
        """A growth is the growth of something: its own noun, else the figure before it."""
        own = _AGAINST.split(before, maxsplit=1)[0]
        own = _GREW.sub("", own)
        if len(own) < 3 and base:
            own = base
        return own + ("降幅" if self._falls(figure, place) else "增长率")

    def _falls(self, figure: Candidate, place: Place) -> bool:
        """Whether the last word of growth before the figure says that less became of it."""
        word = self._lists["growth.words"].last(self._flat, place.clause[0], figure.start)
        return word is not None and self._lists["growth.falls"].found(word.group()) is not None

    def _context(self, figure: Candidate, place: Place) -> str:
        """The subject of the sentence where the clause has none."""
        text = self._flat[place.sentence[0] : place.clause[0]]
        last = _AGAINST.split(re.split("[，；]", text.rstrip("，：；"))[-1], maxsplit=1)[0]
        return _NUMBER.sub("", self._clean(_GREW.sub("", last)))[-16:]


def titled(programme: str | None, core: str, unit_kind: str, kind: str) -> str:
    """The phrase under its programme; a count says that it is a number of things."""
    name = re.sub(r"[“”]", "", programme or "")
    text = re.sub(r"(?:[和与、的]|(?<!惠)及){1,2}$", "", re.sub(r"[“”\s]", "", core))
    text = text[_repeated(name, text) :]
    if name and name not in text and not _overlaps(name, text):
        text = name + text
    if kind == "count" and not text.endswith(("数", "人数", "次", "总数", "量")):
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

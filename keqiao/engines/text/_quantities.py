"""Extracts the quantities of a text with comparator, unit and attribute, and tells specifications from look-alikes.

Method: one pass over the numerals of a text (a compiled scanner; a text without numerals costs one search). At each
numeral the expression is read by grammar (`_expression`), comparators are looked up on both sides, the attribute is the
phrase before (or after) it, and rules of context decide whether it is a specification, a test condition, a present
state of the firm, or no quantity at all (model, year, standard, patent, phone, count, money, dimension). Linear time.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cached_property

from keqiao.engines.text import _cues as cues
from keqiao.engines.text._expression import Expression, read_expression, read_unit, unit_before
from keqiao.engines.text._lexicon import Lexicon
from keqiao.engines.text._operators import operator, sense_of
from keqiao.engines.text._symbols import COUNTED
from keqiao.engines.text._traps import Scene, is_short_unit, trap_of
from keqiao.engines.text._units import ONE, Unit, parse_unit

_CANDIDATE = re.compile(r"[0-9０-９]|λ|[一二两三四五六七八九十百千万亿零半]")
_CN = "零〇一二两三四五六七八九十百千万亿"
_UNIT_FIRST = (
    "纳微毫厘分平立米公千海英寸吨克斤升秒小天日昼年周个月季瓦伏安欧赫帕牛焦开摩巴度摄角流勒尼马转兆吉"
    "皮飞亩倍帧次成株片点孔批像目台套条座人层级件头羽粒万只"
)
_START = re.compile(
    rf"[0-9]|λ(?=\s?/)|[百千万]分之|[{_CN}]分之|[{_CN}]{{1,14}}(?:点[{_CN}]{{1,8}})?(?=[{_UNIT_FIRST}至到~])|半(?=小时|年|天|个月|吨|公斤|斤|米|升|亩|公里|分钟|秒)"
)
# One character for one, so that offsets stay those of the original text.
_SAME_LENGTH = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("～〜∼﹣", "~")
    | dict.fromkeys("–—−‐‑‒―", "-")
    | dict.fromkeys("∙•⋅﹒・", "·")
    | dict.fromkeys("∅øØ", "Φ")
    | dict.fromkeys("фɸ", "φ")
    | dict.fromkeys("\u3000\t\u00a0\u200b\ufeff", " ")
    | dict(zip("µΩ≧≦⩾⩽﹤﹥【】[]’”", "μΩ≥≤≥≤<>()()'″", strict=True))
)
_WORD_BEFORE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z]*)?$")
_TOKEN_REST = re.compile(r"[A-Za-z0-9]*(?:[.\-][A-Za-z0-9]+)*")
_NAME_LIMIT = 16
_WINDOW = 40  # how far rules look around: keeps the pass linear in texts without punctuation
_JOINTS = re.compile(r"[的,、()/及和]|(?<![适使采应耐通专作])用")
# What makes another attribute of the one before it (坍落度 → 坍落度损失), and heads that need the clause before them.
_ALTERS = re.compile(
    r"(?:损失|变化|偏差|波动|漂移|下降|升高|不均匀性|一致性|均匀性|稳定性|误差|之?差|之?比)[率值量度]?$"
)
_BARE_HEAD = re.compile(r"(?:误差|精度|偏差|波动|公差|变化)$")
# Wishes and verbs that stand before a name or are taken for one.
_WISH = re.compile(
    r"^(?:现在|目前|当前|要求|需要|希望|必须|想要|想|要|需(?![氧水求])|能够|能(?![见耗量级源效])|可以|可(?![见靠])|应该|达到|做到|保证|保持|测得|测到|测出|测(?![量试距温角速点]))+"
)
_VERBS = re.compile(r"(?:得等|等得?|得|了|着|过|用了|要等|只有|就|才|也|都|还|又|再|每次|一次)+$")
_SIZE_AFTER = re.compile(r"\s?(长|宽|高|厚|重|深)的?([一-龥]{2,6}?)(?=的|[,。;:、!?()\s]|$)")
_SIZE_NAMES = {"长": "长度", "宽": "宽度", "高": "高度", "厚": "厚度", "重": "重量", "深": "深度"}
_NOT_SIZE = re.compile(r"[度期于达至约率时温压久速宽频]")
_ANGLE = re.compile("角|视场|倾|旋转|俯仰|方位")
_BITS = re.compile("分辨|位数|编码|量化|字长")
_FORCE = re.compile("力|载荷|张|推|拉|夹")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity: offsets in the original text, operator, values, unit, attribute as written, and what kind it is."""

    span: tuple[int, int]
    op: str
    value: tuple[float, ...]
    unit: str
    name: str | None = None
    is_spec: bool = True
    trap: str | None = None
    cap: bool = False
    sense: str | None = None
    condition: str | None = None
    must: bool = True


def extract(text: str, *, lexicon: Lexicon) -> list[Quantity]:
    """Return the quantities of `text` in order; traps are kept with `is_spec=False` and their kind.

    `op` is one of eq, ge, gt, le, lt, range, pm; `value` holds one number, or two for range (low, high as written) and
    pm (middle, half width); 万, 亿, Chinese numerals and powers of ten are resolved.

    >>> lexicon = Lexicon(synonyms={"分辨率": "分辨率"}, better={"分辨率": "down"})
    >>> [(q.op, q.value, q.unit, q.name) for q in extract("LF-20型,分辨率优于10nm", lexicon=lexicon)]
    [('le', (10.0,), 'nm', '分辨率')]
    """
    if _CANDIDATE.search(text) is None:
        return []
    plain = text.translate(_SAME_LENGTH)
    return _Reader(plain, lexicon).quantities() if _START.search(plain) else []


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self.found: list[Quantity] = []
        self.used = 0
        self.pending: str | None = None

    @cached_property
    def clause_ends(self) -> list[int]:
        return [match.start() for match in cues.CLAUSE_END.finditer(self.text)]

    @cached_property
    def sentence_ends(self) -> list[int]:
        return [match.start() for match in cues.SENTENCE_END.finditer(self.text)]

    @cached_property
    def present(self) -> tuple[list[int], list[int]]:
        """Where cues of a present state begin, and where their sentences end."""
        starts = [cue.start() for cue in self.lexicon.present_cue.finditer(self.text)]
        return starts, [self.until(self.sentence_ends, start) for start in starts]

    @cached_property
    def wishes(self) -> list[int]:
        """Where a clause turns from the present state to what is asked: 现在只有1.5kW,要求不低于2kW."""
        return [match.start() for match in cues.ASKS.finditer(self.text)]

    def until(self, ends: list[int], position: int) -> int:
        index = bisect_left(ends, position)
        return ends[index] if index < len(ends) else len(self.text)

    def since(self, ends: list[int], position: int) -> int:
        index = bisect_right(ends, position - 1)
        return ends[index - 1] + 1 if index else 0

    def quantities(self) -> list[Quantity]:
        position = 0
        while match := _START.search(self.text, position):
            position = max(self.step(match.start()), match.start() + 1)
        return self.found

    def step(self, start: int) -> int:
        """Read what begins at the numeral at `start`; return where to go on."""
        text = self.text
        if text[start].isascii():
            end = self.skip_token(start)
            if end is not None:
                return end
            start = self.after_index(start)
        begin = self.with_sign(start)
        expression = read_expression(text, begin)
        if expression is None:
            return start + 1
        return self.classify(expression, start)

    def skip_token(self, start: int) -> int | None:
        """Models, standards, dates, phones: the end of a token whose digits are no quantity."""
        text = self.text
        if text[start] == "0" and text[start + 1 : start + 2].isdigit() and not cues.PHONE.match(text, start):
            rest = _TOKEN_REST.match(text, start)
            return rest.end() if rest else start + 1
        for pattern, window in ((cues.PHONE, 1), (cues.DATE, 1), (cues.MONTH, 1)):
            match = pattern.match(text, start) if text[start - window : start] not in ("~", "-") or not start else None
            if match and not (start and text[start - 1].isalnum() and text[start - 1].isascii()):
                return match.end()
        before = text[max(0, start - 14) : start]
        word = _WORD_BEFORE.search(before)
        if word is not None and word[0].lower() in self.lexicon.synonyms:
            return None
        if before and before[-1] in "ABCDEFGHIJKLMNOPQRSTUVWXYZ /-" and cues.STANDARD.search(before):
            rest = cues.STANDARD_REST.match(text, start)
            return rest.end() if rest else start + 1
        if word is None:
            return None
        return self.skip_model(start, word[0])

    def skip_model(self, start: int, word: str) -> int | None:
        text, known = self.text, self.lexicon.synonyms
        lower = word.lower()
        if lower in known or self.index_length(start, lower):
            return None
        whole = _TOKEN_REST.match(text, start)
        end = whole.end() if whole else start + 1
        if word.endswith("-") or "-" in word:
            return end
        if len(word) < 2 or word[-1].isdigit():
            return end
        read = read_expression(text, start)
        if read is None or read.unit is None or is_short_unit(read.unit):
            return end
        return None

    def index_length(self, start: int, word: str) -> int:
        """How many digits after a Latin word belong to its name: 2 in `D500.3`, 1 in `M2优于`."""
        for length in (1, 2, 3):
            digits = self.text[start : start + length]
            if len(digits) == length and digits.isdigit() and word + digits in self.lexicon.synonyms:
                return length
        return 0

    def after_index(self, start: int) -> int:
        word = _WORD_BEFORE.search(self.text, max(0, start - 14), start)
        if word is None:
            return start
        return start + self.index_length(start, word[0].lower())

    def with_sign(self, start: int) -> int:
        text = self.text
        while start > self.used and text[start - 1] in "φΦ":
            start -= 1
        if text[max(self.used, start - 2) : start] in ("零下", "DN"):
            return start - 2
        before = start - 1
        if before >= self.used and text[before] == " " and before and text[before - 1] == "±":
            before -= 1
        if before >= self.used and text[before] in "±+-负":
            previous = text[before - 1] if before else ""
            if text[before] == "±" or not (previous.isascii() and previous.isalnum()):
                return before
        return start

    def classify(self, read: Expression, start: int) -> int:
        text = self.text
        if not (text[read.start].isascii() or read.unit or read.chinese) and read.kind == "one":
            return read.end
        if read.chinese and read.unit is None:
            return read.end
        read = self.bracketed(read)
        if text[read.start] in _CN and read.unit and read.unit.symbol in COUNTED and read.values[0] < 10:
            return read.end
        self.finish(read)
        return max(self.used, read.end)

    def bracketed(self, read: Expression) -> Expression:
        """`(1070-1090)nm` and `(nm)1550±1`: the unit stands outside or before."""
        text = self.text
        if read.start and text[read.start - 1] == "(" and text.startswith(")", read.end):
            end, unit = read_unit(text, read.end + 1, chinese=False)
            if unit is not None and (read.unit is None or read.unit.symbol == unit.symbol):
                return read._replace(start=read.start - 1, end=end, unit=unit)
        if read.unit is None and (unit := unit_before(text, read.start)):
            return read._replace(unit=unit)
        return read

    def finish(self, read: Expression) -> None:
        """Name, operator, unit and kind of what was read; the result joins `found`."""
        text = self.text
        floor = max(self.used, self.since(self.clause_ends, read.start), read.start - _WINDOW)
        clause_end = min(self.until(self.clause_ends, read.end), read.end + _WINDOW)
        before = cues.comparator_before(text, read.start, floor)
        after = cues.comparator_after(text, read.end)
        span = (before[0] if before else read.start, after[0] if after else read.end)
        phrase = self.phrase(floor, span[0])
        unit = self.unit(read, phrase)
        name, following = self.name(phrase, span, unit)
        name = self.size_name(read) or name
        side = self.lexicon.side(name)
        op, cap = operator(text, read, unit, side, name, before, after)
        cap = cap or (
            read.kind == "range" and name is not None and self.lexicon.canonical(name) in self.lexicon.adjustable
        )
        compared = any(mark and mark[1] not in ("eq", "cap") for mark in (before, after))
        scene = Scene(
            text, read, unit, op, span, phrase, compared, following, self.lexicon, self.last(), floor, clause_end
        )
        trap = trap_of(scene)
        if trap is None and self.is_present(read.start):
            trap = "ctx"
        value = read.values
        if trap == "sizes":
            value, trap = value[-1:], None
        condition = self.condition(trap, text[read.start : read.end], ahead=following is not None)
        clause_start = max(self.since(self.clause_ends, read.start), read.start - _WINDOW)
        must = cues.SOFT.search(text, clause_start, clause_end) is None
        self.found.append(
            Quantity(span, op, value, unit.symbol, name, trap is None, trap, cap, sense_of(op, side), condition, must)
        )
        self.used = span[1]

    def last(self) -> Quantity | None:
        return self.found[-1] if self.found else None

    def is_present(self, position: int) -> bool:
        """Whether a cue of the firm's present state stands before `position` in the same sentence."""
        starts, ends = self.present
        index = bisect_right(starts, position)
        if not index or position >= ends[index - 1]:
            return False
        wish = bisect_right(self.wishes, position)
        return not wish or self.wishes[wish - 1] < starts[index - 1]

    def condition(self, trap: str | None, wording: str, *, ahead: bool) -> str | None:
        """Remember a condition for the specification before it, or for the one after it; return the pending one."""
        pending, self.pending = self.pending, None
        if trap != "cond":
            return pending
        if ahead:
            self.pending = wording
        elif self.found and not self.found[-1].trap:
            self.found[-1] = replace(self.found[-1], condition=wording)
        return None

    def phrase(self, floor: int, end: int) -> str:
        """The words right before a number, fillers stripped."""
        text = self.text
        region = text[max(floor, end - 28) : end]
        if region.rfind("(") > region.rfind(")"):
            region = region[region.rfind("(") + 1 :]
        stripped = self.bare(region)
        if not stripped and floor and text[floor - 1] == ":":
            earlier = max(self.used, self.since(self.clause_ends, floor - 1))
            stripped = self.bare(text[max(earlier, floor - 1 - _NAME_LIMIT) : floor - 1])
        if _BARE_HEAD.fullmatch(stripped) and floor and text[floor - 1] == ",":
            return self.owner(floor - 1) + stripped
        return stripped

    def owner(self, end: int) -> str:
        """The attribute that ends the clause before `end`, whose 误差 the next clause states (直线度,误差不超过…)."""
        start = max(self.used, self.since(self.clause_ends, end - 1), end - _NAME_LIMIT)
        region = self.text[start:end] if start < end else ""
        found = self.lexicon.attribute(region)
        return region[len(found[1]) :] if found and found[2] == len(region) else ""

    def bare(self, region: str) -> str:
        """A phrase without fillers at its end, unless they belong to an attribute (光谱响应)."""
        region = region.rstrip(" :=(")
        found = self.lexicon.attribute(region)
        return region if found and found[2] == len(region) else cues.FILLER.sub("", region)

    def name(self, phrase: str, span: tuple[int, int], unit: Unit) -> tuple[str | None, str | None]:
        """The attribute before the number, else the one right after it (2000W以上的功率); and the one after it."""
        if found := self.lexicon.attribute(phrase):
            qualifier = _WISH.sub("", _JOINTS.split(found[1])[-1][-6:])
            end = len(phrase) if _ALTERS.fullmatch(phrase, found[2]) else found[2]
            return phrase[len(found[1]) - len(qualifier) : end], None
        following, last = self.following(span[1]), self.last()
        if not phrase and last and span[0] - last.span[1] < 8 and cues.FALLS.match(self.text, last.span[1]):
            return last.name, following
        if following and unit.symbol == "Cel" and "温" not in following:
            return None, following
        tail = _VERBS.sub("", _WISH.sub("", _JOINTS.split(phrase)[-1].strip()[-_NAME_LIMIT:]))
        return (following or tail or None), following

    def size_name(self, read: Expression) -> str | None:
        """`3 米长导轨`: the length of the noun that follows, whatever stands before."""
        if read.unit is None or read.unit.dimension not in ((("m", 1),), (("kg", 1),)):
            return None
        found = _SIZE_AFTER.match(self.text, read.end)
        if found is None or _NOT_SIZE.match(found[2]):
            return None
        return found[2] + _SIZE_NAMES[found[1]]

    def following(self, end: int) -> str | None:
        """An attribute of the lexicon that begins right after a number."""
        text = self.text
        begin = end
        while text[begin : begin + 1] in (" ", "的", "(") and begin < len(text):
            begin += 1
        for length in range(8, 1, -1):
            piece = text[begin : begin + length].lower()
            if len(piece) == length and piece in self.lexicon.synonyms:
                return piece
        return None

    def unit(self, read: Expression, phrase: str) -> Unit:
        unit = read.unit or ONE
        name = phrase[-8:]
        if unit.symbol == "N" and read.values[0] <= 9 and ("纯" in name or not _FORCE.search(name)):
            return Unit("N", (), scale="nines")
        if (
            unit.symbol == "Cel"
            and self.text[read.end - 1 : read.end] == "度"
            and re.search("角|视场|倾|旋转|俯仰|方位", name)
        ):
            return parse_unit("deg")
        if unit.dimension and "/" not in unit.symbol and (per := cues.PER.search(phrase)):
            below = parse_unit(cues.PER_UNITS[per[1] or per[2]])
            return replace(parse_unit(f"{unit.symbol}/{below.symbol}"), symbol=f"{unit.symbol}/{below.symbol}")
        if unit.symbol == "位" and _BITS.search(name):
            return parse_unit("bit")
        if unit is ONE and self.text.startswith("DN", read.start):
            return parse_unit("mm")
        if "积温" in name and unit.symbol == "Cel":
            return parse_unit("℃·d")
        return unit

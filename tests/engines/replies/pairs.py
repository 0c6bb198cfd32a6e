"""Pairs of replies written from templates, an earlier and a later one, with the truth about each figure and promise.

A figure is written `[key|73家]`: figures of one key are one thing, figures of two keys never are. A statement knows
what may be said of it: which relation its figures have, what became of its promise, whether its sum is right.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from keqiao.catalogue.replies import link_replies, parse_reply
from keqiao.engines.replies import Links

Span = tuple[int, int]
PROVINCE, CITY = "省科技厅", "市科技局"
NAMES = ("春苗", "星火", "远航", "攀登", "聚英", "启明", "强基", "领雁", "扬帆", "登峰", "沃土", "繁星", "青禾", "金桥")
FIELDS = (
    "量子信息",
    "氢能储运",
    "生物育种",
    "光电显示",
    "工业母机",
    "低空经济",
    "纳米材料",
    "脑机接口",
    "海洋装备",
    "智能传感",
    "卫星导航",
    "合成橡胶",
    "激光制造",
    "数字农机",
)
PLACES = ("中试基地", "检测平台", "成果转化中心", "联合实验室", "数据服务系统", "创新联合体")
COUNTS = (
    ("支持科技型企业", "家"), ("转化科技成果", "项"), ("引进高层次人才", "名"), ("培训技术经理人", "名"),
    ("发布技术需求", "项"),
    ("走访服务园区", "个"), ("组织对接活动", "场"), ("入选创新团队", "个"),
)  # fmt: skip
PLAIN = (
    ("技术合同成交额", "亿元"), ("高新技术企业总产值", "亿元"), ("科技保险赔付额", "万元"), ("专利质押融资额", "亿元"),
    ("研究开发经费投入", "亿元"), ("知识产权证券化规模", "亿元"),
)  # fmt: skip


@dataclass
class Truth:
    """What is true of a pair. relations: by key, those that may be told. promises: by text, what became of it.

    sums: by key of all the figures of a sum, whether it is right (None: nothing may be said).
    """

    relations: dict[str, set[str]] = field(default_factory=dict)
    promises: dict[str, str] = field(default_factory=dict)
    sums: dict[str, bool | None] = field(default_factory=dict)
    disagree: set[str] = field(default_factory=set)


@dataclass
class Written:
    """Sentences of the two letters by the office that says them, promises of the earlier one, and the truth."""

    earlier: dict[str, list[str]] = field(default_factory=lambda: {PROVINCE: [], CITY: []})
    later: dict[str, list[str]] = field(default_factory=lambda: {PROVINCE: [], CITY: []})
    promised: list[str] = field(default_factory=list)
    truth: Truth = field(default_factory=Truth)

    def tell(self, earlier: str, later: str, *, office: str = PROVINCE) -> None:
        if earlier:
            self.earlier[PROVINCE].append(earlier)
        if later:
            self.later[office].append(later)

    def promise(self, text: str, status: str, later: str, *, before: str = "", office: str = PROVINCE) -> None:
        self.promised.append(text)
        self.truth.promises[_unmarked(text)] = status
        self.tell(before, later, office=office)


@dataclass(frozen=True)
class Pair:
    """The two letters and where every figure of a key stands."""

    texts: dict[str, str]
    figures: dict[str, list[tuple[str, Span]]]
    truth: Truth


def pairs(count: int, *, seed: int = 7) -> Iterator[Pair]:
    """`count` pairs, each with some statements of every sort; the same ones for one seed."""
    rng = random.Random(seed)
    for _ in range(count):
        written = Written()
        used = _Words(rng)
        for number, make in enumerate(rng.sample(SERIES, 4) + rng.sample(PROMISES, 3) + rng.sample(SUMS, 3)):
            make(written, used, f"k{number}")
        yield _pair(written, rng)


class _Words:
    """Words for a pair, none twice."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._names, self._fields = list(NAMES), list(FIELDS)
        self._plain, self._counts = list(PLAIN), list(COUNTS)
        for rows in (self._names, self._fields, self._plain, self._counts):
            rng.shuffle(rows)

    def name(self) -> str:
        return self._names.pop()

    def field(self) -> str:
        return self._fields.pop()

    def plain(self) -> tuple[str, str]:
        return self._plain.pop()

    def count(self) -> tuple[str, str]:
        return self._counts.pop()

    def place(self) -> str:
        return self.rng.choice(PLACES)

    def number(self) -> int:
        return self.rng.randint(21, 900)

    def more(self, number: int) -> int:
        return number + self.rng.randint(max(3, number // 5), number)


def _pair(written: Written, rng: random.Random) -> Pair:
    texts, figures = {}, {}
    for doc, year, told in (("a", 2024, written.earlier), ("b", 2025, written.later)):
        parts = ["一、关于“加快科技创新发展”的建议"]
        for office, sentences in told.items():
            rng.shuffle(sentences)
            if sentences or office == PROVINCE:
                parts.append(f"{office}答复：高度重视有关工作。" + "".join(sentences))
            if office == PROVINCE and doc == "a":
                parts.append("下一步，省科技厅将" + "。省科技厅将".join(written.promised) + "。")
        marked = "\n".join([*parts, "某省科学技术厅", f"{year}年{rng.randint(4, 6)}月{rng.randint(10, 28)}日", ""])
        texts[doc] = _unmarked(marked)
        for key, span in _places(marked):
            figures.setdefault(key, []).append((doc, span))
    return Pair(texts, figures, written.truth)


def _unmarked(marked: str) -> str:
    return re.sub(r"\[[^|\[\]]*\|([^\[\]]*)\]", r"\1", marked)


def _places(marked: str) -> Iterator[tuple[str, Span]]:
    lost = 0
    for found in re.finditer(r"\[([^|\[\]]*)\|([^\[\]]*)\]", marked):
        start = found.start() - lost
        yield found[1], (start, start + len(found[2]))
        lost += len(found[0]) - len(found[2])


# Series: one thing told twice, or two that look alike.


def _running(out: Written, words: _Words, key: str) -> None:
    (thing, unit), name, n = words.count(), words.name(), words.number()
    out.truth.relations[key] = {"same_cumulative"}
    out.tell(
        f"累计通过“{name}”专项{thing}[{key}|{n}{unit}]。",
        f"累计通过“{name}”专项行动{thing}[{key}|{words.more(n)}{unit}]。",
    )


def _yearly(out: Written, words: _Words, key: str) -> None:
    (thing, unit), n = words.plain(), words.number()
    out.truth.relations[key] = {"same_annual"}
    out.tell(f"2023年，全省{thing}[{key}|{n}{unit}]。", f"2024年，全省{thing}达到[{key}|{words.more(n)}{unit}]。")


def _year_and_total(out: Written, words: _Words, key: str) -> None:
    (thing, unit), name, n = words.count(), words.name(), words.number()
    out.truth.relations[key] = {"annual_vs_cumulative"}
    out.tell(
        f"2023年，通过“{name}”专项{thing}[{key}|{n}{unit}]。",
        f"累计通过“{name}”专项{thing}[{key}|{words.more(n)}{unit}]。",
    )


def _plan_and_result(out: Written, words: _Words, key: str) -> None:
    (thing, unit), name, n = words.count(), words.name(), words.number()
    out.truth.relations[key] = {"basis_differs"}
    out.tell(
        f"预计“{name}”专项{thing}[{key}|{n}{unit}]。", f"累计通过“{name}”专项{thing}[{key}|{words.more(n)}{unit}]。"
    )


def _other_level(out: Written, words: _Words, key: str) -> None:
    (thing, unit), n = words.count(), words.number()
    out.tell(f"累计{thing}[{key}a|{n}{unit}]。", f"累计{thing}[{key}b|{words.more(n)}{unit}]。", office=CITY)


def _other_place(out: Written, words: _Words, key: str) -> None:
    (thing, unit), n = words.count(), words.number()
    out.tell(f"临江新区累计{thing}[{key}a|{n}{unit}]。", f"东湖新区累计{thing}[{key}b|{words.more(n)}{unit}]。")


def _other_programme(out: Written, words: _Words, key: str) -> None:
    (thing, unit), n = words.count(), words.number()
    one, other = words.name(), words.name()
    out.tell(
        f"累计通过“{one}”专项{thing}[{key}a|{n}{unit}]。",
        f"累计通过“{other}”专项{thing}[{key}b|{words.more(n)}{unit}]。",
    )


def _other_programme_before(out: Written, words: _Words, key: str) -> None:
    (thing, unit), n = words.count(), words.number()
    one, other = words.name(), words.name()
    told = "实施“{}”专项。累计{}[{}|{}{}]。"
    out.tell(told.format(one, thing, f"{key}a", n, unit), told.format(other, thing, f"{key}b", words.more(n), unit))


def _other_thing(out: Written, words: _Words, key: str) -> None:
    name, n = words.name(), words.number()
    out.tell(f"累计通过“{name}”专项举办论坛[{key}a|{n}个]。", f"累计通过“{name}”专项孵化创业项目[{key}b|{n}个]。")


def _stock_and_flow(out: Written, words: _Words, key: str) -> None:
    one, n = words.field(), words.number()
    out.tell(f"全省现有{one}企业[{key}a|{n * 3}家]。", f"2024年，新增{one}企业[{key}b|{n}家]。")


def _equal_numbers(out: Written, words: _Words, key: str) -> None:
    n = words.number()
    out.tell(f"实施{words.field()}课题[{key}a|{n}个]。", f"认定{words.field()}孵化器[{key}b|{n}个]。")


def _two_values(out: Written, words: _Words, key: str) -> None:
    (thing, unit), n = words.plain(), words.number()
    out.truth.relations[key] = {"same_annual"}
    out.truth.disagree.add(key)
    out.tell(f"2023年，全省{thing}[{key}|{n}{unit}]。", f"2023年，全省{thing}[{key}|{words.more(n)}{unit}]。")


SERIES: list[Callable[[Written, _Words, str], None]] = [
    _running, _yearly, _year_and_total, _plan_and_result, _other_level, _other_place, _other_programme, _other_thing,
    _other_programme_before,
    _stock_and_flow, _equal_numbers, _two_values,
]  # fmt: skip


# Promises: kept, met in part, without a trace.


def _document(status: str, later: str) -> Callable[[Written, _Words, str], None]:
    def make(out: Written, words: _Words, key: str) -> None:
        one = words.field()
        verb = "修订" if "旧" in later else "制定"
        out.promise(
            f"{verb}《{one}产业发展行动方案》", status, later.replace("旧", "").format(one=one, other=words.field())
        )

    return make


def _thing(
    status: str, later: str, *, office: str = PROVINCE, before: str = ""
) -> Callable[[Written, _Words, str], None]:
    def make(out: Written, words: _Words, key: str) -> None:
        one, other = words.field(), words.field()
        place = words.place()
        told = later.format(one=one, other=other, place=place)
        out.promise(f"建设{one}{place}", status, told, office=office, before=before.format(one=one, place=place))

    return make


def _number(status: str, later: str, *, before: str = "") -> Callable[[Written, _Words, str], None]:
    def make(out: Written, words: _Words, key: str) -> None:
        one, n = words.field(), words.rng.randint(5, 40)
        numbers = {"n": n, "less": n // 2, "more": n + 3, "old": n * 2, "barely": n * 2 + 1}
        told = later.format(one=one, **{name: f"[{key}|{value}家]" for name, value in numbers.items()})
        earlier = before.format(one=one, old=f"[{key}|{n * 2}家]")
        out.promise(f"建成{one}中试基地[{key}|{n}家]", status, told, before=earlier)

    return make


def _two_documents(out: Written, words: _Words, key: str) -> None:
    one, other = words.field(), words.field()
    out.promise(f"制定《{one}产业规划》和《{other}管理办法》", "partly", f"印发《{one}产业规划》。")


def _grown(out: Written, words: _Words, key: str) -> None:
    name, n = words.name(), words.number()
    out.truth.relations[key] = {"same_cumulative"}
    told = f"累计选派{name}专员[{key}|{{}}名]。"
    out.promise(f"扩大{name}专员选派规模", "kept", told.format(words.more(n)), before=told.format(n))


PROMISES: list[Callable[[Written, _Words, str], None]] = [
    _document("kept", "印发《{one}产业发展行动方案》，支持企业发展。"),
    _document("kept", "旧修订印发《{one}产业发展行动方案》。"),
    _document("no_evidence", "旧按照《{one}产业发展行动方案》，开展有关工作。"),
    _document("no_evidence", "印发《{other}产业发展行动方案》。"),
    _document("no_evidence", "《{one}产业发展行动方案》尚未出台。"),
    _document("partly", "正在研究制定《{one}产业发展行动方案》。"),
    _two_documents,
    _grown,
    _thing("kept", "建成{one}{place}，有关工作取得进展。"),
    _thing("kept", "{one}{place}揭牌运行。"),
    _thing("partly", "正在加快建设{one}{place}。"),
    _thing("no_evidence", "{one}{place}尚未建成。"),
    _thing("no_evidence", "建成{other}{place}。"),
    _thing("no_evidence", "举办{one}论坛，参加企业50家。"),
    _thing("no_evidence", "您提出的建设{one}{place}的建议很有价值。"),
    _thing("no_evidence", "国家层面建成{one}{place}。"),
    _thing("no_evidence", "建成{one}{place}。", office=CITY),
    _thing("partly", "{one}{place}运行良好。", before="建成{one}{place}。"),
    _number("kept", "2024年，建成{one}中试基地{n}。"),
    _number("kept", "2024年，建成{one}中试基地{more}。"),
    _number("partly", "2024年，建成{one}中试基地{less}。"),
    _number("no_evidence", "2022年，建成{one}中试基地{n}。"),
    _number("no_evidence", "培训{one}中试基地技术人员50名。"),
    _number("partly", "累计建成{one}中试基地{barely}。", before="累计建成{one}中试基地{old}。"),
]


# Sums: right within the rounding of what is printed, wrong, and such that nobody can tell.


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _growth(out: Written, words: _Words, key: str, *, right: bool, across: bool) -> None:
    thing, _unit = words.plain()
    rng = words.rng
    base = Decimal(rng.randint(2_000_00, 9_000_00)) / 100
    new = base * Decimal(rng.randint(1040, 1900)) / 1000
    digits = rng.randint(0, 2)
    percent = _rounded((new / base - 1) * 100, rng.randint(0, 2))
    # The rounding of both amounts moves the growth by less than a tenth of a point.
    stated = percent if right else percent + rng.choice([3, 5, 8])
    a, b = _rounded(new, digits), _rounded(base, digits)
    out.truth.sums[key] = right
    if across:
        out.truth.relations[key] = {"same_annual"}
        out.tell(
            f"2023年，全省{thing}[{key}|{b}亿元]。",
            f"2024年，全省{thing}[{key}|{a}亿元]，比上年增长[{key}|{stated}%]。",
        )
    else:
        out.tell("", f"2024年，全省{thing}[{key}|{a}亿元]，较上年度（[{key}|{b}亿元]）增长[{key}|{stated}%]。")


def _total(out: Written, words: _Words, key: str, *, right: bool) -> None:
    one = words.field()
    parts = [words.rng.randint(11, 99) for _ in range(3)]
    total = sum(parts) + (0 if right else words.rng.choice([1, 10, -9]))
    out.truth.sums[key] = right
    listed = "、".join(f"{where}游企业[{key}|{count}家]" for where, count in zip("上中下", parts, strict=True))
    out.tell("", f"梳理{one}{listed}，合计[{key}|{total}家]。")


def _share(out: Written, words: _Words, key: str, *, right: bool) -> None:
    one = words.field()
    whole, part = words.rng.randint(300, 900), words.rng.randint(30, 200)
    share = _rounded(Decimal(part) / whole * 100, 1) + (0 if right else words.rng.choice([2, 6]))
    out.truth.sums[key] = right
    out.tell("", f"培育{one}企业[{key}|{whole}家]，其中规模以上企业[{key}|{part}家]，占比[{key}|{share}%]。")


def _too_large_a_part(out: Written, words: _Words, key: str) -> None:
    n = words.number()
    out.truth.sums[key] = False
    out.tell("", f"培育{words.field()}企业[{key}|{n}家]，其中规模以上企业[{key}|{n + 7}家]。")


def _names(out: Written, words: _Words, key: str, *, right: bool) -> None:
    out.truth.sums[key] = right
    out.tell("", f"与江南银行、江北银行、城东银行、城西银行等[{key}|{4 if right else 3}家]金融机构签订协议。")


def _yearly_mean(out: Written, words: _Words, key: str) -> None:
    thing, _unit = words.plain()
    out.truth.sums[key] = None
    out.tell("", f"{thing}由2020年的[{key}|50亿元]增加到2024年的[{key}|80亿元]，年均增长[{key}|12.5%]。")


def _two_wholes(out: Written, words: _Words, key: str) -> None:
    out.truth.sums[key] = None
    out.tell("", f"建设{words.field()}基地[{key}|20个]、园区[{key}|5个]，其中国家级[{key}|7个]。")


SUMS: list[Callable[[Written, _Words, str], None]] = [
    lambda out, words, key: _growth(out, words, key, right=True, across=False),
    lambda out, words, key: _growth(out, words, key, right=False, across=False),
    lambda out, words, key: _growth(out, words, key, right=True, across=True),
    lambda out, words, key: _growth(out, words, key, right=False, across=True),
    lambda out, words, key: _total(out, words, key, right=True),
    lambda out, words, key: _total(out, words, key, right=False),
    lambda out, words, key: _share(out, words, key, right=True),
    lambda out, words, key: _share(out, words, key, right=False),
    _too_large_a_part,
    lambda out, words, key: _names(out, words, key, right=True),
    lambda out, words, key: _names(out, words, key, right=False),
    _yearly_mean,
    _two_wholes,
]


# Judging what the engine says.


@dataclass
class Judged:
    """What was said wrongly, in words, and how much of what is true was found: measure → (found, of)."""

    faults: list[str] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)


def judge(count: int, *, seed: int = 7) -> Judged:
    """Read and link `count` pairs and hold what is said against the truth."""
    judged = Judged()
    for pair in pairs(count, seed=seed):
        links = link_replies({doc: parse_reply(text) for doc, text in pair.texts.items()}, texts=pair.texts)
        key_of = {(doc, *span): key for key, places in pair.figures.items() for doc, span in places}
        _judge_series(pair, links, key_of, judged)
        _judge_promises(pair, links, judged)
        _judge_sums(pair, links, key_of, judged)
    return judged


def _judge_series(pair: Pair, links: Links, key_of: dict[tuple[str, int, int], str], judged: Judged) -> None:
    told: dict[str, str] = {}
    for one in links.series:
        keys = [key_of.get((part.doc, *part.span)) for part in one.points]
        if len(set(keys)) > 1 or None in keys:
            judged.faults.append(f"false link {[(part.raw, part.indicator) for part in one.points]}")
        elif keys[0] is not None:
            told[keys[0]] = one.relation
    for key, relations in pair.truth.relations.items():
        judged.of["series"] += 1
        judged.found["series"] += key in told
        if key in told and told[key] not in relations:
            judged.faults.append(f"relation {told[key]} for {relations}")
    for odd in links.inconsistencies:
        if odd.kind == "disagree" and not {key_of.get((doc, *span)) for doc, span in odd.spans} <= pair.truth.disagree:
            judged.faults.append(f"false contradiction {odd.text}")
    contradictions = sum(one.kind == "disagree" for one in links.inconsistencies)
    judged.of["contradictions"] += len(pair.truth.disagree)
    judged.found["contradictions"] += min(contradictions, len(pair.truth.disagree))


_RANK = {"no_evidence": 0, "too_soft": 0, "pending_at_date": 0, "partly": 1, "kept": 2}


def _judge_promises(pair: Pair, links: Links, judged: Judged) -> None:
    told = {one.promise["text"]: one for one in links.promises if one.promise["doc"] == "a"}
    for text, status in pair.truth.promises.items():
        judged.of[f"promises {status}"] += 1
        one = told.get(text)
        if one is None:
            continue
        judged.found[f"promises {status}"] += one.status == status
        if _RANK[one.status] > _RANK[status]:
            quotes = [told.quote for told in one.evidence]
            judged.faults.append(f"{one.status} for {status}: {text} {quotes} {one.note}")
        if one.status in ("kept", "partly") and not one.evidence:
            judged.faults.append(f"{one.status} without a place: {text}")
        for place in one.evidence:
            around = pair.texts[place.doc][max(0, place.span[0] - 40) : place.span[1] + 10]
            things = [name for name in (*FIELDS, *NAMES) if name in text]
            if not any(name in around for name in things):
                judged.faults.append(f"{place.quote} cited for {text}")


def _judge_sums(pair: Pair, links: Links, key_of: dict[tuple[str, int, int], str], judged: Judged) -> None:
    told: dict[str, str] = {}
    for one in links.arithmetic:
        if one.verdict not in ("ok", "ok_within_rounding", "mismatch"):
            continue
        keys = {key_of.get((part.doc, *part.span)) for part in one.parts}
        key = keys.pop()
        right = pair.truth.sums.get(key or "")
        if keys or right is None or right is (one.verdict == "mismatch"):
            judged.faults.append(f"{one.formula} {one.verdict} of {[(part.raw, part.indicator) for part in one.parts]}")
        elif key:
            told[key] = one.verdict
    for key, right in pair.truth.sums.items():
        if right is not None:
            judged.of["sums right" if right else "sums wrong"] += 1
            judged.found["sums right" if right else "sums wrong"] += key in told

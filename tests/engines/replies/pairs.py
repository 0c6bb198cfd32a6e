"""Pairs of replies written from templates, an earlier and a later one, with the truth about each figure and promise.

A figure is written `[key|73家]`: figures of one key are one thing, figures of two keys never are. A statement knows
what may be said of it: which relation its figures have, what became of its promise, whether its sum is right.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .writing import CITY, PROVINCE, Span, Truth, Words, Written, unmarked


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
        used = Words(rng)
        for number, make in enumerate(rng.sample(SERIES, 4) + rng.sample(PROMISES, 3) + rng.sample(SUMS, 3)):
            make(written, used, f"k{number}")
        yield _pair(written, rng)


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
        texts[doc] = unmarked(marked)
        for key, span in _places(marked):
            figures.setdefault(key, []).append((doc, span))
    return Pair(texts, figures, written.truth)


def _places(marked: str) -> Iterator[tuple[str, Span]]:
    lost = 0
    for found in re.finditer(r"\[([^|\[\]]*)\|([^\[\]]*)\]", marked):
        start = found.start() - lost
        yield found[1], (start, start + len(found[2]))
        lost += len(found[0]) - len(found[2])


# Series: one thing told twice, or two that look alike.


def _running(out: Written, words: Words, key: str) -> None:
    (thing, unit), name, n = words.count(), words.name(), words.number()
    out.truth.relations[key] = {"same_cumulative"}
    out.tell(
        f"累计通过“{name}”专项{thing}[{key}|{n}{unit}]。",
        f"累计通过“{name}”专项行动{thing}[{key}|{words.more(n)}{unit}]。",
    )


def _yearly(out: Written, words: Words, key: str) -> None:
    (thing, unit), n = words.plain(), words.number()
    out.truth.relations[key] = {"same_annual"}
    out.tell(f"2023年，全省{thing}[{key}|{n}{unit}]。", f"2024年，全省{thing}达到[{key}|{words.more(n)}{unit}]。")


def _year_and_total(out: Written, words: Words, key: str) -> None:
    (thing, unit), name, n = words.count(), words.name(), words.number()
    out.truth.relations[key] = {"annual_vs_cumulative"}
    out.tell(
        f"2023年，通过“{name}”专项{thing}[{key}|{n}{unit}]。",
        f"累计通过“{name}”专项{thing}[{key}|{words.more(n)}{unit}]。",
    )


def _plan_and_result(out: Written, words: Words, key: str) -> None:
    (thing, unit), name, n = words.count(), words.name(), words.number()
    out.truth.relations[key] = {"basis_differs"}
    out.tell(
        f"预计“{name}”专项{thing}[{key}|{n}{unit}]。", f"累计通过“{name}”专项{thing}[{key}|{words.more(n)}{unit}]。"
    )


def _other_level(out: Written, words: Words, key: str) -> None:
    (thing, unit), n = words.count(), words.number()
    out.tell(f"累计{thing}[{key}a|{n}{unit}]。", f"累计{thing}[{key}b|{words.more(n)}{unit}]。", office=CITY)


def _other_place(out: Written, words: Words, key: str) -> None:
    (thing, unit), n = words.count(), words.number()
    out.tell(f"临江新区累计{thing}[{key}a|{n}{unit}]。", f"东湖新区累计{thing}[{key}b|{words.more(n)}{unit}]。")


def _other_programme(out: Written, words: Words, key: str) -> None:
    (thing, unit), n = words.count(), words.number()
    one, other = words.name(), words.name()
    out.tell(
        f"累计通过“{one}”专项{thing}[{key}a|{n}{unit}]。",
        f"累计通过“{other}”专项{thing}[{key}b|{words.more(n)}{unit}]。",
    )


def _other_programme_before(out: Written, words: Words, key: str) -> None:
    (thing, unit), n = words.count(), words.number()
    one, other = words.name(), words.name()
    told = "实施“{}”专项。累计{}[{}|{}{}]。"
    out.tell(told.format(one, thing, f"{key}a", n, unit), told.format(other, thing, f"{key}b", words.more(n), unit))


def _other_thing(out: Written, words: Words, key: str) -> None:
    name, n = words.name(), words.number()
    out.tell(f"累计通过“{name}”专项举办论坛[{key}a|{n}个]。", f"累计通过“{name}”专项孵化创业项目[{key}b|{n}个]。")


def _stock_and_flow(out: Written, words: Words, key: str) -> None:
    one, n = words.field(), words.number()
    out.tell(f"全省现有{one}企业[{key}a|{n * 3}家]。", f"2024年，新增{one}企业[{key}b|{n}家]。")


def _equal_numbers(out: Written, words: Words, key: str) -> None:
    n = words.number()
    out.tell(f"实施{words.field()}课题[{key}a|{n}个]。", f"认定{words.field()}孵化器[{key}b|{n}个]。")


def _two_values(out: Written, words: Words, key: str) -> None:
    (thing, unit), n = words.plain(), words.number()
    out.truth.relations[key] = {"same_annual"}
    out.truth.disagree.add(key)
    out.tell(f"2023年，全省{thing}[{key}|{n}{unit}]。", f"2023年，全省{thing}[{key}|{words.more(n)}{unit}]。")


SERIES: list[Callable[[Written, Words, str], None]] = [
    _running, _yearly, _year_and_total, _plan_and_result, _other_level, _other_place, _other_programme, _other_thing,
    _other_programme_before,
    _stock_and_flow, _equal_numbers, _two_values,
]  # fmt: skip


# Promises: kept, met in part, without a trace.


def _document(status: str, later: str) -> Callable[[Written, Words, str], None]:
    def make(out: Written, words: Words, key: str) -> None:
        one = words.field()
        verb = "修订" if "旧" in later else "制定"
        out.promise(
            f"{verb}《{one}产业发展行动方案》", status, later.replace("旧", "").format(one=one, other=words.field())
        )

    return make


def _thing(
    status: str, later: str, *, office: str = PROVINCE, before: str = ""
) -> Callable[[Written, Words, str], None]:
    def make(out: Written, words: Words, key: str) -> None:
        one, other = words.field(), words.field()
        place = words.place()
        told = later.format(one=one, other=other, place=place)
        out.promise(f"建设{one}{place}", status, told, office=office, before=before.format(one=one, place=place))

    return make


def _number(status: str, later: str, *, before: str = "") -> Callable[[Written, Words, str], None]:
    def make(out: Written, words: Words, key: str) -> None:
        one, n = words.field(), words.rng.randint(5, 40)
        numbers = {"n": n, "less": n // 2, "more": n + 3, "old": n * 2, "barely": n * 2 + 1}
        told = later.format(one=one, **{name: f"[{key}|{value}家]" for name, value in numbers.items()})
        earlier = before.format(one=one, old=f"[{key}|{n * 2}家]")
        out.promise(f"建成{one}中试基地[{key}|{n}家]", status, told, before=earlier)

    return make


def _two_documents(out: Written, words: Words, key: str) -> None:
    one, other = words.field(), words.field()
    out.promise(f"制定《{one}产业规划》和《{other}管理办法》", "partly", f"印发《{one}产业规划》。")


def _grown(out: Written, words: Words, key: str) -> None:
    name, n = words.name(), words.number()
    out.truth.relations[key] = {"same_cumulative"}
    told = f"累计选派{name}专员[{key}|{{}}名]。"
    out.promise(f"扩大{name}专员选派规模", "kept", told.format(words.more(n)), before=told.format(n))


PROMISES: list[Callable[[Written, Words, str], None]] = [
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


def _growth(out: Written, words: Words, key: str, *, right: bool, across: bool) -> None:
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


def _total(out: Written, words: Words, key: str, *, right: bool) -> None:
    one = words.field()
    parts = [words.rng.randint(11, 99) for _ in range(3)]
    total = sum(parts) + (0 if right else words.rng.choice([1, 10, -9]))
    out.truth.sums[key] = right
    listed = "、".join(f"{where}游企业[{key}|{count}家]" for where, count in zip("上中下", parts, strict=True))
    out.tell("", f"梳理{one}{listed}，合计[{key}|{total}家]。")


def _share(out: Written, words: Words, key: str, *, right: bool) -> None:
    one = words.field()
    whole, part = words.rng.randint(300, 900), words.rng.randint(30, 200)
    share = _rounded(Decimal(part) / whole * 100, 1) + (0 if right else words.rng.choice([2, 6]))
    out.truth.sums[key] = right
    out.tell("", f"培育{one}企业[{key}|{whole}家]，其中规模以上企业[{key}|{part}家]，占比[{key}|{share}%]。")


def _too_large_a_part(out: Written, words: Words, key: str) -> None:
    n = words.number()
    out.truth.sums[key] = False
    out.tell("", f"培育{words.field()}企业[{key}|{n}家]，其中规模以上企业[{key}|{n + 7}家]。")


def _names(out: Written, words: Words, key: str, *, right: bool) -> None:
    out.truth.sums[key] = right
    out.tell("", f"与江南银行、江北银行、城东银行、城西银行等[{key}|{4 if right else 3}家]金融机构签订协议。")


def _yearly_mean(out: Written, words: Words, key: str) -> None:
    thing, _unit = words.plain()
    out.truth.sums[key] = None
    out.tell("", f"{thing}由2020年的[{key}|50亿元]增加到2024年的[{key}|80亿元]，年均增长[{key}|12.5%]。")


def _two_wholes(out: Written, words: Words, key: str) -> None:
    out.truth.sums[key] = None
    out.tell("", f"建设{words.field()}基地[{key}|20个]、园区[{key}|5个]，其中国家级[{key}|7个]。")


SUMS: list[Callable[[Written, Words, str], None]] = [
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

"""How well parsed replies agree with labelled ones: the measures of the reference scorer, horizons, specificity."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]
_FAMILIES = {"count:户": "count:家", "count:项": "count:个", "count:件": "count:个", "count:家次": "count:家"}
_LONG = (
    ("科学技术", "科技"), ("工业和信息化", "工信"), ("发展和改革委员会", "发改委"), ("发展改革委", "发改委"),
    ("人力资源和社会保障", "人社"), ("市场监督管理", "市场监管"), ("人民政府", "政府"),
)  # fmt: skip


def overlap(a: list[int], b: list[int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def ratio(a: list[int], b: list[int]) -> float:
    """Length of the common part over that of the union."""
    common = overlap(a, b)
    return common / ((a[1] - a[0]) + (b[1] - b[0]) - common) if common else 0.0


def squeezed(text: Any) -> str:
    return re.sub(r"[\s“”\"「」,，]", "", str(text or ""))


def department(name: str | None) -> str | None:
    if not name:
        return None
    name = squeezed(name)
    for long, brief in _LONG:
        name = name.replace(long, brief)
    return re.sub(r"^[一-鿿]{2,3}(?=[省市县区][^政府])", "", name)


def pair(
    gold: Iterable[Row], found: list[Row], ok: Callable[[Row, Row], bool], optional: Iterable[Row] = ()
) -> tuple[list[int], list[tuple[Row, Row]]]:
    """Greedy pairs by the best common part: [hits, false, missed] and the pairs."""
    used: set[int] = set()
    pairs: list[tuple[Row, Row]] = []
    gold = list(gold)
    for one in gold:
        fits = [
            (ratio(one["span"], other["span"]), -at)
            for at, other in enumerate(found)
            if at not in used and ok(one, other)
        ]
        if fits:
            at = -max(fits)[1]
            used.add(at)
            pairs.append((one, found[at]))
    spare = list(optional)
    false = sum(
        1
        for at, other in enumerate(found)
        if at not in used and not any(overlap(one["span"], other["span"]) for one in spare)
    )
    return [len(pairs), false, len(gold) - len(pairs)], pairs


def close(a: float, b: Any) -> bool:
    return isinstance(b, int | float) and abs(a - b) <= 1e-6 * max(1, abs(a), abs(b))


def bigrams(text: str | None) -> set[str]:
    plain = squeezed(text)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def score(gold: Row, found: Row) -> dict[str, list[int]]:
    """Counts per measure: three numbers [hits, false, missed] or two [right, of]."""
    counts: dict[str, list[int]] = {}
    core = [one for one in gold["figures"] if one["tier"] == "core"]
    spare = [one for one in gold["figures"] if one["tier"] != "core"]
    figures = found["figures"]
    counts["figures strict"], _ = pair(
        core, figures,
        lambda a, b: list(a["span"]) == b["span"] and close(a["value"], b["value"]) and a["unit"] == b["unit"], spare,
    )  # fmt: skip
    _, pairs = pair(core, figures, _relaxed, spare)
    fields = _fields(pairs)
    counts |= {f"· {name}": [sum(hits), len(hits)] for name, hits in fields.items()}
    whole = [
        all(hits)
        for hits in zip(*(fields[name] for name in ("period", "modality", "department", "indicator")), strict=True)
    ]
    counts["complete row"] = [sum(whole), len(core)]
    counts["trap hits"] = [sum(1 for trap in gold["traps"] if _hit(trap, figures)), len(gold["traps"])]
    return counts | _structure(gold, found) | _promises(gold, found)


def _relaxed(a: Row, b: Row) -> bool:
    shorter = min(a["span"][1] - a["span"][0], b["span"][1] - b["span"][0])
    same = _FAMILIES.get(a["unit"], a["unit"]) == _FAMILIES.get(b["unit"], b["unit"])
    return same and overlap(a["span"], b["span"]) * 2 >= shorter and close(a["value"], b["value"])


def _fields(pairs: list[tuple[Row, Row]]) -> dict[str, list[bool]]:
    def either(a: Row, key: str) -> list[Any]:
        return [a.get(key), *a.get("accept", {}).get(key, [])]

    hits: dict[str, list[bool]] = {
        "period": [b["year_or_period"] in either(a, "year_or_period") for a, b in pairs],
        "modality": [b["modality"] in either(a, "modality") for a, b in pairs],
        "kind": [a["quantity_kind"] == b["quantity_kind"] for a, b in pairs],
        "approx": [a.get("approx") == b["approx"] for a, b in pairs],
        "suggestion": [a["suggestion"] == b["suggestion"] for a, b in pairs],
        "department": [a["department"] is None or _same_office(a, b) for a, b in pairs],
        "indicator": [_same_thing(a["indicator"], b["indicator"]) for a, b in pairs],
    }
    named = [(a, b) for a, b in pairs if a.get("programme")]
    hits["programme"] = [any(_same_name(name, b["programme"]) for name in either(a, "programme")) for a, b in named]
    return hits


def _same_office(a: Row, b: Row) -> bool:
    return department(a["department"]) == department(b["department"])


def _same_thing(wanted: str, given: str) -> bool:
    """Whether a phrase holds half of what the label says; labels are one person's wording."""
    return len(bigrams(wanted) & bigrams(given)) * 2 >= max(1, len(bigrams(wanted)))


def _same_name(a: str | None, b: str | None) -> bool:
    return a == b or bool(a and b and (squeezed(a) in squeezed(b) or squeezed(b) in squeezed(a)))


def _hit(trap: Row, figures: list[Row]) -> bool:
    return any(overlap(trap["span"], one["span"]) >= max(1, (one["span"][1] - one["span"][0]) // 2) for one in figures)


def _structure(gold: Row, found: Row) -> dict[str, list[int]]:
    asked = [dict(one, span=one["heading_span"]) for one in gold["suggestions"] if one["heading_kind"] == "suggestion"]
    spare = [dict(one, span=one["heading_span"]) for one in gold["suggestions"] if one["heading_kind"] != "suggestion"]
    given = [dict(one, span=one["heading_span"]) for one in found["suggestions"]]
    heads, _ = pair(asked, given, lambda a, b: squeezed(a["quoted_title"]) == squeezed(b["quoted_title"]), spare)
    ours, theirs = _all_answers(gold), _all_answers(found)
    answers, _ = pair(
        [one for one in ours if one["explicit"]],
        [one for one in theirs if one["explicit"]],
        lambda a, b: department(a["department"]) == department(b["department"]) and ratio(a["span"], b["span"]) >= 0.8,
    )
    items, _ = pair(
        _all_items(ours),
        _all_items(theirs),
        lambda a, b: a["ordinal"] == b["ordinal"] and ratio(a["span"], b["span"]) >= 0.8,
    )
    return {"suggestions": heads, "answers": answers, "items": items}


def _all_answers(reply: Row) -> list[Row]:
    return [answer for one in reply["suggestions"] for answer in one["answers"]]


def _all_items(answers: list[Row]) -> list[Row]:
    return [item for answer in answers for section in answer["sections"] for item in section["items"]]


def _promises(gold: Row, found: Row) -> dict[str, list[int]]:
    core = [one for one in gold["commitments"] if one["tier"] == "core"]
    spare = [one for one in gold["commitments"] if one["tier"] != "core"]
    counts, pairs = pair(core, found["commitments"], _kept, spare)
    stated = [(a, b) for a, b in pairs if a.get("horizon")]
    return {
        "promises": counts,
        "· promise department": [sum(1 for a, b in pairs if _of(a, b)), len(pairs)],
        "· specificity": [sum(1 for a, b in pairs if a["specificity"] == b["specificity"]), len(pairs)],
        "· horizon": [
            sum(1 for a, b in stated if b["horizon"] in [a["horizon"], *a.get("accept", {}).get("horizon", [])]),
            sum(1 for one in core if one.get("horizon")),
        ],
    }


def _of(a: Row, b: Row) -> bool:
    names = [a["department"], *a.get("accept", {}).get("department", [])]
    return a["department"] is None or department(b["department"]) in [department(name) for name in names]


def _kept(a: Row, b: Row) -> bool:
    anchor, limit = a["anchor_span"], 1.6 * (a["span"][1] - a["span"][0])
    whole = overlap(anchor, b["span"]) == anchor[1] - anchor[0] and b["span"][1] - b["span"][0] <= limit
    return ratio(a["span"], b["span"]) >= 0.5 or whole


def add(total: dict[str, list[int]], counts: dict[str, list[int]]) -> None:
    """Add the counts of one document to the total."""
    for name, numbers in counts.items():
        total[name] = [a + b for a, b in zip(total.get(name, [0] * len(numbers)), numbers, strict=True)]


def rate(numbers: list[int]) -> float:
    """F1 of three counts, share of two; 1 where there was nothing to find and nothing was found."""
    if len(numbers) == 2:
        return numbers[0] / numbers[1] if numbers[1] else 1.0
    hits, false, missed = numbers
    return 2 * hits / (2 * hits + false + missed) if hits + false + missed else 1.0

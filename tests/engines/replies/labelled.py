"""Replies labelled in the text itself: the tags taken out give the text, the tags give the rows to expect.

`<f VALUE UNIT key=value…>280余万元</f>` a figure (k kind, m modality, p period, g programme, d department, i indicator,
ap approx, T in a table; alternatives after a slash), `<t>2024</t>` a number that is none, `<c s= h= a= d=>` a promise,
`<s q|u|x title>` a heading (quoted, unquoted, a section of its own), `<a department>` a marker, `<i ordinal>` an item.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

MARKED = Path(__file__).parent / "marked"
_TAG = re.compile(r"<(/?)([ftcsai])((?: [^<>]*)?)>")
_KINDS = {
    "CNY": "amount", "USD": "amount", "percent": "percent", "percentage_point": "delta", "times": "rate",
    "year": "duration", "month": "duration", "working_day": "duration", "day": "duration", "m2": "area", "mu": "area",
}  # fmt: skip


def labelled(path: Path) -> tuple[str, dict[str, Any]]:
    """The text of a marked file and its gold rows in the form `keqiao.reply.gold/1`."""
    marked = path.read_text("utf-8")
    parts: list[str] = []
    opened: list[tuple[str, str, int]] = []
    found: list[tuple[str, str, tuple[int, int]]] = []
    position = length = 0
    for tag in _TAG.finditer(marked):
        parts.append(marked[position : tag.start()])
        length += tag.start() - position
        position = tag.end()
        if tag[1]:
            name, given, start = opened.pop()
            assert name == tag[2], (path.name, name, marked[tag.start() - 20 : tag.end()])
            found.append((name, given, (start, length)))
        else:
            opened.append((tag[2], tag[3].strip(), length))
    parts.append(marked[position:])
    assert not opened, (path.name, opened)
    text = "".join(parts)
    return text, _gold(path.name, text, sorted(found, key=lambda one: one[2]))


def _gold(name: str, text: str, found: list[tuple[str, str, tuple[int, int]]]) -> dict[str, Any]:
    lead = list(re.finditer(r"^[ \u3000]*([一-鿿]{4,20}(?:厅|局|委员会|部|办公室))[ ]*$", text, re.MULTILINE))
    suggestions = _suggestions(text, found, len(text[: lead[-1].start()].rstrip()) if lead else len(text))
    figures = [_figure(text, given, span, suggestions) for tag, given, span in found if tag == "f"]
    taken = [tuple(one["span"]) for one in figures]
    traps = [
        {"span": list(run.span()), "raw": run.group(), "reason": "other"}
        for run in re.finditer(r"[0-9０-９]+", text)
        if not any(a <= run.start() < b for a, b in taken)
    ]
    commitments = [_commitment(text, given, span) for tag, given, span in found if tag == "c"]
    return {
        "source": {"file": name},
        "meta": {"lead_department": lead[-1][1] if lead else None},
        "suggestions": suggestions,
        "figures": figures,
        "traps": traps,
        "commitments": commitments,
    }


def _figure(text: str, given: str, span: tuple[int, int], suggestions: list[dict[str, Any]]) -> dict[str, Any]:
    words = given.split()
    value, unit = float(words[0]), words[1]
    keys = dict(word.split("=", 1) for word in words[2:] if "=" in word)
    periods = [None if one == "None" else one for one in keys.get("p", "None").split("/")]
    modality = keys.get("m", "done")
    n = next((one["n"] for one in suggestions if one["span"][0] <= span[0] < one["span"][1]), None)
    department = keys.get("d") or next(
        (
            answer["department"]
            for one in suggestions
            for answer in one["answers"]
            if answer["explicit"] and answer["span"][0] <= span[0] < answer["span"][1]
        ),
        None,
    )
    return {
        "span": list(span), "raw": text[span[0] : span[1]], "value": value, "unit": unit,
        "quantity_kind": keys.get("k", _KINDS.get(unit, "count")), "modality": modality, "year_or_period": periods[0],
        "indicator": keys["i"], "programme": keys.get("g"), "approx": keys.get("ap"), "suggestion": n,
        "department": department, "tier": keys.get("t", "core"), "in_table": "T" in words,
        "accept": {"year_or_period": periods[1:], "modality": keys.get("M", "").split("/") if "M" in keys else []},
    }  # fmt: skip


def _commitment(text: str, given: str, span: tuple[int, int]) -> dict[str, Any]:
    keys = dict(word.split("=", 1) for word in given.split())
    anchor = re.search(r"\s*".join(map(re.escape, keys["a"])), text[span[0] : span[1]])
    assert anchor, (keys["a"], text[span[0] : span[1]])
    return {
        "span": list(span), "anchor_span": [span[0] + anchor.start(), span[0] + anchor.end()], "horizon": keys.get("h"),
        "specificity": keys["s"], "department": keys.get("d"), "tier": "core",
        "text": text[span[0] : span[1]],
    }  # fmt: skip


def _suggestions(text: str, found: list[tuple[str, str, tuple[int, int]]], foot: int) -> list[dict[str, Any]]:
    heads = [(given, span) for tag, given, span in found if tag == "s"]
    rows: list[dict[str, Any]] = []
    for n, (given, span) in enumerate(heads, 1):
        end = len(text[: heads[n][1][0]].rstrip()) if n < len(heads) else foot
        manner, _, title = given.partition(" ")
        rows.append(
            {
                "n": n, "heading_span": list(span), "span": [span[0], end], "quoted_title": title,
                "heading_kind": "section" if manner == "x" else "suggestion", "answers": _answers(found, span[1], end),
            }
        )  # fmt: skip
    if not rows and (items := _items(found, 0, len(text))):
        rows.append(
            {
                "n": 1, "heading_span": [0, 1], "span": [0, len(text)], "quoted_title": "", "heading_kind": "section",
                "answers": [_answer(None, 0, len(text), items)],
            }
        )  # fmt: skip
    return rows


def _answers(found: list[tuple[str, str, tuple[int, int]]], start: int, end: int) -> list[dict[str, Any]]:
    marks = [(given, span) for tag, given, span in found if tag == "a" and start <= span[0] < end]
    if not marks:
        return [_answer(None, start, end, _items(found, start, end))]
    answers = []
    for number, (department, span) in enumerate(marks):
        stop = marks[number + 1][1][0] - 1 if number + 1 < len(marks) else end
        answers.append(_answer(department, span[0], stop, _items(found, span[0], stop)))
    return answers


def _answer(department: str | None, start: int, end: int, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "department": department, "explicit": department is not None, "span": [start, end],
        "sections": [{"items": items}],
    }  # fmt: skip


def _items(found: list[tuple[str, str, tuple[int, int]]], start: int, end: int) -> list[dict[str, Any]]:
    return [
        {"ordinal": given, "span": list(span)} for tag, given, span in found if tag == "i" and start <= span[0] < end
    ]

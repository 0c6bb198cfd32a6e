"""Needs and offers of categories outside the reference bench: the figures of extraction and of verdicts."""

import json
from pathlib import Path
from typing import Any

import pytest

from keqiao.catalogue.lexicon import shipped_lexicon
from keqiao.engines.matching import Indicator, check, indicators_from, overall
from keqiao.engines.text import extract
from tests.engines.text.scoring import scores

DATA = Path(__file__).parent / "data"
LEXICON = shipped_lexicon()


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["unseen", "unseen2", "unseen3"])
def test_extract_unseen_categories(name: str) -> None:
    texts = [
        row | {"quantities": [one for one in row["quantities"] if one["is_spec"]]} for row in rows(f"{name}_gold.jsonl")
    ]

    detect, full = scores(texts, [extract(row["text"], lexicon=LEXICON) for row in texts])

    assert (detect >= 0.98, full >= 0.94) == (True, True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["unseen", "unseen2", "unseen3"])
def test_check_unseen_categories_passes_nothing_wrong(name: str) -> None:
    needs = {row["id"]: [given(one) for one in row["indicators"]] for row in rows(f"{name}_needs.jsonl")}
    offers = {row["id"]: indicators_from(row["text"], lexicon=LEXICON) for row in rows(f"{name}_offers.jsonl")}

    outcome = [
        (row["overall"], overall(check(needs[row["need"]], offers[row["offer"]], lexicon=LEXICON)))
        for row in rows(f"{name}_pairs.jsonl")
    ]

    assert [gold for gold, ours in outcome if ours == "pass" and gold != "pass"] == []
    assert sum(gold == ours for gold, ours in outcome) / len(outcome) >= 0.93


def given(row: dict[str, Any]) -> Indicator:
    value = row["value"] if isinstance(row["value"], list) else [row["value"]]
    return Indicator(row["name"], row["op"], tuple(value), row["unit"], row["sense"], row["must"])

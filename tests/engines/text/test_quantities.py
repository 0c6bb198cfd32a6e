"""Quantities out of texts."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keqiao.catalogue.lexicon import shipped_lexicon
from keqiao.engines.text import Quantity, extract
from tests.engines.text.scoring import scores

DATA = Path(__file__).parent / "data"


def specs(text: str) -> list[tuple[str, tuple[float, ...], str]]:
    return [(one.op, one.value, one.unit) for one in extract(text, lexicon=shipped_lexicon()) if one.is_spec]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("测量精度优于0.1mm", ("le", (0.1,), "mm")),
        ("反射率优于99%", ("ge", (99.0,), "%")),
        ("精度不低于0.02mm", ("le", (0.02,), "mm")),
        ("波长(nm)850±5", ("pm", (850.0, 5.0), "nm")),
        ("流量(20~80)m³/h", ("range", (20.0, 80.0), "m3/h")),
        ("行程从20mm到3m可调", ("range", (0.02, 3.0), "m")),
        ("热膨胀系数7.2×10⁻⁷/K", ("eq", (7.2e-7,), "1/K")),
        ("误码率10^-9", ("eq", (1e-9,), "1")),
        ("暗电流低于2e-12A", ("lt", (2e-12,), "A")),
        ("年产三万五千吨", ("eq", (35000.0,), "t/a")),
        ("含水率不超过百分之五", ("le", (5.0,), "%")),
        ("使用温度零下四十至六十度", ("range", (-40.0, 60.0), "Cel")),
        ("面形优于λ/8", ("le", (0.125,), "λ")),
        ("功率3.5千瓦以上", ("ge", (3.5,), "kW")),
        ("半小时以内固化", ("le", (0.5,), "h")),
        ("2000W以上的功率", ("ge", (2000.0,), "W")),
        ("定位误差±3μm", ("le", (3.0,), "μm")),
    ],
)
def test_extract_one_expression(text: str, expected: tuple[str, tuple[float, ...], str]) -> None:
    assert specs(text) == [expected]


@pytest.mark.parametrize(
    ("text", "trap"),
    [
        ("目前设备精度0.5mm", "ctx"),
        ("透过率95%@633nm", "cond"),
        ("团队共12人", "count"),
        ("投资3.8万元", "money"),
        ("外形120×80×40mm", "dim"),
        ("能耗较旧工艺降低30%", "ref"),
    ],
)
def test_extract_look_alike_is_a_trap(text: str, trap: str) -> None:
    assert [one.trap for one in extract(text, lexicon=shipped_lexicon()) if not one.is_spec] == [trap]


@pytest.mark.parametrize(
    "text",
    ["", "一种新方法", "按GB/T 1234-2016执行", "专利ZL202010123456.7", "电话0431-85161234", "LF-2000型", "2021年5月"],
)
def test_extract_no_specification(text: str) -> None:
    assert specs(text) == []


def test_extract_span_is_in_the_original_text() -> None:
    text = "功率：≥２ｋＷ，波长１０８０±５ｎｍ"

    spans = [text[one.span[0] : one.span[1]] for one in extract(text, lexicon=shipped_lexicon())]

    assert spans == ["≥２ｋＷ", "１０８０±５ｎｍ"]


def test_extract_condition_joins_its_specification() -> None:
    found = extract("透过率95%@633nm", lexicon=shipped_lexicon())

    assert found[0].condition == "633nm"


@given(st.text(alphabet="0123456789.,~-±×/()%nmkW℃一二三十百千万≥以上由目前功率 ", max_size=60))
@settings(deadline=None, max_examples=60)
def test_extract_any_text_gives_ordered_disjoint_spans(text: str) -> None:
    spans = [one.span for one in extract(text, lexicon=shipped_lexicon())]

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["1", "1~", "±", "1×", "1nm/", "一百", "目前1m", "每年1", "1,", "(1)", "≥1"])
def test_extract_hostile_repetition_ends(piece: str) -> None:
    code = (
        "from keqiao.catalogue.lexicon import shipped_lexicon; from keqiao.engines.text import extract; "
        f"extract({piece!r} * 20000, lexicon=shipped_lexicon())"
    )

    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)

    assert done.returncode == 0


@pytest.mark.parametrize("name", ["heldout", "heldout2"])
def test_extract_other_categories_stay_good(name: str) -> None:
    texts = [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]

    detect, full = scores(texts, [extract(text["text"], lexicon=shipped_lexicon()) for text in texts])

    assert detect >= 0.97
    assert full >= 0.96


def test_extract_bench_reaches_its_targets(shared: Path) -> None:
    lines = (shared / "bench" / "needs" / "extraction_gold.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line) for line in lines]
    found: list[list[Quantity]] = [extract(text["text"], lexicon=shipped_lexicon()) for text in texts]
    ignored = {"dim", "other", "grade", "ref"}
    for text in texts:
        text["quantities"] = [label for label in text["quantities"] if label["is_spec"] or label["trap"] in ignored]
    kept = [
        [one for one in quantities if not any(_on(one, label) for label in text["quantities"] if not label["is_spec"])]
        for text, quantities in zip(texts, found, strict=True)
    ]
    for text in texts:
        text["quantities"] = [label for label in text["quantities"] if label["is_spec"]]

    detect, full = scores(texts, kept)

    assert detect >= 0.97
    assert full >= 0.93


def _on(one: Quantity, label: dict[str, list[int]]) -> bool:
    return one.span[0] < label["span"][1] and label["span"][0] < one.span[1]

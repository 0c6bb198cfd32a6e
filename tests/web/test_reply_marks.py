"""Marks in a text: nested by kind, cut by lines, every letter kept, nothing taken for HTML."""

from hypothesis import given
from hypothesis import strategies as st

from keqiao.web.parts.reply_marks import LAYERS, Mark, Marking, Node
from tests.web.html import texts_of

TEXT = "下一步，再认定12家，\n总数达到60家。"


def plain(node: Node) -> str:
    return node.text or "".join(plain(one) for one in node.inside)


def test_figure_inside_a_promise_is_a_link_within_its_band() -> None:
    marks = [
        Mark(kind="figure", span=(7, 10), id="f001", flag="1", style="planned"),
        Mark(kind="promise", span=(4, 10), id="c001", flag="诺 1", title="承诺 1"),
    ]

    line = Marking(TEXT, marks).lines()[0]

    assert line.html == (
        '下一步，<span class="m promise " id="s4-10"><a class="flag promise " href="#c001" data-card="card-c001"'
        ' aria-haspopup="dialog" aria-label="承诺 1"><span>诺 1</span></a>再认定<a class="m figure planned"'
        ' href="#f001" data-card="card-f001" aria-haspopup="dialog" id="s7-10" data-n="1">12家</a></span>，'
    )


def test_mark_over_two_lines_has_its_flag_and_its_anchor_once() -> None:
    lines = Marking(TEXT, [Mark(kind="promise", span=(4, 18), id="c001", flag="诺 1")]).lines()

    assert [line.html.count("flag") > 0 for line in lines] == [True, False]
    assert "".join(line.html for line in lines).count('id="s4-18"') == 1
    assert lines[1].html.startswith('<span class="m promise ">总数')


def test_letters_of_the_text_are_never_markup() -> None:
    line = Marking("<b>5 & 6</b>", [Mark(kind="figure", span=(3, 4), id="f001")]).lines()[0]

    assert "<b>" not in line.html
    assert texts_of(line.html) == "<b>5 & 6</b>"


def test_of_two_figures_in_one_place_the_first_counts() -> None:
    marks = [Mark(kind="figure", span=(0, 4), id="f001"), Mark(kind="figure", span=(2, 6), id="f002")]

    nodes = Marking("12345678", marks).lines()[0].nodes

    assert [node.mark.id for node in nodes if node.mark] == ["f001"]


def test_blank_lines_stay_lines() -> None:
    assert [line.is_blank for line in Marking("一\n\n　\r\n二", []).lines()] == [False, True, True, False]


@given(
    st.text(alphabet="一二3\n\r <&　", max_size=40),
    st.lists(st.tuples(st.sampled_from(LAYERS), st.integers(0, 40), st.integers(0, 12)), max_size=12),
)
def test_every_letter_stands_once_whatever_is_marked(text: str, spans: list[tuple[str, int, int]]) -> None:
    marks = [
        Mark(kind=kind, span=(start, min(len(text), start + length)), id=f"m{number}")
        for number, (kind, start, length) in enumerate(spans)
        if start < len(text)
    ]

    lines = Marking(text, marks).lines()

    assert ["".join(map(plain, line.nodes)) for line in lines] == text.splitlines()

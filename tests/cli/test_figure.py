"""`keqiao figure` on an installation."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from keqiao.apps.ledger.models import PublishedFigure
from keqiao.cli.figure import app
from tests.apps.ledger.figure_world import Rows, declared, define, publish, rows_in
from tests.apps.ledger.test_figures import state
from tests.apps.ledger.test_matrices import FULL, crossed, rows_of

pytestmark = pytest.mark.django_db

run = CliRunner()


def test_list_names_what_stands_and_what_could() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        publish()
        done = run.invoke(app, ["list"])
    lines = done.stdout.splitlines()
    assert lines[0].split("\t") == ["test_figure-2026-06-30-1", "3", "项", "flow 2026-06-30", "rows", "测试数字"]
    assert any(line.startswith("needs_published\t-") for line in lines)
    assert not any(line.startswith("firms_eligible") for line in lines)


def test_show_says_value_gaps_growth_and_later_changes() -> None:
    rows = Rows(*rows_in("a", "a", "a", "a", "b", "b"))
    with declared(define(rows)):
        publish()
        rows.rows.pop()
        done = run.invoke(app, ["show", "test_figure"])
    assert "value: 6 项" in done.stdout
    assert "growth: no_base" in done.stdout
    assert "by area: a=*, b=*" in done.stdout
    assert "later: the tables give 5 now; 0 added, 1 removed, 0 changed" in done.stdout


def test_show_of_a_sentence_quotes_it() -> None:
    state()
    done = run.invoke(app, ["show", "pledges-2024-1"])
    assert "sentence: 质押融资25.35亿元，增长26.9%。" in done.stdout
    assert "printed growth: 26.9%" in done.stdout
    assert "not comparable (sentence)" in done.stdout


def test_verify_recomputes_and_fails_on_a_changed_value() -> None:
    with declared(define(Rows(*rows_in("a", "a", "a")))):
        figure = publish()
    assert "3 rows give 3 项" in run.invoke(app, ["verify", figure.key]).stdout
    assert run.invoke(app, ["verify"]).stdout == "Sound: 1 edition(s).\n"
    PublishedFigure.objects.update(value="4")
    done = run.invoke(app, ["verify"])
    assert done.exit_code == 1
    assert "the rows give 3, published is 4" in done.output


def test_unknown_figure_is_said() -> None:
    done = run.invoke(app, ["verify", "luck"])
    assert done.exit_code == 2
    assert "no published figure is called 'luck'" in done.output


def test_matrix_is_printed_and_written(tmp_path: Path) -> None:
    with declared(crossed(Rows(*rows_of(FULL | {"a1": 2})))):
        publish()
        done = run.invoke(app, ["matrix", "test_figure"])
        written = run.invoke(app, ["matrix", "test_figure", "--by", "area-industry", "--out", str(tmp_path / "m.csv")])
        shown = run.invoke(app, ["show", "test_figure"])
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert lines[0] == ["area × industry", "1", "2", "3", "total"]
    assert (lines[1][0], lines[1][1], lines[1][-1], lines[-1][-1]) == ("a", "*", "17", "70")
    assert written.stdout.startswith("3 lines")
    assert (tmp_path / "m.csv").read_text(encoding="utf-8-sig").splitlines()[0] == "area × industry,1,2,3,total"
    assert "by area × industry: keqiao figure matrix test_figure-2026-06-30-1" in shown.stdout


def test_matrix_that_is_not_there_or_may_not_be_shown_is_said() -> None:
    with declared(crossed(Rows(*rows_of({"a1": 1, "b2": 1})))):
        publish()
        other = run.invoke(app, ["matrix", "test_figure", "--by", "area-luck"])
        hidden = run.invoke(app, ["matrix", "test_figure"])
    assert (other.exit_code, hidden.exit_code) == (2, 2)
    assert "there is: area-industry" in other.output
    assert "giving small cells away" in hidden.output

"""Writing needs."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from keqiao.apps.ledger import queries as ledger
from keqiao.apps.ledger.actions import Refused
from keqiao.apps.ledger.models import Entry
from keqiao.apps.market import actions, quality
from keqiao.apps.market.actions.inputs import IndicatorInput, check_indicators, indicator_notices
from keqiao.apps.market.models import Need, NeedIndicator, State
from keqiao.apps.parties.actors import VISITOR
from tests.apps.acting import broker, editor, last_entry, person, product
from tests.factories.market import NeedFactory, NeedIndicatorFactory
from tests.factories.parties import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

LINE = IndicatorInput(name="清理周期", op="ge", low=30.0, unit="d", sense="ge", current_value="9 天")
VALUES: dict[str, Any] = {
    "title": "炉内粘丝求解",
    "text": "炉温一过二百三十度辊上就起硬壳。" * 3,
    "field": "new_materials",
}


def test_need_is_written_with_its_lines_score_and_entry(now: datetime) -> None:
    organization, user = OrganizationFactory(), UserFactory()

    need = actions.create_need(
        organization=organization, author=user, by=editor(organization, user), at=now, indicators=[LINE],
        budget_min_fen=1, budget_max_fen=2, coop_modes=["license"], **VALUES,
    )  # fmt: skip

    stored = Need.objects.get()
    assert (stored.key, stored.state, stored.area, stored.author) == (need.key, "draft", "229901", user)
    assert stored.quality == quality.score(stored, list(stored.indicators.all())).points == 85
    assert list(stored.indicators.values_list("position", "name", "low", "unit", "must", "current_value")) == [
        (0, "清理周期", 30.0, "d", True, "9 天")
    ]
    assert last_entry() == ("need.create", f"user:{user.key}", f"need:{need.key}", "done", "")
    assert list(ledger.verify()) == []


def test_ledger_holds_names_of_fields_not_their_values(now: datetime) -> None:
    organization = OrganizationFactory()

    actions.create_need(
        organization=organization,
        by=editor(organization),
        at=now,
        secrecy="introduction",
        **VALUES | {"text": "工序机密"},
    )

    entry = Entry.objects.get()
    assert sorted(entry.facts["fields"]) == ["area", "field", "organization", "secrecy", "text", "title"]
    assert "机密" not in repr(list(Entry.objects.values()))


@pytest.mark.parametrize("by", [VISITOR, person()])
def test_strangers_write_nothing(by, now: datetime) -> None:
    organization = OrganizationFactory()
    reason = "sign_in_first" if by is VISITOR else "not_editor_of_organization"

    with pytest.raises(Refused, match=reason):
        actions.create_need(organization=organization, by=by, at=now, **VALUES)

    assert Need.objects.count() == 0
    assert last_entry()[3:] == ("refused", reason)


def test_broker_writes_for_a_firm_and_its_editors_go_on(now: datetime) -> None:
    organization, user = OrganizationFactory(), UserFactory()

    need = actions.create_need(organization=organization, author=user, by=broker(user), at=now, **VALUES)
    actions.edit_need(need, by=editor(organization), at=now, title="炉内粘丝、起毛求解")
    actions.edit_need(need, by=broker(user), at=now, urgency="high")

    stored = Need.objects.get()
    assert (stored.title, stored.urgency, stored.author) == ("炉内粘丝、起毛求解", "high", user)
    with pytest.raises(Refused, match="not_editor_of_organization"):
        actions.edit_need(need, by=broker(UserFactory()), at=now, title="别人的")


def test_nobody_signs_for_somebody_else(now: datetime) -> None:
    organization, other = OrganizationFactory(), UserFactory()

    with pytest.raises(Refused, match="only_yourself"):
        actions.create_need(
            organization=organization, author=other, by=editor(organization, UserFactory()), at=now, **VALUES
        )
    need = actions.create_need(organization=organization, author=other, by=product(), at=now, **VALUES)

    assert list(Need.objects.values_list("key", "author")) == [(need.key, other.pk)]


def test_title_with_html_is_stored_as_text(now: datetime) -> None:
    organization = OrganizationFactory()

    actions.create_need(
        organization=organization, by=editor(organization), at=now, **VALUES | {"title": "<script>alert(1)</script>"}
    )

    assert Need.objects.get().title == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"op": "range", "low": 9.0, "high": 2.0},
            "第 2 行“寿命”：下限大于上限，请对调。",
        ),
        ({"op": "range"}, "第 2 行“寿命”：缺少数值；选择“范围”或“±”时要填两个数。"),
        ({"low": float("inf")}, "第 2 行“寿命”：缺少数值；选择“范围”或“±”时要填两个数。"),
        ({"op": "pm", "high": -1.0}, "第 2 行“寿命”：± 后面的偏差不能是负数。"),
        ({"op": "about"}, "第 2 行“寿命”：比较符号不对，请从列表中选择。"),
    ],
)
def test_line_that_cannot_be_checked_is_named(changed: dict[str, Any], message: str, now: datetime) -> None:
    organization = OrganizationFactory()
    bad = IndicatorInput(**{"name": "寿命", "op": "ge", "low": 3.0, "unit": "h"} | changed)

    with pytest.raises(ValidationError) as caught:
        actions.create_need(
            organization=organization, by=editor(organization), at=now, indicators=[LINE, bad], **VALUES
        )

    assert caught.value.message_dict == {"indicators": [message]}
    assert Need.objects.count() == Entry.objects.count() == 0


def test_every_bad_line_is_named_at_once(now: datetime) -> None:
    need = NeedFactory(state=State.DRAFT)
    lines = [IndicatorInput("甲", "range", 2.0, 1.0, unit="h"), LINE, IndicatorInput("乙", "pm", 1.0, -1.0, unit="h")]

    with pytest.raises(ValidationError) as caught:
        actions.edit_need(need, by=editor(need.organization), at=now, indicators=lines)

    assert [error.code for error in caught.value.error_dict["indicators"]] == ["impossible_range", "negative_width"]


def test_unit_that_nobody_knows_is_kept_and_its_writer_told() -> None:
    lines = [LINE, IndicatorInput("强度", "ge", 1.0, unit="MPaa"), IndicatorInput("误报", "le", 1.0, unit="次/床夜")]

    assert check_indicators(lines) is None
    assert indicator_notices(lines) == [
        "第 2 行“强度”：不认识单位“MPaa”：已保存，但只能与写法相同的单位比较。常用单位例如 μm、MPa、℃、%。"
    ]


@pytest.mark.parametrize("unit", ["次/床夜", "元/亩", "亿CFU/g", "", "μm", "%"])
def test_units_that_people_count_in_are_taken(unit: str, now: datetime) -> None:
    need = NeedFactory(state=State.DRAFT)

    actions.edit_need(
        need, by=editor(need.organization), at=now, indicators=[IndicatorInput("量", "ge", 1.0, unit=unit)]
    )

    assert list(NeedIndicator.objects.values_list("unit", flat=True)) == [unit]


def test_line_that_does_not_fit_its_column_is_named(now: datetime) -> None:
    need = NeedFactory(state=State.DRAFT)
    lines = [LINE, IndicatorInput(name="很长" * 40, op="ge", low=1.0, sense="up")]

    with pytest.raises(ValidationError) as caught:
        actions.edit_need(need, by=editor(need.organization), at=now, indicators=lines)

    first, second = caught.value.message_dict["indicators"]
    assert first.startswith(f"第 2 行“{'很长' * 40}”：指标：")
    assert second.startswith(f"第 2 行“{'很长' * 40}”：方向：")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 121}, "title"),
        ({"secrecy": "secret"}, "secrecy"),
        ({"budget_min_fen": 5, "budget_max_fen": 3}, "__all__"),
        ({"budget_min_fen": -5, "budget_max_fen": 3}, "__all__"),
        ({"budget_min_fen": 5}, "__all__"),
        ({"urgency": "yesterday"}, "urgency"),
        ({"field": "alchemy"}, "field"),
        ({"keywords": "粘丝"}, "keywords"),
        ({"keywords": ["粘丝", 3]}, "keywords"),
        ({"keywords_en": [" "]}, "keywords_en"),
        ({"keywords": ["词"] * 31}, "keywords"),
        ({"coop_modes": ["marriage"]}, "coop_modes"),
    ],
)
def test_wrong_value_is_refused_beside_its_field(values: dict[str, Any], field: str, now: datetime) -> None:
    organization = OrganizationFactory()

    with pytest.raises(ValidationError) as caught:
        actions.create_need(organization=organization, by=editor(organization), at=now, **VALUES | values)

    assert list(caught.value.message_dict) == [field]


def test_unknown_field_is_a_programming_error(now: datetime) -> None:
    organization = OrganizationFactory()

    with pytest.raises(ValueError, match="cannot be set here: state"):
        actions.create_need(organization=organization, by=editor(organization), at=now, state="published", **VALUES)


def test_given_lines_replace_the_old_ones_and_none_keeps_them(now: datetime) -> None:
    need = NeedFactory(state=State.DRAFT)
    NeedIndicatorFactory(need=need)

    actions.edit_need(need, by=editor(need.organization), at=now, title="新标题")
    kept = list(NeedIndicator.objects.values_list("name", flat=True))
    actions.edit_need(need, by=editor(need.organization), at=now, indicators=[LINE])

    assert (kept, list(NeedIndicator.objects.values_list("name", flat=True))) == (["指标机密"], ["清理周期"])


def test_need_that_was_handed_in_meanwhile_cannot_be_changed(now: datetime) -> None:
    need = NeedFactory(state=State.DRAFT)
    shown = Need.objects.get()
    actions.submit(need, by=editor(need.organization), at=now)

    with pytest.raises(Refused, match="not_a_draft"):
        actions.edit_need(shown, by=editor(need.organization), at=now, title="晚了")

    assert Need.objects.get().title == need.title
    assert last_entry()[0::3] == ("need.edit", "refused")


def test_edit_does_not_undo_what_somebody_else_saved(now: datetime) -> None:
    need = NeedFactory(state=State.DRAFT)
    shown = Need.objects.get()
    actions.edit_need(need, by=editor(need.organization), at=now, benchmark="新对标")

    actions.edit_need(shown, by=editor(need.organization), at=now, title="新标题")

    stored = Need.objects.get()
    assert (stored.benchmark, stored.title) == ("新对标", "新标题")


def test_need_without_substance_gets_the_three_questions_that_help_most(now: datetime) -> None:
    organization = OrganizationFactory()
    need = actions.create_need(organization=organization, by=editor(organization), at=now, title="求技术合作")

    found = quality.score(need, [])

    assert [check.code for check in found.questions] == ["problem", "target", "baseline"]
    assert (found.points, need.quality, sum(check.points for check in found.checks)) == (0, 0, 100)
    with translation.override("zh-hans"):
        assert str(found.questions[1].question) == "做到什么程度算解决？请给出一项带单位的数值。"


def test_complete_need_gets_no_question(now: datetime) -> None:
    organization = OrganizationFactory()
    need = actions.create_need(
        organization=organization, by=editor(organization), at=now, indicators=[LINE], background="有",
        budget_min_fen=0, budget_max_fen=1, deadline_date=now.date(), coop_modes=["license"], ip_policy="firm",
        **VALUES,
    )  # fmt: skip

    assert (need.quality, quality.score(need, list(need.indicators.all())).questions) == (100, ())

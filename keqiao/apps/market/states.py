"""The life of a listing as one table: from which states a step may start, where it leads, what it asks for."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import State


@dataclass(frozen=True)
class Step:
    """One way from state to state. `needs_reason`: the person must pick a reason code."""

    sources: frozenset[str]
    target: str
    needs_reason: bool = False


STEPS = {
    "submit": Step(frozenset({State.DRAFT}), State.SUBMITTED),
    "screen": Step(frozenset({State.SUBMITTED}), State.SCREENED),
    "return": Step(frozenset({State.SUBMITTED, State.SCREENED}), State.DRAFT, needs_reason=True),
    "publish": Step(frozenset({State.SCREENED}), State.PUBLISHED),
    "withdraw": Step(
        frozenset({State.DRAFT, State.SUBMITTED, State.SCREENED, State.PUBLISHED}), State.WITHDRAWN, needs_reason=True
    ),
    "expire": Step(frozenset({State.PUBLISHED}), State.EXPIRED),
    "reopen": Step(frozenset({State.EXPIRED, State.WITHDRAWN}), State.DRAFT),
}


class ReturnReason(models.TextChoices):
    INCOMPLETE = "incomplete", _("内容不完整")
    UNCLEAR = "unclear", _("问题不清楚，无法应答")
    DUPLICATE = "duplicate", _("与已有条目重复")
    SEVERAL = "several", _("含多个问题，请分条提交")
    NOT_TECHNICAL = "not_technical", _("不属于技术供需")
    SECRET = "secret", _("含不宜公开的内容")
    UNPROVEN = "unproven", _("指标或权属缺少依据")


class WithdrawReason(models.TextChoices):
    SOLVED = "solved", _("已解决")
    NO_LONGER_NEEDED = "no_longer_needed", _("不再需要")
    NO_LONGER_OFFERED = "no_longer_offered", _("不再提供")
    WRONG = "wrong", _("内容有误")
    BY_OFFICE = "by_office", _("主管部门撤下")


REASONS: dict[str, type[models.TextChoices]] = {"return": ReturnReason, "withdraw": WithdrawReason}

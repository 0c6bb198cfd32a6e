"""Firms of which something is known: facts named as the policies name them."""

import re
from datetime import date, timedelta
from typing import Any

from keqiao.apps.parties.models import Fact, Organization
from keqiao.catalogue import policies
from tests.factories.base import MOMENT
from tests.factories.parties import FactFactory

TODAY = MOMENT.date()
_YEARS_AGO = re.compile(r"(.+)_t([123])")


def know(firm: Organization, facts: dict[str, Any], *, on: date = TODAY) -> list[Fact]:
    """Write facts as registers state them; `staff_t1` is that of the year before."""
    rows = []
    for column, value in facts.items():
        match = _YEARS_AGO.fullmatch(column)
        name, year = (match[1], on.year - int(match[2])) if match else (column, None)
        rows.append(FactFactory(organization=firm, name=name, year=year, value=value))
    return rows


def small_firm(**changed: Any) -> dict[str, Any]:
    """A firm that is a technology-based SME today: the one the policy's own cases begin with."""
    policy = policies.edition("tech-sme-2017", on=TODAY)
    facts = dict(policies.cases(policy)[0]["firm"]) | {
        "list_checks": [
            {"list": name, "status": "off", "checked_at": (TODAY - timedelta(days=1)).isoformat()}
            for name in ("abnormal_operation", "serious_dishonesty")
        ]
    }
    facts.pop("firm_id")
    return facts | changed

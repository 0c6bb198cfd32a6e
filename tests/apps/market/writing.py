"""A process that writes needs until it is killed, and one that says what it left behind.

python -m tests.apps.market.writing write     prints a line after each need
python -m tests.apps.market.writing inspect   prints the findings as JSON
"""

import json
import os
import sys
from datetime import UTC, datetime

import django

MOMENT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LINES = 3


def start() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "keqiao.site.settings"
    django.setup()


def write() -> None:
    from keqiao.apps.market import actions  # noqa: PLC0415 - needs the settings
    from keqiao.apps.market.actions.inputs import IndicatorInput  # noqa: PLC0415 - needs the settings
    from keqiao.apps.parties import actions as parties  # noqa: PLC0415 - needs the settings
    from keqiao.apps.parties.actors import system  # noqa: PLC0415 - needs the settings

    by = system("loader")
    firm = parties.register_organization(key="org-killed", name="演示厂", kind="enterprise", by=by, at=MOMENT)
    lines = [IndicatorInput(name=f"指标{number}", op="ge", low=1.0, unit="mm") for number in range(LINES)]
    number = 0
    while True:
        number += 1
        need = actions.create_need(
            key=f"N{number}", organization=firm, title="粘丝", indicators=lines, by=by, at=MOMENT
        )
        actions.submit(need, by=by, at=MOMENT)
        print(number, flush=True)  # noqa: T201 - the parent counts


def inspect() -> None:
    from keqiao.apps.ledger import queries as ledger  # noqa: PLC0415 - needs the settings
    from keqiao.apps.ledger.models import Entry  # noqa: PLC0415 - needs the settings
    from keqiao.apps.market.models import Need, NeedIndicator  # noqa: PLC0415 - needs the settings

    def subjects(kind: str) -> set[str]:
        return set(Entry.objects.filter(kind=kind, outcome="done").values_list("subject", flat=True))

    def needs(**wanted: str) -> set[str]:
        return {f"need:{key}" for key in Need.objects.filter(**wanted).values_list("key", flat=True)}

    findings = {
        "needs": Need.objects.count(),
        "problems": [problem.message for problem in ledger.verify()],
        "created_without_the_other": sorted(needs() ^ subjects("need.create")),
        "submitted_without_the_other": sorted(needs(state="submitted") ^ subjects("need.submit")),
        "missing_lines": Need.objects.count() * LINES - NeedIndicator.objects.count(),
    }
    print(json.dumps(findings))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    start()
    {"write": write, "inspect": inspect}[sys.argv[1]]()

"""A worker's process for the tests: it prepares letters, or delivers them until it is killed, or says how they stand.

python -m tests.apps.post.working prepare CHANNEL URL [N]   a reader with N letters waiting, else three
python -m tests.apps.post.working deliver MINUTES   delivers what is due so many minutes later
python -m tests.apps.post.working work MINUTES      takes up and delivers again and again
python -m tests.apps.post.working inspect           prints the states as JSON
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta

import django

MOMENT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LETTERS, PASSES = 3, 12
SECRET = "whsec_" + "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="


def prepare(channel: str, url: str, letters: str = str(LETTERS)) -> None:
    from keqiao.apps.post.models import Destination  # noqa: PLC0415 - needs the settings
    from tests.factories.market import NeedFactory  # noqa: PLC0415 - needs the settings
    from tests.factories.parties import MembershipFactory  # noqa: PLC0415 - needs the settings
    from tests.factories.post import DeliveryFactory, NotificationFactory  # noqa: PLC0415 - needs the settings

    place = MembershipFactory()
    if channel == "webhook":
        Destination.objects.create(
            user=place.user, channel=channel, values={"url": url, "secret": SECRET}, created_at=MOMENT
        )
    for number in range(int(letters)):
        entry = _published(NeedFactory(organization=place.organization))
        told = NotificationFactory(user=place.user, entry=entry, title=f"letter-{number}")
        delivery = DeliveryFactory(user=place.user, channel=channel, due_at=MOMENT + timedelta(seconds=number))
        delivery.notifications.add(told)


def _published(need: object) -> int:
    from keqiao.apps.ledger import actions as ledger  # noqa: PLC0415 - needs the settings
    from keqiao.apps.ledger import queries  # noqa: PLC0415 - needs the settings
    from keqiao.apps.parties.actors import system  # noqa: PLC0415 - needs the settings

    ledger.record("need.publish", by=system("test"), at=MOMENT, subject=f"need:{need.key}")  # type: ignore[attr-defined]
    return queries.last_seq()


def deliver(minutes: str) -> None:
    from keqiao.apps.parties.actors import system  # noqa: PLC0415 - needs the settings
    from keqiao.apps.post import delivering  # noqa: PLC0415 - needs the settings

    delivering.deliver(by=system("worker"), at=MOMENT + timedelta(minutes=int(minutes)))


def work(minutes: str) -> None:
    """Take up and deliver, pass after pass, as long as another worker may have left something."""
    from keqiao.apps.parties.actors import system  # noqa: PLC0415 - needs the settings
    from keqiao.apps.post import actions, delivering  # noqa: PLC0415 - needs the settings

    at = MOMENT + timedelta(minutes=int(minutes))
    for _pass in range(PASSES):
        actions.take_up(by=system("worker"), at=at, limit=2)
        delivering.deliver(by=system("worker"), at=at)


def inspect() -> None:
    from keqiao.apps.ledger import queries as ledger  # noqa: PLC0415 - needs the settings
    from keqiao.apps.post.models import Delivery  # noqa: PLC0415 - needs the settings

    findings = {
        "problems": [problem.message for problem in ledger.verify()],
        "states": list(Delivery.objects.order_by("due_at", "pk").values_list("state", flat=True)),
    }
    print(json.dumps(findings))  # noqa: T201 - the parent reads it


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "keqiao.site.settings"
    django.setup()
    {"prepare": prepare, "deliver": deliver, "work": work, "inspect": inspect}[sys.argv[1]](*sys.argv[2:])

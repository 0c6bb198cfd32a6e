"""A process that imports, to be killed: `prepare`, `work` (reports each batch), `inspect`."""

import json
import sys

import django

ROWS = 1400


def prepare() -> None:
    from keqiao.apps.files import actions  # noqa: PLC0415
    from tests.apps.files.running import check  # noqa: PLC0415
    from tests.apps.files.tables import text_table  # noqa: PLC0415

    user, by = _officer()
    _firm(by)
    rows = [("编号", "企业名称", "需求名称", "需求描述"), *((n, "示范厂", f"难题 {n}", "说明") for n in range(ROWS))]
    who = {"by": by, "at": user.date_joined}
    run = check("needs", text_table(rows), sender="area:229999", name="t.csv", submit=True, **who)
    actions.start_import(run, **who)


def _officer():
    from django.utils import timezone  # noqa: PLC0415

    from keqiao.apps.parties import actions  # noqa: PLC0415
    from keqiao.apps.parties.actors import actor_of, system  # noqa: PLC0415
    from keqiao.apps.parties.models import User  # noqa: PLC0415

    user = User.objects.filter(email="officer@example.invalid").first()
    if user is None:
        who = {"by": system("test"), "at": timezone.now()}
        user = actions.add_user(email="officer@example.invalid", password=None, **who)
        actions.grant(user, role="officer", department="science", area="229999", **who)
    return user, actor_of(user, on=timezone.localdate())


def _firm(by) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from keqiao.apps.parties import actions  # noqa: PLC0415
    from tests.web.world import code  # noqa: PLC0415

    actions.register_organization(
        uscc=code(9), name="示范厂", kind="enterprise", area="229901", by=by, at=timezone.now()
    )


def work() -> None:
    from django.utils import timezone  # noqa: PLC0415

    from keqiao.apps.parties.importing import advance_next  # noqa: PLC0415

    while advance_next(at=timezone.now()):
        print("batch", flush=True)  # noqa: T201


def inspect() -> None:
    from keqiao.apps.files.models import ImportedNumber, ImportRow, ImportRun  # noqa: PLC0415
    from keqiao.apps.ledger import queries as ledger  # noqa: PLC0415
    from keqiao.apps.ledger.models import Entry  # noqa: PLC0415
    from keqiao.apps.market.models import Need  # noqa: PLC0415

    run = ImportRun.objects.get()
    found = {
        "state": run.state,
        "needs": Need.objects.count(),
        "titles": Need.objects.values("title").distinct().count(),
        "submitted": Need.objects.filter(state="submitted").count(),
        "marked": ImportRow.objects.filter(is_written=True).count(),
        "numbers": ImportedNumber.objects.count(),
        "written": run.written,
        "position": run.position,
        "counted": sum(entry.facts["count"] for entry in Entry.objects.filter(kind="import.write")),
        "problems": [str(problem) for problem in ledger.verify()],
    }
    print(json.dumps(found))  # noqa: T201


if __name__ == "__main__":
    django.setup()
    {"prepare": prepare, "work": work, "inspect": inspect}[sys.argv[1]]()

"""How long 10,000 rows take from upload to the last one written: `python -m benchmarks.imports` prints both databases.

Each kind is brought twice: the second time all rows are double and nothing is written. Every database is a fresh one in
a process of its own; PostgreSQL is skipped where it is not installed.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

if TYPE_CHECKING:
    from keqiao.apps.files.models import ImportRun
    from keqiao.apps.parties.actors import Actor

ROWS = 10_000
BODIES = 500
LIMIT_SECONDS = 60


def table(rows: list[list[object]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return stream.getvalue()


def measure() -> dict[str, dict[str, float]]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from keqiao.apps.files import actions, queries
    from keqiao.apps.files.kinds import kinds
    from keqiao.apps.parties.actors import Actor, Grant
    from keqiao.apps.parties.models import Role
    from keqiao.apps.parties.places import region
    from keqiao.engines.identifiers import make_uscc

    call_command("migrate", verbosity=0, interactive=False)
    area = region().root.code
    grant = Grant(Role.OFFICER, department="science", area=area)
    by = Actor(key="user:00000000-0000-0000-0000-000000000000", grants=frozenset({grant}), is_registered=True)
    codes = [make_uscc(authority="9", category="1", area="229999", serial=number) for number in range(ROWS)]
    bodies: list[list[object]] = [["单位名称", "统一社会信用代码", "类型"]]
    bodies += [[f"第{number}号示范精密机械厂", code, "企业"] for number, code in enumerate(codes)]
    needs: list[list[object]] = [
        ["编号", "单位名称", "统一社会信用代码", "需求名称", "需求描述", "核心指标", "预算（万元）"]
    ]
    needs += [
        [f"X{number}", f"第{number % BODIES}号示范精密机械厂", codes[number % BODIES], f"难题 {number}",
         "连续加工两小时后尺寸飘，换过刀具和冷却液都没有改善，想找到原因。", "定位精度≤5μm；节拍≤30s", "30-50"]
        for number in range(ROWS)
    ]  # fmt: skip
    found: dict[str, dict[str, float]] = {}
    for kind, rows in (("organizations", bodies), ("needs", needs)):
        content = table(rows)
        for turn in ("first", "again"):
            start = time.perf_counter()
            at = timezone.now()
            run = actions.upload_import(
                kind=kinds()[kind], sender=f"area:{area}", name="t.xlsx", content=content, by=by, at=at
            )
            actions.choose_columns(run, mapping=run.mapping, by=by, at=at)
            checked = finish(run, by=by, at=at)
            counts = queries.import_counts(run)
            if counts["new"]:
                actions.start_import(run, by=by, at=at)
                finish(run, by=by, at=at)
            total = time.perf_counter() - start
            found[f"{kind}, {turn}"] = {
                "check": checked, "total": total, "written": run.written, "duplicate": counts["duplicate"],
            }  # fmt: skip
    return found


def finish(run: "ImportRun", *, by: "Actor", at: datetime) -> float:
    from keqiao.apps.files import actions

    start = time.perf_counter()
    while run.state in ("checking", "writing"):
        actions.advance_import(run, by=by, at=at)
        run.refresh_from_db()
    return time.perf_counter() - start


def print_table(name: str, url: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        variables = {"KEQIAO_MODE": "demo", "KEQIAO_HOME": home, "KEQIAO_DATABASE_URL": url,
                     "DJANGO_SETTINGS_MODULE": "keqiao.site.settings"}  # fmt: skip
        done = subprocess.run([sys.executable, "-m", "benchmarks.imports", "measure"], env=os.environ | variables,
                              cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE, text=True,
                                  check=True)  # fmt: skip
    print(f"{name}: {ROWS:,} rows, seconds")
    for what, figures in json.loads(done.stdout.splitlines()[-1]).items():
        late = "" if figures["total"] <= LIMIT_SECONDS else f"  over {LIMIT_SECONDS} s!"
        print(f"  {what:22} check {figures['check']:6.1f}  all {figures['total']:6.1f}  "
              f"written {figures['written']:6.0f}  double {figures['duplicate']:6.0f}{late}")  # fmt: skip


def main() -> None:
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure()))
        return
    from tests import postgres

    print_table("SQLite", "")
    if postgres.available():
        with postgres.cluster() as url:
            print_table("PostgreSQL", url)


if __name__ == "__main__":
    main()

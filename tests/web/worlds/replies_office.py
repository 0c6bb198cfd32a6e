"""Replies of the small market in the office: to be corrected, checked, published, and one of another unit."""

from datetime import date

from django.utils.timezone import localdate

from keqiao.apps.files import actions as files
from keqiao.apps.parties.actors import actor_of
from keqiao.apps.parties.permissions import ALLOWED
from keqiao.apps.proposals import actions
from keqiao.apps.proposals.models import Reply
from tests.web.world import BY, World
from tests.web.worlds.proposals import LEAD

# The unit signs, the number and the proposal differ; the telephone is nobody's.
TEXT = """关于对省政协十三届四次会议W{proposal}号委员提案的答复

演{short}议案〔2026〕{number}号

王五委员:

您在省政协十三届四次会议上提出的《关于推广光学仪器的建议{number}》收悉，经认真研究办理，现答复如下：

一、关于“Build a pilot base”的建议

{unit}答复：2025年，我省建成中试基地{number}个，投入专项资金280万元。累计服务企业596家。下一步，{unit}将扩大中试服务范围，到2026年底前建成中试基地{more}个。

二、关于“Train people”的建议

{unit}答复：目前培训机构较多，不建议单独设立培训基地。下一步，{unit}将持续完善培训体系。

{signed}

2026年6月10日

（联系人：王小明，联系电话：13800138000）
"""
INDUSTRY = {"short": "工信", "unit": "省工信厅", "signed": "演示省工业和信息化厅"}
EDUCATION = {"short": "教", "unit": "省教育厅", "signed": "演示省教育厅"}


def extend(world: World) -> None:
    reply(world, "open", proposal=163, number=12)
    reply(world, "checked", proposal=164, number=13)
    reply(world, "published", proposal=167, number=14)
    reply(world, "other", proposal=165, number=15, signed=EDUCATION)
    lead = actor_of(world.users[LEAD], on=localdate(world.at))
    given = date(2026, 6, 12)
    actions.edit_reply(world.things["reply-published"], result_class="B", answered_date=given, by=BY, at=world.at)
    for name in ("checked", "published"):
        row = world.things[f"reply-{name}"]
        actions.decide_reply_publication(row, publication="full", by=BY, at=world.at)
        actions.check_reply(row, by=lead if name == "checked" else BY, at=world.at)
    actions.edit_reply(world.things["reply-open"], result_class="A", by=BY, at=world.at)
    actions.publish_reply(world.things["reply-published"], by=BY, at=world.at)
    _promise(world)
    row = world.things["reply-open"]
    figure = row.figures.first()
    actions.correct(
        row, kind="figure", field="modality", start=figure.start, end=figure.end, value="planned", reason="Read anew",
        by=BY, at=world.at,
    )  # fmt: skip


def _promise(world: World) -> None:
    """The measurable promise of the published reply: its unit has spoken and cites a file."""
    row = next(one for one in world.things["reply-published"].promises.all() if one.specificity == "concrete")
    lead = actor_of(world.users[LEAD], on=localdate(world.at))
    world.things["promise"] = row
    world.things["promise-file"] = files.attach(
        subject=f"promise:{row.key}", name="bases.txt", content=b"HIDDENBASES", permit=ALLOWED, by=lead, at=world.at
    )  # fmt: skip
    actions.add_evidence(
        row, kind="file", supports="partly", attachment=world.things["promise-file"].key, by=lead, at=world.at
    )
    actions.speak(row, role="department", stance="partly", text="Half of them stand", by=lead, at=world.at)


def text_of(*, proposal: int, number: int, signed: dict[str, str] = INDUSTRY) -> str:
    return TEXT.format(proposal=proposal, number=number, more=number + 2, **signed)


def reply(
    world: World, name: str, *, proposal: int, number: int, signed: dict[str, str] = INDUSTRY, text: str = ""
) -> Reply:
    given = text or text_of(proposal=proposal, number=number, signed=signed)
    row = actions.import_reply(text=given, by=BY, at=world.at)
    world.things[f"reply-{name}"] = row
    return row


def publish(world: World, row: Reply) -> None:
    actions.decide_reply_publication(row, publication="full", by=BY, at=world.at)
    actions.check_reply(row, by=BY, at=world.at)
    actions.publish_reply(row, by=BY, at=world.at)


def grow(world: World) -> None:
    for number in (21, 22):  # of proposals that are not registered here: one has few replies, lists have many
        reply(world, f"more-{number}", proposal=900 + number, number=number)
    row = world.things["reply-open"]
    for figure in list(row.figures.all())[1:3]:
        actions.correct(
            row, kind="figure", field="indicator", start=figure.start, end=figure.end, value="Pilot bases",
            reason="Read anew", by=BY, at=world.at,
        )  # fmt: skip

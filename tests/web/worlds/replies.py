"""Replies of the small market: two years that speak of one thing, an abstract, a version, one that is not published."""

from datetime import timedelta
from typing import Any

from keqiao.apps.proposals import actions
from keqiao.apps.proposals.models import Promise, Reply
from tests.apps.proposals.texts import FIRST, SECOND
from tests.web.world import BY, World

HEAD = "关于对省政协十三届四次会议W{number}号委员提案的答复\n\n演科议案〔2026〕{number}号\n\n"
BODY = """一、关于“{title}”的建议

省科技厅答复：2025年，全省支持中试项目{count}个。下一步，省科技厅将建立中试项目申报系统。

演示省科学技术厅

2026年6月8日

（联系人：王小明，联系电话：13700000001）
"""
MEASURED = """一、关于“Build laboratories”的建议

省科技厅答复：{said}。下一步，省科技厅将新建实验室。

演示省科学技术厅

2026年6月9日
"""


def extend(world: World) -> None:
    first = publish(world, "first", FIRST, result_class="A")
    second = publish(world, "second", SECOND, result_class="B")
    publish(world, "abstract", text_of(31, "HIDDENABSTRACT"), publication="abstract", abstract="Pilot projects.")
    bring(world, "draft", text_of(32, "HIDDENDRAFT"))
    publish(world, "old", text_of(33, "中试项目"))
    publish(world, "new", text_of(33, "中试项目", count=13), is_new_version=True)
    labs = world.things["figure register_labs"]
    said = f"{labs.year}年，全省{labs.name_zh}{labs.value}{labs.unit_zh}"
    publish(world, "measured", HEAD.format(number=34) + MEASURED.format(said=said))
    actions.correct(
        second, kind="figure", field="indicator", value="科创专员人数", reason="Wrong words", by=BY, at=world.at,
        **place(second, "1012名"),
    )  # fmt: skip
    kept = promise(world, "kept", first, "公共服务平台5个")
    cite(world, kept, second, "建成公共服务平台5个", supports="kept")
    refused = cite(world, kept, second, "入驻企业799家", supports="partly")
    actions.reject_evidence(refused, reason="Another matter", by=BY, at=world.at)
    promise(world, "quiet", first, "申报系统")
    for role, stance in (("department", "kept"), ("proposer", "partly"), ("third", "kept")):
        actions.speak(kept, role=role, stance=stance, text="Five platforms stand.", by=BY, at=world.at)
    actions.follow_due(by=BY, at=world.at)


def text_of(number: int, title: str, *, count: int = 12) -> str:
    return HEAD.format(number=number) + BODY.format(title=title, count=count)


def bring(world: World, name: str, text: str, **values: Any) -> Reply:
    row = actions.import_reply(text=text, by=BY, at=world.at - timedelta(hours=1), **values)
    world.things[f"reply-{name}"] = row
    return row


def publish(world: World, name: str, text: str, *, publication: str = "full", **values: Any) -> Reply:
    row = bring(world, name, text, **values)
    actions.decide_reply_publication(row, publication=publication, by=BY, at=world.at)
    actions.check_reply(row, by=BY, at=world.at)
    actions.publish_reply(row, by=BY, at=world.at)
    return row


def place(reply: Reply, words: str) -> dict[str, int]:
    start = reply.text.index(words)
    return {"start": start, "end": start + len(words)}


def promise(world: World, name: str, reply: Reply, words: str) -> Promise:
    found: Promise = reply.promises.get(text__contains=words)
    world.things[f"promise-{name}"] = found
    return found


def cite(world: World, row: Promise, later: Reply, words: str, *, supports: str) -> Any:
    return actions.add_evidence(
        row, kind="reply", supports=supports, later=later, by=BY, at=world.at, **place(later, words)
    )


def grow(world: World) -> None:
    for number in (41, 42):
        publish(world, f"more-{number}", text_of(number, f"中试{number}"))

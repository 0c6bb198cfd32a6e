"""Everything that leaves the site as a file, or is made to be printed: who gets it, and what they find in it.

`kept` maps words that are kept back, telephones, addresses and identity numbers to those who find them in full. What
is not mapped nobody may find.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from keqiao.apps.files import queries as files
from keqiao.apps.proposals.queries import courses
from keqiao.catalogue.replies.sample import sample_reply
from tests.web.pages import EVERYBODY, SIGNED_IN, Page
from tests.web.world import World

NOBODY = frozenset[str]()
FIRM, FIRM_WRITERS = frozenset({"member", "editor", "manager"}), frozenset({"editor", "manager"})
SCHOOL, OWNER = frozenset({"scholar"}), frozenset({"owner"})
CHARGE = frozenset({"broker", "coordinator"})
RUNNERS = CHARGE | {"officer"}
OFFICE = frozenset({"registrar"})
BODIES = FIRM | SCHOOL | OWNER
OFFICERS = frozenset({"officer", "stranger"})  # the stranger serves the place of the firm that is kept back
TABLES = ("csv", "xlsx")
PHONES = {name: f"137{number:08}" for number, name in enumerate(sorted(SIGNED_IN))}

Kept = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Download(Page):
    """One file. `columns` are the headings of a visitor's file, all of them public (P0)."""

    kept: Kept = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    posted: bool = False
    data: Mapping[str, str] = field(default_factory=dict)


def all_downloads(world: World) -> list[Download]:
    return [*_public(world), *_desk(), *_office(), *_proposals(), *_events(), *_files(world), *_own(world), *_printed()]


def _table(path: str, readers: frozenset[str] = EVERYBODY, otherwise: int = 403, *, kept: Kept | None = None,
           columns: tuple[str, ...] = ()) -> Iterator[Download]:  # fmt: skip
    """A list as a file, in both formats."""
    for kind in TABLES:
        sign = "&" if "?" in path else "?"
        yield Download(f"{path}{sign}export={kind}", readers, otherwise, kept=kept or {}, columns=columns)


def _public(world: World) -> Iterator[Download]:
    listings = ("编号", "标题", "类型", "技术领域", "单位", "所在地", "摘要", "发布日期", "有效期至")
    # Whose need it is is known to the firm itself and to the officers of its place, who screen it.
    yield from _table("/needs/", columns=listings, kept={"HIDDENNAME": OWNER | {"stranger"}})
    yield from _table("/offers/", columns=listings)
    # The register names all bodies; that one of them has a need stands nowhere in it.
    yield from _table("/organizations/", columns=("统一社会信用代码", "名称", "类型", "行业", "所在地"),
                      kept={"HIDDENNAME": EVERYBODY})  # fmt: skip
    yield from _table("/events/", columns=("编号", "名称", "类型", "状态", "开始时间", "结束时间", "报名截止", "所在地",
                                           "地点", "主办单位"))  # fmt: skip
    yield from _figures(world)
    yield from _table("/funnel/?by=area", columns=("按地区", "已发布", "已引荐", "双方有意", "进入洽谈", "达成合同",
                                                   "认定登记"))  # fmt: skip
    yield from _table("/policies/", columns=(
        "政策", "文号", "制定机关", "适用地区", "施行日期", "最后一日", "状态", "支持方式", "条款数", "条文段数",
        "其中全部编码", "其中含人工认定", "其中未编码", "演示",
    ))  # fmt: skip
    yield Download("/policies/tech-sme-2017/file/")
    yield from _table("/proposals/", columns=(
        "编号", "建议提案编号", "来自", "会议", "年度", "类别", "技术领域", "标题", "提出人", "主办单位",
        "协办单位", "交办日期", "办理期限", "状态", "答复", "承诺事项",
    ))  # fmt: skip
    yield from _table("/replies/", columns=(
        "编号", "文号", "标题", "答复单位", "成文日期", "发布日期", "来自", "建议提案编号", "办理结果", "数字指标",
        "承诺事项",
    ))  # fmt: skip
    yield from _table("/promises/", columns=(
        "编号", "承诺", "核对结果", "查找的答复数", "责任单位", "到期日", "到期日依据", "表述", "指标", "目标",
        "答复文号", "答复标题", "原句",
    ))  # fmt: skip
    for path in ("", f"{courses.courses()[0].key}/"):
        yield from _table(f"/replies/series/{path}", columns=SERIES)
    for kind in ("xlsx", "csv", "promises", "json"):
        yield Download(f"/replies/{world.things['reply-first'].key}/?file={kind}")
    yield Download(f"/replies/{world.things['reply-draft'].key}/?file=json", NOBODY, 404)
    for kind in ("xlsx", "csv", "promises", "json"):  # of a text that comes with the request
        given = {"text": sample_reply(), "do": kind}
        yield Download(f"/replies/read/?as={kind}", posted=True, data=given)
    yield Download("/events/E-open/calendar.ics")


def _figures(world: World) -> Iterator[Download]:
    """Figures, their rows and breakdowns: what is masked is in no file."""
    yield from _table("/figures/", columns=("代码", "名称", "数值", "期间", "存量或流量", "可核查程度", "同比",
                                            "上年基数", "口径", "版本"))  # fmt: skip
    yield Download("/figures/?export=json")
    yield Download("/figures/catalog.jsonld")
    yield Download(f"/office/figures/{world.things['figure offers_published'].key}/?export=json", NOBODY)
    for code, unit in (("register_labs", "个"), ("needs_published", "条"), ("needs_collected", "条")):
        page = f"/figures/edition/{world.things[f'figure {code}'].key}/"
        yield from _table(page, columns=("序号", "条目", "日期", "数值", "摘要值"))
        yield from _table(f"{page}?by=area&what=cells", columns=("代码", "按地区", unit))
        yield Download(f"{page}?export=json")
        yield Download(f"{page}?what=matrix&export=json")
    yield from _table("/registers/labs/", columns=("名称", "级别", "单位", "所在地", "技术领域", "批准日期", "撤销日期",
                                                   "文号或编号", "来源"))  # fmt: skip


SERIES = (
    "指标名称",
    "时间",
    "原文",
    "数值",
    "单位",
    "口径",
    "时期",
    "部门",
    "答复文号",
    "成文日期",
    "所在句子",
    "位置",
)


def _desk() -> Iterator[Download]:
    sides = OWNER | {"coordinator", "stranger"}
    yield from _table("/desk/introductions/", SIGNED_IN, kept={"HIDDENNAME": sides, "Call the firm": CHARGE})
    yield from _table("/desk/introductions/?show=mine", SIGNED_IN, kept={"Call the firm": frozenset({"broker"})})
    yield Download("/desk/introductions/calendar.ics", SIGNED_IN, kept={"Call the firm": frozenset({"broker"})})
    yield from _table("/desk/agreements/", SIGNED_IN, kept={"Meier GmbH": FIRM})
    yield from _table("/desk/projects/", BODIES | OFFICERS, kept={"Laser power supply": FIRM | {"officer"}})


def _office() -> Iterator[Download]:
    yield from _table("/office/registrations/", OFFICE)
    yield from _table("/office/registrations/?show=register", OFFICE)
    yield from _table("/office/contracts/?by=area", OFFICE)
    yield from _table("/office/ledger/", frozenset({"auditor"}))


def _proposals() -> Iterator[Download]:
    # For officers of units that handle proposals, who are none of the market's people: tests/web/test_proposals.py.
    yield from _table("/office/proposals/", NOBODY)
    yield from _table("/office/proposals/overdue/", NOBODY)
    for path in ("replies/", "promises/", "look-backs/"):
        yield from _table(f"/office/{path}", NOBODY)


def _events() -> Iterator[Download]:
    yield from _table("/office/events/", RUNNERS | {"stranger"})
    for path in ("", "guests/", "meetings/", "scores/"):
        yield from _table(f"/office/events/E-show/{path}", RUNNERS, 404)
    yield Download("/desk/events/E-open/programme.ics", frozenset({"editor", "scholar"}), 404)


def _files(world: World) -> Iterator[Download]:
    """Attached files: those who may read the matter get them whole, others are not told that there is one."""
    sides, things = FIRM | SCHOOL, world.things
    claim = things["claim-outsider-school"]
    evidence = files.attachments_of(f"claim:{claim.key}").get().key
    yield _file(f"/desk/claims/{claim.key}/files/{evidence}/", {"officer", "security", "outsider"}, "HIDDENLETTER")
    yield _file(f"/desk/introductions/D-talking/files/{things['file'].key}/", sides | CHARGE, "HIDDENMINUTES",
                "13900000002", "minutes@example.invalid", "220000199003070017")  # fmt: skip
    yield _file(f"/desk/agreements/A-draft/files/{things['annex'].key}/", sides | CHARGE, "HIDDENCONTRACT")
    yield _file(f"/desk/agreements/A-trial/files/{things['annex-trial'].key}/", sides, "HIDDENTRIAL")
    filed = things["annex-filed"].key
    yield _file(f"/desk/agreements/A-filed/files/{filed}/", FIRM, "HIDDENFILED")
    yield _file(f"/office/registrations/R-filed/files/{filed}/", OFFICE, "HIDDENFILED", known=FIRM)
    # What is cited for a promise: for those who may read it as a third, besides its unit and its proposer.
    promise, cited = things["promise"], things["promise-file"].key
    yield _file(f"/desk/promises/{promise.key}/files/{cited}/", {"expert", "auditor"}, "HIDDENBASES")
    # A file's key opens nothing below another matter, not even for those who may read both.
    yield _file(f"/office/registrations/R-filed/files/{things['annex'].key}/", NOBODY, known=FIRM)
    yield _file(f"/desk/agreements/A-draft/files/{filed}/", NOBODY)
    yield _file(f"/desk/introductions/D-new/files/{things['file'].key}/", NOBODY)
    yield _file(f"/desk/claims/{claim.key}/files/{filed}/", NOBODY)


def _file(path: str, readers: Iterable[str], *kept: str, known: frozenset[str] = NOBODY) -> Download:
    found = frozenset(readers)
    return Download(path, found, 404, known, kept=dict.fromkeys(kept, found))


def _own(world: World) -> Iterator[Download]:
    """What one gets back of one's own."""
    rows = world.things["import-checked"].key
    yield Download(f"/desk/imports/{rows}/wrong.xlsx", FIRM_WRITERS, 404, kept={"HIDDENROW": FIRM_WRITERS,
                   "13900000003": FIRM_WRITERS})  # fmt: skip
    policies = f"/desk/organizations/{world.organizations['firm'].key}/policies/"
    yield Download(f"{policies}facts.jsonl", FIRM, 404)
    yield Download(f"{policies}tech-sme-2017/", FIRM, 404)  # made to be printed
    yield Download("/desk/imports/templates/people.xlsx", FIRM_WRITERS | SCHOOL | OWNER | OFFICERS, 404)
    mine = {value: frozenset({name}) for name in SIGNED_IN for value in (PHONES[name], f"{name}@example.invalid")}
    yield Download("/desk/account/export/", SIGNED_IN, kept=mine | {"HIDDENNAME": OWNER}, posted=True)


def _printed() -> Iterator[Download]:
    """Pages that are made to be printed."""
    yield Download("/desk/registrations/R-registered/certificate/", FIRM | OFFICE, 404)
    yield Download("/needs/N-introduction/share/")
    yield Download("/policies/tech-sme-2017/check/")
    for number in (1, 2, 3):  # the second shows the need of the firm that is kept back
        yield Download(f"/events/E-open/items/{number}/")
    yield Download("/desk/events/E-open/", frozenset({"editor", "scholar"}), 302)
    for key in ("E-open", "E-show"):
        yield Download(f"/office/events/{key}/meetings/", RUNNERS, 404)

"""Head and foot of a reply: title, numbers, session, who asked, who signed, when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from keqiao.engines.replies._departments import is_department
from keqiao.engines.replies._form import read_form
from keqiao.engines.replies._model import Meta, Span
from keqiao.engines.replies._numbers import chinese_value
from keqiao.engines.replies._view import View

_FIELDS = (
    "索引号",
    "分类",
    "主题分类",
    "发文机关",
    "成文日期",
    "标题",
    "发文字号",
    "发布日期",
    "主题词",
    "有效性",
    "体裁",
    "名称",
    "文号",
)
_FIELD = re.compile(rf"({'|'.join(_FIELDS)})：(.{{1,120}}?)(?=(?:{'|'.join(_FIELDS)})：|\n|\t)")
_NUMBER = re.compile(r"[一-鿿A-Za-z]{2,16}〔(\d{4})〕(?:第)?[\d一-鿿]{1,6}号")
_TITLE = re.compile(r"(?:关于|对)[^\n。]{0,80}")
_TITLE_END = re.compile(r"(?:答复意见|答复函|答复|答覆|复函|回复|的函|办理意见)(?:函)?(?:（[^（）\n]{1,12}）)?$")
_ID = re.compile(r"第? ?([A-Za-z]{0,4}-?\d{1,10}) ?号|提案([A-Z]?\d{2,9})|第([一二三四五六七八九十百千零〇]{1,9})号")
_SESSION = re.compile(
    r"第?([一二三四五六七八九十\d]{1,3})届(?:全国|省|市|县|区)?(?:人民代表大会|人大|政协)?(?:常委会|委员会)?(?:第)?([一二三四五六七八九十\d]{1,3})次(?:全体)?会议"
)
_DATE = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})日|([二一][〇零○一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_WEEKDAY = re.compile("（星期[一二三四五六日天]）$")
_MONTH = re.compile(r"(\d{4}|[二一][〇零○一二三四五六七八九]{3})年(?:\d{1,2}|[一二三四五六七八九十]{1,2})月")
_OPENING = re.compile(
    r"(?:您|您们|你们|你|阁下|贵方|贵单位|贵党派|贵委|贵会|贵[一-鿿]{1,4})[^。\n]{0,80}?(?:《([^》\n]{4,160})》|“([^\n]{4,160}?)”(?:的?(?:建议|提案|问题|（|收悉)|收悉)|提出的?(关于[^。\n《“]{4,120}?(?:建议|提案|议案|意见))(?:（|，|收悉|已收悉))"
)
_CONSULTED = re.compile(
    r"(?:经会同|经商|经与|会同|商请|经会|经会商|结合|综合|并商|会商|征求)([^。\n]{4,120}?)(?:会商|研究|等部门|等单位|意见|共同|，|协商|办理)"
)
_PHONE = re.compile(r"0\d{2,3}-? ?\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)|0{2,4}-0{3,8}|(?<=电话：)[\d\- —]{5,20}\d")
_CONTACT = re.compile(
    r"(?:联系人及联系方式|联系人及电话|联系人及联系电话|联系人|联系方式)：([一-鿿]{2,4}?)"
    r"(?=[，、 ；：\n]|\d|电话|联系|（|）)"
)
_CATEGORY = re.compile(r"类别：([A-D])|办理(?:结果|类别)：?([A-D])|^([A-D])\n")


@dataclass(frozen=True)
class Frame:
    """Meta with the flat ranges of the body between salutation and signature, and of the title of what was asked."""

    meta: Meta
    body: tuple[int, int]
    asked: tuple[int, int] | None


def read_meta(view: View) -> Frame:
    """Read what stands before and behind the body. What is not there stays None."""
    flat = view.flat
    opening = _OPENING.search(flat, 0, min(len(flat), 6000))
    head_end = opening.start() if opening else min(len(flat), 600)
    head = flat[:head_end]
    stated = {found[1]: found.span(2) for found in _FIELD.finditer(head)}
    spans: dict[str, Span] = {}
    number = _NUMBER.search(head)
    number_range = _number_range(head, number)
    title = _title(head)
    proposal = _proposal(opening)
    foot = _foot(view)
    values: dict[str, Any] = _numbers(view, head, title, opening)
    values |= _asked(view, head, opening)
    if number_range:
        values["doc_number"] = view.text(*number_range)
        spans["doc_number"] = view.span(*number_range)
    if proposal:
        values["proposal_title"] = view.text(*proposal).strip()
        spans["proposal_title"] = view.span(*proposal)
    if title:
        values["title"] = "".join(view.text(*part) for part in title)
    if foot.signed:
        values["signed_by"] = values["lead_department"] = view.text(*foot.signed)
    if foot.date:
        values["date"] = _iso(flat[foot.date[0] : foot.date[1]])
        spans["date"] = view.span(*foot.date)
    for name, key in (("索引号", "index_number"), ("分类", "category")):
        if name in stated:
            values[key] = view.text(*stated[name])
    form, form_end = read_form(view, opening.start() if opening else len(flat))
    if "date" in form:
        form["date"] = _iso(form["date"])
    values |= {name: value for name, value in form.items() if not values.get(name)}
    values = _stated_dates(view, flat, values, stated)
    values["year"] = int(values["date"][:4]) if values.get("date") else _year(flat, number)
    values["contacts"] = _contacts(view)
    start = max(_body_start(flat, opening, head_end), form_end)
    return Frame(Meta(spans=spans, **values), (start, max(start, foot.start)), proposal)


def _year(flat: str, number: re.Match[str] | None) -> int | None:
    """The year of a letter without a full date: of the month it closes with, else of its number."""
    for start, end in _tail(flat)[:6]:
        found = _MONTH.fullmatch(flat, start, end)
        if found:
            return _int(found[1])
    return int(number[1]) if number else None


def _stated_dates(view: View, flat: str, values: dict[str, Any], stated: dict[str, Span]) -> dict[str, Any]:
    for name, key in (("成文日期", "date"), ("发布日期", "published")):
        if name in stated and not values.get(key):
            found = _DATE.search(flat, *stated[name])
            values[key] = _iso(found.group()) if found else None
    if "发文机关" in stated and not values.get("lead_department"):
        values["lead_department"] = view.text(*stated["发文机关"])
    return values


def _number_range(head: str, found: re.Match[str] | None) -> Span | None:
    if found is None:
        return None
    start = found.start()
    for name in ("发文字号", "文号", "答复函", "复函", "答复"):
        at = head.find(name, start, found.end())
        if at >= 0:
            start = at + len(name)
    return (start, found.end())


def _title(head: str) -> tuple[Span, ...]:
    """The ranges of the title: one paragraph, or up to three that end in 答复."""
    best: tuple[Span, ...] = ()
    for found in _TITLE.finditer(head):
        line = head.rfind("\n", 0, found.start()) + 1
        if line < found.start() and head[found.start() - 1] != "：" and not is_department(head[line : found.start()]):
            continue
        parts = [found.span()]
        while len(parts) < 4 and not _TITLE_END.search(head, parts[0][0], parts[-1][1]):
            start = parts[-1][1] + 1
            stop = head.find("\n", start)
            if stop < 0:
                break
            parts.append((start, stop))
        if _TITLE_END.search(head[parts[-1][0] : parts[-1][1]]):
            best = tuple(parts)
    return best


def _numbers(view: View, head: str, title: tuple[Span, ...], opening: re.Match[str] | None) -> dict[str, Any]:
    flat = view.flat
    values: dict[str, Any] = {}
    text = "".join(flat[a:b] for a, b in title)
    beyond = flat[opening.start() : opening.end() + 40] if opening else ""
    found = _ID.search(text) or _ID.search(beyond) or _ID.search(head)
    if found:
        values["proposal_id"] = found[1] or found[2] or str(_int(found[3]))
    where = text + "\n" + head + beyond
    session = _SESSION.search(text) or _SESSION.search(where)
    if session:
        values["session"] = {"text": session.group(), "term": _int(session[1]), "session": _int(session[2])}
    is_npc = "人大" in text or "人民代表大会" in text or ("建议" in text and "提案" not in text) or "代表" in text[-12:]
    is_cppcc = "政协" in text or "提案" in text
    if not (is_npc or is_cppcc):
        is_npc, is_cppcc = "人大" in where, "政协" in where
    values["body"] = "cppcc" if is_cppcc else "npc" if is_npc else None
    values["proposal_kind"] = _kind(text, head, values["body"])
    category = _CATEGORY.search(head)
    if category:
        values["category"] = next(group for group in category.groups() if group)
    return values


def _kind(title: str, head: str, body: str | None) -> str | None:
    if body == "npc":
        return "代表建议"
    if body != "cppcc":
        return None
    for word in ("党派团体提案", "委员提案", "界别提案", "集体提案", "团体提案", "专委会提案", "联名提案"):
        if word in title:
            return word
    lines = [line for line in head.split("\n") if line.endswith("：")]
    if lines and re.search(r"委员会|省委|市委|支部|工商联|总支|妇联|团委|侨联", lines[-1]):
        return "党派团体提案"
    return "委员提案" if lines else None


def _asked(view: View, head: str, opening: re.Match[str] | None) -> dict[str, Any]:
    """The salutation: the paragraph with a colon before the opening words."""
    if opening is None:
        return {}
    stop = opening.start() - 1
    while stop > 0 and head[stop - 1 : stop] == "\n":
        stop -= 1
    start = head.rfind("\n", 0, stop) + 1
    line = head[start:stop]
    if not line.endswith("："):
        inner = re.match(r"(.{2,60}?)：$", line)
        if inner is None:
            return {}
    line = re.sub(r"^尊敬的", "", line.rstrip("："))
    group = re.search(r"委员会|省委|市委|支部|工商联|总支|妇联|团省委|侨联|学社|协会|界", line)
    count = re.search(r"等 ?(\d{1,3}|[一二三四五六七八九十]{1,3})(?:名|位|人)", line)
    names = re.sub(r"等.{0,12}$", "", line) if count or line.endswith(("等代表", "等委员")) else line
    parts = [re.sub(r"(?:代表|委员|同志|先生|女士)$", "", one) for one in re.split("[、，]", names)]
    kind = (
        "party_group"
        if group
        else "deputies"
        if "代表" in line and (count or len(parts) > 1)
        else "deputy"
        if "代表" in line
        else "member"
    )
    return {"proposer": tuple(filter(None, parts)), "proposer_kind": kind, "co_departments": _consulted(view, opening)}


def _consulted(view: View, opening: re.Match[str]) -> tuple[str, ...]:
    found = _CONSULTED.search(view.flat, opening.end(), min(opening.end() + 160, len(view.flat)))
    if found is None:
        return ()
    names: list[str] = []
    for part in found[1].split("、"):
        whole = part.strip()
        pieces = [whole] if is_department(whole) else re.split("[和及与]", whole)
        names += [piece for piece in pieces if is_department(piece)]
    return tuple(names)


def _proposal(opening: re.Match[str] | None) -> Span | None:
    if opening is None:
        return None
    return next(opening.span(group) for group in (1, 2, 3) if opening[group])


@dataclass(frozen=True)
class _Foot:
    start: int
    signed: Span | None
    date: Span | None


def _foot(view: View) -> _Foot:
    """Signature and date: the last paragraphs that are nothing else."""
    flat = view.flat
    lines = _tail(flat)
    date = signed = None
    for start, end in lines:
        found = _DATE.fullmatch(flat, start, start + len(_WEEKDAY.sub("", flat[start:end])))
        if found and date is None:
            date = (start, end)
        elif signed is None and is_department(flat[start:end]) and end - start <= 24:
            signed = (start, end)
            break
        elif end - start > 60 and flat[end - 1] == "。":
            break  # the body: what stands above it is no signature
    if date is None:
        for start, end in lines[:6]:
            found = _DATE.search(flat, start, end)
            if found and found.end() == end and is_department(flat[start : found.start()]):
                return _Foot(start, (start, found.start()), found.span())
    starts = [one[0] for one in (signed, date) if one]
    contact = next(
        (start for start, end in lines if flat.startswith(("（联系", "联系", "签发人", "抄送", "（此件"), start)),
        len(flat),
    )
    return _Foot(min([*starts, contact]), signed, date)


def _tail(flat: str) -> list[Span]:
    """The last thirty paragraphs, the last one first."""
    found: list[Span] = []
    end = len(flat)
    while end > 0 and len(found) < 30:
        start = flat.rfind("\n", 0, end) + 1
        if end > start:
            found.append((start, end))
        end = start - 1
    return found


def _body_start(flat: str, opening: re.Match[str] | None, head_end: int) -> int:
    if opening is None:
        return 0
    for words in ("如下：", "如下。", "如下\n"):
        at = flat.find(words, opening.end(), opening.end() + 400)
        if at >= 0:
            return at + len(words)
    return max(head_end, opening.end())


def _contacts(view: View) -> tuple[dict[str, Span | None], ...]:
    flat = view.flat
    found = []
    floor = max(0, len(flat) - 800)
    for phone in _PHONE.finditer(flat, floor):
        name = None
        for name in _CONTACT.finditer(flat, max(floor, phone.start() - 40), phone.start()):  # noqa: B007 - the last
            pass
        found.append({"name_span": view.span(*name.span(1)) if name else None, "phone_span": view.span(*phone.span())})
    return tuple(found)


def _iso(text: str) -> str | None:
    found = _DATE.search(text)
    if found is None:
        return None
    year, month, day = (_int(one) for one in (found.groups()[:3] if found[1] else found.groups()[3:]))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}"


def _int(text: str) -> int:
    if text.isdigit() and text.isascii():
        return int(text)
    return int(chinese_value(text.replace("○", "〇")) or 0)

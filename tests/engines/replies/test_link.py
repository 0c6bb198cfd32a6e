"""Replies linked: what makes a series and what does not, promises followed, sums within rounding."""

import json
import os
from pathlib import Path

import pytest

from keqiao.catalogue.replies import link_replies, parse_reply
from keqiao.engines.replies import Links, Reply, check, reply_from_dict

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("KEQIAO_SHARED", ROOT.parent / "shared")) / "replies"
HEAD = "一、关于“人才”的建议\n省科技厅答复："
CITY = "一、关于“人才”的建议\n市科技局答复："


def letter(text: str, *, year: int, head: str = HEAD) -> str:
    return f"{head}{text}\n某省科学技术厅\n{year}年5月20日\n"


def reply(text: str, *, year: int, head: str = HEAD) -> Reply:
    return parse_reply(letter(text, year=year, head=head))


def linked(earlier: str, later: str, **heads: str) -> Links:
    texts = {
        "a": letter(earlier, year=2024, head=heads.get("a", HEAD)),
        "b": letter(later, year=2025, head=heads.get("b", HEAD)),
    }
    return link_replies({name: parse_reply(text) for name, text in texts.items()}, texts=texts)


def relations(links: Links) -> list[tuple[str, list[str]]]:
    return [(one.relation, [part.raw for part in one.points]) for one in links.series]


def test_running_totals_of_one_programme_make_a_series() -> None:
    found = linked("累计通过“春苗”专项支持企业73户。", "累计通过“春苗”专项支持初创企业104户。")
    assert relations(found) == [("same_cumulative", ["73户", "104户"])]


def test_year_and_running_total_are_linked_but_kept_apart() -> None:
    found = linked("2023年，通过“春苗”专项支持企业73户。", "累计通过“春苗”专项支持企业104户。")
    assert relations(found) == [("annual_vs_cumulative", ["73户", "104户"])]
    assert [one.kind for one in found.inconsistencies if one.kind == "cumulative_vs_annual"] == ["cumulative_vs_annual"]


def test_plan_and_result_are_no_one_basis() -> None:
    found = linked("预计“春苗”专项转化科技成果430项。", "累计“春苗”专项转化科技成果458项。")
    assert relations(found) == [("basis_differs", ["430项", "458项"])]


def test_province_and_city_are_two_scopes() -> None:
    found = linked("累计转化科技成果458项。", "累计转化科技成果233项。", b=CITY)
    assert found.series == ()
    assert [one.why for one in found.false_links] == ["scope: different levels"]


def test_two_provinces_are_two_scopes() -> None:
    one = letter("累计转化科技成果458项。", year=2024)
    other = letter("累计转化科技成果533项。", year=2025).replace("某省", "邻省")
    texts = {"a": one, "b": other, "c": letter("累计转化科技成果512项。", year=2025)}
    found = link_replies({name: parse_reply(text) for name, text in texts.items()}, texts=texts)
    assert [[part.doc for part in series.points] for series in found.series] == [["a", "c"]]


def test_equal_numbers_of_different_things_are_told_and_not_linked() -> None:
    found = linked("实施重大科技专项17个。", "认定创业孵化基地17个。")
    assert found.series == ()
    assert [one.why for one in found.false_links] == ["same number, different thing"]


def test_one_thing_of_one_year_with_two_values_is_a_contradiction() -> None:
    found = linked("2023年，全省技术合同成交额105.48亿元。", "2023年，全省技术合同成交额110.2亿元。")
    assert "disagree" in [one.kind for one in found.inconsistencies]


def test_number_that_stands_still_over_the_years_is_frozen() -> None:
    found = linked("2023年，联盟汇聚会员单位65家。", "2024年，联盟汇聚会员单位65家。")
    assert "frozen" in [one.kind for one in found.inconsistencies]


PROMISED = "目前工作正常。\n下一步，省科技厅将{}。"


@pytest.mark.parametrize(
    ("promise", "later", "status"),
    [
        ("出台《人才引进管理办法》", "印发《人才引进管理办法》，支持人才12名。", "kept"),
        ("出台《人才引进管理办法》", "支持人才12名。", "no_evidence"),
        ("建立“科创专员”申报系统", "选派科创专员12名。", "no_evidence"),
        ("实施“春苗”、“秋实”等惠企举措", "通过“春苗”专项支持企业104户。", "no_evidence"),
        ("于2027年12月底前建成中试基地3家", "支持人才12名。", "pending_at_date"),
        ("建成光电中试基地3家", "2024年，建成光电中试基地3家。", "kept"),
        ("建成光电中试基地3家", "2024年，建成光电中试基地2家。", "partly"),
        ("建成光电中试基地3家", "2023年，建成光电中试基地3家。", "no_evidence"),
        ("建成光电中试基地3家", "选派光电中试基地专员3名。", "no_evidence"),
        ("建成光电中试基地3家", "培训光电人才3名。", "no_evidence"),
        ("培训技术经纪人结业300人以上", "2024年，举办技术经纪人培训5期，结业265人。", "partly"),
        ("培训技术经纪人结业300人以上", "2024年，举办技术经纪人培训5期，结业312人。", "kept"),
        ("培训技术经纪人结业300人以上", "目前在岗技术经纪人312人。", "no_evidence"),
        ("推动在架供给2024年底前达到80条以上", "截至2024年底，在架供给88条。", "kept"),
        ("建立科创专员申报系统", "科创专员申报系统上线运行。", "kept"),
        ("建立科创专员申报系统", "正在推进科创专员申报系统建设，预计年底完成。", "partly"),
        ("建立科创专员申报系统", "科创专员申报系统尚未上线。", "no_evidence"),
        ("建立科创专员申报系统", "您提出建立科创专员申报系统的建议很有价值。", "no_evidence"),
        ("建立科创专员申报系统", "科创专员累计选派1012名。", "no_evidence"),
        ("修订《人才引进管理办法》", "按照《人才引进管理办法》，支持人才12名。", "no_evidence"),
        ("修订《人才引进管理办法》", "修订印发《人才引进管理办法》。", "kept"),
        ("新设人工智能、智能制造等学科专业", "某大学增列“电子信息”博士学位授权点。", "partly"),
        ("启动实施重大产业关键技术攻关专项", "光电芯片重大科技专项投入1800万元。", "partly"),
        ("制定《人才引进管理办法》和《科创专员管理细则》", "印发《人才引进管理办法》。", "partly"),
        ("进一步加强合作交流", "支持人才12名。", "too_soft"),
    ],
)
def test_promise_is_followed_to_what_later_replies_say(promise: str, later: str, status: str) -> None:
    found = linked(PROMISED.format(promise), later)
    assert [one.status for one in found.promises if one.promise["doc"] == "a"] == [status]


def test_promise_without_a_later_reply_is_pending() -> None:
    found = link_replies({"a": reply(PROMISED.format("出台《人才引进管理办法》"), year=2024)})
    assert [one.status for one in found.promises] == ["pending_at_date"]


def test_thing_that_was_there_before_the_promise_does_not_keep_it() -> None:
    found = linked("建成科创专员申报系统。\n下一步，省科技厅将建立科创专员申报系统。", "科创专员申报系统运行良好。")
    told = [(one.status, one.note) for one in found.promises if one.promise["doc"] == "a"]
    assert told == [("partly", "it was there before the promise")]


def test_number_that_was_reached_before_does_not_count_again() -> None:
    promise = "累计建成光电中试基地10家。\n下一步，省科技厅将建成光电中试基地5家。"
    statuses = [
        [one.status for one in linked(promise, f"累计建成光电中试基地{count}家。").promises] for count in (10, 12, 15)
    ]
    assert statuses == [["no_evidence"], ["partly"], ["kept"]]


def test_kept_and_partly_always_cite_a_place() -> None:
    found = linked(PROMISED.format("出台《人才引进管理办法》"), "印发《人才引进管理办法》。")
    assert all(one.evidence for one in found.promises if one.status in ("kept", "partly"))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("2024年争取资金1.15亿元，较上年度（9090万元）增长26.9%。", "ok_within_rounding"),
        ("2024年争取资金70.79亿元，较上年度（57.11亿元）增长23.95%。", "ok"),
        ("2024年安排资金4860万元，比2023年的4050万元增长18%。", "mismatch"),
        ("梳理上游企业26户、中游企业71户、下游企业118户，合计215户。", "ok"),
        ("梳理上游企业26户、中游企业71户、下游企业118户，合计216户。", "mismatch"),
        ("与甲银行、乙银行、丙银行等3家金融机构合作。", "ok"),
        ("全市有企业500户，梳理上游企业26户、中游企业71户、下游企业118户，合计215户。", "ok"),
        ("培育企业609家，其中国家级3780家。", "mismatch"),
        ("全市高新技术企业5000家，其中专精特新企业600家，占比12%。", "ok"),
        ("全市高新技术企业5000家，其中专精特新企业600家，占比12.5%。", "mismatch"),
        ("资金总额1.15亿元，其中光电领域3100万元，占比27.1%。", "ok_within_rounding"),
        ("2024年安排资金90万元，比2023年的100万元下降10%。", "ok"),
        ("建成充电桩一万零六百余个，其中农村地区二千三百四十个，占比两成二。", "ok"),
        ("2024年安排资金90万元，比2023年的100万元增长10%。", "mismatch"),
        ("省委组织部会同省教育厅、省科技厅、省财政厅等4部门印发通知。", "ok"),
        ("与甲银行、乙银行、丙银行、丁银行等3家金融机构合作。", "mismatch"),
        ("年度 资金（万元）\n2023 860\n2024 1150\n合计 2010\n", "ok"),
        ("年度 资金（万元）\n2023 860\n2024 1150\n合计 2100\n", "mismatch"),
    ],
)
def test_sum_is_judged_within_the_rounding_of_its_digits(text: str, verdict: str) -> None:
    sums = [one for one in link_replies({"a": parse_reply(text)}).arithmetic if one.verdict != "derived"]
    assert [one.verdict for one in sums] == [verdict]


@pytest.mark.parametrize(
    "text",
    [
        "产值由2020年的50亿元增加到2024年的80亿元，年均增长12.5%。",
        "支持项目20个、平台5个，其中国家级7个。",
        "2024年A类、B类分别为100亿元、50亿元，较上年的90亿元、40亿元分别增长11.1%、25%。",
        "预计支持项目20个，其中光电领域30个。",
        "全省专精特新中小企业1318户，其中国家级小巨人57户；省级后备库入库企业首次突破3千户。",
        "果蔬产后损耗率由过去的20%～25%降至10%左右。",
    ],
)
def test_nothing_is_claimed_where_the_operands_are_not_certain(text: str) -> None:
    sums = link_replies({"a": parse_reply(text)}).arithmetic
    assert [one.formula for one in sums if one.verdict in ("ok", "ok_within_rounding", "mismatch")] == []


@pytest.mark.parametrize(
    ("earlier", "later", "verdict"),
    [
        ("2023年，技术合同成交额100亿元。", "2024年，技术合同成交额112.3亿元，比上年增长12.3%。", "ok"),
        ("2023年，技术合同成交额1.0亿元。", "2024年，技术合同成交额1.1亿元，同比增长12%。", "ok_within_rounding"),
        ("2023年，技术合同成交额100亿元。", "2024年，技术合同成交额112.3亿元，比上年增长18%。", "mismatch"),
        ("截至2023年底，高新技术企业1100家。", "截至2024年底，高新技术企业1200家，比上年增加100家。", "ok"),
        ("截至2023年底，高新技术企业1100家。", "截至2024年底，高新技术企业1200家，比上年增加150家。", "mismatch"),
        ("2022年，技术合同成交额100亿元。", "2024年，技术合同成交额112.3亿元，比上年增长18%。", None),
        ("2023年，技术合同成交额100亿元。", "2024年，技术合同成交额112.3亿元，年均增长18%。", None),
        ("2023年，技术合同成交额约100亿元。", "2024年，技术合同成交额112.3亿元，比上年增长18%。", None),
        ("预计2023年，技术合同成交额100亿元。", "2024年，技术合同成交额112.3亿元，比上年增长18%。", None),
    ],
)
def test_printed_growth_is_held_against_the_reply_of_the_year_before(
    earlier: str, later: str, verdict: str | None
) -> None:
    sums = [one for one in linked(earlier, later).arithmetic if one.verdict not in ("derived", "suspicious")]
    assert [one.verdict for one in sums] == ([verdict] if verdict else [])


def test_what_came_to_a_running_total_is_derived() -> None:
    found = linked("累计通过“春苗”专项支持企业73户。", "累计通过“春苗”专项支持初创企业104户。").arithmetic
    assert [(one.formula, one.verdict, one.computed) for one in found] == [("a-b", "derived", 31.0)]


def test_total_that_hardly_grew_with_the_people_behind_it_is_suspicious() -> None:
    text = "累计通过“春苗”专项选派专员{}名，转化科技成果{}项。"
    found = linked(text.format(596, 430), text.format(1012, 458)).arithmetic
    assert [(one.formula, one.verdict, one.computed) for one in found if one.verdict == "suspicious"] == [
        ("(a-b)/(c-d)", "suspicious", 0.067)
    ]


def test_check_names_what_a_careful_reader_would() -> None:
    text = "一、关于“人才”的建议\n2025年8月，引进人才12名。资金4860万元，比2023年的4050万元增长18%。\n"
    found = check(parse_reply(text + "某省科学技术厅\n2025年5月20日\n"))
    assert [one.code for one in found] == ["after_signing", "growth_mismatch"]


def test_reply_survives_its_own_file() -> None:
    one = reply("2024年，支持企业73户，投入1.5亿元。\n下一步，省科技厅将出台《办法》。", year=2025)
    again = reply_from_dict(json.loads(json.dumps(one.to_dict())))
    assert again.to_dict() == one.to_dict()
    assert link_replies({"a": again}).to_dict() == link_replies({"a": one}).to_dict()


def test_findings_of_a_file_are_those_of_its_parse() -> None:
    text = "某科议〔2024〕5号\n一、关于“人才”的建议\n2026年，引进人才12名。\n某省科学技术厅\n2025年5月20日\n"
    one = parse_reply(text)
    found = check(reply_from_dict(json.loads(json.dumps(one.to_dict()))))
    assert [finding.code for finding in found] == [finding.code for finding in check(one)]
    assert found == check(one)


def test_links_are_ready_for_json() -> None:
    found = linked("累计支持企业73户。", "累计支持企业104户。").to_dict()
    assert json.loads(json.dumps(found))["schema"] == "keqiao.reply.links/1"


@pytest.mark.skipif(not SHARED.exists(), reason="the reference replies stand beside the repository: set KEQIAO_SHARED")
def test_reference_links_are_found_and_the_false_ones_are_not() -> None:
    gold = json.loads((SHARED / "gold" / "links.json").read_text("utf-8"))
    labels = {name: json.loads((SHARED / "gold" / f"{name}.json").read_text("utf-8")) for name in ("000", "001", "004")}
    span = {(name, one["id"]): tuple(one["span"]) for name, rows in labels.items() for one in rows["figures"]}
    texts = {name: (SHARED / "texts" / f"{name}.txt").read_bytes().decode() for name in labels}
    found = link_replies({name: parse_reply(text) for name, text in texts.items()}, texts=texts)
    pairs = {frozenset((part.doc, part.span) for part in one.points): one.relation for one in found.series}

    def key(points: list[dict[str, str]]) -> frozenset[tuple[str, tuple[int, int]]]:
        return frozenset((one["doc"], span[one["doc"], one["id"]]) for one in points)

    wanted = [one for one in gold["series"] if one["relation"] != "part_of"]
    assert [pairs.get(key(one["points"])) for one in wanted] == [one["relation"] for one in wanted]
    assert [one["why"] for one in gold["false_links"] if key([one["a"], one["b"]]) in pairs] == []
    sums = {frozenset((part.doc, part.span) for part in one.parts): one.verdict for one in found.arithmetic}
    assert [sums.get(key(one["parts"])) for one in gold["arithmetic"]] == [one["verdict"] for one in gold["arithmetic"]]
    told = {(one.promise["doc"], one.promise["text"][:12]): one.status for one in found.promises}
    assert [told.get((one["promise"]["doc"], one["promise"]["text"][:12])) for one in gold["promises"]] == [
        one["status"] for one in gold["promises"]
    ]
    assert all(one.evidence for one in found.promises if one.status in ("kept", "partly"))

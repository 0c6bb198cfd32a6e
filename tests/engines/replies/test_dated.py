"""The period and the manner of figures: what carries from one sentence to the next, and what does not."""

import pytest

from keqiao.catalogue.replies import parse_reply

FOOT = "\n某市发展和改革委员会\n2025年6月13日\n"


def periods(text: str) -> list[str | None]:
    return [one.year_or_period for one in parse_reply(f"一、有关情况\n{text}{FOOT}").figures]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“十三五”期间，投入9亿元。其中，学前教育2亿元。", ["十三五期间", "十三五期间"]),
        ("2022年、2023年、2024年分别认定12个、15个和19个。", ["2022", "2023", "2024"]),
        ("2022年以来淘汰9400辆，其中2024年3200辆。发放补贴1.2亿元。", ["2022年以来", "2024", "2022年以来"]),
        ("2024年登记金额由上年的7.5亿元增至9.3亿元。", ["2023", "2024"]),
        ("2023年争取资金1.15亿元，较上年度（9090万元）增长2.5%。", ["2023", "2022", "2023"]),
        ("2024年建成工坊56家。用水户协会由320个发展到1145个。", ["2024", None, "2024"]),
        ("截至2024年底，全市现有企业20家。", ["截至2024"]),
        ("今年1—4月实现营收30亿元。全市现有产线2条。", ["2025年1-4月", "现有"]),
        ("项目10月底完工。一座冷库投资1200万元。", [None]),
        ("2024年查处案件93件。清洁取暖方面，完成改造18万户。", ["2024", None]),
        ("近三年每年按1600万元标准补助，三年合计4800万元。", ["每年", "三年"]),
        ("去年1—5月接待5万人次。", ["2024年1-5月"]),
        ("計劃在2024-25財政年度獲批218宗。", ["2024-25"]),
        ("截至本年三月底，共接獲申請1,236宗。", ["截至2025-03"]),
        ("過去三個財政年度批出5億元。", ["过去三个财政年度"]),
        ("每人每月补助800元。", [None]),
        ("9月底前建成会诊中心3个；招聘人员40名。", ["2025-09", None]),
        ("年均交易额350亿元；电商企业建仓4300个。", ["每年", None]),
        ("2024年安排6.5亿元。对提案提出的新设基金的建议，考虑到总规模已达300亿元，暂不考虑。", ["2024", None]),
        ("2024年办班210期。损耗率由20%降至15%。", ["2024", None, None]),
        ("1.2025年计划购车300台。2.2024年购车80台。", ["2025", "2024"]),
        ("2024年完成客运量6.8亿人次，恢复至2019年的八成五。", ["2024", "2024"]),
        ("设施已建成，年减排约1.2万吨，投资3亿元。", ["每年", None]),
        ("新一期計劃將於本年第四季推出。首期共批出2,150宗。", [None]),
        ("空缺率由2022年的9.8%降至今年六月底的6.1%。", ["2022", "2025-06"]),
        ("二○二四年底共有公司20間。", ["2024"]),
    ],
)
def test_period_carries_as_far_as_its_matter(text: str, expected: list[str | None]) -> None:
    assert periods(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年产能由3万片扩至5万片。", ["previous", "done"]),
        ("用水户协会由改革前的320个发展到1145个。", ["previous", "done"]),
        ("完成改造3150户，比原计划的3000户多150户。", ["done", "previous", "done"]),
        ("通过特岗计划等渠道引进人才11名。", ["done"]),
        ("现有资金将优先保障该领域，比例不低于15%。", ["planned"]),
        ("年底前完成改造1.2万亩。", ["planned"]),
        ("今年3月底前已完成改造1.2万亩。", ["done"]),
        ("对新认定的领军企业给予500万元奖励。", ["rule"]),
        ("2024年对新认定的领军企业给予奖励累计500万元。", ["done"]),
        ("测算尚需投入0.7亿元。", ["planned"]),
        ("入网仪器1206台，其中单价50万元以上的347台。", ["done", "rule", "done"]),
        ("全市建成公共充电桩800个。", ["done"]),
        ("2024年票控數字按年上升8.4%。", ["done"]),
        ("首期計劃批出申請2,150宗。", ["done"]),
        ("預計每名申請者資助上限為8萬元。", ["rule"]),
        ("全国技能劳动者超过2亿人，其中高技能人才7200万人。", ["context", "context"]),
        ("全国联合体超过8000个，其中我省30个。", ["context", "done"]),
        ("首批将在50座站点配置设备。", ["planned"]),
        ("企业按每人每年5000元享受补贴，高级工不低于6000元。", ["rule", "rule"]),
        ("核定公办园保教费标准，省一级园每生每月560元，二级园450元。", ["rule", "rule"]),
        ("对新认定的“小巨人”企业给予奖励100万元，省级企业奖励20万元，共兑现奖励2亿元。", ["rule", "rule", "done"]),
        ("政府會為150名研究人才提供資助。", ["planned"]),
        ("基金會議審議項目150個。", ["done"]),
    ],
)
def test_manner_follows_the_words_around(text: str, expected: list[str]) -> None:
    assert [one.modality for one in parse_reply(f"一、有关情况\n{text}{FOOT}").figures] == expected


@pytest.mark.parametrize(
    ("text", "kind", "approx"),
    [
        ("送药上门平均用时2.5小时。", "duration", None),
        ("开放机时2.5万小时。", "count", None),
        ("补助按不超过建设设施总造价的30%执行。", "percent", "不超过"),
        ("家庭医生签约14.8万人。", "count", None),
    ],
)
def test_hours_are_told_by_what_they_are_of_and_bounds_across_a_noun(text: str, kind: str, approx: str | None) -> None:
    figure = parse_reply(f"一、有关情况\n{text}{FOOT}").figures[0]
    assert (figure.quantity_kind, figure.approx) == (kind, approx)


def test_what_next_steps_bring_about_is_planned() -> None:
    text = "一、下一步工作\n2025年底实现达标率100%，完成投资3亿元，目前已到位2亿元。"
    assert [one.modality for one in parse_reply(text + FOOT).figures] == ["planned", "planned", "done"]


def test_month_at_the_foot_dates_the_letter() -> None:
    text = "一、有关情况\n去年巡查食肆126,000次。\n食物环境卫生署\n二零二五年七月\n"
    assert [(one.raw, one.year_or_period) for one in parse_reply(text).figures] == [("126,000次", "2024")]


def test_difference_is_told_from_the_new_level() -> None:
    text = f"一、有关情况\n审定品种147个，比上年多22个，审批时间由6天减少到2天。{FOOT}"
    assert [one.quantity_kind for one in parse_reply(text).figures] == ["count", "delta", "duration", "duration"]

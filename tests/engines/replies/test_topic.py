"""Which programme a figure belongs to, and where the text has gone on to something else."""

import pytest

from keqiao.catalogue.replies import parse_reply

FOOT = "\n某省科学技术厅\n2025年6月13日\n"


def programmes(text: str) -> list[str | None]:
    return [one.programme for one in parse_reply(f"一、有关情况\n{text}{FOOT}").figures]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("实施“星火”计划，立项24项。支持企业73户。", ["“星火”计划", "“星火”计划"]),
        ("实施“星火”计划，立项24项。全省企业研发投入110亿元。", ["“星火”计划", None]),
        ("设立种业发展基金，规模20亿元。2024年制种保险承保面积31万亩。", ["种业发展基金", None]),
        ("设立种业发展基金，规模20亿元。基金已投资企业11家。", ["种业发展基金", "种业发展基金"]),
        ("通过特岗计划等渠道引进人才11名。", [None]),
        ("培训技术经理人56人。", [None]),
        ("纳入“十四五”规划，投资3亿元。", [None]),
        ("比原计划多150户，户均补助4000元。", [None, None]),
        ("全省贷款余额1382亿元；“科创贷”放款3亿元。", [None, "“科创贷”"]),
        ("建有国家级孵化器238家，孵化面积2800万平方米。", ["国家级孵化器", None]),
        ("现有省级工程技术研究中心39个。", [None]),
        ("出台《望潮人才计划实施办法》，对青年博士给予60万元补助。", [None]),
        ("统一用药目录，药品达到620种。", [None]),
        ("下达职业教育专项资金3亿元。2024年高职（专科）招生21万人。", ["职业教育专项资金", None]),
        ("选派科技人才1012名，兼任科创专员。", ["科创专员"]),
        ("2024年，“锦绣年味”非遗市集举办展演82场。", ["“锦绣年味”非遗市集"]),
    ],
)
def test_programme_reaches_as_far_as_its_matter(text: str, expected: list[str | None]) -> None:
    assert programmes(text) == expected

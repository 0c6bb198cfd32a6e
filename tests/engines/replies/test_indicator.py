"""What a figure counts: the thing, the measure of a thing, its growth, its difference, its share."""

import pytest

from keqiao.catalogue.replies import parse_reply


def indicators(text: str) -> list[str | None]:
    reply = parse_reply(f"一、有关情况\n{text}\n某市科学技术局\n2025年6月13日\n")
    return [one.indicator for one in reply.figures if one.tier == "core"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全市传感器企业64家，实现营业收入86亿元。", ["传感器企业数", "传感器企业营业收入"]),
        (
            "全市传感器企业64家；其中营收超亿元企业19家，合计61.5亿元。",
            ["传感器企业数", "营收超亿元企业数", "营收超亿元企业合计"],
        ),
        ("登记技术合同金额9亿元，较上年增加2亿元。", ["登记技术合同金额", "登记技术合同金额较上年增加"]),
        ("改革实施面积2150万亩，占有效灌溉面积的86%。", ["改革实施面积", "改革实施面积占有效灌溉面积比重"]),
        ("查处涉气案件93件，罚款1170万元，分别下降21.2%和15%。",
         ["查处涉气案件数", "查处涉气案件罚款", "查处涉气案件降幅", "查处涉气案件罚款降幅"]),
        ("入网仪器1206台，其中单价50万元以上的347台。", ["入网仪器数", "入网仪器单价", "入网仪器单价50万元以上数"]),
        ("全市科研经费2亿元。其中，市本级8000万元。", ["科研经费", "市本级经费"]),
        ("全市37家钢铁、水泥企业完成改造。", ["钢铁、水泥企业完成改造数"]),
        ("建成非遗体验基地10个，每个给予不超过30万元补助。", ["建成非遗体验基地数", "建成非遗体验基地每个给予补助"]),
        ("①用两年改造茶园2万亩；②推广防控，建立示范区5个。", ["用两年改造茶园", "推广防控建立示范区数"]),
        ("培育创新型中小企业4126家、省级专精特新企业2058家，分别较2021年底净增1310家、702家。",
         ["培育创新型中小企业数", "省级专精特新企业数", "培育创新型中小企业较2021年底净增",
          "省级专精特新企业较2021年底净增"]),
        ("种质库保存能力由8万份提升至30万份。", ["种质库保存能力数", "种质库保存能力数"]),
    ],
)  # fmt: skip
def test_indicator_names_the_thing_and_what_is_measured_of_it(text: str, expected: list[str]) -> None:
    assert indicators(text) == expected

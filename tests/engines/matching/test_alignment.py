"""Which names mean the same attribute."""

import pytest

from keqiao.catalogue.lexicon import shipped_lexicon
from keqiao.engines.matching import Indicator, check, indicators_from

LEXICON = shipped_lexicon()


APART = """
层间剪切强度≥60MPa|剥离强度≥80MPa
主轴温升≤15℃|环境温度10℃
定位精度≤5μm|重复定位精度≤2μm
存储温度-20~60℃|工作温度-40~85℃
启动扭矩≥5N·m|额定扭矩≥8N·m
漏检率≤0.5%|误报率≤0.1%
发芽率≥90%|成活率≥95%
表面硬度≥60HRC|芯部硬度≥62HRC
孔隙率≥80%|开孔率≥90%
升温速率≥10℃/min|降温速率≥15℃/min
常温强度≥30MPa|180℃强度≥40MPa
吸水率≤1%|吸湿率≤0.5%
最大起飞重量≤25kg|空机重量≤10kg
漏电流≤1μA|静态电流≤0.5μA
功率稳定性≤1%|频率稳定度≤0.01%
焊缝强度≥400MPa|母材强度≥600MPa
地面分辨率≤1m|光谱分辨率≤10nm
"""


def verdict(need: tuple[str, str, float, str], offer: tuple[str, str, float, str]) -> str:
    name, op, value, unit = need
    wanted = Indicator(name, op, (value,), unit, op)
    name, op, value, unit = offer
    return check([wanted], [Indicator(name, op, (value,), unit)], lexicon=LEXICON)[0].verdict


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        (("指令识别率", "ge", 95, "%"), ("行人召回率", "ge", 98, "%")),
        (("响应时延", "le", 50, "ms"), ("处理时延", "le", 20, "ms")),
        (("焊接速度", "ge", 2, "m/min"), ("铺放速度", "eq", 30, "m/min")),
        (("片材收缩率偏差", "le", 1, "%"), ("热收缩率", "le", 0.5, "%")),
        (("湿态保持率", "ge", 80, "%"), ("盐雾后强度保持率", "ge", 90, "%")),
        (("产能", "ge", 125, "kg/h"), ("处理量", "eq", 500, "L/h")),
        (("处理量", "ge", 125, "kg/h"), ("处理量", "eq", 500, "L/h")),
        (("热致定位精度", "le", 5, "μm"), ("线性测量不确定度", "le", 1, "μm")),
        (("整周角定位误差", "le", 5, "″"), ("扩展不确定度", "le", 1, "″")),
        (("换型时间", "le", 5, "min"), ("单帧推理时间", "le", 20, "ms")),
        (("读出噪声", "le", 5, "e-"), ("列固定图案噪声", "le", 1, "e-")),
        (("插入损耗变化", "le", 0.5, "dB"), ("附加损耗", "le", 0.2, "dB")),
        (("外径", "le", 60, "mm"), ("轴径", "eq", 6, "mm")),
        (("表干时间", "le", 60, "min"), ("固化时间", "eq", 30, "min")),
        (("最适pH", "ge", 6, "1"), ("适用pH", "eq", 7, "1")),
    ],
)
def test_check_two_attributes_of_one_dimension_stay_apart(
    need: tuple[str, str, float, str], offer: tuple[str, str, float, str]
) -> None:
    assert verdict(need, offer) == "unknown"


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        (("可操作时间", "ge", 30, "min"), ("适用期", "eq", 45, "min")),
        (("黄度", "le", 5, "1"), ("黄度指数", "le", 3, "1")),
        (("起毛断丝数", "le", 5, "根"), ("毛丝数", "le", 3, "根")),
        (("辊子清理周期", "ge", 10, "d"), ("辊清理周期", "ge", 15, "d")),
        (("定位误差", "le", 5, "μm"), ("定位精度", "le", 3, "μm")),
        (("漏播率", "le", 2, "%"), ("漏播指数", "le", 1.5, "%")),
        (("脱盐率", "ge", 98, "%"), ("截留率", "ge", 99, "%")),
        (("处理规模", "ge", 400, "t/d"), ("处理水量", "eq", 500, "m3/d")),
    ],
)
def test_check_two_wordings_of_one_attribute_meet(
    need: tuple[str, str, float, str], offer: tuple[str, str, float, str]
) -> None:
    assert verdict(need, offer) == "pass"


@pytest.mark.parametrize("line", APART.split())
def test_check_texts_of_two_attributes_stay_apart(line: str) -> None:
    asked, given = (indicators_from(text, lexicon=LEXICON) for text in line.split("|"))

    assert [row.verdict for row in check(asked, given, lexicon=LEXICON)] == ["unknown"]

"""Any number of plausible offers and needs, for measuring speed and size: distinct, streamed, the same for one seed.

The texts mix domains, objects, materials, methods, effects and indicators; they are no content and never shown.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIELDS = (
    "electronic_information", "aerospace", "advanced_manufacturing", "biomedicine_devices", "new_materials",
    "new_energy_efficiency", "environment_resources", "nuclear", "agriculture", "modern_transport", "urban_social",
)  # fmt: skip
_OBJECTS = {
    "electronic_information": (
        "光栅尺 读数头 图像传感器 激光雷达 光谱仪 硅光芯片 单光子探测器 天线阵列 边缘网关 存储控制器 编码器 干涉仪"
    ),
    "aerospace": (
        "遥感相机 星敏感器 反射镜 姿态控制器 太阳翼 推力器 无人机 舵机 碳纤维舱段 惯性导航单元 载荷云台 燃料贮箱"
    ),
    "advanced_manufacturing": (
        "主轴 滚珠丝杠 轧辊 注塑模具 焊接机器人 刀具涂层 减速器 铸件 板簧 齿轮箱 液压阀 冲压线 磨床 装配线"
    ),
    "biomedicine_devices": (
        "重组蛋白 疫苗佐剂 人参皂苷 内窥镜 血糖传感器 核酸试剂 骨科植入物 微球制剂 发酵罐 层析介质 敷料 抗体"
    ),
    "new_materials": (
        "聚酰亚胺薄膜 预浸料 高强钢 稀土荧光粉 陶瓷基板 气凝胶 阻燃剂 形状记忆合金 密封胶 "
        "石墨烯浆料 光学玻璃 催化剂载体"
    ),
    "new_energy_efficiency": (
        "锂电池模组 燃料电池电堆 风机叶片 光伏逆变器 余热锅炉 热泵 储能电站 电解槽 变压器 相变蓄热体 秸秆锅炉"
    ),
    "environment_resources": ("反渗透膜 污泥 焦化废水 脱硝催化剂 填埋气 土壤重金属 粉煤灰 尾矿 除尘滤袋 渗滤液 油泥"),
    "nuclear": ("屏蔽材料 辐照装置 剂量仪 乏燃料格架 同位素靶件 耐辐照电缆"),
    "agriculture": (
        "玉米种子 大豆品种 播种机 秸秆腐熟剂 梅花鹿饲料 食用菌菌种 冷链箱 黑土墒情仪 水稻育苗盘 奶牛青贮 人参种苗"
    ),
    "modern_transport": (
        "车身横梁 线控转向器 动力电池箱 车载显示屏 轨道扣件 沥青路面 制动盘 悬架衬套 轮毂电机 桥梁支座"
    ),
    "urban_social": ("供水管网 燃气表 电梯制动器 消防水炮 建筑外墙 地下管廊 道路照明 应急广播 垃圾分选线"),
}
_MATERIALS = _words(
    "碳化硅 氧化锆 聚醚醚酮 镁合金 钛合金 不锈钢 石英 氮化铝 玄武岩纤维 壳聚糖 玉米淀粉 硅橡胶 "
    "钨铜 稀土镧 竹纤维 聚乳酸 "
)
_METHODS = _words(
    "激光熔覆 有限元优化 深度学习检测 溶胶凝胶法 等离子喷涂 微波烧结 自适应控制 声发射监测 "
    "近红外光谱 酶解 膜分离 磁控溅射 拓扑优化 数字孪生 超声辅助加工 定向进化 静电纺丝 多源数据融合 "
    "电化学沉积 水热合成 机器视觉 强化学习 冷冻干燥 超临界萃取 "
)
_EFFECTS = _words(
    "降低磨损 抑制热变形 提高良率 缩短周期 减少能耗 延长寿命 提升灵敏度 降低噪声 改善均匀性 "
    "防止开裂 提高回收率 抑制结垢 提高附着力 减轻质量 消除杂散光 提高成活率 降低残留 加快固化 "
    "稳定批次 避免堵塞 "
)
_MEASURES = (
    ("定位精度", "le", "μm", 0.2, 40), ("使用寿命", "ge", "h", 500, 30000), ("抗拉强度", "ge", "MPa", 60, 2400),
    ("纯度", "ge", "%", 90, 99.99), ("功耗", "le", "W", 0.5, 900), ("工作温度", "le", "℃", 40, 900),
    ("灵敏度", "ge", "dB", 30, 120), ("处理能力", "ge", "t/d", 1, 900), ("产量", "ge", "kg/亩", 200, 900),
    ("透过率", "ge", "%", 60, 99.5), ("粗糙度", "le", "nm", 0.3, 800), ("响应时间", "le", "ms", 0.5, 900),
    ("效率", "ge", "%", 20, 98), ("质量", "le", "kg", 0.2, 400), ("噪声", "le", "dB", 35, 85),
)  # fmt: skip
_STAGES = ("实验室样机", "小试", "中试", "小批量生产", "两家企业应用", "连续运行一年", "通过第三方检测", "定型生产")
_TROUBLES = _words(
    "老是坏 一到冬天就不准 用不到半年就得换 批次之间差得厉害 返工太多 客户总投诉 太费电 发热厉害 "
    "声音大得受不了 换一次要停产两天 "
)
_TRIES = _words("换过两家供应商 调过参数 请人看过 加了人盯着 买过进口货 改过配方 自己焊过加强筋 试过降速 ")


def generate_offers(n: int, *, seed: int) -> Iterator[dict[str, Any]]:
    """Yield `n` offers in the form of the demo data, each with its own title and text."""
    random_ = random.Random(seed)
    for number in range(n):
        field, thing, material, method, effect = _subject(random_)
        other, second = random_.choice(_METHODS), random_.choice(_EFFECTS)
        measures = _indicators(random_)
        figures = "，".join(_stated(item) for item in measures)
        title = f"基于{method}的{material}{thing}{effect}技术（{number + 1:06d}）"
        text = (
            f"针对{thing}在{random_.choice(_MATERIALS)}工况下难以{effect}的问题，"
            f"以{material}为基础，采用{method}并辅以{other}，"
            f"建立了从原料到成品的{random_.choice(('工艺窗口', '控制模型', '评价方法', '检测流程'))}，可同时{second}。"
            f"实测{figures}。目前处于{random_.choice(_STAGES)}阶段，{random_.choice(_STAGES)}的数据表明"
            f"{thing}的{random_.choice(_EFFECTS)}效果稳定，可按用户{random_.choice(('设备', '场地', '产线', '批量'))}定制。"
        )
        yield {
            "key": f"offer-made-{number + 1:06d}", "kind": random_.choice(("achievement", "patent", "expert_service")),
            "title": title, "abstract": text[:60], "text": text, "keywords": [thing, material, method, effect],
            "field": field, "trl": random_.randint(2, 9), "indicators": measures,
        }  # fmt: skip


def generate_needs(n: int, *, seed: int) -> Iterator[dict[str, Any]]:
    """Yield `n` needs in the form of the demo data, in the voice of a workshop, each with its own words."""
    random_ = random.Random(seed)
    for number in range(n):
        field, thing, material, _, effect = _subject(random_)
        trouble, tried = random_.choice(_TROUBLES), random_.sample(_TRIES, 2)
        measures = _indicators(random_)[:2]
        asked = "，".join(_stated(item) for item in measures)
        problem = (
            f"我们线上的{thing}{trouble}，去年光这一项就停了{random_.randint(2, 40)}回。"
            f"{tried[0]}，也{tried[1]}，都不顶事。"
            f"听说用{material}能{effect}，想找人一起做，要求{asked}。"
            f"现场{random_.choice(('粉尘大', '湿气重', '地方小', '没有恒温'))}，"
            f"最好{random_.choice(_EFFECTS)}，工人不用另外学。"
        )
        yield {
            "key": f"need-made-{number + 1:06d}", "title": f"{thing}{trouble}，想{effect}（{number + 1:06d}）",
            "abstract": problem[:60], "problem": problem, "keywords": [], "field": field,
            "indicators": [{**item, "sense": item["op"], "must": place == 0} for place, item in enumerate(measures)],
        }  # fmt: skip


def _subject(random_: random.Random) -> tuple[str, str, str, str, str]:
    field = random_.choice(FIELDS)
    thing = random_.choice(_OBJECTS[field].split())
    return field, thing, random_.choice(_MATERIALS), random_.choice(_METHODS), random_.choice(_EFFECTS)


def _indicators(random_: random.Random) -> list[dict[str, Any]]:
    return [
        {"name": name, "op": op, "value": round(random_.uniform(low, high), 2), "unit": unit, "sense": op}
        for name, op, unit, low, high in random_.sample(_MEASURES, random_.randint(2, 4))
    ]


def _stated(item: dict[str, Any]) -> str:
    return f"{item['name']}{'不低于' if item['op'] == 'ge' else '不超过'}{item['value']:g}{item['unit']}"

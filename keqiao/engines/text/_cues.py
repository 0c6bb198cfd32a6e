"""The small grammar words around a number: comparators before and after, fillers, cues of rates and of traps."""

from __future__ import annotations

import re

# Word → (operator, cap). `better` and `worse` are resolved by the side of the attribute.
_BEFORE: dict[str, tuple[str, bool]] = {}
for _words, _meaning in (
    (
        "≥ ⩾ ≧ >= => ＞= 大于等于 高于等于 大于或等于 至少 最少 最低 最小 最短 min 不少于 不短于 下限 起码 保底 不低於",
        ("ge", False),
    ),
    ("不低于 不小于 不弱于", ("floor", False)),
    ("> 大于 多于 超过 超 长于 超出 突破 强于 已超 重于", ("gt", False)),
    ("高于", ("above", False)),
    (
        "≤ ⩽ ≦ <= =< 不大于 不超过 不高于 不多于 小于等于 低于等于 小于或等于 不长于 至多 未超过 不超 控制在 压到 "
        "压缩到 "
        "降到 降至 降低到 降低至 缩短到 缩短至 减至 减少到",
        ("le", False),
    ),
    ("< 小于 低于 少于 不到 不足 短于 轻于 薄于", ("lt", False)),
    ("优于 好于 不差于 不劣于 不逊于 不次于 不亚于 优過", ("better", False)),
    (
        "最高 最大 最长 最远 最多 最快 最宽 max MAX Max 上限 可达 高达 可到 可至 最高可达 最大可达 "
        "最长可达 多达 长达 可达到 最远可达 最高达 最大达 可做到 最大至 最高到",
        ("le", True),
    ),
    ("约 大约 近 接近 约为 达 达到 为 = 是 能达到 做到 已达", ("eq", False)),
    ("提高到 提高至 提升到 提升至 增至 增加到 提到", ("ge", False)),
):
    _BEFORE |= dict.fromkeys(_words.split(), _meaning)
_LIMITS = ("下限", "上限")  # a comparator, unless it ends a name: 检测下限
_NAMES_LIMIT = re.compile(r"(?:检测|检出|探测|测量|定量|测定|量程|温度|浓度)$")
_LONGEST_BEFORE = max(map(len, _BEFORE))

_AFTER: dict[str, tuple[str, bool]] = {}
for _words, _meaning in (
    ("以上 及以上 或以上 之上 起 起步", ("floor", False)),
    ("以内 之内 以下 及以下 或以下 之下 以里 封顶 为限 打住", ("le", False)),
    ("内", ("within", False)),
    ("或更高 或更好 或更优 或优于 或更低 或更小", ("better", False)),
    ("左右 上下 之间", ("eq", False)),
    ("可选 可调 连续可调 可切换 可定制 可设 范围可调 任选", ("cap", True)),
):
    _AFTER |= dict.fromkeys(_words.split(), _meaning)
_LONGEST_AFTER = max(map(len, _AFTER))

_WITHIN = re.compile(
    r"$|[,。;:、!?)\s]|(?:即)?(?:出|完|读|可|能|达|到|的|交|充|响|恢|升|降|就|要|给|报|测|检|启|干|固|凝|起|见)"
)
FILLER = re.compile(
    r"(?:要求|需要|需|要能|要|必须|应|应当|可以|可|能够|能|一般|典型值|典型|实测|实际|通常|控制|保持|维持|保证|确保|稳定|达到|达|为|是|在|到|有|仅|只有|只|最好|希望|值|[\s:=(\"“≈的也都均])+$"
)
SOFT = re.compile(r"最好|希望|尽量|优先|若能|如能|争取|能用就行")
ASKS = re.compile(
    r"(?<=[,、])(?:现|还|但)?(?:要求|希望|需要|需|想要|想|必须|须|目标|要(?:求|能|达|降|提|做|把|在|有|不))"
)
SENTENCE_END = re.compile(r"[。;!?\n]")
CLAUSE_END = re.compile(r"[,。;:、!?\n]")
PER = re.compile(
    r"每(平方米|立方米|公里|公顷|分钟|小时|毫米|厘米|亩|米|年|天|日|月|秒|吨|升|公斤|克)|(?:^|[^今去前明近当每])(年|日|月|亩|吨水)(?=产|处理|供|保苗|耗|电|药|加工|均产|输|消纳|发电|生产|蒸|施|用|出)"
)
PER_UNITS = {
    "平方米": "m2", "立方米": "m3", "公里": "km", "公顷": "ha", "分钟": "min", "小时": "h", "毫米": "mm", "厘米": "cm",
    "亩": "亩",
    "米": "m", "年": "a", "天": "d", "日": "d", "月": "月", "秒": "s", "吨": "t", "升": "L", "公斤": "kg", "克": "g",
    "吨水": "t",
}  # fmt: skip
CHANGE = re.compile(
    r"(?:(?:较|比)(?=[^,。;])|相比|相对|节省|节约|节能|节水|降低|减少|提高|提升|增加|增产|缩短|增长|下降|降幅|增幅|上升|翻)[^,。;]{0,12}$"
)
FROM = re.compile(r"(?:由|从)[^,。;]{0,8}$")
FALLS = re.compile(
    r"\s?(?:→|降至|降到|提高到|提升到|提升至|提高至|缩短到|缩短至|减至|增至|升至|减少到|降低到|降低至|压到)"
)
WHEN = re.compile(
    r"\s?(?:的?(?:条件|环境|负载|工况)?(?:下|时|后|处)(?![一-龥]?料)|条件|测试|工况|老化|存放后|保温|(?:稳定|保存|储存|贮存|存放|静置|浸泡)(?=[^,。;]{0,4}[0-9一二三四五六七八九十]))"
)
STANDARD = re.compile(
    r"(?:^|[^A-Za-z])(?:(?:GB|GJB|JJG|JJF|CJ|HG|JB|YY|SJ|QJ|HJ|YB|NY|DB|FZ|JT|DL|SY|TB|QC|LY|SN|WS|GA|SL|QB|YD|MT|NB|AQ|SC)"
    r"(?:/?[TZJ])?|T/[A-Z]+|Q/[A-Z0-9]+|ISO|IEC|EN|DIN|JIS|IPX?|IATF|AEC-Q|UL|MIL(?:-STD)?|SAE|IEEE|API|ASME|EN ISO"
    r"|ISO/IEC|ISO/TS|BS|ANSI|SEMI|FDA|IK|SIL|ASIL|Class|ASTM ?[A-Z])[\s/-]?\s?$"
)
STANDARD_REST = re.compile(r"[0-9]+(?:[.\-:~][0-9]+)*")
PHONE = re.compile(r"(?:0\d{2,3}-\d{3,8}[\dxX*]*|1[3-9]\d{9}(?!\d)|400-\d{3}-\d{4})")
DATE = re.compile(
    r"(?:19|20)\d{2}(?:[-./]\d{1,2}(?:[-./]\d{1,2})?(?!\d)(?![-~]?\s?[A-Za-zμ%℃])|\s?年(?:\d{1,2}月(?:\d{1,2}日)?)?|\s?[-~至]\s?(?:19|20)\d{2}\s?年)"
)
MONTH = re.compile(r"\d{1,2}\s?(?:[-~至]\s?\d{1,2}\s?)?月(?!产)(?:\s?\d{1,2}\s?[日号])?")
MONEY = re.compile(r"\s?(?:百|千)?(?:万|亿)*(?:多|余)?\s?(?:元|美元|欧元|块钱|块|人民币|USD|RMB|美金|日元)(?!件|素|胞)")
NOT_SPEC_AFTER = re.compile(
    r"\s?(?:系列|型|号(?!线)|波段|期|代|类|年代|版|届|钢|铝|牌|芯片|模块|网络|基站|#|节点|工艺节点)"
)
ORDINAL = re.compile(r"第\s?$")


def comparator_before(text: str, start: int, floor: int) -> tuple[int, str, bool] | None:
    """The comparator that ends right before `start`: where it begins, operator, capability or not."""
    end = start
    while end > floor and text[end - 1] in " :":
        end -= 1
    for length in range(min(_LONGEST_BEFORE, end - floor), 0, -1):
        meaning = _BEFORE.get(text[end - length : end])
        if meaning is None or (text[end - length : end] in _LIMITS and _NAMES_LIMIT.search(text, floor, end - length)):
            continue
        return end - length, meaning[0], meaning[1]
    return None


def comparator_after(text: str, end: int) -> tuple[int, str, bool] | None:
    """The comparator that begins at `end`, e.g. 以上: where it ends, its operator and whether it marks a capability."""
    begin = end + 1 if text.startswith(" ", end) else end
    for length in range(_LONGEST_AFTER, 0, -1):
        meaning = _AFTER.get(text[begin : begin + length])
        if meaning is None or begin + length > len(text):
            continue
        if meaning[0] == "within":
            return (begin + length, "le", False) if _WITHIN.match(text, begin + length) else None
        return begin + length, meaning[0], meaning[1]
    return None

"""The unit symbols and unit words the algebra is built from: prefixes, bases, Chinese words."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

Dimension = tuple[tuple[str, int], ...]


class Atom(NamedTuple):
    """One unit symbol: normal spelling, dimension, size in base units, and how it is scaled."""

    symbol: str
    dimension: Dimension
    factor: float = 1.0
    offset: float = 0.0
    scale: str = "linear"


_PREFIXES = {
    "f": 1e-15, "p": 1e-12, "n": 1e-9, "μ": 1e-6, "m": 1e-3, "c": 1e-2, "d": 1e-1, "h": 1e2, "k": 1e3, "M": 1e6,
    "G": 1e9, "T": 1e12, "P": 1e15,
}  # fmt: skip
_PREFIX_WORDS = {
    "飞": "f", "皮": "p", "纳": "n", "微": "μ", "毫": "m", "厘": "c", "分": "d", "千": "k", "兆": "M", "吉": "G",
    "太": "T",
}  # fmt: skip

_M, _KG, _S, _A, _K, _MOL = (("m", 1),), (("kg", 1),), (("s", 1),), (("A", 1),), (("K", 1),), (("mol", 1),)
_N = (("kg", 1), ("m", 1), ("s", -2))
_PA = (("kg", 1), ("m", -1), ("s", -2))
_J = (("kg", 1), ("m", 2), ("s", -2))
_W = (("kg", 1), ("m", 2), ("s", -3))
_V = (("A", -1), ("kg", 1), ("m", 2), ("s", -3))
_OHM = (("A", -2), ("kg", 1), ("m", 2), ("s", -3))
_RAD, _M2, _M3, _HZ, _BIT = (("rad", 1),), (("m", 2),), (("m", 3),), (("s", -1),), (("bit", 1),)

# Symbol → (dimension, factor, allowed prefixes).
_BASES: dict[str, tuple[Dimension, float, str]] = {
    "m": (_M, 1.0, "fpnμmcdk"), "g": (_KG, 1e-3, "pnμmkM"), "s": (_S, 1.0, "fpnμm"), "A": (_A, 1.0, "fpnμmk"),
    "K": (_K, 1.0, "μmk"), "mol": (_MOL, 1.0, "pnμmk"), "M": ((("m", -3), ("mol", 1)), 1e3, "pnμm"),
    "cd": ((("cd", 1),), 1.0, "mk"), "lm": ((("lm", 1),), 1.0, "k"), "lx": ((("lx", 1),), 1.0, "mk"),
    "Hz": (_HZ, 1.0, "mkMGT"), "N": (_N, 1.0, "nμmkM"), "Pa": (_PA, 1.0, "μmhkMG"), "J": (_J, 1.0, "fpnμmkMG"),
    "W": (_W, 1.0, "fpnμmkMGT"), "Wh": (_J, 3600.0, "mkMGT"), "V": (_V, 1.0, "nμmkM"), "Ω": (_OHM, 1.0, "μmkMGT"),
    "F": ((("A", 2), ("kg", -1), ("m", -2), ("s", 4)), 1.0, "fpnμm"), "C": ((("A", 1), ("s", 1)), 1.0, "fpnμmk"),
    "T": ((("A", -1), ("kg", 1), ("s", -2)), 1.0, "fpnμm"),
    "H": ((("A", -2), ("kg", 1), ("m", 2), ("s", -2)), 1.0, "nμm"),
    "S": ((("A", 2), ("kg", -1), ("m", -2), ("s", 3)), 1.0, "pnμmM"), "Bq": ((("Bq", 1),), 1.0, "mkMGT"),
    "Gy": ((("Gy", 1),), 1.0, "μmck"), "Sv": ((("Sv", 1),), 1.0, "nμm"), "L": (_M3, 1e-3, "pnμmcdkM"),
    "l": (_M3, 1e-3, "μmd"), "bar": (_PA, 1e5, "μmk"), "eV": (_J, 1.602176634e-19, "μmkMG"),
    "Da": ((("Da", 1),), 1.0, "kM"), "rad": (_RAD, 1.0, "nμmk"), "bit": (_BIT, 1.0, "kMGT"),
    "B": ((("bit", 1),), 8.0, "kMGTP"),
    "b": (_BIT, 1.0, "kMGT"), "bps": ((("bit", 1), ("s", -1)), 1.0, "kMGT"), "VA": (_W, 1.0, "mkM"),
    "var": (_W, 1.0, "kM"),
    "Ah": ((("A", 1), ("s", 1)), 3600.0, "mk"), "Bd": ((("Bd", 1), ("s", -1)), 1.0, "kMG"), "t": (_KG, 1e3, "kM"),
    "Wp": (_W, 1.0, "kMG"), "tex": ((("kg", 1), ("m", -1)), 1e-6, "dk"), "cal": (_J, 4.184, "k"),
    "Gs": ((("A", -1), ("kg", 1), ("s", -2)), 1e-4, "mk"),
    "P": (((("kg", 1), ("m", -1), ("s", -1))), 0.1, "cm"), "St": ((("m", 2), ("s", -1)), 1e-4, "c"),
    "Ci": ((("Bq", 1),), 3.7e10, "μm"),
    "OPS": ((("OPS", 1),), 1.0, "GTP"), "FLOPS": ((("FLOPS", 1),), 1.0, "GTP"), "S/s": ((("s", -1),), 1.0, "kMG"),
    "SPS": ((("s", -1),), 1.0, "kMG"), "IU": ((("IU", 1),), 1.0, "mk"), "U": ((("U", 1),), 1.0, "mk"),
    "FU": ((("FU", 1),), 1.0, ""),
    "Torr": (_PA, 133.322368, "m"), "torr": (_PA, 133.322368, "m"), "px": ((("px", 1),), 1.0, "M"),
    "pixel": ((("px", 1),), 1.0, "M"),
    "bp": ((("bp", 1),), 1.0, "kM"), "Oe": ((("Oe", 1),), 1.0, "k"), "sr": ((("sr", 1),), 1.0, ""),
    "EU": ((("EU", 1),), 1.0, ""), "D": ((("D", 1),), 1.0, ""),
}  # fmt: skip

# Symbols without prefixes: dimension, factor (offset and scale where they differ from linear).
_SINGLES: dict[str, tuple[str, Dimension, float]] = {
    "min": ("min", _S, 60.0), "h": ("h", _S, 3600.0), "hr": ("h", _S, 3600.0), "d": ("d", _S, 86400.0),
    "a": ("a", _S, 31557600.0),
    "sec": ("s", _S, 1.0), "ha": ("ha", _M2, 1e4), "in": ("in", _M, 0.0254), "inch": ("in", _M, 0.0254),
    "ft": ("ft", _M, 0.3048),
    "mil": ("mil", _M, 2.54e-5), "Å": ("Å", _M, 1e-10), "mmHg": ("mmHg", _PA, 133.322387),
    "cmH2O": ("cmH2O", _PA, 98.0665),
    "mmH2O": ("mmH2O", _PA, 9.80665), "atm": ("atm", _PA, 101325.0), "psi": ("psi", _PA, 6894.757),
    "kgf": ("kgf", _N, 9.80665), "gf": ("gf", _N, 9.80665e-3), "cN": ("cN", _N, 1e-2), "MU": ("MU", (("MU", 1),), 1.0),
    "rpm": ("rpm", (("r", 1), ("s", -1)), 1 / 60), "RPM": ("rpm", (("r", 1), ("s", -1)), 1 / 60),
    "r": ("r", (("r", 1),), 1.0),
    "fps": ("fps", _HZ, 1.0), "FPS": ("fps", _HZ, 1.0), "hp": ("hp", _W, 735.49875),
    "°": ("deg", _RAD, math.pi / 180),
    "deg": ("deg", _RAD, math.pi / 180), "′": ("'", _RAD, math.pi / 10800), "'": ("'", _RAD, math.pi / 10800),
    "″": ("″", _RAD, math.pi / 648000),
    "arcsec": ("″", _RAD, math.pi / 648000), "arcmin": ("'", _RAD, math.pi / 10800),
    "mas": ("mas", _RAD, math.pi / 648e6),
    "dB": ("dB", (("dB", 1),), 1.0), "dBA": ("dB(A)", (("dB", 1),), 1.0),
    "dB(A)": ("dB(A)", (("dB", 1),), 1.0), "dBi": ("dBi", (("dBi", 1),), 1.0),
    "dBc": ("dBc", (("dBc", 1),), 1.0),
    "dBFS": ("dBFS", (("dBFS", 1),), 1.0), "dBV": ("dBV", (("dBV", 1),), 1.0), "%": ("%", (), 0.01),
    "‰": ("‰", (), 1e-3), "ppm": ("ppm", (), 1e-6), "ppb": ("ppb", (), 1e-9),
    "ppt": ("ppt", (), 1e-12), "wt%": ("%", (), 0.01), "%wt": ("%", (), 0.01), "mol%": ("mol%", (("mol%", 1),), 1.0),
    "at%": ("at%", (("at%", 1),), 1.0),
    "at.%": ("at%", (("at%", 1),), 1.0), "wt.%": ("%", (), 0.01), "vol%": ("vol%", (("vol%", 1),), 1.0),
    "%VOL": ("vol%", (("vol%", 1),), 1.0), "%Vol": ("vol%", (("vol%", 1),), 1.0),
    "%vol": ("vol%", (("vol%", 1),), 1.0), "v/v": ("v/v", (("vol%", 1),), 100.0),
    "%RH": ("%RH", (("%RH", 1),), 1.0), "%rh": ("%RH", (("%RH", 1),), 1.0), "RH": ("%RH", (("%RH", 1),), 1.0),
    "%IACS": ("%IACS", (("%IACS", 1),), 1.0), "%FS": ("%FS", (), 0.01), "%F.S.": ("%FS", (), 0.01),
    "%F.S": ("%FS", (), 0.01), "με": ("με", (), 1e-6),
    "m/z": ("m/z", (("m/z", 1),), 1.0),
    "%NTSC": ("%NTSC", (("%NTSC", 1),), 1.0), "λ": ("λ", (("λ", 1),), 1.0), "e-": ("e-", (("e-", 1),), 1.0),
    "e⁻": ("e-", (("e-", 1),), 1.0),
    "HRC": ("HRC", (("HRC", 1),), 1.0), "HV": ("HV", (("HV", 1),), 1.0), "HB": ("HB", (("HB", 1),), 1.0),
    "HBW": ("HB", (("HB", 1),), 1.0),
    "HRA": ("HRA", (("HRA", 1),), 1.0), "HRB": ("HRB", (("HRB", 1),), 1.0), "HA": ("HA", (("HA", 1),), 1.0),
    "NTU": ("NTU", (("NTU", 1),), 1.0), "CFU": ("CFU", (("CFU", 1),), 1.0),
    "cfu": ("CFU", (("CFU", 1),), 1.0), "copies": ("copies", (("copies", 1),), 1.0),
    "copy": ("copies", (("copies", 1),), 1.0),
    "FIT": ("FIT", (("FIT", 1),), 1.0), "TOPS": ("TOPS", (("OPS", 1),), 1e12),
    "nit": ("cd/m2", (("cd", 1), ("m", -2)), 1.0),
    "nits": ("cd/m2", (("cd", 1), ("m", -2)), 1.0), "Jones": ("Jones", (("Jones", 1),), 1.0),
    "dpi": ("dpi", (("dpi", 1),), 1.0),
    "ppi": ("ppi", (("ppi", 1),), 1.0), "lp": ("lp", (("lp", 1),), 1.0), "gr": ("gr", (("gr", 1),), 1.0),
    "gsm": ("g/m2", (("kg", 1), ("m", -2)), 1e-3),
    "GBaud": ("GBd", (("Bd", 1), ("s", -1)), 1e9), "Gbaud": ("GBd", (("Bd", 1), ("s", -1)), 1e9),
    "Baud": ("Bd", (("Bd", 1), ("s", -1)), 1.0),
    "kn": ("kn", (("m", 1), ("s", -1)), 0.514444), "ml": ("mL", _M3, 1e-6), "Nm": ("N.m", _J, 1.0),
    "kNm": ("kN.m", _J, 1e3), "mNm": ("mN.m", _J, 1e-3), "Nm3": ("m3", _M3, 1.0),
    "AU": ("AU", (("AU", 1),), 1.0), "PFU": ("PFU", (("PFU", 1),), 1.0), "lgPFU": ("lgPFU", (("lgPFU", 1),), 1.0),
    "lgCFU": ("lgCFU", (("lgCFU", 1),), 1.0),
    "UI": ("UI", (("UI", 1),), 1.0), "LSB": ("LSB", (("LSB", 1),), 1.0),
    "den": ("den", (("kg", 1), ("m", -1)), 1e-6 / 9), "mesh": ("目", (("目", 1),), 1.0),
    "MPN": ("MPN", (("MPN", 1),), 1.0),
    "Mpa": ("MPa", _PA, 1e6), "MPA": ("MPa", _PA, 1e6), "Kpa": ("kPa", _PA, 1e3), "Kg": ("kg", _KG, 1.0),
    "KG": ("kg", _KG, 1.0), "Kw": ("kW", _W, 1e3), "KW": ("kW", _W, 1e3), "kw": ("kW", _W, 1e3),
    "MM": ("mm", _M, 1e-3), "KM": ("km", _M, 1e3), "Km": ("km", _M, 1e3), "hz": ("Hz", _HZ, 1.0),
    "HZ": ("Hz", _HZ, 1.0), "Khz": ("kHz", _HZ, 1e3), "KHz": ("kHz", _HZ, 1e3), "Mhz": ("MHz", _HZ, 1e6),
    "Ghz": ("GHz", _HZ, 1e9),
    "KV": ("kV", _V, 1e3), "KVA": ("kVA", _W, 1e3), "KJ": ("kJ", _J, 1e3), "KN": ("kN", _N, 1e3),
    "KPa": ("kPa", _PA, 1e3), "KB": ("kB", _BIT, 8e3), "kwh": ("kW.h", _J, 3.6e6), "KWh": ("kW.h", _J, 3.6e6),
    "db": ("dB", (("dB", 1),), 1.0),
    "㎜": ("mm", _M, 1e-3), "㎝": ("cm", _M, 1e-2), "㎞": ("km", _M, 1e3), "㎡": ("m2", _M2, 1.0),
    "㎎": ("mg", _KG, 1e-6), "㎏": ("kg", _KG, 1.0), "㎥": ("m3", _M3, 1.0), "㎚": ("nm", _M, 1e-9),
    "㎛": ("μm", _M, 1e-6), "㎖": ("mL", _M3, 1e-6), "㎐": ("Hz", _HZ, 1.0), "㎒": ("MHz", _HZ, 1e6),
    "㎓": ("GHz", _HZ, 1e9), "㎾": ("kW", _W, 1e3), "㎽": ("mW", _W, 1e-3), "㎩": ("Pa", _PA, 1.0),
    "㎫": ("MPa", _PA, 1e6), "㏈": ("dB", (("dB", 1),), 1.0),
}  # fmt: skip

_SPELLED = {"Wh": "W.h", "Ah": "A.h", "bps": "b/s", "l": "L", "bit": "bit", "Wp": "W", "torr": "Torr", "pixel": "px"}

# Chinese words that take Chinese prefixes → base symbol.
_WORD_BASES = {
    "米": "m", "克": "g", "升": "L", "秒": "s", "瓦": "W", "瓦特": "W", "伏": "V", "伏特": "V", "安": "A", "安培": "A",
    "欧": "Ω",
    "欧姆": "Ω", "赫": "Hz", "赫兹": "Hz", "帕": "Pa", "帕斯卡": "Pa", "牛": "N", "牛顿": "N", "焦": "J", "焦耳": "J",
    "法": "F",
    "法拉": "F", "亨": "H", "开": "K", "开尔文": "K", "摩尔": "mol", "摩": "mol", "巴": "bar", "特斯拉": "T",
    "电子伏": "eV", "电子伏特": "eV",
    "西门子": "S", "弧度": "rad", "瓦时": "Wh", "安时": "Ah", "比特": "bit", "字节": "B", "伏安": "VA", "卡": "cal",
    "贝可": "Bq", "戈瑞": "Gy", "西弗": "Sv",
}  # fmt: skip

# Chinese words that do not: → (normal spelling, symbol they stand for or None for a thing of its own kind).
_WORDS: dict[str, str] = {
    "公里": "km", "英寸": "in", "寸": "in", "公斤": "kg", "吨": "t", "分钟": "min", "小时": "h", "钟头": "h", "时": "h",
    "天": "d", "日": "d", "昼夜": "d", "年": "a", "周年": "a", "度": "Cel", "摄氏度": "Cel", "角秒": "″", "角分": "′",
    "分贝": "dB",
    "流明": "lm", "勒克斯": "lx", "坎德拉": "cd", "尼特": "nit", "马力": "hp", "大气压": "atm", "转": "r",
    "公顷": "ha", "千安时": "kAh", "像素": "px",
    "毫米汞柱": "mmHg", "高斯": "Gs", "海里": "海里", "节": "kn", "目": "mesh", "特克斯": "tex", "分特": "dtex",
    "旦": "den", "线对": "lp", "度电": "kWh", "千瓦时": "kWh", "道尔顿": "Da", "达因": "达因",
}  # fmt: skip

_OWN_WORDS: dict[str, tuple[str, Dimension, float]] = {
    "元": ("元", (("元", 1),), 1.0), "万元": ("万元", (("元", 1),), 1e4), "亿元": ("亿元", (("元", 1),), 1e8),
    "角": ("角", (("元", 1),), 0.1), "两": ("两", _KG, 0.05), "个工作日": ("工作日", (("工作日", 1),), 1.0),
    "工作日": ("工作日", (("工作日", 1),), 1.0), "美元": ("美元", (("美元", 1),), 1.0),
    "欧元": ("欧元", (("欧元", 1),), 1.0),
    "亩": ("亩", _M2, 2000 / 3), "斤": ("斤", _KG, 0.5), "平方米": ("m2", _M2, 1.0), "平米": ("m2", _M2, 1.0),
    "平方毫米": ("mm2", _M2, 1e-6),
    "平方厘米": ("cm2", _M2, 1e-4), "平方公里": ("km2", _M2, 1e6), "平方千米": ("km2", _M2, 1e6),
    "立方米": ("m3", _M3, 1.0), "立方": ("m3", _M3, 1.0), "方": ("m3", _M3, 1.0),
    "立方厘米": ("cm3", _M3, 1e-6), "立方毫米": ("mm3", _M3, 1e-9), "周": ("周", _S, 604800.0),
    "星期": ("周", _S, 604800.0), "月": ("月", _S, 2629800.0),
    "个月": ("月", _S, 2629800.0), "季度": ("季", _S, 7889400.0), "倍": ("倍", (), 1.0), "丝": ("丝", _M, 1e-5),
    "帧": ("帧", (), 1.0), "成": ("%", (), 0.1),
    "万像素": ("px", (("px", 1),), 1e4), "牛米": ("N.m", _J, 1.0), "千牛米": ("kN.m", _J, 1e3),
    "百分点": ("%", (), 0.01), "兆": ("MB", _BIT, 8e6),
}  # fmt: skip

COUNTED = frozenset("剂餐胎") | frozenset((
    "副", "项", "份", "粒", "架", "重", "种", "刀", "联", "层", "路", "件", "针", "锭", "穴", "张", "极", "圈", "匝",
    "个", "字", "点", "孔", "腔", "相", "级", "穗", "名", "类", "批", "道", "只", "床", "档", "家", "片", "款", "头",
    "滴", "袋", "双", "卡", "词", "羽", "颗", "组", "尾", "卷", "枚", "桶", "条", "帖", "芯", "台", "艘", "株", "色",
    "处", "步", "纤", "幅", "板", "支", "栋", "位", "篇", "瓶", "线", "块", "挂", "轴", "人", "束", "扇", "门", "套",
    "座", "所", "齿", "叶", "口", "次", "盘", "辆", "例", "模", "通", "阶", "段", "户", "车", "管", "箱", "刃", "根",
    "行", "垄", "模次", "床夜", "床日", "包", "罐", "筐", "班次", "炉", "炉次", "锅", "人份", "头份", "课时", "机位",
    "测试", "谱段", "周次", "万只", "英里", "用户", "目标", "波段", "样本", "车次", "拷贝", "终端", "节点", "批次",
    "病例", "株次", "只次", "人次", "工位", "周期", "通道", "循环", "万套", "万台", "样品", "万件", "单位", "万片",
    "线次", "并发", "自由度",
))  # fmt: skip


def _prefixed(symbol: str, prefix: str) -> str:
    return f"{prefix}{_SPELLED.get(symbol, symbol)}"


@cache
def latin_atoms() -> dict[str, Atom]:
    """Every Latin or sign symbol, with prefixes applied, and its atom."""
    atoms: dict[str, Atom] = {}
    for symbol, (dimension, factor, prefixes) in _BASES.items():
        for prefix in ("", *prefixes):
            size = factor * _PREFIXES.get(prefix, 1.0)
            atoms[prefix + symbol] = Atom(_prefixed(symbol, prefix), dimension, size)
            if prefix == "μ":
                atoms["u" + symbol] = atoms[prefix + symbol]
    atoms |= {symbol: Atom(*single) for symbol, single in _SINGLES.items()}
    celsius = Atom("Cel", _K, 1.0, 273.15)
    atoms |= {"℃": celsius, "°C": celsius, "Cel": celsius, "degC": celsius, "ºC": celsius}
    atoms["℉"] = Atom("℉", _K, 5 / 9, 459.67 * 5 / 9)
    atoms["dBm"] = Atom("dBm", _W, 1e-3, 0.0, "decibel")
    atoms["#N"] = Atom("N", (), 1.0, 0.0, "nines")
    atoms |= {root: Atom(root, ((root, 1),)) for root in ("√Hz", "√h", "√min", "√s", "√m")}
    return atoms


@cache
def word_atoms() -> dict[str, Atom]:
    """Every Chinese unit word, with Chinese prefixes applied, and its atom."""
    latin = latin_atoms()
    atoms = {word: Atom(word, ((word, 1),)) for word in COUNTED}
    for word, symbol in _WORD_BASES.items():
        atoms[word] = latin[symbol]
        atoms |= {
            name + word: latin[prefix + symbol] for name, prefix in _PREFIX_WORDS.items() if prefix + symbol in latin
        }
    atoms |= {word: latin.get(symbol, Atom(symbol, ((symbol, 1),))) for word, symbol in _WORDS.items()}
    atoms |= {word: Atom(*own) for word, own in _OWN_WORDS.items()}
    return atoms

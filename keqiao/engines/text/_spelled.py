"""Units as people write them; the engine keeps one plain spelling of each."""

import re

_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"(?<=[a-zA-Zμ)])-?[1-9](?![0-9a-zA-Z])")


def spelled(unit: str) -> str:
    """W/(m.K) as W/(m·K), m3/h as m³/h, Cel as ℃; the unit 1 as nothing."""
    if unit in ("", "1"):
        return ""
    plain = re.sub(r"\bCel\b", "℃", unit)
    plain = re.sub(r"(?<=\w)\.(?=[A-Za-zμ])", "·", plain)
    return _POWER.sub(lambda found: found.group().translate(_POWERS), plain)

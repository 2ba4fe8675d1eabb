"""One spelling for what plans print in several: signs, widths, traditional characters, Chinese numerals, marks.

No rule about targets stands here; what a text means is for phrases.py and numbers.py.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

import opencc

CHINESE_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
MULTIPLIERS = {"万亿": Decimal(10**12), "千亿": Decimal(10**11), "百亿": Decimal(10**10), "亿": Decimal(10**8),
               "千万": Decimal(10**7), "百万": Decimal(10**6), "十万": Decimal(10**5), "万": Decimal(10**4)}  # fmt: skip

# marks that stand in brackets behind or before a value, as plans print them
MARKS = ("暂定", "暂", "预计", "初步", "初定", "自选", "市定", "市定目标", "省定", "省定目标", "自定", "优化", "新增指标",
         "预期性", "约束性", "预期", "约束")  # fmt: skip

# signs that would become digits under NFKC and so change a number: footnote numbers, exponents, fractions
_TREACHEROUS = re.compile(
    "[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u00bc-\u00be\u2150-\u215f]"
)
_UNIT_WITH_EXPONENT = re.compile("(?<=[a-zA-Z米])[\u00b2\u00b3]")


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=65536)
def simplify(text: str) -> str:
    """The text in simplified characters."""
    return _converter().convert(text)


@lru_cache(maxsize=65536)
def normalise(text: str) -> str | None:
    """The text as the rules read it: simplified, half-width, without white space, `~` for every range sign.

    None for a text with signs that cannot be told from digits (footnote numbers, exponents behind a number).
    """
    text = _UNIT_WITH_EXPONENT.sub(lambda match: {"²": "2", "³": "3"}[match[0]], text)
    if _TREACHEROUS.search(text):
        return None
    text = simplify(unicodedata.normalize("NFKC", text))
    text = re.sub(r"[\s\u200b\ufeff“”\"「」『』]+", "", text)
    text = text.translate(str.maketrans("⩾⩽≧≦﹥﹤【】〔〕［］。", "≥≤≥≤><[][][].")).rstrip(".;,、")
    text = text.replace(">=", "≥").replace("<=", "≤").replace("=>", "≥").replace("=<", "≤")
    text = re.sub(r"百分之(\d+(?:\.\d+)?)", r"\1%", text)
    # a remark on what is counted (含发放租赁补贴) changes no number
    text = re.sub(r"(?<=[\u4e00-\u9fff])\((?:含|包括|不含|其中)[^()\d以]*\)$", "", text)
    # a range sign stands between a number with its unit and a number
    return re.sub(r"(?<=[\d%‰万亿元])(?:-|~|∼|〜|—+|–|−|―|至|到)(?=\d)", "~", text)


def split_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """The normalised text without its marks, and the marks."""
    marks: list[str] = []

    def keep(match: re.Match) -> str:
        marks.append(match[1])
        return ""

    words = "|".join(sorted(MARKS, key=len, reverse=True))
    text = re.sub(rf"\(({words})\)", keep, text)
    text = re.sub(r"^(暂定)为?(?=\D?\d)", keep, text)
    text = re.sub(r"^(\*)|(?<=[\d%\u4e00-\u9fff])(\*)$", lambda match: marks.append("*") or "", text)
    return text, tuple(marks)


def chinese_number(text: str) -> Decimal | None:
    """The value of a numeral written in Chinese below ten thousand (二十五, 两千, 一百零八), None for anything else."""
    if not text or any(sign not in CHINESE_DIGITS and sign not in CHINESE_UNITS for sign in text):
        return None
    if all(sign in CHINESE_DIGITS for sign in text):
        # digits without a unit are a number only alone; 二〇二五 is a year
        return Decimal(CHINESE_DIGITS[text]) if len(text) == 1 else None
    total, digit, last_unit = 0, None, 10_000
    for sign in text:
        if sign in CHINESE_DIGITS:
            if digit:
                return None
            digit = CHINESE_DIGITS[sign]
        else:
            unit = CHINESE_UNITS[sign]
            if unit >= last_unit or (digit is None and unit != 10) or digit == 0 and unit != 10:
                return None
            total += (1 if digit is None else digit) * unit
            digit, last_unit = None, unit
    return Decimal(total + (digit or 0))

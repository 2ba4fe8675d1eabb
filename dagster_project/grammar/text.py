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
               "千万": Decimal(10**7), "百万": Decimal(10**6), "十万": Decimal(10**5), "万": Decimal(10**4), "千": Decimal(10**3)}  # fmt: skip

# marks that stand in brackets behind or before a value, as plans print them
MARKS = ("暂定", "暂", "预计", "初步", "初定", "自选", "市定", "市定目标", "省定", "省定目标", "自定", "优化", "新增指标",
         "预期性", "约束性", "预期", "约束")  # fmt: skip

# signs that would become digits under NFKC and so change a number: footnote numbers, exponents, fractions
_TREACHEROUS = re.compile(
    "[\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u00bc-\u00be\u2150-\u215f]"
)
# two values in one cell, by white space, a line break or a comma of the text, are never one number
_TWO_NUMBERS = re.compile(r"\d[.,]?\s+[.,]?\d|\d[;、]\d|\d,(?!\d{3}(?!\d))\d|\d,\d{3}(?:\.\d+)?[%‰]")
# digits of other scripts, and half a character that no text can hold
_FOREIGN = re.compile(r"(?![0-9])\d")
_HALF_SIGN = re.compile("[\ud800-\udfff]")
_LIST_NUMBER = re.compile(r"\(?\d+(?:[)、]|\.(?=\D))")
_DATE = re.compile(r"(?:19|20)\d\d(?:\.(?:0?[1-9]|1[0-2])|~(?:19|20)\d\d)")
_NUMERAL = "[一二两三四五六七八九十]"
_BEFORE_RANGE = "%|‰|万|亿|万?亿?元|个?百分点|平方米|个|家|人|名|项|件|所|次|场|户|套|岁|天|亩"
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

    None for a text with signs that cannot be told from digits (footnote numbers, exponents behind a number), with two
    numbers that would run into one, with a list number, and for a date.
    """
    text = _UNIT_WITH_EXPONENT.sub(lambda match: {"²": "2", "³": "3"}[match[0]], text)
    if _TREACHEROUS.search(text) or _HALF_SIGN.search(text):
        return None
    text = unicodedata.normalize("NFKC", re.sub("(?<=[0-9０-９])，(?=[0-9０-９])", ", ", text))
    text = simplify(re.sub("[\u200b\ufeff]+", " ", text)).strip()
    if _TWO_NUMBERS.search(text) or _FOREIGN.search(text):
        return None
    text = re.sub(r"[\s“”\"「」『』]+", "", text)
    text = text.translate(str.maketrans("⩾⩽≧≦﹥﹤【】〔〕［］。", "≥≤≥≤><[][][].")).rstrip(".;,、")
    text = text.replace(">=", "≥").replace("<=", "≤").replace("=>", "≥").replace("=<", "≤")
    text = (
        re.sub(r"百分之(\d+(?:\.\d+)?)", r"\1%", text).replace("百分之百", "100%").replace("百分百", "100%")
    )
    text = re.sub(r"^−(?=\d)", "-", re.sub(r"(?<=[\d%])\+$", "以上", text))
    text = re.sub(r"(\d[\d.]*[%‰]?)(以[上下内])\(含\1\)$", r"\1\2", text)
    # a remark on what is counted (含发放租赁补贴) changes no number
    text = re.sub(r"(?<=[\u4e00-\u9fff])\((?:含|包括|不含|其中)[^()\d以]*\)$", "", text)
    # a range sign stands between a number with its unit and a number
    text = re.sub(rf"((?:\d|{_NUMERAL})(?:{_BEFORE_RANGE})?)(?:至|到)(?=\d|{_NUMERAL})", r"\1~", text)
    text = re.sub(r"(?<=[\d%‰\u4e00-\u9fff㎡])(?:-|~|∼|〜|—+|–|−|―)(?=\d)", "~", text)
    # 超千亿元 is 超1千亿元
    text = re.sub(r"^(超过|突破|超|达到|达)(?=[百千万]亿元)", r"\g<1>1", text)
    return None if _LIST_NUMBER.match(text) or _DATE.fullmatch(text) else text


def split_marks(text: str) -> tuple[str, tuple[str, ...]]:
    """The normalised text without its marks, and the marks."""
    marks: list[str] = []

    def keep(match: re.Match) -> str:
        marks.append(match[1])
        return ""

    words = "|".join(sorted(MARKS, key=len, reverse=True))
    text = re.sub(rf"\(({words})\)", keep, text)
    text = re.sub(r"^(暂定|预计|初步(?=定为)|初定)(?:定为|为)?(?=.)", keep, text)
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

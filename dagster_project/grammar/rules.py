"""The rules of the target grammar: how the language of Chinese plans states an aim.

Every rule takes a normalised text without marks and returns what it reads, or None. A rule reads the whole text or
nothing. Rules know phrasing only: nothing of indicators, regions or databases; the units they accept are handed in,
so that a new unit is a row in seeds/unit.csv. docs/grammar.md lists what they read.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from dagster_project.grammar.model import ParsedTarget
from dagster_project.grammar.text import CHINESE_DIGITS, CHINESE_UNITS, MULTIPLIERS, chinese_number, normalise

Rule = Callable[[str, "Units"], ParsedTarget | None]

ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
CHINESE = f"[{''.join(CHINESE_DIGITS)}{''.join(CHINESE_UNITS)}]+"
RATIO_PLACES = Decimal("0.00000001")

AIM = "力争|争取|确保|努力|预期|计划|预计|基本|总体|全面|率先|全部|要求|目标|大幅|进一步|逐步|稳步|全市|全区|全县|全省|平均(?!每)"
BY_THEN = r"(?:(?:到|至)?20\d\d年(?:年?底|末)?(?:前|时)?,?)"
RISE = "提升|提高|上升|增长|增加|改善|优化|扩大|增强|向好|好转|增多|上涨|扩面|拓展|壮大|提质|加快|改进|走高|回升|增进|健全|完善"
FALL = "下降|降低|减少|缩小|收窄|压减|削减|缩减|压缩|下调|回落|减轻|缓解|减弱|遏制"
MANNER = (
    "稳步|逐步|逐年|持续|稳定|不断|稳中有|稳中|有所|明显|显著|进一步|较快|大幅|大幅度|全面|整体|总体|普遍|切实|有效|"
    "继续|千方百计|中高速|高速|中速|均|力争|努力|实现|得到|呈|逐渐|快速|平稳|适度|合理|加速|趋于|稳健|同步|双|较大幅度|较为明显|更加|保持|推动|年均|每年"
)
REACH = "达到|达至|达|实现|完成|做到|覆盖|为|是|占|占比|占比达到?|比例达到?|比重达到?|总量达到?|总数达到?|总额达到?|规模达到?|突破|超过|超|不低于|不少于"
UP_TO = r"(?:提高|提升|增加|上升|增长|扩大|拓展|恢复|扩|升|增|壮大|发展|跃升|攀升|回升)(?:到|至|为|达到?)"
DOWN_TO = r"(?:降低|下降|减少|缩小|收窄|压减|压缩|缩减|下调|回落|降|减|缩)(?:到|至|为)"
HOLD = r"(?:继续)?(?:稳定保持|保持稳定|保持|维持|稳定)(?:在|于|为|到)?"
NEW = (
    "新增加?|新建成?|净增加?|新培育|新引进|新认定|新招引|新创建|新设立|新打造|新开工|新发展|新投用|新改建|新建、改建|"
    "新建改建|新改扩建|新发放|新创成|新评定|新签约|新落地"
)
DO = (
    "共建共享|改造提升|建成|建设|创建|创成|培育|培养|引进|引育|招引|打造|改造|实施|举办|开展|组织|建立|设立|培训|发放|整治|改建|扩建|"
    "提升改造|盘活|推出|形成|落地|开工|投用|认定|选育|选派|选树|发展|推广|解决|帮扶|救助|服务|签约|安置|受理|办理|"
    "入选|获评|申报|制定|出台|孵化|吸引|集聚|完工|消除|关停|腾退|腾出|改善|供给|筹集|供应|授权|开设|挂牌|布局"
)
EVERY_YEAR = "年均|每年|年平均|平均每年|逐年|每年均|年年|年"

PREFIX_COMPARATORS = {
    ">=": ("≥", "不低于", "不少于", "不小于", "不得低于", "不得少于", "至少", "最少", "大于等于", "大于或等于", "不弱于"),
    "<=": ("≤", "不高于", "不超过", "不大于", "不多于", "控制在", "不得超过", "不得高于", "至多", "最多", "小于等于",
           "小于或等于", "不超", "限制在", "压降至", "控制到"),
    ">": (">", "高于", "大于", "超过", "超", "突破", "多于", "逾", "超出", "跨越", "冲破", "跨过"),
    "<": ("<", "低于", "小于", "少于", "不到", "不足"),
}  # fmt: skip
SUFFIX_COMPARATORS = {
    ">=": ("以上", "及以上", "(含)以上", "或以上", "含以上", "以上(含)", "及其以上"),
    "<=": ("以下", "以内", "之内", "及以下", "(含)以内", "(含)以下", "内", "以内(含)", "以下(含)"),
    ">": ("多", "余"),
    "~": ("左右", "上下", "前后"),
}
ABOUT = ("约", "大约", "大致", "约为", "大约为", "近", "接近", "将近", "大体")


class Units:
    """The spellings of units that may stand behind a number, and the unit of the label."""

    def __init__(self, spellings: Collection[str], label_unit: str = "") -> None:
        known = {normalise(spelling) or "" for spelling in spellings} - {"", "1"}
        self.label_unit = normalise(label_unit) or ""
        self._spelling = {normalise(spelling): spelling for spelling in spellings}
        self.pattern = _alternatives(frozenset(known))

    def printed(self, unit: str | None) -> str | None:
        """The unit as seeds/unit.csv spells it."""
        return None if unit is None else self._spelling.get(unit, unit)


@lru_cache(maxsize=16)
def _alternatives(words: frozenset[str] | tuple[str, ...]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word) for word in ordered) + ")" if ordered else "(?:(?!))"


def _comparator_of(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {word: sign for sign, words in table.items() for word in words}


PREFIXES, SUFFIXES = _comparator_of(PREFIX_COMPARATORS), _comparator_of(SUFFIX_COMPARATORS)
PREFIX, SUFFIX, VAGUE = (_alternatives(tuple(words)) for words in (PREFIXES, SUFFIXES, ABOUT))


def _quantity(group: str, units: Units) -> str:
    """A pattern for a number with its multiplier and unit; `group` makes the names of its parts unique."""
    multiplier = _alternatives(tuple(MULTIPLIERS))
    return (
        rf"(?P<{group}n>-?{ARABIC}|{CHINESE})(?P<{group}more>多|余)?"
        rf"(?:(?P<{group}u>{units.pattern})|(?P<{group}m>{multiplier})(?P<{group}more2>多|余)?(?P<{group}v>{units.pattern})?)?"
    )


class Quantity:
    """A number as read: its value in `unit`, which is None where none is printed."""

    def __init__(self, match: re.Match, group: str, units: Units) -> None:
        printed, multiplier = match[f"{group}n"], match[f"{group}m"]
        number = chinese_number(printed)
        # a lone Chinese digit needs a unit to be a number: 二乙 and 一批 are words
        self.is_number = number is not None or printed[-1].isdigit()
        self.unit = match[f"{group}u"] or match[f"{group}v"]
        if number is not None and not (self.unit or multiplier):
            self.is_number = False
        if not self.is_number:
            return
        self.value = Decimal(printed.replace(",", "")) if number is None else number
        self.is_more = bool(match[f"{group}more"] or match[f"{group}more2"])
        if multiplier and self.unit:
            self.value *= MULTIPLIERS[multiplier]
        elif multiplier:
            # 突破1000亿: what is counted stands elsewhere; 亿 multiplies its smallest unit (seeds/unit.csv)
            self.unit = multiplier


def none(text: str, units: Units) -> ParsedTarget | None:
    """A cell that sets no target: a dash, or a region that does not take part."""
    pattern = (
        r"[-—–/\\]*|[\u4e00-\u9fff]{0,8}不(?:参评|参与评价|参与考核|考核|适用|涉及)|无|待定|不设|暂无|无目标"
    )
    return ParsedTarget("none") if re.fullmatch(pattern, text) else None


def delegated(text: str, units: Units) -> ParsedTarget | None:
    """A value that a higher level sets later: 完成省市下达目标."""
    level = "国家|中央|上级|省级?|市级?|区级?|县级?|省厅|省市|省里|市里|国务院|有关部门|政府|部门|省委省政府|省政府|市政府|与|和|、|及"
    word = "目标任务|任务目标|目标|任务|指标|要求|计划|控制数|考核"
    patterns = (
        rf"(?:确保|全面|超额|按时|力争|按|按照|以|控制在|达到|实现|满足|符合|不突破|不超过)*(?:完成|达到|控制在|按|按照|以|满足|符合|低于|执行)?"
        rf"(?:{level})+(?:级)?(?:当年|年度)?(?:下达|确定|规定|要求|考核|分解|核定|明确|给定|定(?!标准)|制定|部署|控制)+(?:的)?(?:年度|约束性|控制性|考核|各项)*(?:{word})*(?:以内|内|之内|值|为准|执行|范围内)*",
        rf"(?:确保|全面|超额)?(?:完成|达到)(?:{level})+(?:级)?(?:的)?(?:年度|约束性|考核)*(?:{word})+",
        rf"(?:待|等)(?:{level})*(?:下达|明确|确定|核定)(?:后.*)?",
    )
    return ParsedTarget("delegated") if any(re.fullmatch(pattern, text) for pattern in patterns) else None


def direction(text: str, units: Units) -> ParsedTarget | None:
    """A way without a number: 稳步提升, 逐步缩小, 稳中有降, 只增不减."""
    if re.fullmatch(rf"(?:{MANNER})*(?:{RISE}|升|增|进)(?:{RISE})?", text) or re.fullmatch(
        "只增不减|只升不降|越来越[高好多]", text
    ):
        return ParsedTarget("direction", comparator=">")
    if re.fullmatch(rf"(?:{MANNER})*(?:{FALL}|降|减)", text) or re.fullmatch(
        "只减不增|只降不升|越来越[低少小]", text
    ):
        return ParsedTarget("direction", comparator="<")
    return None


def hold(text: str, units: Units) -> ParsedTarget | None:
    """A state to keep every year: 保持稳定, 维持在合理区间, 保持81.5, 稳定在95%以上, 与上年持平, 不低于上年."""
    words = (
        r"(?:总体|基本|继续|长期)*(?:保持|维持|稳定|处于|控制)?(?:在|于)?(?:总体|基本|动态|持续|相对)*"
        r"(?:稳定|不变|平稳|平衡|合理区间|合理水平|较低水平|低位|较高水平|高位|稳定水平|现有水平|良好水平)(?:运行|内|以内)?",
        r"(?:与|同|和)?(?:上年|去年|上一年|现状|20\d\d年)?(?:相比)?(?:基本|总体|保持)*持平",
    )
    if any(re.fullmatch(pattern, text) for pattern in words):
        return ParsedTarget("hold")
    if re.fullmatch(
        r"(?:不低于|不少于|不减少于?|不降低于?)(?:上年|去年|上一年|现状|现有水平|20\d\d年)(?:水平)?|不减少|不降低|不下降",
        text,
    ):
        return ParsedTarget("hold", comparator=">=")
    if re.fullmatch(
        r"(?:不高于|不超过|不增加于?)(?:上年|去年|上一年|现状|现有水平|20\d\d年)(?:水平)?|不增加|不上升|零增长",
        text,
    ):
        return ParsedTarget("hold", comparator="<=")
    match = re.fullmatch(rf"(?:{AIM})*{HOLD}(?P<rest>.+)", text)
    if not match:
        return None
    kept = numeric(match["rest"], units) or rank(match["rest"], units)
    if kept is None or kept.target_kind not in ("threshold", "interval", "approximate", "rank"):
        # 保持5%以上的增速 and the like speak of growth
        return kept if kept is not None and kept.target_kind == "growth" else None
    if kept.target_kind == "rank":
        return kept
    about = "~" if kept.target_kind == "approximate" else kept.comparator
    return replace(kept, target_kind="hold", comparator=about)


def score_rule(text: str, units: Units) -> ParsedTarget | None:
    """Points by place, not a value: 按全区排名计分，第一名满分…"""
    return (
        ParsedTarget("score_rule")
        if re.search(r"排名.{0,6}(?:计分|得分|赋分)|按.{0,12}(?:计分|赋分)", text)
        else None
    )


RANK_AREA = r"(?:全国|全省|全市|全区|全县|全州|长三角|浙江省?|省内|市内|国内|全球|世界|[\u4e00-\u9fff]{2,4}(?:省|市|州))"


def rank(text: str, units: Units) -> ParsedTarget | None:
    """A place among peers: 排名全省前60, 位居全市第3, 进入全国百强, 全省前列 (no number), 前30% (a share of the peers)."""
    lead = r"(?:力争|争取|确保|稳居|保持|继续|综合|总量|排名|排位|位次|位于|位列|位居|居于|居|列|进入|跻身|挺进|入围|达到|在|处于|走在|迈入|名列|实现|进|并|稳定|水平|始终|跃居|跃升至?)*"
    peers = rf"(?P<peers>(?:国家级高新区|国家高新区|国家级经开区|国家级开发区|{RANK_AREA})(?:同类)?(?:各?(?:县\(?市?、?区?\)?|县市区|县区|区县|区|县|市|山区26县|26县|设区市|城市|地级市|园区|开发区))?)?"
    place = rf"(?P<place>\d+|{CHINESE})"
    more = r"(?:排名|位次|综合实力|同类|排位|的)*"
    match = re.fullmatch(
        rf"{lead}{peers}(?:中)?{more}(?:(?P<at>前|第|Top|TOP|top)(?:{place})(?:(?P<share>%)|分之(?P<part>{CHINESE})|位次|位|名|强|席)?|"
        rf"(?P<hundred>百强|十强|千强)(?:县|区|市|县\(市、区\)|行列)?|(?P<first>首位|首列|榜首|第一方阵|第一梯队|前列|先进行列|先进水平|领先|领先水平|首位度|中上游|上游|第一序列))"
        r"(?:以内|之内|内|行列|水平|方阵|以上|及以上)?",
        text,
    )
    if match is None:
        leads = re.fullmatch(rf"(?:持续|继续|始终|保持)*领跑(?P<peers>{RANK_AREA})", text)
        return ParsedTarget("rank", "<=", reference_text=leads["peers"]) if leads else None
    if match["share"] and match["at"] == "第":
        return None
    area = match["peers"]
    if match["hundred"]:
        value = Decimal({"十": 10, "百": 100, "千": 1000}[match["hundred"][0]])
        return ParsedTarget("rank", "<=", value, reference_text=area)
    if match["first"]:
        if area is None and not re.match("首|榜|前列|第一", match["first"]):
            return None
        value = Decimal(1) if match["first"] in ("首位", "首列", "榜首") else None
        return ParsedTarget("rank", "<=", value, reference_text=area)
    value = chinese_number(match["place"]) if not match["place"].isdigit() else Decimal(match["place"])
    if value is None or value < 1:
        return None
    if match["part"]:
        # 前三分之一: the share 1/3 of the peers
        part = chinese_number(match["part"])
        if part is None or not 0 < part < value:
            return None
        return ParsedTarget(
            "rank", "<=", (part * 100 / value).quantize(RATIO_PLACES), unit_text="%", reference_text=area
        )
    if match["share"]:
        return ParsedTarget("rank", "<=", value, unit_text="%", reference_text=area) if value <= 100 else None
    return ParsedTarget("rank", "<=", value, reference_text=area)


GRADE_WORDS = (
    r"(?:[一二三四五]|[1-5])[级星][AB]?级?|[ABC]级|A{1,5}级?|[1-5]A级?|[IV]{1,3}类水?(?:质)?|[一二三][甲乙丙]等?|优秀|优良|良好|良|优|合格|达标|"
    r"优秀(?:等次|等级|档次)|[ⅠⅡⅢⅣⅤ]类"
)


def grade(text: str, units: Units) -> ParsedTarget | None:
    """A grade or a title: 达到二乙标准, Ⅲ类, 优秀, 创成全国文明城市."""
    match = re.fullmatch(
        r"(?:力争|确保)?(?:达到|达|实现|保持|评为|获评|获得)?([^\d<>≥≤~,;]{1,16}?)(?:标准要求|标准|等级|等次)",
        text,
    )
    if match is None:
        match = re.fullmatch(
            r"(?:力争|确保|全面|基本|总体)*(?:达到|达)([^\d<>≥≤~,;]{0,8}(?:国家|经济体|现代化))水平", text
        )
    if match and not re.search("完成|下达|上级", match[1]):
        return ParsedTarget("grade", reference_text=match[1])
    match = re.fullmatch(
        rf"(?:力争|确保)?(?:达到|达|实现|保持|评为|获评|为|稳定达到|稳定在)?({GRADE_WORDS})(?P<up>及?以上)?(?:水平|水质|标准)?",
        text,
    )
    if match:
        return ParsedTarget("grade", comparator=">=" if match["up"] else None, reference_text=match[1])
    match = re.fullmatch(
        r"(?:力争|争取|确保|成功|全面|高质量|通过)*(?:创成|创建成?|建成|创建为|获评|入选|通过|争创|列入|成为)([^\d,;<>≥≤~一二三四五六七八九十]{2,24}(?:区|市|县|城市|单位|试点|示范|验收|镇|街道|基地|村|评估|创建))",
        text,
    )
    if match is None:
        # 创成: what is to be achieved stands in the label
        match = re.fullmatch(
            r"(?:力争|争取|确保|全面|年内|实现)*((?:基本)?(?:创成|建成|完成|通过|达标|获评|投用|启用|竣工|开工|挂牌)|(?:应|需|能|愿)([保改建接收覆签纳检种兑缴])尽\2|一[户人个]不[漏少落])(?:验收|使用|运行)?",
            text,
        )
    return ParsedTarget("grade", reference_text=match[1]) if match else None


FRACTION_SUFFIX = {"以上": ">=", "及以上": ">=", "以下": "<=", "以内": "<=", "左右": "~"}


def fraction(text: str, units: Units) -> ParsedTarget | None:
    """A share in words: 三分之二以上, 达到1/3, 半数以上, 过半, 九成以上, 百分之八十; whole coverage: 全覆盖; none left: 清零."""
    suffix = "|".join(FRACTION_SUFFIX)
    lead = rf"(?:{AIM})*(?:{REACH}|{UP_TO}|{DOWN_TO})?(?P<prefix>{PREFIX})?"
    match = re.fullmatch(rf"{lead}(?P<below>{CHINESE})分之(?P<above>{CHINESE})(?P<suffix>{suffix})?", text)
    if match is None:
        match = re.fullmatch(rf"{lead}(?P<above>\d+)[/⁄](?P<below>\d+)(?P<suffix>{suffix})?", text)
    value = None
    if match:
        below, above = (
            Decimal(match[name]) if match[name].isdigit() else chinese_number(match[name])
            for name in ("below", "above")
        )
        if match["below"] in ("百", "千") and above is not None:
            # 百分之八十 is a percentage in words
            share = {"百": "%", "千": "‰"}[match["below"]]
            return numeric(text.replace(f"{match['below']}分之{match['above']}", f"{above}{share}"), units)
        if not below or above is None or above > below:
            return None
        value = (above / below).quantize(RATIO_PLACES)
    else:
        match = re.fullmatch(rf"{lead}(?P<tenths>{CHINESE})成(?P<half>半)?(?P<suffix>{suffix})?", text)
        if match:
            tenths = chinese_number(match["tenths"])
            if tenths is None or not 1 <= tenths <= 10 or (tenths == 10 and match["half"]):
                return None
            value = tenths / 10 + (Decimal("0.05") if match["half"] else 0)
    if value is None:
        half = re.fullmatch(
            rf"(?:{AIM})*(?:{REACH})?(?P<prefix>超过|超|达到|达|过)?(?:半数|一半|半)(?P<suffix>{suffix})?",
            text,
        )
        if half is None or (half["prefix"] is None and half["suffix"] is None):
            return None
        sign = ">" if half["prefix"] in ("超过", "超", "过") else FRACTION_SUFFIX.get(half["suffix"] or "")
        return ParsedTarget("threshold", sign, Decimal("0.5"), unit_text="1")
    before, after = PREFIXES.get(match["prefix"] or ""), FRACTION_SUFFIX.get(match["suffix"] or "")
    if before and after and before[0] != after[0]:
        return None
    if after == "~":
        return ParsedTarget("approximate", target_value=value, unit_text="1")
    return ParsedTarget("threshold", before or after, value, unit_text="1")


def whole(text: str, units: Units) -> ParsedTarget | None:
    """All or nothing in words: 全覆盖 is 100%, 清零 and 零发生 are 0, 零突破 is more than 0."""
    match = re.fullmatch(
        rf"(?:{AIM}|实现|达到|做到|保持|形成)*(?:[\u4e00-\u9fff()、]{{1,14}}?)??(?:{AIM}|实现|达到|做到|保持)*(?:100%)?全(?:面|域)?覆盖",
        text,
    )
    if match and not re.search("不|未(?!来)|非|无", text):
        near = "基本" in text
        kind, sign = ("approximate", None) if near else ("threshold", ">=")
        return ParsedTarget(kind, sign, Decimal(100), unit_text="%")
    if re.fullmatch(
        rf"(?:{AIM}|实现|做到|保持|确保)*(?:动态|全部|全面|存量)*(?:清零|归零|零发生|零容忍|为零|不发生)|全(?:面|部)消除",
        text,
    ):
        return ParsedTarget("threshold", "<=", Decimal(0))
    if re.fullmatch(rf"(?:{AIM}|实现|取得)*零的?突破", text):
        return ParsedTarget("threshold", ">", Decimal(0))
    if re.fullmatch("(?:缩短|减少|降低|压缩|精简|压减|下降)一半", text):
        return ParsedTarget("growth", "<=", Decimal(-50), unit_text="%")
    return None


BASE = (
    r"(?:(?:比|较|与|同|在|以)?(?P<base>20\d\d年(?:年?底|末)?|上年同期|上年|去年同期|去年|上一年|同期|“?十[二三四五]五”?(?:期?末|时期)?|期初|现状|基期|现有)"
    r"(?:相比|基础上|为基数?|水平)?(?:,|再|又)?|(?P<year_on_year>同比|环比(?!上)))?"
)
TIMES_WORDS = {
    "翻一番": 100,
    "翻番": 100,
    "翻两番": 300,
    "翻二番": 300,
    "翻三番": 700,
    "倍增": 100,
    "双倍增": 100,
    "成倍增长": 100,
    "翻一番半": 200,
}


def _basis(base: str | None, year_on_year: str | None, yearly: str | None) -> tuple[str | None, str | None]:
    """From words to one of BASES and the base year."""
    if yearly:
        return "annual_average", None
    if year_on_year or (base and re.match("上年|去年|上一年|同期", base)):
        return "previous_year", None
    if base:
        return "base_year", base
    return None, None


def times(text: str, units: Units) -> ParsedTarget | None:
    """Growth by multiples: 比2020年翻一番, 增长1.5倍, 达到2020年的2倍以上; as growth in per cent of the base."""
    words = "|".join(sorted(TIMES_WORDS, key=len, reverse=True))
    match = re.fullmatch(
        rf"(?:{AIM})*(?:实现|力争)?{BASE}(?:实现|力争|基本|再|又)*(?P<words>{words})(?P<suffix>以上)?", text
    )
    if match:
        basis, base = _basis(match["base"], match["year_on_year"], None)
        return ParsedTarget(
            "growth",
            ">=",
            Decimal(TIMES_WORDS[match["words"]]),
            unit_text="%",
            basis=basis,
            reference_text=base,
        )
    match = re.fullmatch(
        rf"(?:{AIM})*(?:达到|是|为|相当于|提高到|增长到|增加到)?(?P<base>20\d\d年|上年|去年|现状|期初)的(?P<n>{ARABIC}|{CHINESE})倍(?P<suffix>以上|左右)?",
        text,
    )
    if match:
        value = (
            Decimal(match["n"].replace(",", "")) if match["n"][-1].isdigit() else chinese_number(match["n"])
        )
        if value is None or value <= 0:
            return None
        basis, base = _basis(match["base"], None, None)
        sign = "~" if match["suffix"] == "左右" else ">="
        return ParsedTarget(
            "growth", sign, (value - 1) * 100, unit_text="%", basis=basis, reference_text=base
        )
    return None


def relative(text: str, units: Units) -> ParsedTarget | None:
    """An aim that refers to another quantity: 高于地区生产总值年均增长, 与经济增长基本同步, 高于全省平均水平1个百分点以上."""
    signs = {"高于": ">", "快于": ">", "优于": ">", "好于": ">", "大于": ">", "超过": ">", "领先": ">", "领先于": ">", "多于": ">", "跑赢": ">",
             "低于": "<", "慢于": "<", "小于": "<", "少于": "<", "不低于": ">=", "不慢于": ">=", "不少于": ">=", "不小于": ">=",
             "不高于": "<=", "不快于": "<=", "不超过": "<=", "不大于": "<=", "略高于": ">", "明显高于": ">", "持续高于": ">", "达到": ">=",
             "显著高于": ">", "保持高于": ">", "始终高于": ">", "总体高于": ">"}  # fmt: skip
    words = "|".join(sorted(signs, key=len, reverse=True))
    lead = rf"(?:{AIM}|增速|增幅|增长速度|年均增长|年均增速|增长|水平|实现|达到|保持)*?"
    match = re.fullmatch(
        rf"{lead}(?P<sign>{words})(?P<what>[^\d<>≥≤~,;\[\]]{{2,40}}?)(?:{_quantity('q', units)}(?P<suffix>以上|左右|以内)?)?",
        text,
    )
    if match:
        # 达到 says only with a level of somebody (全省平均水平) that it is relative
        if match["sign"] == "达到" and not re.search("平均|中位|全[国省市区县].*水平", match["what"]):
            return None
        if re.search("下达|以上|以下|左右|合理|目标|任务|标准|要求", match["what"]) or not re.search(
            "平均|增[长速幅]|收入|经济|全[国省市区县]|消费|支出|GDP|生产总值|中位|同类|上[年级]",
            match["what"],
        ):
            return None
        margin = None
        if match["qn"]:
            quantity = Quantity(match, "q", units)
            if not quantity.is_number or quantity.unit is None:
                return None
            margin = quantity
        return ParsedTarget(
            "relative",
            signs[match["sign"]],
            target_value=margin.value if margin else None,
            unit_text=units.printed(margin.unit) if margin else None,
            reference_text=match["what"],
        )
    match = re.fullmatch(
        r"(?:[^\d,;<>≥≤~\[\]]{0,20}(?:与|同|跟))?(?P<what>[^\d,;<>≥≤~\[\]与]{2,40}?)(?:保持|基本|总体|实现|大体)*(?:同步|同频|同幅|相适应|相匹配|挂钩)(?:较快)?(?:增长|提高|提升)?",
        text,
    )
    if match and re.search("经济|收入|生产总值|GDP|财政|人口|增[长速]|劳动|支出|消费|工资", match["what"]):
        return ParsedTarget("relative", ">=", reference_text=match["what"])
    return None


VERBS = {
    "up_to": UP_TO,
    "down_to": DOWN_TO,
    "sum": r"(?:累计|总计|合计|共计|五年(?:内)?(?:累计)?|5年(?:内)?(?:累计)?|三年(?:内)?(?:累计)?|3年(?:内)?(?:累计)?|(?:“?十[三四五]五”?)?期间(?:累计)?|规划期(?:内)?(?:累计)?|一共)",
    "by_up": r"(?:年均)?(?:增长率?|提高|提升(?!改造)|上升|增加|扩大|递增|增幅|增速|增量|上浮|涨幅|增)(?:达到?|为|在|保持在?)?",
    "by_down": r"(?:年均)?(?:下降率?|降低|减少|缩小|收窄|压减|削减|压缩|缩短|精简|降幅|递减|减)(?:达到?|为|在)?",
    "new": rf"(?:{NEW})",
    "do": rf"(?:{DO})",
    "reach": rf"(?:{REACH})",
}


def numeric(text: str, units: Units) -> ParsedTarget | None:
    """A number with what stands around it: threshold, interval, approximate, growth, increment, cumulative."""
    bracketed = re.fullmatch(rf"\[{_quantity('a', units)}\](?P<suffix>{SUFFIX})?", text)
    if bracketed:
        quantity = Quantity(bracketed, "a", units)
        sign = SUFFIXES.get(bracketed["suffix"] or "")
        return (
            ParsedTarget("cumulative", sign, quantity.value, unit_text=units.printed(quantity.unit))
            if quantity.is_number
            else None
        )
    verb = "|".join(f"(?P<{name}>{pattern})" for name, pattern in VERBS.items() if name != "sum")
    pattern = (
        rf"{BY_THEN}?(?:{AIM})*(?:从|由)?(?P<from>(?:{ARABIC})(?:{units.pattern})?(?=提高|提升|增加|上升|增长|扩大|降低|下降|减少|缩小|压减|降|减|升|增))?"
        rf"(?:{AIM}|实现|再)*(?P<each>{EVERY_YEAR})?{BASE}(?P<each2>{EVERY_YEAR})?(?:{AIM}|实现|再)*(?P<sum>{VERBS['sum']})?(?:{AIM})*(?P<each3>年均|每年)?"
        rf"(?:{verb})?(?P<object>[\u4e00-\u9fffA-Za-z“”\"、+()]{{1,16}}?)??(?P<prefix>{PREFIX})?(?P<about>{VAGUE})?(?:每(?P<per>万人|千人|百人|人|万户|百户|户)(?:拥有)?)?"
        rf"{_quantity('a', units)}(?P<mid>{SUFFIX})?(?:~{_quantity('b', units)})?(?P<suffix>{SUFFIX})?(?:之间|区间|范围)?(?P<noun>的?[\u4e00-\u9fff()、]{{1,12}}?)??(?P<tail>的?(?:年均)?(?:增长|增速|增幅))?"
        r"(?P<sum2>\((?:五年|三年|规划期|期间|5年)?累计(?:数|值)?\)|\[累计\])?"
    )
    match = re.fullmatch(pattern, text)
    return _meaning(match, units) if match else None


def _meaning(match: re.Match, units: Units) -> ParsedTarget | None:
    """What a matched numeric phrase says; None where its words contradict each other or leave a doubt."""
    low = Quantity(match, "a", units)
    high = Quantity(match, "b", units) if match["bn"] else None
    if not low.is_number or (high and not high.is_number):
        return None
    verb = next((name for name in VERBS if name != "sum" and match[name]), None)
    unit = high.unit if high and high.unit else low.unit
    if high and low.unit and low.unit != high.unit or (high and match["mid"]):
        return None
    if match["object"] and not _is_object(match, verb) or match["noun"] and not _is_noun(match, unit):
        return None
    if high and match.string.startswith(("从", "由")):
        return None
    if unit == "年" and 2000 <= low.value < 2100 or verb == "by_up" and unit == "位":
        # a calendar year is no amount; a place that moves up is a smaller number
        return None
    before = PREFIXES.get(match["prefix"] or "") or {
        "突破": ">",
        "超过": ">",
        "超": ">",
        "不低于": ">=",
        "不少于": ">=",
    }.get(match["reach"] or "")
    suffixes = {SUFFIXES[word] for word in (match["mid"], match["suffix"]) if word}
    if low.is_more or (high and high.is_more):
        suffixes.add(">")
    about = bool(match["about"]) or "~" in suffixes
    after = suffixes - {"~"}
    if about and (after - {"<="} or before and before != "<=" and not match["about"]):
        return None
    if match["per"]:
        # 每万人2个: a density, if seeds/unit.csv knows it
        unit = f"{unit}/{match['per']}"
        if not re.fullmatch(units.pattern, unit):
            return None
    if match["suffix"] == "内" and unit is None:
        return None
    if len(after) > 1 and after != {">", ">="}:
        return None
    sign = before
    for other in after:
        if sign and sign[0] != other[0]:
            return None
        sign = sign if sign and not (sign == ">" and other == ">=") else other
    if high and low.value >= high.value:
        return None
    value, top = low.value, high.value if high else None
    unit_text = units.printed(unit)

    yearly = (
        match["each"]
        or match["each2"]
        or match["each3"]
        or (verb in ("by_up", "by_down") and match[verb].startswith("年均"))
    )
    basis, base = _basis(match["base"], match["year_on_year"], yearly)
    grows = verb in ("by_up", "by_down") or bool(match["tail"])
    is_sum = bool(match["sum"] or match["sum2"])
    is_share = (unit or units.label_unit) in ("%", "个百分点", "‰", "倍", "百分点")

    if match["from"] and verb not in ("up_to", "down_to"):
        return None
    if grows and (unit in ("%", "个百分点", "‰", "百分点", "倍") or (unit is None and is_share)):
        if unit == "倍":
            value, top, unit_text = value * 100, top * 100 if top else None, "%"
        falls = verb == "by_down"
        if falls:
            value, top = -value, -top if top else None
            if top is not None:
                value, top = top, value
            sign = {None: "<=", ">=": "<=", ">": "<", "<=": ">=", "<": ">"}[sign]
        if is_sum and basis is None:
            basis = "plan_start"
        return ParsedTarget(
            "growth",
            "~" if about else sign or ">=",
            value,
            top,
            unit_text=unit_text,
            basis=basis,
            reference_text=base,
        )
    if match["tail"]:
        return None
    if basis == "base_year" and verb not in ("by_up", "by_down", "new"):
        return None
    if is_sum and verb not in ("by_down",):
        return ParsedTarget(
            "cumulative",
            "~" if about else sign,
            value,
            top,
            unit_text=unit_text,
            basis="annual_average" if yearly else None,
        )
    if verb in ("by_up", "by_down", "new", "do"):
        if unit is None and verb in ("by_up", "by_down") and is_share:
            return None
        if verb == "by_down":
            value, top = (-value, None) if top is None else (-top, -value)
            sign = {None: "<=", ">=": "<=", ">": "<", "<=": ">=", "<": ">"}[sign]
        return ParsedTarget(
            "increment",
            "~" if about else sign or ">=",
            value,
            top,
            unit_text=unit_text,
            basis=basis,
            reference_text=base,
        )
    if yearly:
        # 年均7%: a yearly rate; 每年10场: so many every year
        if is_share and unit:
            return ParsedTarget(
                "growth",
                "~" if about else sign or ">=",
                value,
                top,
                unit_text=unit_text,
                basis="annual_average",
            )
        if unit is None:
            return None
        return ParsedTarget(
            "increment",
            "~" if about else sign or ">=",
            value,
            top,
            unit_text=unit_text,
            basis="annual_average",
        )
    if base or basis:
        return None
    if top is not None:
        return (
            ParsedTarget("interval", target_value=value, target_value_high=top, unit_text=unit_text)
            if not sign or sign == "<="
            else None
        )
    if about:
        return ParsedTarget("approximate", target_value=value, unit_text=unit_text)
    if sign is None and verb in ("up_to", "down_to"):
        sign = ">=" if verb == "up_to" else "<="
    return ParsedTarget("threshold", sign, value, unit_text=unit_text)


def _is_object(match: re.Match, verb: str | None) -> bool:
    """Whether the words between verb and number are a thing counted or measured, and change nothing of the meaning."""
    words = match["object"]
    if not (
        match["sum"]
        or verb in ("new", "do", "by_up", "by_down")
        or re.match(rf"{BY_THEN}?(?:{AIM})*(?:实现|完成|达到)", match.string)
    ):
        return False
    if verb in ("by_up", "by_down") and match["an"] and not re.fullmatch(r"(?:到|至)?", words):
        # 提高到 is another verb; anything else between 增长 and its number is a doubt
        return False
    return not re.search(
        "不|未(?!来)|降|减|无|非|前|第|每|平均|低于|高于|少于|多于|以[上下内]|左右|同比|或|至|到|达|占|比|倍|率$",
        words,
    )


def _is_noun(match: re.Match, unit: str | None) -> bool:
    """Whether the words behind a number are what is counted (5家企业, 50%的村), and change nothing of the meaning."""
    if unit is None or match["tail"] or match["sum2"]:
        return False
    if unit in ("%", "‰") and not match["noun"].startswith("的"):
        return False
    return not re.search(
        "不|未(?!来)|无|非|以[上下内]|左右|或|至|到|达|增|减|降|升|超|多|少|比|倍|率|速|前|后|位|月|天|日|小时|季|年|十|百|千|万|亿|[一二三四五六七八九两]个",
        match["noun"],
    )


STRETCH = r"(?:并|并且|且|,|;|、|\(|同时)*(?:力争|争取|冲刺|奋力|奋斗目标|挑战|努力|最好|拼|争|奋斗)+(?:达到|达|实现|突破|超过|到|为|完成|在)?"


def stretch(text: str, units: Units) -> ParsedTarget | None:
    """A floor and a stretch goal: 6%力争8%; 达到700亿元，力争突破800亿元; 保6%争8%; 确保5.5%、力争6%."""
    # a slogan behind the goal (冲刺千亿俱乐部) is no third number
    text = re.sub(r",(?:冲刺|迈向|跻身)[\u4e00-\u9fff]{2,10}$", "", text)
    match = re.fullmatch(
        rf"(?:确保|保底|保|底线|目标)?(?P<floor>.*?\d.*?){STRETCH}(?P<goal>[^()]*?\d[^()]*?)\)?", text
    )
    if not match or re.search("力争|争取|冲刺|奋斗", match["goal"]):
        return None
    floor = numeric(match["floor"], units) or hold(match["floor"], units)
    goal = numeric(match["goal"], units)
    if floor is None or goal is None or goal.target_value_high is not None:
        return None
    if floor.target_kind not in ("threshold", "approximate", "growth", "increment", "cumulative", "hold"):
        return None
    if goal.target_kind not in ("threshold", "approximate", floor.target_kind):
        return None
    if floor.target_value is None or floor.target_value_high is not None:
        return None
    value = goal.target_value
    if floor.target_value < 0 < value:
        # 下降3%，力争5%: the stretch is a fall as well
        value = -value
    if floor.unit_text != goal.unit_text:
        if floor.unit_text is None:
            floor = replace(floor, unit_text=goal.unit_text)
        elif goal.unit_text is not None:
            value = _in_unit(value, goal.unit_text, floor.unit_text)
            if value is None:
                return None
    return replace(floor, stretch_value=value)


def _in_unit(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """9500亿元 and 1万亿元 count in one unit with different multipliers; None for units that differ in more."""

    def split(text: str) -> tuple[Decimal, str]:
        for word in sorted(MULTIPLIERS, key=len, reverse=True):
            if text.startswith(word) and len(text) > len(word):
                return MULTIPLIERS[word], text[len(word) :]
        return Decimal(1), text

    (factor, base), (wanted_factor, wanted_base) = split(unit), split(wanted)
    return value * factor / wanted_factor if base == wanted_base else None


RULES: tuple[Rule, ...] = (
    none,
    score_rule,
    delegated,
    whole,
    hold,
    direction,
    rank,
    fraction,
    times,
    numeric,
    stretch,
    grade,
    relative,
)

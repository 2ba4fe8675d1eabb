"""Rules for aims that are no plain number: delegated, direction, rank, grade, relative, score rule, none.

Every rule takes a normalised text without marks and returns what it reads, or None; it reads the whole text or nothing.
Rules know phrasing only: nothing of indicators, regions or databases.
"""

import re
from decimal import Decimal

from dagster_project.grammar.model import ParsedTarget
from dagster_project.grammar.quantity import CHINESE, RATIO_PLACES, Quantity, Units, quantity_pattern
from dagster_project.grammar.text import chinese_number
from dagster_project.grammar.words import AIM, BETTER, FALL, GRADE_WORDS, MANNER, RANK_AREA, RISE


def none(text: str, units: Units) -> ParsedTarget | None:
    """A cell that sets no target: a dash, or a region that does not take part."""
    pattern = r"[-—–/\\]*|[\u4e00-\u9fff]{0,8}不(?:参评|参与评价|参与考核|考核|适用|涉及)|无|待定|不设(?:目标)?|暂无|无目标"
    return ParsedTarget("none") if re.fullmatch(pattern, text) else None


def delegated(text: str, units: Units) -> ParsedTarget | None:
    """A value that a higher level sets later: 完成省市下达目标."""
    level = "国家|中央|上级|省级?|市级?|区级?|县级?|省厅|省市|省里|市里|国务院|有关部门|政府|部门|省委省政府|省政府|市政府|与|和|、|及"
    word = "目标任务|任务目标|任务数|目标|任务|指标|要求|计划|控制数|考核"
    patterns = (
        rf"(?:确保|全面|超额|按时|力争|按|按照|以|控制在|达到|实现|满足|符合|不突破|不超过){{0,4}}(?:完成|达到|控制在|按|按照|以|满足|符合|低于|执行)?"
        rf"(?:{level}){{1,8}}(?:级)?(?:当年|年度)?(?:下达|确定|规定|要求|考核|分解|核定|明确|给定|定(?!标准)|制定|部署|控制){{1,4}}(?:的)?(?:年度|约束性|控制性|考核|各项){{0,4}}(?:{word}){{0,4}}(?:以内|内|之内|值|为准|执行|范围内){{0,4}}",
        rf"(?:确保|全面|超额)?(?:完成|达到)(?:{level}){{1,4}}(?:级)?(?:的)?(?:年度|约束性|考核){{0,4}}(?:{word}){{1,4}}",
        "另行(?:下达|确定|明确)",
        rf"(?:待|等)(?:{level}){{0,4}}(?:下达|明确|确定|核定)(?:后.*)?",
    )
    return ParsedTarget("delegated") if any(re.fullmatch(pattern, text) for pattern in patterns) else None


def direction(text: str, units: Units) -> ParsedTarget | None:
    """A way without a number: 稳步提升, 逐步缩小, 稳中有降, 只增不减."""
    if re.fullmatch(
        rf"(?:{MANNER}){{0,4}}(?:(?:{RISE})(?:{RISE})?)|(?:{MANNER}){{1,4}}[升增进]", text
    ) or re.fullmatch("只增不减|只升不降|越来越[高好多]", text):
        return ParsedTarget("direction", comparator=">")
    if re.fullmatch("(?:保持|实现|确保|力争)?[正负]增长", text):
        sign = "<" if "负增长" in text else ">"
        return ParsedTarget("growth", sign, Decimal(0), unit_text="%")
    if re.fullmatch(rf"(?:{MANNER}){{0,4}}(?:{BETTER})", text):
        return ParsedTarget("direction")
    if re.fullmatch(
        rf"(?:差距)?(?:{MANNER}){{0,4}}(?:{FALL})|(?:{MANNER}){{1,4}}[降减]", text
    ) or re.fullmatch("只减不增|只降不升|越来越[低少小]", text):
        return ParsedTarget("direction", comparator="<")
    return None


def score_rule(text: str, units: Units) -> ParsedTarget | None:
    """Points by place, not a value: 按全区排名计分，第一名满分…"""
    return (
        ParsedTarget("score_rule") if re.match(r"按(?!比例)[^\d,;%]{0,14}(?:计分|赋分)(?!\d)", text) else None
    )


def rank(text: str, units: Units) -> ParsedTarget | None:
    """A place among peers: 排名全省前60, 位居全市第3, 进入全国百强, 全省前列 (no number), 前30% (a share of the peers)."""
    lead = r"(?:力争|争取|确保|稳居|保持|继续|综合|总量|排名|排位|位次|位于|位列|位居|居于|居|列|进入|跻身|挺进|入围|达到|在|处于|走在|迈入|名列|实现|进|并|稳定|水平|始终|跃居|跃升至?|提升[到至]|上升[到至]|不低于|百强县){0,4}"
    peers = rf"(?P<peers>(?:国家级高新区|国家高新区|国家级经开区|国家级开发区|{RANK_AREA})(?:同类)?(?:各?(?:县\(?市?、?区?\)?|县市区|县区|区县|区|县|市|山区26县|26县|设区市|城市|地级市|园区|开发区))?)?"
    place = rf"(?P<place>\d+|{CHINESE})"
    more = r"(?:排名|位次|综合实力|同类|排位|的){0,4}"
    match = re.fullmatch(
        rf"{lead}{peers}(?:中)?{more}(?:(?P<at>前|第|Top|TOP|top)(?:{place})(?:(?P<share>%)|分之(?P<part>{CHINESE})|位次|位|名|强|席|家)?|"
        rf"(?P<hundred>百强|十强|千强)(?:县|区|市|县\(市、区\)|行列)?|(?P<first>首位|首列|榜首|第一方阵|第一梯队|前列|前茅|先进行列|先进水平|领先|领先水平|首位度|中上游|上游|中游(?=以上)|第一序列))"
        r"(?:以内|之内|内|行列|以上|及以上)?",
        text,
    )
    if match is None:
        leads = re.fullmatch(rf"(?:持续|继续|始终|保持){{0,4}}领跑(?P<peers>{RANK_AREA})", text)
        return ParsedTarget("rank", "<=", reference_text=leads["peers"]) if leads else None
    if match["share"] and match["at"] == "第":
        return None
    area = match["peers"]
    if area in ("国内", "世界", "全球") and match["first"] in ("先进水平", "领先水平"):
        # a standard, not a place
        return ParsedTarget("grade", reference_text=f"{area}{match['first']}")
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


def grade(text: str, units: Units) -> ParsedTarget | None:
    """A grade or a title: 达到二乙标准, Ⅲ类, 优秀, 创成全国文明城市."""
    match = re.fullmatch(
        r"(?:力争|确保)?(?:达到|达|实现|保持|评为|获评|获得)?([^\d<>≥≤~,;]{1,16}?)(?:标准要求|标准|等级|等次)",
        text,
    )
    if match is None:
        match = re.fullmatch(
            r"(?:力争|确保|全面|基本|总体){0,4}(?:达到|达)([^\d<>≥≤~,;]{0,8}(?:国家|经济体|现代化))水平", text
        )
    # a standard that is raised, missed or made is not reached
    other = "完成|下达|上级|[低高优]于|不|未|提[高升]|降低|取消|制定|修订|逐步|稳步|超|一[套个]"
    if match and not re.search(other, match[1]):
        return ParsedTarget("grade", reference_text=match[1])
    match = re.fullmatch(
        rf"(?:力争|确保)?(?:达到|达|实现|保持|评为|获评|为|稳定(?=达标)|稳定达到|稳定在)?(?P<or>(?:达到或)?优于)?(?P<grade>(?:国家)?(?:{GRADE_WORDS}))(?P<up>及?以上)?(?:水平|水质|标准)?",
        text,
    )
    if match:
        better = {None: None, "优于": ">", "达到或优于": ">="}[match["or"]]
        return ParsedTarget(
            "grade", comparator=">=" if match["up"] else better, reference_text=match["grade"]
        )
    match = re.fullmatch(
        r"(?:力争|争取|确保|成功|全面|高质量|通过){0,4}(?:创成|创建成?|建成|创建为|获评|入选|通过|争创|列入|成为)([^\d,;<>≥≤~一二三四五六七八九十]{2,24}(?:区|市|县|城市|单位|试点|示范|验收|镇|街道|基地|村|评估|创建|复审))",
        text,
    )
    if match is None:
        # 创成: what is to be achieved stands in the label
        match = re.fullmatch(
            r"(?:力争|争取|确保|全面|年内|实现){0,4}((?:基本)?(?:创成|建成|完成|通过|达标|获评|(?:建成)?投用|启用|竣工|开工|挂牌)|(?:应|需|能|愿)([保改建接收覆签纳检种兑缴])尽\2|一[户人个]不[漏少落])(?:验收|使用|运行)?",
            text,
        )
    return ParsedTarget("grade", reference_text=match[1]) if match else None


def relative(text: str, units: Units) -> ParsedTarget | None:
    """An aim that refers to another quantity: 高于地区生产总值年均增长, 与经济增长基本同步, 高于全省平均水平1个百分点以上."""
    signs = {"高于": ">", "快于": ">", "优于": ">", "好于": ">", "大于": ">", "超过": ">", "领先": ">", "领先于": ">", "多于": ">", "跑赢": ">",
             "低于": "<", "慢于": "<", "小于": "<", "少于": "<", "不低于": ">=", "不慢于": ">=", "不少于": ">=", "不小于": ">=",
             "不高于": "<=", "不快于": "<=", "不超过": "<=", "不大于": "<=", "略高于": ">", "明显高于": ">", "持续高于": ">", "达到": ">=",
             "显著高于": ">", "保持高于": ">", "始终高于": ">", "总体高于": ">"}  # fmt: skip
    words = "|".join(sorted(signs, key=len, reverse=True))
    lead = rf"(?:{AIM}|增速|增幅|增长速度|年均增长|年均增速|增长|水平|实现|达到|保持){{0,4}}?"
    match = re.fullmatch(
        rf"{lead}(?P<sign>{words})(?P<what>[^\d<>≥≤~,;\[\]]{{2,40}}?)(?:{quantity_pattern('q', units)}(?P<suffix>以上|左右|以内)?)?",
        text,
    )
    if match:
        # 达到 says only with a level of somebody (全省平均水平) that it is relative
        if match["sign"] == "达到" and not re.search("平均|中位|全[国省市区县].*水平", match["what"]):
            return None
        if re.search(
            "下达|以上|以下|左右|合理|目标|任务|标准|要求|[第前的]$", match["what"]
        ) or not re.search(
            "平均|增[长速幅]|收入|经济|全[国省市区县]|消费|支出|GDP|生产总值|中位|同类|上[年级]",
            match["what"],
        ):
            return None
        margin = None
        if match["qn"]:
            quantity = Quantity(match, "q")
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
        rf"比(?P<what>(?:全[国省市区县]|同类)[\u4e00-\u9fff]{{0,6}}?平均(?:水平)?)高{quantity_pattern('q', units)}(?P<up>以上)?",
        text,
    )
    quantity = Quantity(match, "q") if match else None
    if quantity is not None and quantity.is_number and quantity.unit:
        return ParsedTarget(
            "relative",
            ">=",
            quantity.value,
            unit_text=units.printed(quantity.unit),
            reference_text=match["what"],
        )
    match = re.fullmatch(
        r"(?P<what>(?:全[国省市区县]|同类)[\u4e00-\u9fff]{0,6}?平均(?:水平)?)(?:以上)?", text
    )
    if match:
        return ParsedTarget("relative", ">=", reference_text=match["what"])
    match = re.fullmatch(
        r"(?:[^\d,;<>≥≤~\[\]]{0,20}(?:与|同|跟))?(?P<what>[^\d,;<>≥≤~\[\]与]{2,40}?)(?:保持|基本|总体|实现|大体){0,4}(?:同步|同频|同幅|相适应|相匹配)(?:较快)?(?:增长|提高|提升)?",
        text,
    )
    if match and re.search("经济|收入|生产总值|GDP|财政|人口|增[长速]|劳动|支出|消费|工资", match["what"]):
        return ParsedTarget("relative", ">=", reference_text=match["what"])
    return None

"""A made-up database with just the columns that bulletins read. Nothing in it is real."""

import duckdb

TABLES = {
    "marts.dim_region": "region_code VARCHAR, region_name VARCHAR",
    "marts.dim_document": (
        "document_id VARCHAR, title VARCHAR, doc_number VARCHAR, issuer VARCHAR, issued_on DATE, region_code VARCHAR"
    ),
    "marts.dim_period": "period VARCHAR, year INTEGER, period_start DATE, period_end DATE",
    "marts.dim_indicator": (
        "indicator_id VARCHAR, indicator_name VARCHAR, indicator_name_en VARCHAR, unit VARCHAR, domain VARCHAR"
    ),
    "marts.dim_department": "department_id VARCHAR, department_name VARCHAR",
    "marts.dim_source": "source_id VARCHAR, title VARCHAR",
    "marts.bridge_target_department": "target_id VARCHAR, department_id VARCHAR, is_lead BOOLEAN",
    "marts.fct_target": (
        "target_id VARCHAR, document_id VARCHAR, table_ref VARCHAR, line_no INTEGER, column_ref VARCHAR, region_code VARCHAR,"
        " scope VARCHAR, period VARCHAR, part_no INTEGER, row_no VARCHAR, section_text VARCHAR, indicator_text VARCHAR,"
        " indicator_sub_text VARCHAR, indicator_id VARCHAR, value_text VARCHAR, target_kind VARCHAR, unit VARCHAR,"
        " designation VARCHAR, is_provisional BOOLEAN, correction VARCHAR, is_primary BOOLEAN"
    ),
    "marts.fct_attainment": (
        "target_id VARCHAR, evaluation_period VARCHAR, actual_value DECIMAL(24,8), actual_source VARCHAR,"
        " measured_value DECIMAL(24,8), measured_unit VARCHAR, verdict VARCHAR, light VARCHAR, is_current BOOLEAN,"
        " attainment_ratio DOUBLE, gap DECIMAL(25,8), as_of_date DATE, reason VARCHAR, reason_en VARCHAR"
    ),
    "marts.rpt_coverage": "target_id VARCHAR, due_date DATE, is_overdue BOOLEAN, days_overdue INTEGER",
    "marts.rpt_target_conflict": "first_target_id VARCHAR, second_target_id VARCHAR, reason VARCHAR",
    "marts.rpt_scorecard": "card_kind VARCHAR, region_code VARCHAR, statement VARCHAR, statement_en VARCHAR",
    "marts.rpt_light_change": (
        "target_id VARCHAR, light_before VARCHAR, light_now VARCHAR, reason VARCHAR, reason_en VARCHAR,"
        " published_at_now TIMESTAMP"
    ),
    "marts.fct_ranking": (
        "region_code VARCHAR, indicator_id VARCHAR, peer_group_id VARCHAR, peer_group_name VARCHAR, scope VARCHAR,"
        " period VARCHAR, rank INTEGER, reported_rank INTEGER, peers_expected INTEGER, peers_present INTEGER,"
        " value DECIMAL(24,8)"
    ),
    "marts.fct_township_score": (
        "target_id VARCHAR, region_code VARCHAR, indicator_id VARCHAR, period VARCHAR, rule_name VARCHAR,"
        " rank_used INTEGER, ratio_used DOUBLE, peers_expected INTEGER, peers_present INTEGER, score DECIMAL(7,4)"
    ),
    "quality.run_log": "run_id VARCHAR, event VARCHAR, logged_at TIMESTAMP",
}
AS_OF = "2024-06-30"
PUBLISHED = "2024-06-30 02:05:00"


class MadeUp:
    """The database, with one county `T1`, one township `T1A`, a plan and an indicator; targets are added by tests."""

    def __init__(self, region_name: str = "甲市", title: str = "甲市行动方案") -> None:
        self.connection = duckdb.connect()
        self.connection.execute("CREATE SCHEMA marts; CREATE SCHEMA quality")
        for name, columns in TABLES.items():
            self.connection.execute(f"CREATE TABLE {name} ({columns})")
        self.insert("marts.dim_region", region_code="T1", region_name=region_name)
        self.insert("marts.dim_region", region_code="T1A", region_name="乙镇")
        self.insert("marts.dim_document", document_id="plan", title=title, region_code="T1")
        for year in (2022, 2023, 2025, 2035):
            self.insert(
                "marts.dim_period",
                period=str(year),
                year=year,
                period_start=f"{year}-01-01",
                period_end=f"{year}-12-31",
            )
        self.insert(
            "marts.dim_indicator", indicator_id="gdp", indicator_name="总量", unit="亿元", domain="经济"
        )
        self.insert("quality.run_log", run_id="run-1", event="published", logged_at=PUBLISHED)

    def insert(self, table: str, **cells) -> None:
        marks = ", ".join("?" * len(cells))
        self.connection.execute(
            f"INSERT INTO {table} ({', '.join(cells)}) VALUES ({marks})", list(cells.values())
        )

    def target(
        self,
        target_id: str,
        *,
        period: str = "2022",
        light: str = "grey",
        verdict: str = "no_actual",
        actual: float | None = None,
        ratio: float | None = None,
        gap: float | None = None,
        evaluated: str | None = None,
        days_overdue: int | None = None,
        department: str | None = None,
        reason: str = "原因",
        **cells,
    ) -> None:
        """A target with its current verdict; overdue where `days_overdue` is given."""
        self.insert(
            "marts.fct_target",
            **{
                "target_id": target_id,
                "document_id": "plan",
                "table_ref": "表1",
                "line_no": self.connection.execute("SELECT count(*) + 1 FROM marts.fct_target").fetchone()[0],
                "column_ref": f"{period}年",
                "region_code": "T1",
                "scope": "unspecified",
                "period": period,
                "part_no": 0,
                "row_no": "1",
                "indicator_text": "总量(亿元)",
                "indicator_id": "gdp",
                "value_text": "100",
                "target_kind": "threshold",
                "unit": "亿元",
                "is_provisional": False,
                "is_primary": True,
                **cells,
            },
        )
        self.insert(
            "marts.fct_attainment",
            target_id=target_id,
            evaluation_period=evaluated or period,
            actual_value=actual,
            measured_value=actual,
            measured_unit=None if actual is None else "亿元",
            verdict=verdict,
            light=light,
            is_current=True,
            attainment_ratio=ratio,
            gap=gap,
            as_of_date=AS_OF,
            reason=reason,
            reason_en="reason",
        )
        if days_overdue is not None:
            self.insert(
                "marts.rpt_coverage",
                target_id=target_id,
                due_date="2023-06-29",
                is_overdue=True,
                days_overdue=days_overdue,
            )
        if department:
            self.insert(
                "marts.dim_department", department_id=target_id + department, department_name=department
            )
            self.insert(
                "marts.bridge_target_department", target_id=target_id, department_id=target_id + department
            )

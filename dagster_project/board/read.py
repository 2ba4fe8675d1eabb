"""Everything the board reads from the warehouse: one query a table, rows as dictionaries. Nothing is computed here.

Only the published schemas, marts and quality, are read, so that any published version can be shown again.
"""

from typing import TYPE_CHECKING, Any

from dagster_project.rows import fetch_rows

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

# what a page lists in full; the database has the rest, and the page says so
MAX_LISTED = 500

QUERIES = {
    # grain: target, with the one row that says how it stands
    "targets": """
        SELECT
            target.target_id, target.document_id, target.table_ref, target.line_no, target.column_ref, target.region_code,
            target.scope, target.period, target.part_no, target.row_no, target.printed_category, target.section_text,
            target.indicator_text, target.indicator_sub_text, target.indicator_id, target.value_text, target.target_kind,
            target.comparator, target.target_value_std, target.target_value_high_std, target.stretch_value_std,
            target.unit, target.designation, target.is_provisional, target.is_primary, target.task_id, target.rule_id,
            target.correction, target.baseline_period,
            coalesce(period.year, 9999) AS target_year,
            indicator.indicator_name, indicator.indicator_name_en, indicator.unit AS standard_unit, indicator.domain,
            verdict.evaluation_period, verdict.actual_value, verdict.scope_used, verdict.measured_value,
            verdict.measured_unit, verdict.verdict, verdict.light, verdict.attainment_ratio, verdict.gap,
            verdict.baseline_value, verdict.pace_ratio, verdict.pace_status, verdict.expected_value,
            verdict.projected_value, verdict.projected_low, verdict.projected_high, verdict.required_per_year,
            verdict.reason, verdict.reason_en,
            source.title AS source_title, source.url AS source_url,
            file.file_name AS actual_file, actual.row_no AS actual_row, actual.observation_status, actual.value_text AS actual_text,
            coverage.due_date, coverage.is_overdue, coverage.days_overdue, coverage.is_reported
        FROM marts.fct_target AS target
        LEFT JOIN marts.fct_attainment AS verdict
            ON verdict.target_id = target.target_id AND verdict.is_current
        LEFT JOIN marts.dim_indicator AS indicator ON indicator.indicator_id = target.indicator_id
        LEFT JOIN marts.dim_period AS period ON period.period = target.period
        LEFT JOIN marts.dim_source AS source ON source.source_id = verdict.actual_source
        LEFT JOIN marts.fct_actual AS actual
            ON
                actual.region_code = target.region_code AND actual.indicator_id = target.indicator_id
                AND actual.scope = verdict.scope_used AND actual.period = verdict.evaluation_period
                AND actual.measure = 'value'
        LEFT JOIN (SELECT DISTINCT ON (file_id) file_id, file_name FROM quality.received_file ORDER BY file_id, received_at) AS file
            ON file.file_id = actual.file_id
        LEFT JOIN marts.rpt_coverage AS coverage ON coverage.target_id = target.target_id
        LEFT JOIN marts.dim_document AS document ON document.document_id = target.document_id
        ORDER BY document.issued_on DESC NULLS LAST, target.document_id, target.table_ref, target.line_no,
            target.region_code, target.column_ref, target.period, target.scope, target.part_no""",
    # grain: target × evaluation period where the path to the target is known
    "path": """
        SELECT verdict.target_id, period.year, verdict.expected_value
        FROM marts.fct_attainment AS verdict
        INNER JOIN marts.dim_period AS period ON period.period = verdict.evaluation_period AND period.period_type = 'year'
        WHERE verdict.expected_value IS NOT NULL
        ORDER BY ALL""",
    # grain: region × indicator × scope × year with a figure
    "series": """
        SELECT region_code, indicator_id, scope, year, actual_value
        FROM marts.fct_indicator_year
        WHERE actual_value IS NOT NULL AND indicator_id <> 'unmapped'
        ORDER BY ALL""",
    "regions": """
        SELECT region_code, region_name, region_level, parent_region_code, region_path
        FROM marts.dim_region ORDER BY region_code""",
    "documents": "SELECT * FROM marts.dim_document ORDER BY issued_on DESC NULLS LAST, document_id",
    "departments": """
        SELECT * FROM marts.rpt_department_scorecard ORDER BY region_code, target_count DESC, department_name""",
    "target_departments": "SELECT target_id, department_id, is_lead FROM marts.bridge_target_department ORDER BY ALL",
    "task_departments": "SELECT task_id, department_id FROM marts.bridge_task_department ORDER BY ALL",
    "scorecards": "SELECT * FROM marts.rpt_scorecard ORDER BY card_id",
    "gaps": """
        SELECT gap.*, indicator.indicator_name, indicator.indicator_name_en, indicator.unit
        FROM marts.rpt_gap AS gap INNER JOIN marts.dim_indicator AS indicator USING (indicator_id)
        QUALIFY row_number() OVER (PARTITION BY gap.region_code, gap.indicator_id, gap.scope ORDER BY gap.year DESC) = 1
        ORDER BY gap.gap_kind DESC, gap.region_code, gap.indicator_id""",
    # the lights that changed last; published_at_now is null for those of the version that is being built
    "changes": """
        SELECT * FROM marts.rpt_light_change
        QUALIFY coalesce(published_at_now, TIMESTAMP '9999-12-31') = max(coalesce(published_at_now, TIMESTAMP '9999-12-31')) OVER ()
        ORDER BY target_id""",
    "scores": "SELECT * FROM marts.fct_township_score ORDER BY ALL",
    # the newest period of every ranking
    "rankings": """
        SELECT ranking.*, indicator.indicator_name, indicator.indicator_name_en, indicator.unit, indicator.domain
        FROM marts.fct_ranking AS ranking
        INNER JOIN marts.dim_period AS period USING (period)
        INNER JOIN marts.dim_indicator AS indicator USING (indicator_id)
        QUALIFY rank() OVER (
            PARTITION BY ranking.peer_group_id, ranking.indicator_id, ranking.scope ORDER BY period.period_end DESC, ranking.period
        ) = 1
        ORDER BY ranking.peer_group_id, indicator.domain, indicator.indicator_name, ranking.scope, ranking.rank NULLS LAST,
            ranking.value DESC, ranking.region_code""",
    "tasks": "SELECT * FROM marts.fct_task ORDER BY document_id, table_ref, task_no",
    "sites": "SELECT * FROM marts.fct_pilot_site ORDER BY document_id, table_ref, site_no",
    "conflicts": """
        SELECT conflict.*, indicator.indicator_name, indicator.indicator_name_en
        FROM marts.rpt_target_conflict AS conflict
        LEFT JOIN marts.dim_indicator AS indicator USING (indicator_id)
        ORDER BY conflict.conflict_kind, conflict.region_code, conflict.period, conflict.indicator_id, conflict.first_place""",
    "figures": """
        SELECT region_code, count(*) AS figures, max(year) AS newest_year, max(reported_at) AS newest_report
        FROM marts.fct_actual INNER JOIN marts.dim_period USING (period)
        WHERE region_code IN (SELECT region_code FROM marts.fct_target)
        GROUP BY region_code ORDER BY region_code""",
    "files": "SELECT * FROM quality.received_file ORDER BY received_at DESC, file_name",
    "rejected": "SELECT * FROM quality.rejected_row ORDER BY file_name, row_no",
    "checks": """
        SELECT * FROM quality.check_result
        WHERE run_id = (SELECT arg_max(run_id, checked_at) FROM quality.check_result)
        ORDER BY success, severity, gate, check_name""",
    "unmapped": "SELECT * FROM quality.unmapped_label ORDER BY row_count DESC, origin, label_text",
    "unparsed": """
        SELECT unparsed.*, target.region_code, target.column_ref, target.scope, target.period, target.part_no
        FROM quality.unparsed_target AS unparsed INNER JOIN marts.fct_target AS target USING (target_id)
        ORDER BY unparsed.document_id, unparsed.table_ref, unparsed.line_no""",
    "runs": "SELECT * FROM quality.run_log ORDER BY logged_at DESC, event LIMIT 20",
    "published": "SELECT max(logged_at) AS published_at FROM quality.run_log WHERE event = 'published'",
    "as_of": "SELECT max(as_of_date) AS as_of_date FROM marts.fct_attainment",
}


def read_all(connection: "duckdb.DuckDBPyConnection") -> dict[str, list[Row]]:
    """The rows of every query, by its name."""
    return {name: fetch_rows(connection, query) for name, query in QUERIES.items()}

"""What the bulletins ask of the published tables: one query a subject for all regions at once, never one a region."""

EDITION = """
    WITH publications AS (
        SELECT run_id, logged_at, row_number() OVER (ORDER BY logged_at DESC, run_id) AS age
        FROM quality.run_log WHERE event = 'published'
    )
    SELECT
        (SELECT run_id FROM publications WHERE age = 1) AS run_id,
        (SELECT logged_at FROM publications WHERE age = 1) AS published_at,
        (SELECT logged_at FROM publications WHERE age = 2) AS previous_at,
        (SELECT max(as_of_date) FROM marts.fct_attainment) AS as_of_date"""

# Grain: a target with its current verdict. `region_code` is the region the bulletin belongs to, `holder_code` the one
# the target is for. A cell that sets no target (kind none) is left out.
TARGETS = """
    WITH responsible AS (
        SELECT
            bridge.target_id,
            list(
                department.department_name
                ORDER BY coalesce(bridge.is_lead, false) DESC, department.department_name
            ) AS departments,
            list(department.department_name ORDER BY department.department_name) FILTER (bridge.is_lead) AS leads
        FROM marts.bridge_target_department AS bridge
        INNER JOIN marts.dim_department AS department USING (department_id)
        GROUP BY bridge.target_id
    ),
    course AS (
        -- the lights of every period judged so far
        SELECT
            attainment.target_id,
            list([attainment.evaluation_period, attainment.light] ORDER BY period.period_end, period.period) AS lights
        FROM marts.fct_attainment AS attainment
        INNER JOIN marts.dim_period AS period ON attainment.evaluation_period = period.period
        WHERE attainment.light <> 'grey'
        GROUP BY attainment.target_id
    ),
    conflicts AS (
        SELECT target_id, list(DISTINCT reason ORDER BY reason) AS reasons
        FROM (
            SELECT first_target_id AS target_id, reason FROM marts.rpt_target_conflict
            UNION ALL
            SELECT second_target_id, reason FROM marts.rpt_target_conflict
        )
        WHERE target_id IS NOT NULL
        GROUP BY target_id
    )
    SELECT
        document.region_code,
        period.year AS target_year,
        target.target_id,
        target.document_id,
        target.region_code AS holder_code,
        holder.region_name AS holder_name,
        target.table_ref,
        target.line_no,
        target.column_ref,
        target.part_no,
        target.row_no,
        target.section_text,
        target.indicator_text,
        target.indicator_sub_text,
        target.indicator_id,
        indicator.indicator_name,
        indicator.indicator_name_en,
        coalesce(indicator.domain, '未分类') AS domain,
        target.scope,
        target.period,
        target.value_text,
        target.unit AS printed_unit,
        target.designation,
        target.is_provisional,
        target.correction,
        target.is_primary,
        -- as the scorecards count: primary, of a kind that sets a goal of its own, a composite cell once
        target.is_primary AND target.target_kind <> 'score_rule' AND (
            target.part_no = min(target.part_no) FILTER (target.is_primary AND target.target_kind <> 'score_rule')
                OVER cell
            OR min(target.part_no) FILTER (target.is_primary AND target.target_kind <> 'score_rule') OVER cell > 0
        ) AS is_counted,
        attainment.evaluation_period,
        attainment.verdict,
        attainment.light,
        coalesce(attainment.measured_value, attainment.actual_value) AS actual_value,
        CASE WHEN attainment.measured_value IS NULL THEN indicator.unit ELSE attainment.measured_unit END AS actual_unit,
        source.title AS source_title,
        attainment.attainment_ratio,
        attainment.gap,
        attainment.measured_unit,
        attainment.reason,
        attainment.reason_en,
        coverage.due_date,
        coalesce(coverage.is_overdue, false) AS is_overdue,
        coverage.days_overdue,
        responsible.departments,
        responsible.leads,
        course.lights,
        conflicts.reasons AS conflict_reasons
    FROM marts.fct_target AS target
    INNER JOIN marts.dim_document AS document USING (document_id)
    INNER JOIN marts.dim_period AS period USING (period)
    INNER JOIN marts.dim_region AS holder ON target.region_code = holder.region_code
    INNER JOIN marts.dim_indicator AS indicator USING (indicator_id)
    INNER JOIN marts.fct_attainment AS attainment ON target.target_id = attainment.target_id AND attainment.is_current
    LEFT JOIN marts.dim_source AS source ON attainment.actual_source = source.source_id
    LEFT JOIN marts.rpt_coverage AS coverage ON target.target_id = coverage.target_id
    LEFT JOIN responsible ON target.target_id = responsible.target_id
    LEFT JOIN course ON target.target_id = course.target_id
    LEFT JOIN conflicts ON target.target_id = conflicts.target_id
    WHERE target.target_kind <> 'none'
    WINDOW cell AS (
        PARTITION BY
            target.document_id, target.table_ref, target.line_no, target.column_ref, target.region_code, target.scope,
            target.period
    )
    ORDER BY
        document.region_code, target_year, target.document_id, target.table_ref, target.line_no, target.column_ref,
        target.target_id"""

DOCUMENTS = """
    SELECT document_id, title, doc_number, issuer, issued_on
    FROM marts.dim_document ORDER BY issued_on NULLS LAST, document_id"""

REGIONS = "SELECT region_code, region_name FROM marts.dim_region"

STATEMENTS = "SELECT region_code, statement, statement_en FROM marts.rpt_scorecard WHERE card_kind = 'region'"

# this version against the one before it; older flips are history
CHANGES = """
    SELECT target_id, light_before, light_now, reason, reason_en
    FROM marts.rpt_light_change WHERE published_at_now IS NULL"""

PLACES = """
    SELECT
        ranking.region_code,
        ranking.indicator_id,
        indicator.indicator_name,
        ranking.peer_group_id,
        ranking.peer_group_name,
        ranking.scope,
        ranking.period,
        period.year,
        ranking.rank,
        ranking.reported_rank,
        ranking.peers_expected,
        ranking.peers_present,
        ranking.value,
        indicator.unit AS standard_unit
    FROM marts.fct_ranking AS ranking
    INNER JOIN marts.dim_indicator AS indicator USING (indicator_id)
    INNER JOIN marts.dim_period AS period USING (period)
    ORDER BY
        ranking.region_code, indicator.indicator_name, ranking.indicator_id, ranking.peers_expected,
        ranking.peer_group_id, ranking.scope, period.period_end, period.period_start DESC"""

SCORES = """
    SELECT
        score.target_id,
        region.region_name,
        indicator.indicator_name,
        score.period,
        score.rule_name,
        score.rank_used,
        score.ratio_used,
        score.peers_expected,
        score.peers_present,
        score.score
    FROM marts.fct_township_score AS score
    INNER JOIN marts.dim_region AS region USING (region_code)
    INNER JOIN marts.dim_indicator AS indicator USING (indicator_id)
    ORDER BY indicator.indicator_name, score.period, score.score DESC NULLS LAST, score.region_code"""

-- The three facts of the generated data, written by hand for DuckDB and for speed alone: what the dbt models are measured against.
-- Reads the schemas raw (its star, not raw.actual) and seeds, and makes handwritten.fct_actual, fct_ranking and fct_attainment with
-- the columns, types and values of the published tables; the plans that are not generated are left out.
--
-- It rests on what benchmarks/national.py makes: one listed source, one scope, yearly values in the standard unit written as plain
-- numbers, nothing retracted or said twice; targets of one plan a region, one for each indicator and year, of five kinds, none
-- stricter than its number, on the year before the plan as printed. Where that is cheap to see it stops if it is not so; that the
-- tables are the same, same_rows.py shows. A series is region × indicator, and `elapsed` counts years from the one before the plan.

DROP SCHEMA IF EXISTS handwritten CASCADE;

CREATE SCHEMA handwritten;

-- the words behind the numbers of the star: small tables, on which every decision about a word is taken once

CREATE OR REPLACE TEMP TABLE indicator AS
SELECT
    (row_number() OVER (ORDER BY indicator.indicator_id))::INTEGER AS indicator_no,
    indicator.*,
    pace_rule.pace_method,
    pace_rule.on_pace_from,
    pace_rule.min_points,
    -- a change in points speaks of shares: the floor is in per cent, the base of ratios is ‰
    CASE WHEN rule.change_in = 'log' OR unit.dimension = 'ratio' THEN rule.change_in END AS change_in,
    (CASE rule.change_in WHEN 'log' THEN rule.floor WHEN 'points' THEN rule.floor * 10 / unit.to_base END)::DOUBLE AS floor,
    rule.multiple::DOUBLE AS multiple,
    (SELECT min(factor / tolerance) FROM seeds.plausibility_rule AS slip
     WHERE slip.rule_id = 'unit_slip' AND slip.measure_type = indicator.measure_type)::DOUBLE AS least_slip
FROM seeds.indicator AS indicator
INNER JOIN seeds.unit AS unit ON unit.unit_text = indicator.unit
LEFT JOIN seeds.pace_rule AS pace_rule ON pace_rule.measure_type = indicator.measure_type
LEFT JOIN seeds.plausibility_rule AS rule ON rule.rule_id = 'jump' AND rule.measure_type = indicator.measure_type;

-- every label met in figures and targets, and the indicator that bears it; the crosswalk goes before an indicator's own name
CREATE OR REPLACE TEMP TABLE labelled AS
WITH met AS (
    SELECT DISTINCT indicator_text AS text FROM raw.label
    UNION
    SELECT DISTINCT label_read FROM raw.target_parsed WHERE starts_with(cell_id, 'generated_')
),
borne AS (
    SELECT label_text AS text, indicator_id, 1 AS preference
    FROM seeds.indicator_label WHERE coalesce(sub_text, '') = '' AND coalesce(qualifier, '') = '' AND NOT is_reciprocal
    UNION ALL
    SELECT indicator_name, indicator_id, 2 FROM seeds.indicator
),
normalised AS (
    SELECT
        indicator_id, preference,
        lower(regexp_replace(translate(text, '（）％：，；＊～＆', '()%:,;*~&'), '\s', '', 'g')) AS label_key
    FROM borne
)
SELECT met.text, indicator.indicator_no
FROM met
INNER JOIN normalised
    ON normalised.label_key = lower(regexp_replace(translate(met.text, '（）％：，；＊～＆', '()%:,;*~&'), '\s', '', 'g'))
INNER JOIN indicator ON indicator.indicator_id = normalised.indicator_id
QUALIFY row_number() OVER (PARTITION BY met.text ORDER BY normalised.preference) = 1;

CREATE OR REPLACE TEMP TABLE label AS
SELECT label.label_no, labelled.indicator_no, indicator.indicator_id, indicator.direction
FROM raw.label AS label
INNER JOIN labelled ON labelled.text = label.indicator_text
INNER JOIN indicator ON indicator.indicator_no = labelled.indicator_no;

CREATE OR REPLACE TEMP TABLE region AS
SELECT (row_number() OVER (ORDER BY region_code))::INTEGER AS region_no, region_code FROM seeds.region;

CREATE OR REPLACE TEMP TABLE place AS
SELECT place.place_no, region.region_no, place.region_code
FROM raw.place AS place
INNER JOIN region ON region.region_code = place.region_code;

CREATE OR REPLACE TEMP TABLE circumstance AS
SELECT
    circumstance.circumstance_no, circumstance.period, circumstance.period::SMALLINT AS year, circumstance.unit_text,
    circumstance.status, circumstance.reported_at, source.source_id,
    make_date(circumstance.period::INTEGER, 12, 31) <= run.as_of_date
    AND coalesce(circumstance.reported_at <= run.as_of_date, true) AS is_known
FROM raw.circumstance AS circumstance
CROSS JOIN raw.run_parameter AS run
INNER JOIN seeds.source AS source
    ON source.title = circumstance.source_title AND coalesce(source.url, '') = circumstance.source_url;

CREATE OR REPLACE TEMP TABLE file AS
SELECT loaded.file_no, received.file_id, nullif(received.sender, '') AS sender, received.saved_at, received.received_at
FROM raw.loaded AS loaded
INNER JOIN raw.received_file AS received ON received.file_id = loaded.file_id AND received.status = 'accepted';

SELECT error('handwritten.sql rests on generated data, and these are other data')
WHERE
    EXISTS (FROM raw.worded_row)
    OR EXISTS (FROM raw.place WHERE scope IS NOT NULL)
    OR EXISTS (FROM raw.label WHERE indicator_code <> '' OR qualifier <> '')
    OR EXISTS (
        FROM raw.circumstance
        WHERE
            scope <> 'unspecified' OR measure <> 'value' OR status = 'retracted' OR is_confirmed
            OR NOT regexp_full_match(period, '\d{4}')
    )
    OR (SELECT count(*) FROM raw.label) <> (SELECT count(*) FROM label)
    OR (SELECT count(*) FROM raw.circumstance) <> (SELECT count(*) FROM circumstance)
    OR (SELECT count(DISTINCT source_id) FROM circumstance) > 1
    OR EXISTS (
        FROM raw.target_parsed
        WHERE
            starts_with(cell_id, 'generated_')
            AND (
                target_kind NOT IN ('threshold', 'approximate', 'interval', 'growth', 'direction', 'unparsed')
                OR part_no <> 0 OR sub_label_read <> '' OR stretch_value IS NOT NULL OR basis IS NOT NULL OR correction <> ''
                OR target_kind <> 'direction' AND comparator IN ('>', '<', '~')
                OR target_kind = 'growth' AND unit_in_text <> '%'
            )
    )
    OR EXISTS (
        FROM seeds.target AS target
        INNER JOIN seeds.document AS document ON document.document_id = target.document_id
        WHERE
            starts_with(target.document_id, 'generated_')
            AND target.baseline_period IS DISTINCT FROM (year(document.period_start) - 1)::VARCHAR
    );

-- a decimal as people write it, without zeros at the end; most have two digits at most, and the pattern is slow
CREATE OR REPLACE TEMP MACRO plain(number) AS
    CASE
        WHEN number % 1 = 0 THEN number::DECIMAL(18, 0)::VARCHAR
        WHEN number % 0.1 = 0 THEN number::DECIMAL(18, 1)::VARCHAR
        WHEN number % 0.01 = 0 THEN number::DECIMAL(18, 2)::VARCHAR
        ELSE regexp_replace(number::VARCHAR, '\.?0+$', '')
    END;

-- the targets, each with its bounds and with what its reasons say of it

CREATE OR REPLACE TEMP TABLE goal AS
WITH mapped AS (
    SELECT
        parsed.target_id, region.region_no * 10000 + labelled.indicator_no AS series_no, labelled.indicator_no,
        target.period::SMALLINT AS target_year,
        parsed.target_kind,
        CASE parsed.target_kind WHEN 'direction' THEN 'direction' WHEN 'growth' THEN 'growth' WHEN 'unparsed' THEN NULL ELSE 'level' END
            AS judged_by,
        target.value_text,
        coalesce(nullif(replace(target.designation, '指标', ''), ''), 'none') AS designation,
        parsed.target_value, parsed.target_value_high,
        coalesce(parsed.comparator, CASE indicator.direction WHEN 'higher' THEN '>=' WHEN 'lower' THEN '<=' END) AS sign,
        indicator.direction, indicator.measure_type, indicator.is_limit, indicator.pace_method, indicator.on_pace_from,
        indicator.min_points, indicator.unit,
        CASE WHEN parsed.target_kind = 'growth' THEN '%' ELSE indicator.unit END AS measured_unit,
        coalesce(tolerance.relative_tolerance, 0) AS relative_tolerance,
        coalesce(tolerance.absolute_tolerance, 0) AS absolute_tolerance,
        (year(document.period_start) - 1)::SMALLINT AS base_year
    FROM seeds.target AS target
    INNER JOIN raw.target_parsed AS parsed
        ON
            parsed.cell_id = concat_ws(
                ':', target.document_id, target.table_ref, target.line_no, target.column_ref, target.region_code, target.scope,
                target.period, target.part_no
            )
    INNER JOIN labelled ON labelled.text = parsed.label_read
    INNER JOIN indicator ON indicator.indicator_no = labelled.indicator_no
    INNER JOIN region ON region.region_code = target.region_code
    INNER JOIN seeds.document AS document ON document.document_id = target.document_id
    LEFT JOIN seeds.tolerance AS tolerance
        ON
            tolerance.target_kind = parsed.target_kind
            AND tolerance.measure_type = CASE
                WHEN EXISTS (
                    FROM seeds.tolerance AS own
                    WHERE own.target_kind = parsed.target_kind AND own.measure_type = indicator.measure_type
                ) THEN indicator.measure_type ELSE '*'
            END
    WHERE starts_with(target.document_id, 'generated_')
),
bounded AS (
    SELECT
        *,
        (CASE
            WHEN target_kind = 'direction' THEN NULL
            WHEN target_kind = 'approximate'
                THEN CASE WHEN direction <> 'lower' THEN target_value - relative_tolerance * abs(target_value) - absolute_tolerance END
            WHEN target_kind = 'interval' AND direction <> 'lower' THEN target_value
            WHEN sign[1] = '>' THEN target_value
        END)::DECIMAL(18, 8) AS floor_value,
        (CASE
            WHEN target_kind = 'direction' THEN NULL
            WHEN target_kind = 'approximate'
                THEN CASE WHEN direction <> 'higher' THEN target_value + relative_tolerance * abs(target_value) + absolute_tolerance END
            WHEN target_kind = 'interval' AND direction <> 'higher' THEN target_value_high
            WHEN sign[1] = '<' THEN target_value
        END)::DECIMAL(18, 8) AS ceiling_value,
        (CASE WHEN target_kind = 'interval' AND direction = 'lower' THEN target_value_high ELSE target_value END)::DECIMAL(18, 8)
            AS goal_value,
        CASE WHEN unit = '1' THEN '' ELSE unit END AS unit_shown,
        CASE measured_unit WHEN '1' THEN '' WHEN '%' THEN '个百分点' ELSE measured_unit END AS difference_shown
    FROM mapped
)
SELECT
    (row_number() OVER ())::INTEGER AS target_no, bounded.* EXCLUDE (target_kind, sign, target_value_high),
    sign[1] AS sign,
    plain(goal_value) || unit_shown AS goal_shown,
    concat_ws(
        '; ', '≥' || plain(floor_value) || CASE WHEN measured_unit = '1' THEN '' ELSE measured_unit END,
        '≤' || plain(ceiling_value) || CASE WHEN measured_unit = '1' THEN '' ELSE measured_unit END
    ) AS bound_shown,
    target_year || '年目标“' || value_text || '”' || CASE WHEN bound_shown <> '' THEN '，即 ' || bound_shown ELSE '' END AS target_zh,
    'target ' || target_year || ' "' || value_text || '"' || CASE WHEN bound_shown <> '' THEN ', that is ' || bound_shown ELSE '' END
        AS target_en
FROM bounded;

-- the doubts: one pass over all figures finds the series that may hold one, or hold a key twice; only those are looked at closely

CREATE OR REPLACE TEMP TABLE doubtful_series AS
WITH course AS (
    SELECT
        place.region_no * 10000 + label.indicator_no AS series_no,
        any_value(label.indicator_no) AS indicator_no,
        min(plain_row.number)::DOUBLE AS lowest, max(plain_row.number)::DOUBLE AS highest,
        min(circumstance.year) AS first_year, arg_min(plain_row.number, circumstance.year)::DOUBLE AS first_value,
        count(*) > bit_count(bit_or(1::BIGINT << (circumstance.year % 62))) AS is_repeated
    FROM raw.plain_row AS plain_row
    INNER JOIN place ON place.place_no = plain_row.place_no
    INNER JOIN label ON label.label_no = plain_row.label_no
    INNER JOIN circumstance ON circumstance.circumstance_no = plain_row.circumstance_no
    GROUP BY series_no
),
-- what stands at the beginning of a series is held against the target nearest in time
slipped_first AS (
    SELECT series_no
    FROM (
        SELECT course.series_no, course.first_value, goal.target_value, goal.measure_type
        FROM course
        INNER JOIN goal ON goal.series_no = course.series_no AND goal.judged_by = 'level'
        QUALIFY row_number() OVER (
            PARTITION BY course.series_no ORDER BY abs(goal.target_year - course.first_year), goal.target_id
        ) = 1
    ) AS nearest
    INNER JOIN seeds.plausibility_rule AS rule ON rule.rule_id = 'unit_slip' AND rule.measure_type = nearest.measure_type
    WHERE
        first_value / nullif(target_value, 0) BETWEEN factor / tolerance AND factor * tolerance
        OR target_value / nullif(first_value, 0) BETWEEN factor / tolerance AND factor * tolerance
)
SELECT course.series_no, course.indicator_no, course.is_repeated
FROM course
INNER JOIN indicator ON indicator.indicator_no = course.indicator_no
WHERE
    course.is_repeated
    OR course.lowest <= 0
    OR course.highest / course.lowest >= indicator.least_slip * (1 - 1e-9)
    OR indicator.change_in = 'log' AND ln(course.highest / course.lowest) >= indicator.floor * (1 - 1e-9)
    OR indicator.change_in = 'points' AND course.highest - course.lowest >= indicator.floor * (1 - 1e-9)
    OR course.series_no IN (FROM slipped_first);

CREATE OR REPLACE TEMP MACRO is_slip(value, other, factor, tolerance) AS
    value / nullif(other, 0) BETWEEN factor / tolerance AND factor * tolerance
    OR other / nullif(value, 0) BETWEEN factor / tolerance AND factor * tolerance;

CREATE OR REPLACE TEMP MACRO distance(change_in, value, other) AS
    CASE
        WHEN change_in = 'log' AND value > 0 AND other > 0 THEN abs(ln(value / other))
        WHEN change_in = 'points' THEN abs(value - other)
    END;

-- every row that is not simply the only figure of its key: doubted, or one of several
CREATE OR REPLACE TEMP TABLE exceptional AS
WITH said AS (
    SELECT
        plain_row.file_no, plain_row.row_no, doubtful.series_no, doubtful.indicator_no, doubtful.is_repeated, circumstance.year,
        plain_row.number::DOUBLE AS value, circumstance.reported_at,
        CASE circumstance.status WHEN 'final' THEN 1 WHEN 'revised' THEN 2 ELSE 3 END AS status_rank
    FROM raw.plain_row AS plain_row
    INNER JOIN place ON place.place_no = plain_row.place_no
    INNER JOIN label ON label.label_no = plain_row.label_no
    INNER JOIN doubtful_series AS doubtful ON doubtful.series_no = place.region_no * 10000 + label.indicator_no
    INNER JOIN circumstance ON circumstance.circumstance_no = plain_row.circumstance_no
),
-- what would be accepted if nothing were in doubt, so that no doubt hangs on another
undoubted AS (
    SELECT series_no, indicator_no, year, value FROM said WHERE NOT is_repeated
    UNION ALL
    SELECT series_no, indicator_no, year, value FROM said WHERE is_repeated
    QUALIFY row_number() OVER (PARTITION BY series_no, year ORDER BY status_rank, reported_at DESC NULLS LAST) = 1
),
preceded AS (
    SELECT
        *,
        lag(value, 1) OVER course AS before_1, lag(value, 2) OVER course AS before_2, lag(value, 3) OVER course AS before_3,
        year - lag(year) OVER course AS years_between
    FROM undoubted
    WINDOW course AS (PARTITION BY series_no ORDER BY year)
),
-- how far a figure lies from the nearest of the three before it, a year, and the largest of that up to the figure before
held AS (
    SELECT
        preceded.*, indicator.measure_type, indicator.change_in,
        greatest(
            indicator.floor,
            indicator.multiple * coalesce(
                max(
                    least(
                        distance(indicator.change_in, value, before_1), distance(indicator.change_in, value, before_2),
                        distance(indicator.change_in, value, before_3)
                    ) / years_between
                ) OVER (PARTITION BY series_no ORDER BY year ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                0
            )
        ) AS allowed
    FROM preceded
    INNER JOIN indicator ON indicator.indicator_no = preceded.indicator_no
),
-- the first of a series is held against the target nearest in time
nearest AS (
    SELECT held.series_no, held.year, goal.target_value::DOUBLE AS target_value
    FROM held
    INNER JOIN goal ON goal.series_no = held.series_no AND goal.judged_by = 'level'
    WHERE held.before_1 IS NULL
    QUALIFY row_number() OVER (PARTITION BY held.series_no ORDER BY abs(goal.target_year - held.year), goal.target_id) = 1
),
-- whatever was said of a key is held against the same
doubted AS (
    SELECT DISTINCT said.file_no, said.row_no, said.is_repeated
    FROM said
    INNER JOIN held ON held.series_no = said.series_no AND held.year = said.year
    LEFT JOIN nearest ON nearest.series_no = said.series_no AND nearest.year = said.year
    LEFT JOIN seeds.plausibility_rule AS slip
        ON
            slip.rule_id = 'unit_slip'
            AND slip.measure_type = held.measure_type
            AND (
                is_slip(said.value, held.before_1, slip.factor::DOUBLE, slip.tolerance::DOUBLE)
                AND coalesce(is_slip(said.value, held.before_2, slip.factor::DOUBLE, slip.tolerance::DOUBLE), true)
                AND coalesce(is_slip(said.value, held.before_3, slip.factor::DOUBLE, slip.tolerance::DOUBLE), true)
                OR is_slip(said.value, nearest.target_value, slip.factor::DOUBLE, slip.tolerance::DOUBLE)
            )
    WHERE
        slip.rule_id IS NOT NULL
        OR least(
            distance(held.change_in, said.value, held.before_1), distance(held.change_in, said.value, held.before_2),
            distance(held.change_in, said.value, held.before_3)
        ) / held.years_between > held.allowed
)
SELECT file_no, row_no, true AS awaits_confirmation, 1 AS revision_no, true AS is_picked FROM doubted WHERE NOT is_repeated
UNION ALL
SELECT
    said.file_no, said.row_no, doubted.row_no IS NOT NULL AS awaits_confirmation,
    row_number() OVER (PARTITION BY said.series_no, said.year ORDER BY said.reported_at NULLS FIRST) AS revision_no,
    row_number() OVER (
        PARTITION BY said.series_no, said.year
        ORDER BY CASE WHEN doubted.row_no IS NULL THEN said.status_rank ELSE 3 END, said.reported_at DESC NULLS LAST
    ) = 1
    -- two rows of one day would have to be told apart, or be one
    AND CASE
        WHEN count(*) OVER (PARTITION BY said.series_no, said.year, said.reported_at) > 1
            THEN error('handwritten.sql rests on revisions of different days, and these are other data')
        ELSE true
    END AS is_picked
FROM said
LEFT JOIN doubted ON doubted.file_no = said.file_no AND doubted.row_no = said.row_no
WHERE said.is_repeated;

CREATE TABLE handwritten.fct_actual AS
SELECT
    place.region_code, label.indicator_id, 'unspecified' AS scope, circumstance.period, 'value' AS measure,
    plain_row.number::DECIMAL(24, 8) AS value,
    CASE plain_row.decimals
        WHEN 0 THEN plain_row.number::DECIMAL(18, 0)::VARCHAR
        WHEN 1 THEN plain_row.number::DECIMAL(18, 1)::VARCHAR
        WHEN 2 THEN plain_row.number::DECIMAL(18, 2)::VARCHAR
        ELSE left(plain_row.number::VARCHAR, length(plain_row.number::VARCHAR) - 8 + plain_row.decimals)
    END AS value_text,
    circumstance.unit_text AS unit_printed,
    CASE WHEN exceptional.awaits_confirmation THEN 'preliminary' ELSE circumstance.status END AS observation_status,
    coalesce(exceptional.awaits_confirmation, false) AS awaits_confirmation,
    circumstance.source_id, file.sender, circumstance.reported_at, file.saved_at, file.received_at,
    coalesce(exceptional.revision_no, 1) AS revision_no, false AS is_disputed, file.file_id, plain_row.row_no
FROM raw.plain_row AS plain_row
INNER JOIN place ON place.place_no = plain_row.place_no
INNER JOIN label ON label.label_no = plain_row.label_no
INNER JOIN circumstance ON circumstance.circumstance_no = plain_row.circumstance_no
INNER JOIN file ON file.file_no = plain_row.file_no
LEFT JOIN exceptional ON exceptional.file_no = plain_row.file_no AND exceptional.row_no = plain_row.row_no
WHERE coalesce(exceptional.is_picked, true);

-- the accepted figures that were known on the day, as bare numbers
CREATE OR REPLACE TEMP VIEW figure AS
SELECT
    place.region_no, label.indicator_no, place.region_no * 10000 + label.indicator_no AS series_no, label.direction,
    circumstance.year, plain_row.number AS value,
    CASE WHEN exceptional.awaits_confirmation THEN 'awaits_confirmation' ELSE circumstance.status END AS status
FROM raw.plain_row AS plain_row
INNER JOIN place ON place.place_no = plain_row.place_no
INNER JOIN label ON label.label_no = plain_row.label_no
INNER JOIN circumstance ON circumstance.circumstance_no = plain_row.circumstance_no AND circumstance.is_known
LEFT JOIN exceptional ON exceptional.file_no = plain_row.file_no AND exceptional.row_no = plain_row.row_no
WHERE coalesce(exceptional.is_picked, true);

CREATE OR REPLACE TEMP TABLE peer AS
SELECT
    region.region_no, (dense_rank() OVER (ORDER BY peer.peer_group_id))::INTEGER AS peer_group_no, peer.peer_group_id,
    peer.peer_group_name, peer.expected_members, peer.region_code
FROM seeds.peer_group AS peer
INNER JOIN region ON region.region_code = peer.region_code;

CREATE TABLE handwritten.fct_ranking AS
WITH placed AS (
    SELECT
        peer.peer_group_no, figure.region_no, figure.indicator_no, figure.year, figure.value,
        count(*) OVER alike AS peers_present,
        rank() OVER (alike ORDER BY CASE figure.direction WHEN 'lower' THEN -figure.value ELSE figure.value END DESC) AS place
    FROM figure
    INNER JOIN peer ON peer.region_no = figure.region_no
    WHERE figure.direction IN ('higher', 'lower')
    WINDOW alike AS (PARTITION BY (peer.peer_group_no * 10000 + figure.indicator_no)::BIGINT * 10000 + figure.year)
)
SELECT
    peer.peer_group_id, peer.peer_group_name, peer.region_code, indicator.indicator_id, 'unspecified' AS scope,
    placed.year::VARCHAR AS period, CASE WHEN placed.peers_present = peer.expected_members THEN placed.place END::INTEGER AS rank,
    peer.expected_members AS peers_expected, placed.peers_present::INTEGER AS peers_present, placed.value::DECIMAL(24, 8) AS value,
    NULL::INTEGER AS reported_rank
FROM placed
INNER JOIN peer ON peer.peer_group_no = placed.peer_group_no AND peer.region_no = placed.region_no
INNER JOIN indicator ON indicator.indicator_no = placed.indicator_no
WHERE placed.peers_present > 1;

-- of every series with a target: its baseline, what was known when the plan began, and every year since; the sums are those of the
-- line through the years, taken near their origin, where doubles are exact

CREATE OR REPLACE TEMP TABLE planned AS
SELECT
    goal.series_no, goal.base_year, figure.value AS baseline_value, coalesce(figure.value, goal.goal_value, 0) AS origin
FROM (SELECT series_no, base_year, max(goal_value) AS goal_value FROM goal GROUP BY ALL) AS goal
LEFT JOIN figure ON figure.series_no = goal.series_no AND figure.year = goal.base_year;

CREATE OR REPLACE TEMP VIEW planned_figure AS
SELECT
    figure.series_no, figure.year, figure.value, figure.status, planned.base_year,
    (figure.year - planned.base_year)::DOUBLE AS elapsed, (figure.value - planned.origin)::DOUBLE AS change
FROM figure
INNER JOIN planned ON planned.series_no = figure.series_no;

CREATE OR REPLACE TEMP TABLE begun AS
SELECT
    series_no, max(year) AS last_year, arg_max(value, year) AS last_value, count(*) AS n, sum(elapsed) AS x, sum(elapsed * elapsed) AS xx,
    sum(change) AS y, sum(elapsed * change) AS xy, sum(change * change) AS yy
FROM planned_figure
WHERE year <= base_year
GROUP BY series_no;

CREATE OR REPLACE TEMP TABLE since AS
SELECT
    figure.series_no, figure.year, figure.value, figure.status,
    coalesce(lag(figure.year) OVER course, begun.last_year) AS year_before,
    coalesce(lag(figure.value) OVER course, begun.last_value) AS value_before,
    coalesce(begun.n, 0) + count(*) OVER course AS n,
    coalesce(begun.x, 0) + sum(figure.elapsed) OVER course AS x,
    coalesce(begun.xx, 0) + sum(figure.elapsed * figure.elapsed) OVER course AS xx,
    coalesce(begun.y, 0) + sum(figure.change) OVER course AS y,
    coalesce(begun.xy, 0) + sum(figure.elapsed * figure.change) OVER course AS xy,
    coalesce(begun.yy, 0) + sum(figure.change * figure.change) OVER course AS yy
FROM planned_figure AS figure
LEFT JOIN begun ON begun.series_no = figure.series_no
WHERE figure.year > figure.base_year
WINDOW course AS (PARTITION BY figure.series_no ORDER BY figure.year ROWS UNBOUNDED PRECEDING);

-- an earlier target for the same thing is a milestone of the years since the one before it
CREATE OR REPLACE TEMP TABLE milestone AS
SELECT
    goal.target_no, earlier.target_year AS milestone_year,
    lag(earlier.target_year, 1, 0) OVER (PARTITION BY goal.target_no ORDER BY earlier.target_year) AS previous_year,
    earlier.floor_value, earlier.ceiling_value, earlier.goal_value, earlier.goal_shown
FROM goal
INNER JOIN goal AS earlier ON earlier.series_no = goal.series_no AND earlier.target_year < goal.target_year
WHERE goal.judged_by = 'level' AND earlier.judged_by = 'level' AND earlier.goal_value IS NOT NULL;

CREATE TABLE handwritten.fct_attainment AS
WITH evaluation AS (
    SELECT
        goal.*, since.* EXCLUDE (series_no), since.year = goal.target_year AS is_own_period, planned.baseline_value, planned.origin,
        milestone.milestone_year, milestone.floor_value AS milestone_floor, milestone.ceiling_value AS milestone_ceiling,
        milestone.goal_value AS milestone_goal, milestone.goal_shown AS milestone_shown
    FROM goal
    INNER JOIN since
        ON
            since.series_no = goal.series_no
            AND since.year <= goal.target_year
            AND (goal.judged_by IS NOT NULL OR since.year = goal.target_year)
    INNER JOIN planned ON planned.series_no = goal.series_no
    LEFT JOIN milestone
        ON
            milestone.target_no = goal.target_no
            AND since.year > milestone.previous_year
            AND since.year <= milestone.milestone_year
    UNION ALL BY NAME
    SELECT goal.*, goal.target_year AS year, true AS is_own_period, planned.baseline_value, planned.origin
    FROM goal
    INNER JOIN planned ON planned.series_no = goal.series_no
    WHERE NOT EXISTS (FROM since WHERE since.series_no = goal.series_no AND since.year = goal.target_year)
),
started AS (
    SELECT
        *,
        CASE
            WHEN judged_by = 'direction' THEN year_before
            WHEN judged_by <> 'growth' THEN NULL
            WHEN target_year > base_year + 1 AND baseline_value IS NOT NULL THEN base_year
            WHEN year_before = year - 1 THEN year_before
        END AS start_year,
        CASE WHEN judged_by = 'direction' OR start_year = year_before THEN value_before WHEN start_year = base_year THEN baseline_value END
            AS start_value
    FROM evaluation
),
measured AS (
    SELECT
        *,
        (CASE
            WHEN judged_by = 'level' THEN value
            WHEN judged_by = 'direction' THEN value - start_value
            WHEN judged_by = 'growth' AND start_value > 0 AND value > 0
                THEN round(100 * (value::DOUBLE / start_value::DOUBLE - 1), 8)::DECIMAL(18, 8)
        END)::DECIMAL(18, 8) AS measured_value,
        (relative_tolerance * abs(start_value)::DECIMAL(24, 8) + absolute_tolerance)::DECIMAL(18, 8) AS noise,
        CASE WHEN milestone_year IS NULL THEN goal_value ELSE milestone_goal END AS next_goal,
        coalesce(milestone_year, target_year) - base_year AS years_in_all,
        year - base_year AS years_passed,
        CASE
            WHEN judged_by = 'direction' THEN CASE sign WHEN '>' THEN noise END
            WHEN milestone_year IS NULL THEN floor_value
            ELSE milestone_floor
        END AS next_floor,
        CASE
            WHEN judged_by = 'direction' THEN CASE sign WHEN '<' THEN -noise END
            WHEN milestone_year IS NULL THEN ceiling_value
            ELSE milestone_ceiling
        END AS next_ceiling,
        pace_method = 'compound' AND coalesce(baseline_value > 0 AND measured_value > 0 AND next_goal > 0, false) AS is_compound,
        CASE WHEN next_floor IS NOT NULL THEN 1 ELSE -1 END AS better
    FROM started
),
compared AS (
    SELECT
        *,
        coalesce(measured_value >= next_floor, true) AND coalesce(measured_value <= next_ceiling, true) AS is_satisfied,
        CASE
            WHEN judged_by <> 'direction'
                THEN least(
                    coalesce(measured_value - floor_value, ceiling_value - measured_value),
                    coalesce(ceiling_value - measured_value, measured_value - floor_value)
                )
        END AS gap,
        CASE
            WHEN judged_by = 'direction' OR measured_value <= 0 OR goal_value <= 0 THEN NULL
            WHEN floor_value IS NOT NULL THEN measured_value::DOUBLE / goal_value::DOUBLE
            ELSE goal_value::DOUBLE / measured_value::DOUBLE
        END AS attainment_ratio,
        CASE
            WHEN is_own_period OR is_limit OR measured_value IS NULL THEN NULL
            WHEN judged_by = 'growth'
                THEN
                    CASE WHEN start_value > 0 THEN
                        better * (power(value::DOUBLE / start_value::DOUBLE, 1 / (year - start_year)::DOUBLE) - 1)
                        / nullif(abs(power(1 + goal_value::DOUBLE / 100, 1 / (target_year - start_year)::DOUBLE) - 1), 0)
                    END
            WHEN judged_by = 'level' AND baseline_value IS NOT NULL AND years_in_all > 0
                THEN
                    CASE WHEN is_compound
                        THEN
                            better * (power(measured_value::DOUBLE / baseline_value::DOUBLE, 1 / years_passed::DOUBLE) - 1)
                            / nullif(abs(power(next_goal::DOUBLE / baseline_value::DOUBLE, 1 / years_in_all::DOUBLE) - 1), 0)
                        ELSE
                            better * ((measured_value - baseline_value)::DOUBLE / years_passed::DOUBLE)
                            / nullif(abs((next_goal - baseline_value)::DOUBLE / years_in_all::DOUBLE), 0)
                    END
        END AS pace_ratio,
        CASE
            WHEN judged_by = 'level' AND baseline_value IS NOT NULL AND years_in_all > 0 AND NOT is_own_period AND NOT is_limit
                THEN
                    CASE WHEN is_compound
                        THEN
                            baseline_value::DOUBLE
                            * power(
                                1 + (power(next_goal::DOUBLE / baseline_value::DOUBLE, 1 / years_in_all::DOUBLE) - 1),
                                years_passed::DOUBLE
                            )
                        ELSE
                            baseline_value::DOUBLE
                            + (next_goal - baseline_value)::DOUBLE / years_in_all::DOUBLE * years_passed::DOUBLE
                    END
        END AS expected_value,
        CASE
            WHEN judged_by = 'level' AND NOT is_limit AND target_year > year
                THEN (goal_value - measured_value)::DOUBLE / (target_year - year)
        END AS required_per_year,
        -- the line through the years, and the standard error of a new figure on it
        judged_by = 'level' AND NOT is_own_period AND n >= min_points AS is_projected,
        xx - x * x / n AS sxx,
        (xy - x * y / n) / sxx AS slope,
        origin::DOUBLE + y / n + slope * (target_year - base_year - x / n) AS value_at_target,
        CASE
            WHEN is_projected AND n > 2
                THEN sqrt(
                    greatest(yy - y * y / n - slope * slope * sxx, 0) / (n - 2)
                    * (1 + 1e0 / n + power(target_year - base_year - x / n, 2) / nullif(sxx, 0))
                )
        END AS standard_error
    FROM measured
),
judged AS (
    SELECT
        compared.*, run.as_of_date, make_date(compared.year, 12, 31) AS period_end, period_end + coalesce(lag.due_lag_days, 0) AS due_date,
        judged_by IN ('growth', 'direction') AND value IS NOT NULL AND measured_value IS NULL AS lacks_start,
        coalesce(judged_by = 'direction' AND abs(measured_value) <= noise, false) AS is_within_noise,
        CASE
            WHEN judged_by IS NULL THEN 'unparsed'
            WHEN lacks_start THEN 'not_assessable'
            WHEN measured_value IS NULL AND run.as_of_date <= due_date THEN 'not_due'
            WHEN measured_value IS NULL THEN 'no_actual'
            WHEN is_within_noise THEN 'not_assessable'
            WHEN is_own_period AND is_satisfied THEN 'met'
            WHEN is_own_period THEN 'missed'
            WHEN is_satisfied THEN 'on_pace'
            WHEN is_limit OR judged_by = 'direction' THEN 'behind'
            WHEN judged_by = 'level' AND baseline_value IS NULL AND pace_ratio IS NULL THEN 'not_assessable'
            -- a goal weaker than the start has been lost since, a milestone in its year is due
            WHEN
                pace_ratio IS NULL
                OR milestone_year = year
                OR judged_by = 'level' AND baseline_value IS NOT NULL
                AND coalesce(baseline_value >= next_floor, true) AND coalesce(baseline_value <= next_ceiling, true)
                THEN 'behind'
            WHEN pace_ratio >= on_pace_from THEN 'on_pace'
            ELSE 'behind'
        END AS verdict,
        judged_by = 'direction' AND start_value > 0 AS is_direction_from_start,
        CASE
            WHEN is_direction_from_start AND value > 0
                THEN
                    CASE sign WHEN '<' THEN -1 ELSE 1 END
                    * (power(value::DOUBLE / start_value::DOUBLE, 1 / (year - start_year)::DOUBLE) - 1)
                    -- the room a share has left
                    / nullif(
                        CASE
                            WHEN unit <> '%' OR start_value >= 200 THEN 1
                            WHEN start_value <= 100 THEN 1 - power(start_value::DOUBLE / 100, 4.44)
                            ELSE 1 - power((200 - start_value::DOUBLE) / 100, 4.44)
                        END,
                        0
                    )
            WHEN judged_by <> 'direction' THEN pace_ratio
        END AS status_ratio,
        -- without a ratio the lowest band counts
        coalesce(CASE WHEN verdict = 'behind' THEN pace_ratio ELSE attainment_ratio END, '-infinity') AS light_ratio
    FROM compared
    CROSS JOIN raw.run_parameter AS run
    LEFT JOIN seeds.due_lag AS lag ON lag.period_type = 'year'
),
-- the last year something is measured of, else the target's own
latest AS (
    SELECT goal.target_no, max(since.year) AS year
    FROM goal
    INNER JOIN since ON since.series_no = goal.series_no AND since.year <= goal.target_year
    INNER JOIN planned ON planned.series_no = goal.series_no
    WHERE
        goal.judged_by = 'level'
        OR goal.judged_by = 'direction' AND since.value_before IS NOT NULL
        OR goal.judged_by = 'growth' AND since.value > 0 AND CASE
            WHEN goal.target_year > goal.base_year + 1 AND planned.baseline_value IS NOT NULL THEN planned.baseline_value > 0
            ELSE since.year_before = since.year - 1 AND since.value_before > 0
        END
    GROUP BY goal.target_no
),
shown AS (
    SELECT
        judged.*, rule.light, rule.rule_version, judged.year = coalesce(latest.year, judged.target_year) AS is_current,
        CASE WHEN is_satisfied AND measured_value IS NOT NULL AND NOT is_direction_from_start THEN 'target_achieved' ELSE pace.status END
            AS pace_status,
        CASE WHEN value IS NOT NULL THEN source.source_id END AS actual_source,
        source.title AS source_title, scope.label_zh AS scope_zh, scope.label_en AS scope_en, status.label_zh AS status_zh,
        status.label_en AS status_en, verdict.label_zh AS verdict_zh, verdict.label_en AS verdict_en,
        plain(round(value, 4)) || unit_shown AS actual_shown,
        plain(round(start_value, 4)) || unit_shown AS start_shown,
        plain(round(measured_value, 3))
        || CASE judged_by WHEN 'direction' THEN difference_shown ELSE measured_unit END AS measured_shown,
        plain(round(baseline_value, 4)) || unit_shown AS baseline_shown,
        plain(round(abs(gap), 4)) || difference_shown AS gap_shown,
        format('{:.1f}', attainment_ratio * 100) AS ratio_shown,
        regexp_replace(format('{:.3f}', pace_ratio), '^-(0[.]0*)$', '\1') AS pace_shown
    FROM judged
    CROSS JOIN (SELECT DISTINCT source_id FROM circumstance) AS used
    INNER JOIN seeds.source AS source ON source.source_id = used.source_id
    INNER JOIN seeds.codelist AS scope ON scope.codelist = 'scope' AND scope.code = 'unspecified'
    INNER JOIN seeds.codelist AS verdict ON verdict.codelist = 'verdict' AND verdict.code = judged.verdict
    LEFT JOIN seeds.codelist AS status ON status.codelist = 'observation_status' AND status.code = judged.status
    LEFT JOIN latest ON latest.target_no = judged.target_no
    -- (comparisons alone: an OR would make it a nested loop)
    LEFT JOIN seeds.light_rules AS rule
        ON
            rule.designation = judged.designation
            AND rule.verdict = judged.verdict
            AND judged.period_end >= rule.effective_from
            AND judged.period_end <= coalesce(rule.effective_to, DATE '9999-12-31')
            AND judged.light_ratio >= coalesce(rule.ratio_from, '-infinity'::DOUBLE)
            AND judged.light_ratio < coalesce(rule.ratio_to, 'infinity'::DOUBLE)
    LEFT JOIN seeds.pace_status AS pace
        ON
            pace.has_target = NOT coalesce(judged.is_direction_from_start, false)
            AND judged.status_ratio >= coalesce(pace.ratio_from, '-infinity'::DOUBLE)
            AND judged.status_ratio < coalesce(pace.ratio_to, 'infinity'::DOUBLE)
)
SELECT
    target_id, year::VARCHAR AS evaluation_period, value::DECIMAL(24, 8) AS actual_value, actual_source,
    CASE WHEN value IS NOT NULL THEN 'unspecified' END AS scope_used, measured_value::DECIMAL(24, 8) AS measured_value, measured_unit,
    verdict, light, is_current, is_own_period AND verdict = 'no_actual' AS is_overdue, attainment_ratio,
    gap::DECIMAL(25, 8) AS gap, baseline_value::DECIMAL(24, 8) AS baseline_value, pace_ratio, pace_status, expected_value,
    CASE WHEN is_projected THEN round(value_at_target, 6) END AS projected_value,
    CASE WHEN is_projected THEN round(value_at_target - 2 * standard_error, 6) END AS projected_low,
    CASE WHEN is_projected THEN round(value_at_target + 2 * standard_error, 6) END AS projected_high,
    required_per_year, rule_version, as_of_date,
    CASE
        WHEN verdict = 'unparsed' THEN '目标文本“' || value_text || '”尚不能识别。'
        WHEN verdict = 'not_due' THEN target_zh || '；尚无实际值，数据应于 ' || due_date || ' 前报出。'
        WHEN verdict = 'no_actual' THEN target_zh || '；仍无实际值，已过报出期限 ' || due_date || '。'
        ELSE concat(
            year, '年实际 ', actual_shown, '（', status_zh, '，', scope_zh, '，来源：', source_title, '）',
            CASE WHEN judged_by <> 'level' AND NOT lacks_start
                THEN concat('，较 ', start_year, '年的 ', start_shown, ' 变动 ', measured_shown)
            END,
            '，', target_zh,
            CASE WHEN milestone_year IS NOT NULL THEN concat('，', milestone_year, '年阶段目标 ', milestone_shown) END,
            CASE
                WHEN lacks_start THEN '；没有可比的前期数据，无法计算变动。'
                WHEN is_within_noise
                    THEN concat('；变动不超过 ', plain(round(noise, 3)), difference_shown, '，在误差范围内，不作判断。')
                WHEN verdict = 'not_assessable' THEN '；没有基期数据，无法判断进度。'
                ELSE concat(
                    CASE WHEN attainment_ratio IS NOT NULL THEN concat('，完成率 ', ratio_shown, '%') END,
                    CASE WHEN gap >= 0 THEN '，余 ' WHEN gap < 0 THEN '，差 ' END, gap_shown,
                    CASE
                        WHEN pace_ratio IS NULL THEN ''
                        WHEN judged_by = 'growth' THEN concat('，为所需的 ', pace_shown, ' 倍')
                        ELSE concat(
                            '，基期', base_year, '年 ', baseline_shown, '（', scope_zh, '），实际进度为所需进度的 ', pace_shown,
                            CASE WHEN is_compound THEN ' 倍（复合增长路径）' ELSE ' 倍（线性路径）' END
                        )
                    END,
                    '：', verdict_zh, '。'
                )
            END
        )
    END AS reason,
    CASE
        WHEN verdict = 'unparsed' THEN 'The target text "' || value_text || '" is not understood yet.'
        WHEN verdict = 'not_due' THEN 'No actual yet for ' || target_en || '; it is due by ' || due_date || '.'
        WHEN verdict = 'no_actual' THEN 'No actual yet for ' || target_en || '; it was due by ' || due_date || '.'
        ELSE concat(
            'Actual ', year, ': ', actual_shown, ' (', status_en, ', ', scope_en, ', source: ', source_title, ')',
            CASE WHEN judged_by <> 'level' AND NOT lacks_start
                THEN concat(', a change of ', measured_shown, ' on ', start_shown, ' in ', start_year)
            END,
            '; ', target_en,
            CASE WHEN milestone_year IS NOT NULL THEN concat(', with a milestone of ', milestone_shown, ' in ', milestone_year) END,
            CASE
                WHEN lacks_start THEN ': no earlier figure to measure the change from.'
                WHEN is_within_noise
                    THEN concat(': the change is within ', plain(round(noise, 3)), difference_shown, ', no more than noise.')
                WHEN verdict = 'not_assessable' THEN ': no baseline, so the pace cannot be told.'
                ELSE concat(
                    CASE WHEN attainment_ratio IS NOT NULL THEN concat(', ', ratio_shown, '% attained') END,
                    CASE WHEN gap >= 0 THEN ', to spare ' WHEN gap < 0 THEN ', short by ' END, gap_shown,
                    CASE
                        WHEN pace_ratio IS NULL THEN ''
                        WHEN judged_by = 'growth' THEN concat(', ', pace_shown, ' times what is required')
                        ELSE concat(
                            ', from ', baseline_shown, ' in ', base_year, ' (', scope_en, ') at ', pace_shown,
                            CASE WHEN is_compound
                                THEN ' times the pace required (compound path)'
                                ELSE ' times the pace required (linear path)'
                            END
                        )
                    END,
                    ': ', verdict_en, '.'
                )
            END
        )
    END AS reason_en
FROM shown;

"""As many regions and indicators as wanted, every target with a figure, a path and two departments. MADE-UP DATA, for
tests and benchmarks only; every text says so.
"""

from string import Template

import duckdb

from tests.published_schema import empty_published

DOMAINS = "['经济高质量发展', '收入分配格局优化', '公共服务优质共享', '城乡区域协调发展', '精神文明建设', '全域美丽建设', '社会和谐和睦']"
# every made-up text says that it is
ROWS = """
INSERT INTO marts.dim_region BY NAME
    SELECT format('99{:04d}', r) AS region_code, '编造县' || r AS region_name, 'county' AS region_level, NULL AS parent_region_code,
        '编造省/编造县' || r AS region_path FROM range($regions) AS t (r);
INSERT INTO marts.dim_indicator BY NAME
    SELECT 'made_up_' || i AS indicator_id, '编造的居民人均可支配收入指标' || i AS indicator_name, 'Made-up disposable income of residents ' || i
        AS indicator_name_en, '元' AS unit, 'higher' AS direction, ($domains)[1 + i % 7] AS domain FROM range($indicators) AS t (i);
INSERT INTO marts.dim_period BY NAME
    SELECT y::VARCHAR AS period, 'year' AS period_type, y AS year, make_date(y, 12, 31) AS period_end FROM range(2015, 2026) AS t (y);
INSERT INTO marts.dim_document BY NAME
    SELECT region_code || '_plan' AS document_id, '编造的' || region_name || '国民经济和社会发展第十四个五年规划纲要' AS title,
        DATE '2021-05-20' AS issued_on, region_code FROM marts.dim_region;
INSERT INTO marts.dim_source BY NAME
    SELECT 'made_up' AS source_id, '编造的国民经济和社会发展统计公报' AS title, 'https://example.invalid/made-up' AS url;
INSERT INTO quality.received_file BY NAME
    SELECT 'f' AS file_id, 'made_up_actuals.csv' AS file_name, 'accepted' AS status, now()::TIMESTAMP AS received_at;
INSERT INTO marts.rpt_department_scorecard BY NAME
    SELECT region_code || '_department_' || d AS department_id, '编造局' || d AS department_name, region_code, 30 AS target_count,
        2 AS task_count, 30 AS judged_count, 10 AS green_count, 10 AS yellow_count, 10 AS red_count, 0 AS grey_count, 0 AS overdue_count,
        0 AS not_reported_count, '编造的说明' AS statement, 'made up' AS statement_en
    FROM marts.dim_region, range(20) AS t (d);
INSERT INTO marts.fct_target BY NAME
    SELECT document_id || ':表1:' || i || ':2025年目标:' || region_code || ':unspecified:2025:0' AS target_id, document_id, '表1' AS table_ref,
        i::INTEGER AS line_no, '2025年目标' AS column_ref, region_code, 'unspecified' AS scope, '2025' AS period, 0 AS part_no, i::VARCHAR AS row_no,
        '编造的居民人均可支配收入（元）' AS indicator_text, 'made_up_' || i AS indicator_id, '达到' || (60000 + i) AS value_text,
        'threshold' AS target_kind, '>=' AS comparator, 60000 + i AS target_value_std, '元' AS unit, '预期性' AS designation, TRUE AS is_primary,
        FALSE AS is_provisional, document_id || ':表2:' || (i % 40) AS task_id
    FROM marts.dim_document, range($indicators) AS t (i);
INSERT INTO marts.bridge_target_department BY NAME
    SELECT target_id, region_code || '_department_' || ((line_no + k) % 20) AS department_id, k = 0 AS is_lead
    FROM marts.fct_target, range(2) AS t (k);
INSERT INTO marts.fct_indicator_year BY NAME
    SELECT region_code, indicator_id, scope, y AS year, 40000 + 2000 * (y - 2015) + line_no AS actual_value
    FROM marts.fct_target, range(2018, 2025) AS t (y);
INSERT INTO marts.fct_actual BY NAME
    SELECT region_code, indicator_id, scope, '2024' AS period, 'value' AS measure, 58000 + line_no AS value, 'preliminary' AS observation_status,
        'made_up' AS source_id, DATE '2025-03-01' AS reported_at, 'f' AS file_id, line_no AS row_no FROM marts.fct_target;
INSERT INTO marts.fct_attainment BY NAME
    SELECT target_id, y::VARCHAR AS evaluation_period, 58000 + line_no AS actual_value, 'made_up' AS actual_source, scope AS scope_used,
        58000 + line_no AS measured_value, '元' AS measured_unit, 'behind' AS verdict, (['red', 'yellow', 'green'])[1 + line_no % 3] AS light,
        y = 2024 AS is_current, FALSE AS is_overdue, 0.967 AS attainment_ratio, -2000 AS gap, 46000 + line_no AS baseline_value,
        0.83 AS pace_ratio, 'moderate_progress' AS pace_status, 58100.5 AS expected_value, 59500.25 AS projected_value,
        58900.1 AS projected_low, 60100.9 AS projected_high, 1000.5 AS required_per_year, DATE '2025-06-30' AS as_of_date,
        '2024年实际 ' || (58000 + line_no) || '元（初步数，未注明口径，来源：编造的国民经济和社会发展统计公报），2025年目标“达到' || (60000 + line_no)
        || '”，即 ≥' || (60000 + line_no) || '元，完成率 96.7%，差 2000元，基期2018年 46000元（未注明口径），实际进度为所需进度的 0.83 倍（复合增长路径）：进度滞后。' AS reason,
        'Actual 2024: ' || (58000 + line_no) || '元 (preliminary, scope not stated, source: 编造的国民经济和社会发展统计公报); target 2025 "达到' || (60000 + line_no)
        || '", that is ≥' || (60000 + line_no) || '元, 96.7% attained, short by 2000元, from 46000元 in 2018 (scope not stated) at 0.83 times the pace required (compound path): behind.' AS reason_en
    FROM marts.fct_target, range(2022, 2025) AS t (y);
INSERT INTO marts.rpt_coverage BY NAME
    SELECT target_id, DATE '2026-06-29' AS due_date, FALSE AS is_overdue, FALSE AS is_reported FROM marts.fct_target;
INSERT INTO marts.rpt_scorecard BY NAME
    SELECT concat_ws(':', kind, key, domain) AS card_id, kind AS card_kind, region_code, document_id, domain, 300 AS target_count, 300 AS judged_count,
        100 AS green_count, 100 AS yellow_count, 100 AS red_count, 0 AS grey_count, 0 AS overdue_count, '编造的说明' AS statement, 'made up' AS statement_en
    FROM (
        SELECT 'region' AS kind, region_code AS key, region_code, NULL AS document_id, NULL AS domain FROM marts.dim_region
        UNION ALL SELECT 'document', document_id, region_code, document_id, NULL FROM marts.dim_document
        UNION ALL SELECT 'region_domain', region_code, region_code, NULL, unnest($domains) FROM marts.dim_region
    );
INSERT INTO marts.fct_task BY NAME
    SELECT document_id || ':表2:' || k AS task_id, document_id, '表2' AS table_ref, k::INTEGER AS task_no, '编造的任务' || k AS task_name,
        'task' AS task_kind, region_code, 7 AS target_count FROM marts.dim_document, range(40) AS t (k);
INSERT INTO marts.fct_ranking BY NAME
    SELECT 'made_up_peers' AS peer_group_id, '编造的比较组 / made-up peers' AS peer_group_name, region_code, indicator_id, scope, '2024' AS period,
        1 AS rank, $regions AS peers_expected, $regions AS peers_present, 58000 AS value FROM marts.fct_target;
INSERT INTO marts.rpt_target_conflict BY NAME
    SELECT 'different_targets' AS conflict_kind, region_code, indicator_id, scope, period, document_id AS first_source, table_ref AS first_place,
        target_id AS first_target_id, value_text AS first_text, document_id AS second_source, table_ref AS second_place, value_text AS second_text,
        '编造的矛盾' AS reason, 'made up' AS reason_en FROM marts.fct_target WHERE line_no % 15 = 0;
INSERT INTO quality.run_log VALUES ('made-up', 'published', now()::TIMESTAMP, DATE '2025-06-30', NULL);
"""


def made_up_published(regions: int, indicators: int) -> duckdb.DuckDBPyConnection:
    """A published warehouse with one made-up plan a region, one target an indicator."""
    connection = empty_published()
    connection.execute(Template(ROWS).substitute(regions=regions, indicators=indicators, domains=DOMAINS))
    return connection

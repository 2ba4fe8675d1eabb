# 共富指标数仓 / the common-prosperity indicator warehouse. `make run` and `make test` set up whatever is missing.

PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
OLDEST_CLIENT := .oldest-client
SPARK := .spark
SPARK_WAREHOUSE = $(abspath $(or $(WAREHOUSE_DIR),warehouse))
SPARK_DBT = cd dbt && WAREHOUSE_DIR=$(SPARK_WAREHOUSE) DBT_TARGET=spark DBT_TARGET_PATH=$(SPARK_WAREHOUSE)/spark/dbt_target \
	DBT_LOG_PATH=$(SPARK_WAREHOUSE)/spark/logs SPARK_LOCAL_IP=127.0.0.1 ../$(SPARK)/bin/dbt
MANIFEST := dbt/target/manifest.json
DBT_FILES := $(shell find dbt seeds -type f \( -name '*.sql' -o -name '*.yml' \) -not -path 'dbt/target/*') $(wildcard seeds/*.csv)

export DAGSTER_HOME := $(CURDIR)/.dagster_home
export PYTHONUTF8 := 1
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
PIP_INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run dev test test-fast faults versions lint audit docs bench bench-national spark spark-test lock clean

help: ## 列出命令 / list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

run: $(RUN_READY) $(MANIFEST) ## 夜间运行一次并发布 / one nightly run on the data of this repository
	@$(PY) -m dagster_project

versions: $(RUN_READY) ## 已发布的版本 / the published versions; to compare or go back: python -m dagster_project.versions -h
	@$(PY) -m dagster_project.versions

dev: $(RUN_READY) $(MANIFEST) ## Dagster 界面 / the Dagster UI on 127.0.0.1:3000, schedules and sensors alive
	@$(PY) -m dagster dev -m dagster_project.definitions -h 127.0.0.1 -p 3000

test: $(DEV_READY) $(MANIFEST) $(OLDEST_CLIENT)/.ready ## 全部测试 / the whole test suite
	@$(PY) -m pytest -n 2 --dist worksteal

test-fast: $(DEV_READY) $(MANIFEST) ## 快速测试 / the tests that need no whole run
	@$(PY) -m pytest -n 2 -m "not slow"

faults: $(DEV_READY) $(MANIFEST) ## 故障测试（数小时） / a hundred kills, full disks and closed folders; hours
	@$(PY) -m pytest -n 2 --dist worksteal -m faults tests/faults

lint: $(DEV_READY) $(MANIFEST) ## 代码检查 / style of Python and SQL, the definitions, secrets, known vulnerabilities
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m sqlfluff lint dbt/models dbt/tests/*.sql
	$(PY) -m dagster definitions validate -m dagster_project.definitions
	git ls-files -z -- ':!*.lock' | xargs -0 $(PY) -m detect_secrets.pre_commit_hook
	$(PY) .ci/audit.py

audit: $(DEV_READY) ## 依赖漏洞核查（须联网） / known vulnerabilities; fails also for what could not be looked up
	$(PY) .ci/audit.py --strict

docs: $(RUN_READY) $(MANIFEST) ## dbt 文档 / the dbt docs as one page, dbt/target/static_index.html
	@cd dbt && ../$(PY) -P ../dagster_project/dbt_child.py docs generate --static --quiet
	@echo "打开 / open dbt/target/static_index.html"

bench: $(DEV_READY) $(MANIFEST) ## 性能对比 / ratios to bare tools, docs/performance.md
	@$(PY) benchmarks/nightly_overhead.py
	@$(PY) benchmarks/years_of_nights.py
	@$(PY) benchmarks/ingest_speed.py
	@$(PY) benchmarks/board_size.py

bench-national: $(DEV_READY) $(MANIFEST) ## 全国规模的性能（约半小时，10 GB 磁盘） / the models on 18 million figures: half an hour, 10 GB of disk
	@$(PY) benchmarks/models_speed.py

spark: $(RUN_READY) $(SPARK)/.ready ## 在 Spark 上建同样的表 / the same tables on Apache Spark, from the last run (docs/spark.md)
	@$${JAVA_HOME:+$$JAVA_HOME/bin/}java -version > /dev/null 2>&1 || \
		{ echo "需要 Java 17 / Spark needs Java 17: put java on the PATH or set JAVA_HOME" >&2; exit 1; }
	@rm -rf $(SPARK_WAREHOUSE)/spark
	@$(PY) -m dagster_project.raw_export
	@$(SPARK_DBT) --quiet run-operation read_raw --args "{folder: '$(SPARK_WAREHOUSE)/spark/raw'}"
	@$(SPARK_DBT) build --exclude-resource-type unit_test

spark-test: $(DEV_READY) $(MANIFEST) $(SPARK)/.ready ## Spark 与 DuckDB 逐行比对 / that Spark and DuckDB build the same rows
	@$(PY) -m pytest tests/spark

lock: ## 更新锁定文件 / resolve the dependencies of pyproject.toml again
	uv pip compile -q pyproject.toml --generate-hashes --no-annotate --no-header --no-strip-extras --no-emit-index-url --python-version 3.11 -o requirements.lock
	uv pip compile -q pyproject.toml --extra test --extra lint --generate-hashes --no-annotate --no-header --no-strip-extras --no-emit-index-url --python-version 3.11 -c requirements.lock -o requirements-dev.lock
	uv pip compile -q --group spark --generate-hashes --no-annotate --no-header --no-strip-extras --no-emit-index-url --python-version 3.11 -c requirements.lock -o requirements-spark.lock

clean: ## 删除可重建之物 / remove what can be rebuilt; inbox, archive and state stay
	rm -rf warehouse/build.duckdb* warehouse/versions warehouse/published warehouse/data_docs warehouse/dbt_target warehouse/runs.html
	rm -rf warehouse/templates warehouse/returns warehouse/spark
	rm -rf dbt/target dbt/logs .pytest_cache .ruff_cache .hypothesis
	find .dagster_home -mindepth 1 -not -name dagster.yaml -delete

$(PY):
	@echo "建立 Python 环境 / creating the Python environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)

$(RUN_READY): requirements.lock | $(PY)
	@echo "安装依赖（约一分钟） / installing dependencies, about a minute"
	@$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(DEV_READY): requirements-dev.lock $(RUN_READY)
	@echo "安装测试与检查工具 / installing the tools for tests and checks"
	@$(PIP_INSTALL) -r requirements-dev.lock
	@touch $@

$(OLDEST_CLIENT)/.ready: requirements-oldest-client.lock | $(PY)
	@$(PIP_INSTALL) --target $(OLDEST_CLIENT) --upgrade -r requirements-oldest-client.lock
	@touch $@

$(SPARK)/.ready: requirements-spark.lock
	@echo "建立 Spark 环境 / creating the environment for Spark in $(SPARK)"
	@test -x $(SPARK)/bin/python || $(PYTHON) -m venv $(SPARK) || python3 -m venv $(SPARK)
	@$(SPARK)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-spark.lock
	@touch $@

$(MANIFEST): $(DBT_FILES) | $(RUN_READY)
	@$(PY) -m dagster_project.plans
	@echo "解析 dbt 项目 / parsing the dbt project"
	@cd dbt && ../$(PY) -P ../dagster_project/dbt_child.py --quiet parse
	@touch $@

# 共富指标数仓 / the common-prosperity indicator warehouse. `make run` and `make test` set up whatever is missing.

PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
OLDEST_CLIENT := .oldest-client
MANIFEST := dbt/target/manifest.json
DBT_FILES := $(shell find dbt seeds -type f \( -name '*.sql' -o -name '*.yml' \) -not -path 'dbt/target/*') $(wildcard seeds/*.csv)

export DAGSTER_HOME := $(CURDIR)/.dagster_home
export PYTHONUTF8 := 1
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
PIP_INSTALL := $(PY) -m pip install -qq --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help run dev test test-fast faults versions lint audit docs bench lock clean

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

bench: $(DEV_READY) $(MANIFEST) ## 性能对比 / ratios of the nightly run to its bare tools
	@$(PY) benchmarks/nightly_overhead.py
	@$(PY) benchmarks/board_size.py

lock: ## 更新锁定文件 / resolve the dependencies of pyproject.toml again
	uv pip compile -q pyproject.toml --generate-hashes --no-annotate --no-header --no-strip-extras --no-emit-index-url --python-version 3.11 -o requirements.lock
	uv pip compile -q pyproject.toml --extra test --extra lint --generate-hashes --no-annotate --no-header --no-strip-extras --no-emit-index-url --python-version 3.11 -c requirements.lock -o requirements-dev.lock

clean: ## 删除可重建之物 / remove what can be rebuilt; inbox, archive and state stay
	rm -rf warehouse/build.duckdb* warehouse/versions warehouse/published warehouse/data_docs warehouse/dbt_target warehouse/runs.html
	rm -rf warehouse/templates warehouse/returns
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

$(MANIFEST): $(DBT_FILES) | $(RUN_READY)
	@$(PY) -m dagster_project.plans
	@echo "解析 dbt 项目 / parsing the dbt project"
	@cd dbt && ../$(PY) -P ../dagster_project/dbt_child.py --quiet parse
	@touch $@

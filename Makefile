# Everything from a bare checkout: Python 3.11 or later and make are enough.
PYTHON ?= python3
BIN := .venv/bin
PEOPLE ?= 5000
export DO_NOT_TRACK := 1

.PHONY: demo test ui lint format faults bench bench-identity install clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable ".[dev]"
	@# Compiled once here, or by every process where bytecode may not be written; files that are templates do not compile.
	@$(BIN)/python -m compileall -q -j 0 .venv/lib > /dev/null || true
	@$(BIN)/python -c 'from warehouse.dbt import ensure_parsed; from warehouse.home import Home; ensure_parsed(Home.from_environment())'
	@touch $@

demo: install       ## a demo company of 5,000 people, from source files to published marts
	@$(BIN)/cdp demo --people $(PEOPLE)

ui: install         ## Dagster's pages on http://127.0.0.1:3000
	@$(BIN)/cdp ui

test: install       ## every test that fits a coffee break
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder tests

lint: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests

format: install
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

faults: install     ## kills at random moments inside every stage, and the long form of other promises; an hour or more
	@$(BIN)/pytest tests -m long -p no:xdist

bench: install      ## every figure that the README claims, with the machine's description
	@$(BIN)/python -m benchmarks

bench-identity: install   ## how right and how fast the resolver is, beside textbook Splink; CDP_PUBLIC_DATA adds the public sets
	@$(BIN)/python -m benchmarks.identity
	@$(BIN)/python -m benchmarks.identity_speed compare
	@$(BIN)/python -m benchmarks.deterministic measure

clean:
	rm -rf .venv .cdp .pytest_cache .mypy_cache .ruff_cache

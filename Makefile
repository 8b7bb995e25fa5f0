# Everything a visitor or a contributor does, one word each. The first use of any target sets up .venv.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SCENARIO ?= scenarios/lulea.yaml
OUT ?= runs/$(basename $(notdir $(SCENARIO)))
WORKERS ?= 2

# The first Python found that the pinned packages exist for.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$python && break; done)

.DEFAULT_GOAL := help
.PHONY: help setup run study test test-all check bench bench-all bench-study bench-hourly bench-ladder bench-solve doctor clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY)  ## make .venv with the pinned packages (the other targets do this by themselves)

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { \
		echo "No Python 3.11, 3.12 or 3.13 was found. energysim needs one of them."; \
		echo "Install it, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (about a minute, once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
		echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[test,dev,bench]'
	@touch $@

run: $(READY)  ## the Luleå scenario through a full year to a report in runs/lulea
	@$(BIN)/energysim run $(SCENARIO) --out $(OUT) --force

study: $(READY)  ## which assumptions of the Luleå scenario matter: 37 runs to a report in runs/lulea_ranges
	@$(BIN)/energysim study scenarios/studies/lulea_ranges.yaml --out runs/lulea_ranges --force

test: $(READY)  ## the quick tests
	@$(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow"

test-all: $(READY)  ## all tests
	@$(BIN)/python -m pytest -q -n $(WORKERS)

check: $(READY)  ## lint, format, types, import contracts, scenarios
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/energysim check scenarios/*.yaml scenarios/studies/*.yaml

bench: $(READY)  ## a small benchmark, to see that it runs
	@$(BIN)/python -m benchmarks --smoke

bench-all: $(READY)  ## the regional year built by us, by hand and by linopy
	@$(BIN)/python -m benchmarks

bench-hourly: $(READY)  ## the hourly engine against HiGHS hour by hour and against the plan, threads, growth (minutes)
	@$(BIN)/python -m benchmarks.hourly --plan

bench-study: $(READY)  ## 200 years of a town with one and two workers, weeks and simulated years for memory (two hours)
	@$(BIN)/python -m benchmarks.studies

bench-ladder: $(READY)  ## every solver method on every rung, and the rule beside the best (hours)
	@$(BIN)/python -m benchmarks.climb

bench-solve: $(READY)  ## solving again, memory, typical days and rolling plans (minutes)
	@$(BIN)/python -m benchmarks.again
	@$(BIN)/python -m benchmarks.memory
	@$(BIN)/python -m benchmarks.shorter

doctor: $(READY)  ## versions, solver smoke test, threads, locale, free disk
	@$(BIN)/python -m benchmarks.doctor

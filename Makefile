# One task runner for people and machines: the README, CONTRIBUTING and .ci/run use these words.
# On a fresh machine each target first makes its environment in .venv; it is made again only when its pins change.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_FOR_ALL := $(VENV)/.ready-for-all
PROCESSES ?= 2

# A slow network is no failure: pip asks again.
export PIP_RETRIES ?= 10
export PIP_DEFAULT_TIMEOUT ?= 60
# What is compiled is kept: every process of the tests loads the same four hundred modules.
unexport PYTHONDONTWRITEBYTECODE

# One after the other, so that `make test test-all` runs the tests once, and then what test-all has beyond them.
.NOTPARALLEL:
.PHONY: help demo test test-all check bench prove docs pins clean

help: ## Say what there is to make.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1\t\2/' | expand -t 16

$(READY): pyproject.toml constraints.txt environment.sh
	@bash environment.sh $(VENV)
	@touch $@

$(READY_FOR_ALL): $(READY)
	@bash environment.sh --all $(VENV)
	@touch $@

demo: $(READY) ## Score the people of examples/community and explain one of them.
	@mkdir -p build
	@$(BIN)/tally score examples/community/community.tally \
	  --records examples/community/records.csv --subjects examples/community/subjects.csv \
	  --as-of 2026-03-31 --out build/demo-run
	@echo
	@$(BIN)/tally explain build/demo-run --subject ada

test: $(READY) ## Run the tests, with Python alone; a skip fails.
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal --skips-fail

test-all: $(READY_FOR_ALL) test ## The same, then what takes long or needs more than Python, and more cases of each property.
	$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile --skips-fail --whole -m "whole or hypothesis" --hypothesis-profile=whole

check: $(READY) ## Lint, check the layout, the types, the layers and the dependencies.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

bench: $(READY) ## Time the reference job against the best hand-written query.
	$(BIN)/python -m benchmarks

prove: $(READY) ## Hold the engine to the reference on 10,000 random pairs of rulebook and records.
	$(BIN)/python tests/prove.py --processes $(PROCESSES)

docs: $(READY) ## Write the pages that are made from the code, and run every code block.
	$(BIN)/python tests/docs/write_pages.py
	$(BIN)/python tests/docs/gallery_page.py
	$(BIN)/python tests/docs/gaming_page.py
	$(BIN)/python tests/docs/duties_page.py
	$(BIN)/python -m pytest -n $(PROCESSES) tests/docs

pins: ## Resolve the dependencies anew and pin what comes.
	@bash environment.sh --pins

clean: ## Remove what was made: the environment and every cache.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

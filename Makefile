# The commands of the house. `make run` needs python3 (>= 3.11) with venv; what tests need besides, .ci/packages installs.
# A finished step leaves a stamp, so that a second call does no work. Nothing here asks for root.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pip --disable-pip-version-check
LOCKED := install --quiet --require-hashes --no-deps --only-binary :all: --requirement
DISTRIBUTIONS := core plugins/membership
BROWSER := tests/e2e
CHECKED := $(wildcard core plugins tests)
TESTS ?=
UPGRADE ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test test-long lint bench vectors lock clean

help:  ## show this list
	@awk -F ':.*##' '/^[a-z-]+:.*##/ {printf "make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

run: $(VENV)/.run  ## install, fill a demo box in var/demo on the first time, and serve it; Ctrl-C ends it
	@$(BIN)/chibox demo

test: $(VENV)/.dev $(BROWSER)/node_modules/.stamp  ## run all tests; TESTS=path narrows
	@$(BIN)/python -m pytest $(TESTS)

test-long: $(VENV)/.dev  ## run the tests that look longer when they may: a thousand kills, every sync, more examples
	@CHIBOX_LONG=1 $(BIN)/python -m pytest $(or $(TESTS),$(shell grep -rl CHIBOX_LONG tests plugins --include='test_*.py'))

lint: $(VENV)/.dev  ## style, types, import lines, docstrings of tests, house rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy $(CHECKED)
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/interrogate --quiet $(wildcard tests plugins/*/tests)
	@$(BIN)/python -m pytest --quiet tests/house

bench: $(VENV)/.dev  ## measure the goals of speed; writes build/bench.json
	@$(BIN)/python -m tests.bench

vectors: $(VENV)/.dev  ## run public test vectors from a folder: DIR=path
	@test -d "$(DIR)" || { echo "Name the folder of the vectors: make vectors DIR=path" >&2; exit 2; }
	@$(BIN)/python tests/vectors/public.py "$(DIR)"

lock:  ## lock requirements/*.in again, with hashes, by uv; UPGRADE=--upgrade takes new versions
	@command -v uv >/dev/null || { echo "make lock needs uv on the path: pip install uv" >&2; exit 1; }
	@cd requirements && for name in run dev; do \
	    uv pip compile --quiet --generate-hashes --universal --no-emit-index-url --no-header --python-version 3.11.2 \
	        $(UPGRADE) $$name.in --output-file $$name.txt || exit 1; done

clean:  ## remove what these commands built; boxes in var/ stay
	rm -rf $(VENV) build $(BROWSER)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	    { echo "chibox needs Python 3.11 or later: apt install python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "chibox needs Python's venv module: apt install python3-venv" >&2; exit 1; }
	@echo "install: a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

# The build backend looks for its own binary on the path: PIP puts the virtual environment in front.
$(VENV)/.run: requirements/run.txt $(DISTRIBUTIONS:=/pyproject.toml) | $(BIN)/python
	@echo "install: the locked requirements of a box"
	@$(PIP) $(LOCKED) requirements/run.txt
	@echo "install: $(DISTRIBUTIONS)"
	@$(PIP) install --quiet --no-build-isolation --no-deps $(addprefix --editable ,$(DISTRIBUTIONS))
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "install: the locked requirements of tests and lint"
	@$(PIP) $(LOCKED) requirements/dev.txt
	@touch $@

$(BROWSER)/node_modules/.stamp: $(BROWSER)/package-lock.json
	@command -v npm >/dev/null || { echo "Browser tests need npm: apt install nodejs npm" >&2; exit 1; }
	@echo "install: the locked packages of browser tests"
	@cd $(BROWSER) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Needs make, Python 3.11 or newer with its venv module, and a package index. Everything else is
# installed into .venv, in the versions that uv.lock names.

PYTHON ?= python3
UV_VERSION := 0.13.8
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
UV := UV_PROJECT_ENVIRONMENT=$(CURDIR)/$(VENV) UV_PYTHON=$(CURDIR)/$(BIN)/python \
      UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV= $(BIN)/uv
HAS_UV := $(VENV)/.uv-$(UV_VERSION)
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
DOCS := $(VENV)/.docs

export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup report test lint format types layers bench casebook docs clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(HAS_UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "multivector needs Python 3.11 or newer; '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Install it (Debian: apt-get install python3 python3-venv), or name another: make setup PYTHON=python3.12" >&2; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' lacks its venv module (Debian: apt-get install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(RUNTIME): pyproject.toml uv.lock | $(HAS_UV)
	$(UV) sync --frozen --inexact
	@touch $@

$(DEV): pyproject.toml uv.lock | $(HAS_UV)
	$(UV) sync --frozen --extra dev
	@touch $@ $(RUNTIME)

$(DOCS): $(DEV)
	$(UV) sync --frozen --inexact --extra dev --group docs
	@touch $@

setup: $(DEV)  ## make .venv with everything that development needs

report: $(RUNTIME)  ## write kazakhstan.html, the report on Kazakhstan
	$(BIN)/multivector report kazakhstan --output kazakhstan.html
	@echo "The report is in $(CURDIR)/kazakhstan.html"

test: $(DEV)  ## run all tests (pass options on with ARGS="-k panel")
	$(BIN)/python -m pytest -n 2 $(ARGS)

lint: $(DEV)  ## check style and formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(DEV)  ## put code into the common format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(DEV)  ## check types
	$(BIN)/pyright

layers: $(DEV)  ## check that imports point downwards only
	$(BIN)/lint-imports

bench: $(DEV)  ## measure fast paths against their slow twins (one: ARGS=dyadic_agreement)
	$(BIN)/python -m benchmarks $(ARGS)

casebook: $(DEV)  ## compile the shipped figures from the files that MULTIVECTOR_DATA names
	@test -d "$$MULTIVECTOR_DATA" || { \
	  echo "Set MULTIVECTOR_DATA to the folder with the publishers' files." >&2; exit 1; }
	$(BIN)/python scripts/compile_casebook.py

docs: $(DOCS)  ## build the documentation into site/
	$(BIN)/python scripts/reference.py
	$(BIN)/zensical build

clean:  ## remove everything that these commands made
	rm -rf $(VENV) dist site kazakhstan.html .pytest_cache .ruff_cache .import_linter_cache \
	  .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The only commands a newcomer needs. Everything runs from .venv, made once from requirements.lock.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: demo serve test lint bench chaos system integrations format generate lock clean help

help:
	@echo "make demo     move made-up conversations, and a whole database there and back, prove it, serve them"
	@echo "make test     every test, against the embedded PostgreSQL"
	@echo "make serve    the API on http://127.0.0.1:8080"
	@echo "make lint     ruff, mypy, the import contracts, generated files up to date"
	@echo "make bench    every measure, others beside ours, to bench/results.json and a table"
	@echo "make chaos    the long reliability runs"
	@echo "make integrations   other people's interfaces, so that their own suites can be run"
	@echo "make system   Debian's packages that the remaining tests and measures want (needs root)"

.venv/ready: requirements.lock pyproject.toml
	@echo "Making .venv (once, a minute or so) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Arraigo needs Python 3.11 or newer; this is " + sys.version.split()[0] + "; name one with: make PYTHON=python3.12")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Heavy, so not part of .venv from the start; the tests of integrations run where it was made.
integrations: .venv/integrations
.venv/integrations: .venv/ready integrations.lock tools/suites.py
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement integrations.lock
	@$(BIN)/python tools/suites.py
	@touch $@

demo: .venv/ready
	@$(BIN)/arraigo demo $(ARGS)

serve: .venv/ready
	@$(BIN)/arraigo serve $(ARGS)

test: .venv/ready
	@$(BIN)/python -m pytest -n 4 $(ARGS)

lint: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/requirements.py
	@$(BIN)/python tools/generate.py --check

generate: .venv/ready
	@$(BIN)/python tools/generate.py

format: .venv/ready
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: .venv/integrations
	@$(BIN)/python -m bench $(ARGS)

chaos: .venv/ready
	@$(BIN)/python -m bench chaos $(ARGS)

system:
	@sh tools/system.sh

# The larger lock comes first and binds the other: both environments have the same versions of what they share.
LOCK = $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet
lock: .venv/ready
	@$(LOCK) --extra dev --extra integrations --output-file integrations.lock
	@$(LOCK) --extra dev --constraint integrations.lock --output-file requirements.lock

clean:
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The commands of the project: continuous integration runs these very targets.
# Everything made stays in this folder: packages in .venv, data in var.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := menusite analytics orders menu_pages accounts
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_PYTHON_VERSION_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help run test lint format types imports check messages screenshots bench bench-scale faults attack clean ci

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "menusite needs Python 3.11, 3.12 or 3.13: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	@echo "Installing packages…"
	@# Compiled when first imported: of most packages the service imports a part.
	@$(BIN)/python -m pip install -qq --no-deps --no-compile --requirement requirements.txt
	@touch $@

$(VENV)/test.stamp: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing packages for tests…"
	@$(BIN)/python -m pip install -qq --no-deps --requirement requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

run: $(VENV)/run.stamp ## the whole system on this machine; PORT and HOST say where
	@DEBUG=$${DEBUG:-1} exec $(BIN)/python -m menusite.run

test: $(VENV)/test.stamp ## all tests, on the database of DATABASE_URL (SQLite in memory); ARGS="-k basket" for some
	@$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/test.stamp ## style of Python and templates
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@git ls-files --cached --others --exclude-standard -z 'templates/*.html' 'templates/*.txt' | xargs -0 -r $(BIN)/djade --check --target-version 5.2

format: $(VENV)/test.stamp ## bring Python and templates into that style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@git ls-files --cached --others --exclude-standard -z 'templates/*.html' 'templates/*.txt' | xargs -0 -r $(BIN)/djade --target-version 5.2 || true

types: $(VENV)/test.stamp ## static types
	@DEBUG=1 $(BIN)/mypy

imports: $(VENV)/test.stamp ## which floor may import which
	@$(BIN)/lint-imports

check: $(VENV)/test.stamp ## Django's checks and forgotten migrations
	@DEBUG=1 $(BIN)/python manage.py check --fail-level WARNING
	@DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run

messages: $(VENV)/test.stamp ## collect the interface's texts for translation (needs the gettext tools)
	@DEBUG=1 $(BIN)/python manage.py makemessages --locale ru --no-location --no-obsolete --ignore .venv --ignore var --ignore tests
	@$(BIN)/python -m menusite.translations

screenshots: $(VENV)/test.stamp ## the README's pictures, taken by the browser tests (needs PostgreSQL in DATABASE_URL)
	@SCREENSHOTS=1 $(BIN)/python -m pytest tests/browser/test_guest_journey.py tests/browser/test_owner.py

bench: $(VENV)/test.stamp ## measure, and write docs/benchmarks.md (PostgreSQL in DATABASE_URL; wrk for the serving rows)
	@$(BIN)/python -m pytest tests/benchmarks -q -s -p no:cacheprovider $(ARGS)

bench-scale: $(VENV)/test.stamp ## the rows of a thousand places, which take longer
	@BENCH_PLACES=10,100,1000 BENCH_SCALE=1 $(BIN)/python -m pytest tests/benchmarks/test_scale.py -q -s -p no:cacheprovider $(ARGS)

faults: export FAULTS_TIMES ?= 10
faults: export FLOOD_ATTEMPTS ?= 10000
faults: $(VENV)/test.stamp ## the faults suite at full size (PostgreSQL in DATABASE_URL): docs/faults.md
	@$(BIN)/python -m pytest tests/faults tests/orders/test_totals.py tests/orders/test_order_states.py --durations=20 $(ARGS)

attack: $(VENV)/test.stamp ## set wapiti, sqlmap and bandit on a service of its own; reports under var/attack (docs/attacks.md)
	@PYTHON=$(PYTHON) bash tests/attacks/scan

clean: ## remove what was made here, the demo's data included
	@rm -rf $(VENV) var .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .grimp_cache .hypothesis
	@find $(PACKAGES) tests locale -name '__pycache__' -prune -exec rm -rf {} + 2>/dev/null || true
	@find locale -name '*.mo' -delete 2>/dev/null || true

ci: ## what continuous integration does, services included
	@bash .ci/run

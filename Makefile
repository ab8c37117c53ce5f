# Carrel: `make run` opens the reader, `make test` runs the tests; both set everything up first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: run test test-team fuzz check format bench bench-team bench-faults screenshots clean

run: $(READY)
	@$(BIN)/carrel

# Every process compiles what it imports unless that is kept: longer than most tests take, and a
# fifth of a second that an installed Carrel, which is compiled, does not need.
test fuzz bench bench-team bench-faults: export PYTHONDONTWRITEBYTECODE =

test: $(READY)
	$(BIN)/pytest -n auto --dist worksteal

# Tests on a cluster of two nodes; skipped without Java 17 and Maven.
test-team: $(READY)
	CARREL_TEST_TEAM=1 $(BIN)/pytest -n0 -rs --timeout 300 tests/team

# Property tests with random examples, many of them; see tests/README.md.
fuzz: $(READY)
	HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -n auto -m hypothesis --timeout 0

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/python -m tests.check_english

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY)
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.ranking

bench-team: $(READY)
	$(BIN)/python -m tests.team.bench

bench-faults: $(READY)
	$(BIN)/python -m tests.faults

screenshots: $(READY)
	$(BIN)/python screenshots/make.py
	$(BIN)/python screenshots/browser.py

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Carrel needs Python 3.11 or later; name one with: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info

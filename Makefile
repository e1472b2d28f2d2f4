# The commands of a working day. `make help` lists them; README.md shows the two that matter.
# Everything happens in .venv (may be deleted at any time) and var/ (holds archives).

# `:=`, so that a HOST or PORT in the environment does not decide what kupur listens on.
HOST := 127.0.0.1
PORT := 8080
VAR := var
UV := uv
PYTEST_ARGS :=
RELEVANCE_ARGS :=
BENCH_ARGS :=
LOAD_SECONDS := 600

venv := .venv
bin := $(venv)/bin
python := $(bin)/python -P
install := $(bin)/python -m pip install -qq --disable-pip-version-check # -qq: no warnings, but errors
sample_archive := $(VAR)/archive

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(venv)/loops $(VAR)/sample ## Serve the sample articles (HOST=127.0.0.1 PORT=8080)
	@$(bin)/kupur serve --archive $(sample_archive) --host $(HOST) --port $(PORT)

.PHONY: test
test: lint types imports $(venv)/loops ## Set up and run every check and every test (PYTEST_ARGS=...)
	$(python) -m pytest $(PYTEST_ARGS)

.PHONY: relevance
relevance: $(venv)/tests $(venv)/loops ## Measure the ranking beside Lucene (needs ../shared; RELEVANCE_ARGS=...)
	$(python) -m benchmarks.relevance $(RELEVANCE_ARGS)

.PHONY: bench
bench: $(venv)/bench $(venv)/loops ## Measure speed beside other engines (needs ../shared; BENCH_ARGS=--quick: 3 minutes)
	$(python) -m benchmarks $(BENCH_ARGS)

.PHONY: load
load: $(venv)/tests $(venv)/loops ## Search for ten minutes while another process writes (LOAD_SECONDS=600)
	@mkdir -p benchmarks/results
	KUPUR_LOAD_SECONDS=$(LOAD_SECONDS) KUPUR_LOAD_REPORT=$(CURDIR)/benchmarks/results/load.json \
		$(python) -m pytest tests/load -o faulthandler_timeout=0

.PHONY: faults
faults: $(venv)/tests $(venv)/loops ## Test kills, power cuts and damage at full length (an hour; needs strace)
	KUPUR_FAULTS=long $(python) -m pytest -o faulthandler_timeout=3000 tests/faults

.PHONY: lint
lint: $(venv)/tests ## Check style and format
	$(bin)/ruff check
	$(bin)/ruff format --check

.PHONY: types
types: $(venv)/tests ## Check types
	$(bin)/mypy

.PHONY: imports
imports: $(venv)/tests ## Check who imports whom (ARCHITECTURE.md)
	$(bin)/lint-imports --no-logo --no-cache

.PHONY: format
format: $(venv)/tests ## Put the code into the common format
	$(bin)/ruff format
	$(bin)/ruff check --fix

.PHONY: lock
lock: ## Choose the versions of all dependencies anew (needs uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	$(UV) pip compile $(lock_options) --group build pyproject.toml --output-file .ci/run.lock
	$(UV) pip compile $(lock_options) --group dev --extra evaluate pyproject.toml \
		--constraints .ci/run.lock --output-file .ci/test.lock
	$(UV) pip compile $(lock_options) --extra bench pyproject.toml --constraints .ci/run.lock \
		--output-file .ci/bench.lock

lock_options := --quiet --universal --fork-strategy fewest --python-version 3.11 \
	--generate-hashes --no-annotate --custom-compile-command "make lock"

.PHONY: clean
clean: ## Remove what was made here, but for var/ (your archives)
	rm -rf $(venv) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A virtual environment keeps absolute paths: one that was moved, or whose Python went away, is
# made anew.
ifneq ($(shell $(bin)/python -c 'print(open("$(venv)/place").read(), end="")' 2>/dev/null),$(CURDIR))
.PHONY: $(venv)/place
endif
$(venv)/place: .ci/make-venv
	@.ci/make-venv $(venv)

# Two stamps, so that somebody who only runs kupur need not download a browser driver.
$(venv)/runs: .ci/run.lock pyproject.toml $(venv)/place
	@echo "Installing kupur into $(venv) ..."
	@$(install) --require-hashes --requirement .ci/run.lock
	@$(install) --no-deps --no-build-isolation --editable .
	@touch $@

$(venv)/tests: .ci/test.lock $(venv)/runs
	@echo "Installing what the tests need into $(venv) ..."
	@$(install) --require-hashes --requirement .ci/test.lock
	@touch $@

$(venv)/bench: .ci/bench.lock $(venv)/runs
	@echo "Installing the engines to measure beside into $(venv) ..."
	@$(install) --require-hashes --requirement .ci/bench.lock
	@touch $@

# A loop that was compiled before is kept where only another one changed that is part of it.
$(venv)/loops: $(venv)/runs $(shell find index search -name '*.py')
	@find index search -name '*.nb[ic]' -delete
	@touch $@

# The archive is the truth and the index follows from the code, so both are brought up to date
# where either changed: what is there already is not read twice.
ifeq ($(wildcard $(sample_archive)/archive.db),)
.PHONY: $(VAR)/sample
endif
$(VAR)/sample: $(venv)/loops $(wildcard data/sample/*) $(shell find index -name '*.py')
	@mkdir -p $(VAR)
	@$(bin)/kupur import --archive $(sample_archive) data/sample
	@touch $@

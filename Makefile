# Everything a developer or a new user runs. `make` alone lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
REGION ?= 141130
DEMO := demo/$(REGION)
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate

.DEFAULT_GOAL := help
.PHONY: help setup fonts java demo test lint types contracts reference messages check-reference wheel bench numbers nightly lock clean

help: ## list what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(READY) fonts java ## make .venv with the locked dependencies

$(READY): requirements/dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

fonts: # the PDF needs a Chinese font; installed where that is possible, else said plainly
	@sh tools/fonts.sh

java: # Spark needs Java; installed where that is possible, else said plainly
	@sh tools/java.sh

demo: setup ## generate a county as its departments would send it and answer it (REGION=141130, ARGS=...)
	@rm -rf $(DEMO)
	@mkdir -p $(DEMO)
	$(BIN)/jingzhun synth --region $(REGION) --out $(DEMO)/synthetic $(ARGS)
	$(BIN)/jingzhun run $(DEMO)/synthetic/files --out $(DEMO)

test: setup ## run all tests; those of the web application on PostgreSQL too where one answers
	$(BIN)/python -m pytest -n 2 --dist loadfile
	@sh tools/on_postgresql.sh $(BIN)

lint: setup ## style
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup ## strict types
	$(BIN)/mypy

contracts: setup ## which room may import which
	$(BIN)/lint-imports

reference: setup ## regenerate docs/reference
	$(BIN)/python tools/reference.py

messages: setup ## collect the texts of the web application and compile the catalogue
	$(BIN)/python tools/messages.py

check-reference: setup
	$(BIN)/python tools/reference.py --check

wheel: setup ## build the wheel and try it in an environment of its own
	@sh tools/try_wheel.sh $(BIN) $(PYTHON)

bench: setup ## measure the ratios of docs/numbers.md
	$(BIN)/python -m benchmarks.intake_xlsx --record
	$(BIN)/python -m benchmarks.intake_csv --record
	$(BIN)/python -m benchmarks.indicators --record
	$(BIN)/python -m benchmarks.generation --record
	$(BIN)/python -m benchmarks.truth --record
	$(BIN)/python -m benchmarks.rules --record
	$(BIN)/python -m benchmarks.linkage --times 3 --record
	$(BIN)/python -m benchmarks.measurement --record
	$(BIN)/python -m benchmarks.engines --times 1 --record
	$(BIN)/python -m benchmarks.evaluation_coverage --record
	$(MAKE) numbers

numbers: setup
	$(BIN)/python tools/measured.py

nightly: setup ## the long tests and the measurements
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "slow or not slow"
	$(MAKE) bench
	$(BIN)/python -m benchmarks.truth --region 141100000000 --record
	$(MAKE) numbers

lock: setup ## resolve the dependencies anew
	$(BIN)/uv pip compile $(LOCK) --extra web pyproject.toml -o requirements/run.lock
	$(BIN)/uv pip compile $(LOCK) --extra web --group dev pyproject.toml -o requirements/dev.lock

clean: ## remove what was made
	rm -rf $(VENV) demo dist build

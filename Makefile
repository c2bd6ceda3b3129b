# Needs make and Python 3.11 or newer; everything else is made by the targets themselves.
# local/ is the program behind each of them.

PYTHON ?= python3
# `make test ARGS="-k collect"` passes arguments on, `make test PART=races` runs one part.
ARGS ?=
PART ?=

RUN = command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON): install Python 3.11 or \
	newer, or name it with: make PYTHON=/path/to/python3" >&2; exit 1; }; exec "$(PYTHON)" -m
COMPILE = uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --no-strip-extras $(ARGS)

.DEFAULT_GOAL := help
.PHONY: help demo test minutes races imports chaos storm model check schema bench shell manage lock clean

help: ## List the targets, and the parts of the tests
	@sed -n 's/^\([a-z]*\): ## \(.*\)/  make \1#\2/p' Makefile | sed 's/#/	/'
	@$(RUN) local.parts

demo: ## Serve the product with two businesses on PORT (8000) until Ctrl-C
	@$(RUN) local.demo --end-with-parent

test: ## Run all tests, or those of a PART, with a Postgres of their own
	@export PART="$(PART)"; $(RUN) local.test $(ARGS)

minutes: ## Run all tests and write down how long each part of them takes
	@export MINUTES=1; $(RUN) local.test

races: ## Play the races at full length: 200 rounds on 4 server processes
	@export RACE_ROUNDS=200 RACE_SERVERS=4; $(RUN) local.test tests/races $(ARGS)

imports: ## Import 70,000 lines twice into four businesses, a quarter of an hour or more
	@export IMPORT_LINES="$${IMPORT_LINES:-70000}"; \
		$(RUN) local.test tests/races/test_imported_businesses.py -n 0 -s $(ARGS)

chaos: ## Kill web, worker and database 100 times in 10,000 operations, 5 times over
	@export CHAOS_SEEDS="$${CHAOS_SEEDS:-1,2,3,4,5}" CHAOS_OPERATIONS=10000 CHAOS_KILLS=100 \
	CHAOS_RESET_OPERATIONS=5000; $(RUN) local.test tests/crash -n 0 -s $(ARGS)

storm: ## Storm a server in every way, and measure what another business waits meanwhile
	@export STORM_SALES="$${STORM_SALES:-500}"; $(RUN) local.test tests/storms -n 0 -s $(ARGS)

model: ## Play whole lives of a business beside a naive model: MODEL_RUNS of 50 steps
	@export MODEL_RUNS="$${MODEL_RUNS:-2000}" MODEL_STEPS="$${MODEL_STEPS:-50}"; \
		$(RUN) local.test tests/model --dist worksteal $(ARGS)

check: ## Run all linters and other checks on the code
	@$(RUN) local.check

schema: ## Write schema.graphql and docs/errors.md out of the code
	@$(RUN) local.schema

bench: ## Measure mint, collect and redeeming on a Postgres of their own
	@$(RUN) local.throwaway durable .venv/bin/python -m local.bench $(ARGS)

shell: ## Open Django's shell on the running demo
	@$(RUN) local.manage shell $(ARGS)

manage: ## Run a command on the running demo: make manage ARGS="verify_ledger lumo"
	@$(RUN) local.manage $(ARGS)

lock: ## Resolve the requirements files out of pyproject.toml, and the newest pip (needs uv)
	@command -v uv >/dev/null || { echo "There is no uv: install it to resolve the locks." >&2; exit 1; }
	$(COMPILE) pyproject.toml --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra demo -c requirements.lock --output-file requirements-demo.lock
	$(COMPILE) pyproject.toml --extra dev --extra demo -c requirements.lock --output-file requirements-dev.lock
	echo pip | $(COMPILE) - --output-file local/locks/newest.lock

clean: ## Remove the environment, the demo with its data, and all caches
	@$(RUN) local.clean

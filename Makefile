# The few commands of this repository. `make help` lists them.

CARGO := scripts/cargo
DIR   ?= demo
PORT  ?= 7700
DAYS  ?= 30
BENCH ?= intake query mixed live cases

.DEFAULT_GOAL := help
.PHONY: help demo tour test bench measure screenshots fmt

help: ## List the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 20

demo: ## Build the program and run four made-up nodes with 30 days of history (DIR=demo PORT=7700 DAYS=30)
	@scripts/need build
	@scripts/need fonts || echo "going on without: documents are set in what fonts there are"
	$(CARGO) build --release --locked
	$(CARGO) run --release --locked --quiet -- demo --dir $(DIR) --port $(PORT) --days $(DAYS)

bench: ## Measure intake, queries, both together, live pages, cases (BENCH=intake for one of them; BENCH=exchange takes longer)
	@scripts/need build
	$(CARGO) build --release --locked
	@for what in $(BENCH); do $(CARGO) run --release --locked --quiet -- bench $$what || exit; done

measure: ## Measure pages in a real browser: bytes, layout shift, interactions on a slow machine
	@scripts/need build browser
	$(CARGO) test --workspace --locked --test journeys -- --include-ignored --nocapture --test-threads 1 measure::

tour: ## Take a report through the demo that runs, from intake to a verified evidence bundle (DIR=demo)
	@scripts/tour $(DIR)

screenshots: ## Take pictures of the pages of the demo that runs (DIR=demo)
	@scripts/screenshots $(DIR)

test: ## Everything that CI checks: format, lints, documentation, tests on SQLite and PostgreSQL, browser journeys
	@scripts/test

fmt: ## Format all code
	$(CARGO) fmt --all

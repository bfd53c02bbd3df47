# The whole contributor interface. `make run` and `make test` are all a newcomer needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
ASSETS := islands/dist/manifest.json
ADDRESS ?= 127.0.0.1:8080
# Where cargo puts what it builds.
TARGET := $(or $(CARGO_TARGET_DIR),./target)

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

run: setup-run assets ## build, start the private database, load the demonstration city the first time, serve on $(ADDRESS)
	cargo build --release --locked -p jianghai
	$(TARGET)/release/jianghai serve --demo --listen $(ADDRESS)

test: setup-test assets ## everything: units, HTTP, architecture, browser journeys, foreign clients
	./tests/run

bench: setup-run assets ## the figures of docs/operations.md, measured on this machine
	cargo build --release --locked -p jianghai
	$(TARGET)/release/jianghai bench ingest --rows 2000000 --json
	$(TARGET)/release/jianghai bench pages --json
	$(TARGET)/release/jianghai bench casework --json

lint: assets ## formatting, clippy, types of the islands
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	npm --prefix islands run --silent check

assets: $(ASSETS) ## styles, scripts and icons, built from islands/
$(ASSETS): islands/package-lock.json $(shell find islands -path islands/node_modules -prune -o -path islands/dist -prune -o -type f -print 2>/dev/null)
	npm --prefix islands ci --no-audit --no-fund
	npm --prefix islands run --silent build

setup-run:
	@deploy/setup run
setup-test:
	@deploy/setup test

.PHONY: help run test bench lint assets setup-run setup-test

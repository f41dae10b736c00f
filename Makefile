# The front door for people who do not use cargo every day: make, make check, make install.

CC ?= cc
CFLAGS ?= -std=c99 -O2 -Wall -Wextra
CARGO ?= cargo
# What is built is expected here, whatever the environment says.
export CARGO_TARGET_DIR := $(CURDIR)/target
BUILD = target/debug
SANDBOX = $(BUILD)/examples/sandbox
DEMO = target/demo
MAIN_JOB = login permissions datasets

.PHONY: generated all help demo sandbox prove prove-long test check setup clean header docs memcheck bench bench-long counts growth bindings languages bench-languages

all: library

include packaging/install.mk
include packaging/dist.mk
include packaging/windows.mk

help:
	@echo 'make                builds the library and the command crux (Rust $(RUST_VERSION) or later)'
	@echo 'make install        installs them: PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)'
	@echo 'make uninstall      removes what make install has installed'
	@echo 'make check          installs into an empty folder, builds programs with that, and uninstalls'
	@echo 'make demo           shows the main job against the bundled sandbox'
	@echo 'make sandbox        the services on this machine, to try a program with; Ctrl-C ends it'
	@echo 'make test           installs what the tests need and runs every one of them'
	@echo 'make prove          runs the program behind every promise, a line for each; make prove-long takes hours'
	@echo 'make languages      installs what the languages of bindings/ need and tests each of them'
	@echo 'make bench-languages  what a request costs in each of them'
	@echo 'make dist           the library for other computers: any Linux with glibc 2.17 or later, or with musl'
	@echo 'make packages       Debian packages and archives of what make dist has made'
	@echo 'make windows        the library for Windows, built and tested under Wine on Debian'
	@echo 'make docs           the documentation as a site, in target/site'
	@echo 'make generated      writes the files that are made from the sources: header, manual, options, bindings'
	@echo 'make clean          removes everything that was built'

# Builds the library and shows the main job against the bundled sandbox.
demo: rust
	$(CARGO) build --lib --example sandbox
	mkdir -p $(DEMO)
	for name in $(MAIN_JOB); do \
	    $(CC) $(CFLAGS) -Iinclude examples-c/$$name.c -o $(DEMO)/$$name \
	        -L$(BUILD) -lcrux '-Wl,-rpath,$(CURDIR)/$(BUILD)' || exit 1; \
	done
	$(SANDBOX) --run sh examples-c/demo.sh $(DEMO)

# The services on this machine, until Ctrl-C; it prints addresses and demo accounts.
sandbox: rust
	$(CARGO) run --quiet --example sandbox

# Installs what the tests need and runs every one of them, also after one has failed.
test: setup
	$(CARGO) test --workspace --no-fail-fast

# The program behind every promise of README (tests/prove/promises.tsv), in a form that takes minutes, or hours.
prove: rust
	@python3 tests/prove/run.py $(PROMISES)

prove-long: rust
	@python3 tests/prove/run.py --long $(PROMISES)

setup:
	sh .ci/setup

clean:
	$(CARGO) clean

# Writes include/crux.h and include/crux.json as the sources say.
header:
	CRUX_REWRITE=1 $(CARGO) test --test abi is_what_the_sources_say

# Writes docs/options.md as the table of options says, and makes the site of header, tables and pages.
docs:
	CRUX_REWRITE=1 $(CARGO) test --test abi the_reference_of_options_is_what_the_table_says
	python3 packaging/site.py target/site

# Writes all files that are made from the sources, in the order in which they are made from each other.
generated: header
	$(MAKE) manual bindings
	CRUX_REWRITE=1 $(CARGO) test --test abi the_reference_of_options_is_what_the_table_says

# Writes the low layer of every language as include/crux.json says.
bindings:
	$(CARGO) run --quiet -p generator

# The tests of every language, or of those in LANGUAGES; one line each at the end.
languages:
	sh bindings/run.sh $(LANGUAGES)

# What a small GET costs in every language, or in those in LANGUAGES, beside the client that its people use: one table,
# under four minutes once it is built. LONG=1: also whether memory stays flat over 100,000 requests.
bench-languages:
	LONG=$(LONG) sh bindings/bench.sh $(LANGUAGES)

# Runs the C examples under valgrind: no error, no leak.
memcheck:
	$(CARGO) build --lib --example sandbox
	mkdir -p $(DEMO)
	for name in $(MAIN_JOB) errors crux export_crunch export_crux password; do \
	    $(CC) $(CFLAGS) -g -D_POSIX_C_SOURCE=200809L -Iinclude examples-c/$$name.c -o $(DEMO)/$$name \
	        -L$(BUILD) -lcrux '-Wl,-rpath,$(CURDIR)/$(BUILD)' || exit 1; \
	done
	$(SANDBOX) --run sh .ci/memcheck $(DEMO)

# libcrux beside libcurl, raw sockets and Python requests: one table, under three minutes once it is built.
bench:
	python3 benches/run.py

bench-long:
	python3 benches/run.py --long

# The counts that the gate holds: instructions, system calls, allocations.
counts:
	python3 benches/counts.py

# Whether the cost of a request stays what it is with more threads, requests, responses, bytes.
growth:
	python3 benches/growth.py

# The front door for people who do not use cargo every day.

CC ?= cc
CFLAGS ?= -std=c99 -O2 -Wall -Wextra
BUILD = target/debug
DEMO = target/demo
MAIN_JOB = login permissions datasets
SHIPPED = target/libcrux

DIST = target/dist

.PHONY: demo test dist header docs memcheck setup bench bench-long counts growth

# Builds the library and shows the main job against the bundled sandbox.
demo:
	cargo build --lib --example sandbox
	mkdir -p $(DEMO)
	for name in $(MAIN_JOB); do \
	    $(CC) $(CFLAGS) -Iinclude examples-c/$$name.c -o $(DEMO)/$$name \
	        -L$(BUILD) -lcrux -Wl,-rpath,$(CURDIR)/$(BUILD) || exit 1; \
	done
	$(BUILD)/examples/sandbox --run sh examples-c/demo.sh $(DEMO)

# Installs what the tests need and runs every one of them, also after one has failed.
test: setup
	cargo test --workspace --no-fail-fast

setup:
	sh .ci/setup

# The library as it is shipped: stripped, and what a debugger wants to know in a file beside it.
dist:
	cargo build --profile dist --lib
	mkdir -p $(SHIPPED)/lib $(SHIPPED)/include
	objcopy --only-keep-debug target/dist/libcrux.so $(SHIPPED)/lib/libcrux.so.0.debug
	objcopy --strip-unneeded --add-gnu-debuglink=$(SHIPPED)/lib/libcrux.so.0.debug \
	    target/dist/libcrux.so $(SHIPPED)/lib/libcrux.so.0
	ln -sf libcrux.so.0 $(SHIPPED)/lib/libcrux.so
	objcopy --strip-debug target/dist/libcrux.a $(SHIPPED)/lib/libcrux.a
	cp include/crux.h include/crux.json $(SHIPPED)/include

# Writes include/crux.h and include/crux.json as the sources say.
header:
	CRUX_REWRITE=1 cargo test --test abi is_what_the_sources_say

# Writes docs/options.md as the table of options says.
docs:
	CRUX_REWRITE=1 cargo test --test abi the_reference_of_options_is_what_the_table_says

# Runs the C examples under valgrind: no error, no leak.
memcheck:
	cargo build --lib --example sandbox
	mkdir -p $(DEMO)
	for name in $(MAIN_JOB) errors crux export_crunch export_crux password; do \
	    $(CC) $(CFLAGS) -g -D_POSIX_C_SOURCE=200809L -Iinclude examples-c/$$name.c -o $(DEMO)/$$name \
	        -L$(BUILD) -lcrux -Wl,-rpath,$(CURDIR)/$(BUILD) || exit 1; \
	done
	$(BUILD)/examples/sandbox --run sh .ci/memcheck $(DEMO)

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

# make, make install, make uninstall, make check: the library for this computer.

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
DOCDIR ?= $(DATADIR)/doc/crux
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml)
RUST_VERSION := $(shell sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
# What is built, ready to be installed.
MADE ?= target/made
SOURCES := Cargo.toml Cargo.lock build.rs include/crux.h packaging/crux.map packaging/link.sh \
    $(shell find $(wildcard src build) -type f) $(wildcard examples-c/crux.c examples-c/crux/*)
quoted = '$(subst ','\'',$(1))'
FOLDERS = $(foreach name,PREFIX DESTDIR BINDIR LIBDIR INCLUDEDIR DATADIR MANDIR DOCDIR VERSION MADE,$(name)=$(call quoted,$($(name))))

.PHONY: library rust install uninstall check licences

library: $(MADE)/crux

# One sentence if Rust is missing or too old.
rust:
	@CARGO='$(CARGO)' sh packaging/rust.sh

# The command holds the library itself, so that it runs wherever it is installed. It asks for Rust only if something is
# to be built: "sudo make install" has none.
target/made/crux: $(SOURCES)
	@CARGO='$(CARGO)' sh packaging/rust.sh
	@mkdir -p target/made
	$(CARGO) rustc --release --lib --crate-type staticlib --message-format=json-render-diagnostics >target/made/messages
	@# Where it is, cargo knows: CARGO_BUILD_TARGET and the user's own configuration may name a computer.
	CC='$(CC)' LDFLAGS='$(LDFLAGS)' sh packaging/link.sh \
	    "$$(sed -n 's/.*"filenames":\["\([^"]*libcrux\.a\)".*/\1/p' target/made/messages)" target/made $(VERSION)
	$(CC) -Iinclude $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) examples-c/crux.c -o $@ target/made/libcrux.a -Wl,--gc-sections -lm -lpthread -ldl

# Needs no cargo after make, so that "sudo make install" works where Rust is the user's own.
install: library
	@$(FOLDERS) sh packaging/install.sh install
	@printf 'Installed in %s.\n' $(call quoted,$(DESTDIR)$(PREFIX))

uninstall:
	@$(FOLDERS) sh packaging/install.sh uninstall

# Installs into an empty folder, builds programs in every way, uninstalls to nothing.
check: library
	sh packaging/test-install.sh

# Writes packaging/licences.txt: the licences of all that is linked, as Cargo.lock says.
licences:
	python3 packaging/licences.py --write

# Writes packaging/libcrux.3 as the header says.
.PHONY: manual
manual:
	python3 packaging/manual.py --write

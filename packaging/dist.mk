# make dist, make packages: the library for other computers.

.PHONY: dist check-dist check-32-bit packages check-packages

# Any Linux with glibc 2.17 or later, or with musl, for each machine there is a standard library for: target/libcrux/MACHINE-...
dist: rust
	sh packaging/dist.sh $(TARGETS)

# Builds it once more in another folder: the same bytes, no path of the builder, old enough, small enough.
check-dist: dist
	sh packaging/test-dist.sh

# The unit tests in 32 bit.
check-32-bit:
	sh packaging/test-32-bit.sh

# Debian packages and archives, in target/packages.
packages: dist
	sh packaging/packages.sh

# Installs each package into an empty environment and does the main job there.
check-packages: packages
	$(CARGO) build --example sandbox
	$(SANDBOX) --run sh packaging/test-packages.sh

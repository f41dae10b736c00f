# The front door for people who do not use cargo every day.

.PHONY: test header docs

# Runs every test.
test:
	cargo test

# Writes include/crux.h as the sources say.
header:
	CRUX_REWRITE=1 cargo test --test header the_header_is_what_the_sources_say

# Writes docs/options.md as the table of options says.
docs:
	CRUX_REWRITE=1 cargo test --test header the_reference_of_options_is_what_the_table_says

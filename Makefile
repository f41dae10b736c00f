# The front door for people who do not use cargo every day.

# Runs every test.
test:
	cargo test

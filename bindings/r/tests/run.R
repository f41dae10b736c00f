# Runs all tests of the installed package; the last line counts them.
library(testthat)
library(libcrux)

arguments <- commandArgs()
here <- dirname(sub("^--file=", "", grep("^--file=", arguments, value = TRUE)))
results <- test_dir(file.path(here, "testthat"), reporter = "check", stop_on_failure = FALSE, package = "libcrux",
                    load_package = "installed")

table <- as.data.frame(results)
failed <- table$failed > 0 | table$error
skipped <- table$skipped & !failed
reasons <- unlist(lapply(results[skipped], function(result) {
  skips <- Filter(function(one) inherits(one, "expectation_skip"), result$results)
  vapply(skips, function(one) sub("^Reason: ", "", conditionMessage(one)), "")
}))
why <- if (any(skipped)) sprintf(", %d skipped (%s)", sum(skipped), paste(unique(reasons), collapse = "; ")) else ""
cat(sprintf("r: %d passed, %d failed%s\n", sum(!failed & !skipped), sum(failed), why))
quit(status = as.integer(any(failed)))

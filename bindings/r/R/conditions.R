# Failures as conditions. None has a call: it could show a password.

fail <- function(word, message, members = list()) {
  classes <- c(paste0("crux_", word, "_error"), "crux_error", "error", "condition")
  stop(structure(c(list(message = message, call = NULL), members), class = classes))
}

# What is not usable is refused before anything is sent.
refuse <- function(message) {
  fail("argument", message, list(code = 1L, status = 0L, server_message = NA_character_, retryable = FALSE,
                                 maybe_sent = FALSE, retry_after = NA_real_, attempts = 0L, response = NULL))
}

cancelled <- function() {
  fail("cancelled", "The operation was cancelled.",
       list(code = 8L, status = 0L, server_message = NA_character_, retryable = FALSE, maybe_sent = TRUE,
            retry_after = NA_real_, attempts = NA_integer_, response = NULL))
}

# What .Call returned, or the error that it stands for.
answer <- function(x) {
  if (!inherits(x, "crux_failure")) return(x)
  facts <- unclass(x)
  word <- if (facts$code <= length(outcomes)) outcomes[[facts$code]] else "unknown"
  fail(word, facts$message, facts[names(facts) != "message"])
}

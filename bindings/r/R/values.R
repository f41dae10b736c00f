# Values of R as the texts that libcrux takes.

number_text <- function(x) vapply(x, format, "", scientific = FALSE, digits = 15L, trim = TRUE)

value_text <- function(x, what) {
  if (is.character(x)) x
  else if (is.factor(x) || inherits(x, c("Date", "POSIXt"))) plain(x)
  else if (is.logical(x) && !anyNA(x)) tolower(as.character(x))
  else if (inherits(x, "integer64") && !"null" %in% integer64_text(x)) integer64_text(x)
  else if (is.numeric(x) && !inherits(x, "integer64") && all(is.finite(x))) number_text(x)
  else refuse(paste0("A value of the ", what, " must be text, a number, TRUE or FALSE."))
}

# 64-bit integers one by one: without the package bit64, R takes what it picks out of them for other numbers.
apart <- function(x) lapply(unclass(x), structure, class = "integer64")

integer64_text <- function(x) vapply(apart(x), function(one) rawToChar(.Call(r_json, one)), "", USE.NAMES = FALSE)

# A named list or vector as a named character vector; a value of several is as many pairs.
pairs <- function(x, what) {
  if (is.null(x) || length(x) == 0L) return(NULL)
  if (is.null(names(x)) || !all(nzchar(names(x)))) refuse(paste0("Each value of the ", what, " needs a name."))
  if (is.character(x)) return(x)
  if (inherits(x, "integer64")) x <- apart(x)
  if (!is.list(x)) x <- as.list(x)
  texts <- lapply(x[!vapply(x, is.null, NA)], value_text, what)
  structure(as.character(unlist(texts, use.names = FALSE)), names = rep(names(texts), lengths(texts)))
}

option_text <- function(value, name) {
  if (name %in% json_options && is.list(value)) return(rawToChar(.Call(r_json, value)))
  if (name == "headers" && !is.null(names(value))) return(header_lines(value))
  if (length(value) != 1L || !is.atomic(value) || is.na(value)) {
    refuse(paste0("The option ", name, " must be one text, number, TRUE or FALSE."))
  }
  if (is.logical(value)) as.character(as.integer(value)) else value_text(value, paste("option", name))
}

header_lines <- function(values) {
  values <- pairs(values, "headers")
  if (any(grepl("[\r\n]", c(names(values), values)))) refuse("A header cannot hold the end of a line.")
  paste0(names(values), ": ", values, collapse = "\n")
}

# Options by their names in R as texts by their keys. A name that is not known goes on as it is: libcrux says which
# option is nearest.
settings <- function(options) {
  options <- options[!vapply(options, is.null, NA)]
  if (length(options) == 0L) return(character())
  words <- names(options)
  if (is.null(words) || !all(nzchar(words))) refuse("Options are given by name.")
  # Of a call of crux_parallel(), the body would stay unread.
  if ("stream" %in% words) refuse("crux_stream() reads a body piece by piece; the option stream is not for R.")
  known <- words %in% names(option_keys)
  structure(mapply(option_text, options, words, USE.NAMES = FALSE), names = ifelse(known, option_keys[words], words))
}

# What JSON has no form for, as something that it has one for; called by src/json.c.
plain <- function(x) {
  if (is.data.frame(x)) {
    columns <- lapply(unclass(x), function(column) if (is.object(column)) plain(column) else column)
    lapply(seq_len(nrow(x)), function(i) lapply(columns, function(column) column[[i]]))
  }
  else if (is.factor(x)) as.character(x)
  else if (inherits(x, "Date")) format(x, "%Y-%m-%d")
  else if (inherits(x, "POSIXt")) sub("\\.?0*Z$", "Z", format(x, "%Y-%m-%dT%H:%M:%OS6Z", tz = "UTC"))
  else if (inherits(x, "integer64")) apart(x)
  else if (length(dim(x)) == 2L && !is.object(x)) lapply(seq_len(nrow(x)), function(i) I(as.vector(x[i, ])))
  else if (is.environment(x) || isS4(x) || length(dim(x)) > 2L) {
    refuse(paste0("A value of class ", class(x)[[1L]], " cannot be sent as JSON."))
  }
  else structure(unclass(x), dim = NULL)
}

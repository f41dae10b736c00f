# What is in a response.

status <- function(x) UseMethod("status")

headers <- function(x) UseMethod("headers")

content <- function(x, as = c("json", "text", "raw"), ...) {
  # Most are asked for no more than their JSON: that needs no search for a method.
  if (nargs() == 1L && !is.null(text <- .Call(r_json_of, x))) {
    return(withCallingHandlers(read_json(text), error = no_json))
  }
  UseMethod("content")
}

status.crux_response <- function(x) x$status

headers.crux_response <- function(x) x$headers

status.crux_error <- function(x) x$status

headers.crux_error <- function(x) x$response$headers

content.crux_error <- function(x, as = c("json", "text", "raw"), ...) {
  if (is.null(x$response)) refuse("This error came without a response.")
  content(x$response, as, ...)
}

content.crux_response <- function(x, as = c("json", "text", "raw"), ...) {
  # switch() would take a number for a place.
  switch(if (is.character(as) && length(as)) as[[1L]] else "", raw = x$body, text = body_text(x$body), json = body_json(x$body, ...),
         refuse("A body is taken as \"json\", \"text\" or \"raw\"."))
}

body_text <- function(body) {
  text <- .Call(r_text, body)
  if (is.null(text)) fail("protocol", "The body is no text in UTF-8, or holds a NUL; take it as raw.")
  text
}

body_json <- function(body, simplifyVector = FALSE, ...) {
  if (length(body) == 0L) fail("protocol", "The body is empty, and no JSON.")
  text <- body_text(body)
  # jsonlite would cut a text at a NUL.
  has_nul <- .Call(r_has_nul, body)
  if (has_nul) {
    mark <- unused_character(text)
    text <- gsub("(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000", paste0("\\1", mark), text, perl = TRUE)
  }
  document <- withCallingHandlers(parse_json(text, simplifyVector = simplifyVector, ...), error = no_json)
  if (has_nul) with_nuls(document, mark) else document
}

# What parse_json(text) returns.
read_json <- function(text) parse_json(text)

# Most of the time of parse_json() goes by before it comes to its parser, which jsonlite does not export. That is called
# where it is there, takes what it takes today, and reads samples as parse_json() does.
.onLoad <- function(libname, pkgname) {
  parser <- get0("R_parse", asNamespace("jsonlite"), inherits = FALSE)
  if (!inherits(parser, "CallRoutine") || !identical(parser$numParameters, 2L)) return()
  direct <- function(text) .Call(parser, text, FALSE)
  read <- function(reader, text) tryCatch(reader(text), error = conditionMessage)
  same <- function(text) identical(read(direct, text), read(parse_json, text))
  samples <- c("{\"a\":[1,-0.5,1e20,9007199254740993,null,true],\"b\":{},\"c\":[],\"d\":\"\u00fc\\u20ac\"}", "[1]]", "")
  if (all(vapply(samples, same, NA))) read_json <<- direct
}

no_json <- function(e) {
  fail("protocol", paste0("The body is no JSON: ", sub("\n.*", "", conditionMessage(e)), "."))
}

# No text of R can hold a NUL: such a text becomes its bytes.
with_nuls <- function(x, mark) {
  marked <- function(texts) any(grepl(mark, texts, fixed = TRUE))
  if (marked(names(x)) || (is.character(x) && length(x) > 1L && marked(x))) {
    fail("protocol", "The JSON of the body holds a NUL where R cannot; take it as raw.")
  }
  if (is.list(x)) {
    x[] <- lapply(x, with_nuls, mark)
  } else if (is.character(x) && marked(x)) {
    pieces <- lapply(strsplit(paste0(x, "."), mark, fixed = TRUE)[[1L]], charToRaw)
    bytes <- Reduce(function(before, piece) c(before, as.raw(0L), piece), pieces)
    return(bytes[-length(bytes)])
  }
  x
}

unused_character <- function(text) {
  Find(function(one) !grepl(one, text, fixed = TRUE), intToUtf8(0xE000:0xE0FF, multiple = TRUE))
}

print.crux_response <- function(x, ...) {
  place <- if (!is.na(x$url)) paste0(", ", x$url)
  cat("<crux_response ", x$status, ", ", length(x$body), " bytes", place, ">\n", sep = "")
  invisible(x)
}

# ---- headers: names in any case of letters ----

header_named <- function(x, name) {
  values <- unclass(x)
  found <- match(tolower(name), names(values))
  if (is.na(found)) NULL else values[[found]]
}

`$.crux_headers` <- function(x, name) header_named(x, name)

`[[.crux_headers` <- function(x, i, ...) if (is.character(i)) header_named(x, i) else unclass(x)[[i]]

as.list.crux_headers <- function(x, ...) as.list(unclass(x))

print.crux_headers <- function(x, ...) {
  cat(paste0(names(x), ": ", unclass(x), "\n"), sep = "")
  invisible(x)
}

# Runs the cases that are data.

fill_in <- function(x) {
  if (is.list(x)) return(lapply(x, fill_in))
  if (!is.character(x)) return(x)
  places <- c("{base}" = base, "{https}" = Sys.getenv("CRUX_SANDBOX_HTTPS"), "{ca}" = Sys.getenv("CRUX_SANDBOX_CA"))
  for (place in names(places)) x <- gsub(place, places[[place]], x, fixed = TRUE)
  x
}

missing_value <- structure(list(), class = "missing_value")

# What stands at a JSON pointer of a document.
at <- function(document, pointer) {
  for (step in strsplit(pointer, "/", fixed = TRUE)[[1L]][-1L]) {
    step <- gsub("~0", "~", gsub("~1", "/", step, fixed = TRUE), fixed = TRUE)
    place <- if (is.null(names(document))) as.integer(step) + 1L else match(step, names(document))
    if (!is.list(document) || is.na(place) || place > length(document)) return(missing_value)
    document <- document[[place]]
  }
  document
}

client_for <- function(account, options) {
  make <- switch(account, password = shop, anonymous = function(...) anonymous("custom", base, ...), function(...) {
    token(c(token = "tok-7d1c", bad_token = "nope")[[account]], "custom", base, ...)
  })
  do.call(make, options)
}

# What the case does: the answer, or the error; with what else is to be looked at.
perform <- function(case) {
  options <- fill_in(case$options)
  of_client <- names(options) %in% c("tls_ca_file", "base_url")
  if (identical(case$do, "login")) {
    settings <- modifyList(list(service = "custom", base_url = base), as.list(options))
    secret <- if (is.null(case$secret)) password else case$secret
    return(list(answer = do.call(login, c(list(user, secret), settings))))
  }
  client <- client_for(if (is.null(case$account)) "password" else case$account, as.list(options[of_client]))
  as_they_are <- intersect(names(case), c("query", "fill", "headers", "wait", "type"))
  arguments <- c(list(client), path = fill_in(case$path), case[as_they_are], options[!of_client])
  if ("json" %in% names(case)) arguments["json"] <- list(case[["json"]])
  if (!is.null(case$body_hex)) {
    first <- seq(1L, nchar(case$body_hex), 2L)
    arguments$body <- as.raw(strtoi(substring(case$body_hex, first, first + 1L), 16L))
  }
  switch(if (is.null(case$do)) "call" else case$do,
    call = {
      method <- if (is.null(case$method)) "GET" else case$method
      list(answer = do.call(crux_request, c(arguments, method = method)))
    },
    pages = list(pages = as.list(do.call(crux_pages, arguments))),
    items = list(items = as.list(do.call(crux_items, arguments))),
    follow = list(answer = follow(do.call(crux_get, arguments), case$link)),
    upload = {
      arguments <- c(arguments, file = list(charToRaw(case$data)), case[c("field", "filename")])
      list(answer = do.call(crux_upload, arguments))
    },
    stream = {
      stream <- do.call(crux_stream, arguments)
      on.exit(close(stream))
      list(answer = stream, body = read_to_the_end(stream))
    },
    download = {
      file <- tempfile()
      last <- NULL
      arguments <- c(arguments, file = file, progress = function(done, total) last <<- done)
      answer <- tryCatch(do.call(crux_download, arguments), crux_error = identity)
      list(answer = answer, file = file, last = last)
    }
  )
}

read_to_the_end <- function(stream) {
  body <- raw()
  while (length(piece <- readBin(stream, "raw", 100000L)) > 0L) body <- c(body, piece)
  body
}

# How each thing that is expected is looked at.
checks <- list(
  error = function(got, want) expect_s3_class(got$answer, paste0("crux_", want, "_error")),
  status = function(got, want) expect_equal(status(got$answer), want),
  text = function(got, want) expect_identical(content(got$answer, "text"), want),
  length = function(got, want) expect_length(if (is.null(got$body)) got$answer$body else got$body, want),
  sha256 = function(got, want) expect_identical(digest::digest(got$answer$body, "sha256", serialize = FALSE), want),
  url = function(got, want) expect_identical(got$answer$url, fill_in(want)),
  location = function(got, want) expect_identical(got$answer$location, fill_in(want)),
  attempts = function(got, want) expect_equal(got$answer$attempts, want),
  json = function(got, want) {
    document <- content(got$answer)
    for (pointer in names(want)) expect_equal(at(document, pointer), want[[pointer]])
  },
  absent = function(got, want) for (pointer in want) expect_identical(at(content(got$answer), pointer), missing_value),
  sent_json = function(got, want) expect_equal(jsonlite::parse_json(content(got$answer)$body), got$sent),
  json_fails = function(got, want) expect_error(content(got$answer), class = "crux_protocol_error"),
  headers = function(got, want) for (name in names(want)) expect_identical(headers(got$answer)[[name]], want[[name]]),
  server_message = function(got, want) expect_identical(got$answer$server_message, want),
  retryable = function(got, want) expect_identical(got$answer$retryable, want),
  retry_after_s = function(got, want) expect_equal(got$answer$retry_after, want),
  sizes = function(got, want) {
    expect_equal(lengths(lapply(got$pages, function(page) at(content(page), want$pointer))), unlist(want$are))
  },
  items = function(got, want) expect_equal(lapply(got$items, at, want$pointer), want$are),
  file_length = function(got, want) expect_equal(file.size(got$file), want),
  progress_last = function(got, want) expect_equal(got$last, want),
  no_file = function(got, want) expect_false(file.exists(got$file))
)

is_data <- vapply(cases, function(one) !identical(one$do, "own") && !startsWith(one$name, "nul_in_"), NA)
for (one in cases[is_data]) local({
  it <- one
  case(it$name, {
    prepare(it$before)
    on.exit(prepare())
    took <- elapsed_s(got <- tryCatch(perform(it), crux_error = function(e) list(answer = e)))
    got$sent <- it[["json"]]
    if (is.null(it$expect$error)) expect_false(inherits(got$answer, "crux_error"))
    if (!is.null(it$within_ms)) expect_lt(took * 1000, it$within_ms)
    for (what in names(it$expect)) checks[[what]](got, it$expect[[what]])
  })
})

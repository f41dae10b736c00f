# Requests and how they are sent.

crux_request <- function(client, method, path, query = NULL, json = NULL, body = NULL, type = NULL, headers = NULL,
                         fill = NULL, wait = FALSE, progress = NULL, ...) {
  # Most requests have no more than that.
  if (nargs() == 3L) return(.Call(r_request, client, method, path))
  request <- describe(method, path, query, json, body, type, headers, fill, wait, ...)
  if (inherits(body, "connection") && !isOpen(body)) {
    open(body, "rb")
    on.exit(close(body))
  }
  send(handle_of(client), request, progress, phase_of(request, wait))
}

crux_get <- function(client, path, ...) {
  if (nargs() == 2L) .Call(r_request, client, "GET", path) else crux_request(client, "GET", path, ...)
}

crux_post <- function(client, path, ...) crux_request(client, "POST", path, ...)

crux_put <- function(client, path, ...) crux_request(client, "PUT", path, ...)

crux_patch <- function(client, path, ...) crux_request(client, "PATCH", path, ...)

crux_delete <- function(client, path, ...) crux_request(client, "DELETE", path, ...)

follow <- function(response, link, method = "GET", ..., progress = NULL) {
  if (!inherits(response, "crux_response")) refuse("This is no response.")
  if (is.null(response$handle)) refuse("Only a response with a JSON document, or none, has links to follow.")
  request <- describe(method, link, ...)
  request[[1L]] <- "follow"
  send(response$handle, request, progress, phase_of(request))
}

crux_wait <- function(response, timeout_ms = -1, progress = NULL) {
  if (!inherits(response, "crux_response")) refuse("This is no response.")
  if (is.null(response$handle)) refuse("This response started no job.")
  if (!is.numeric(timeout_ms) || length(timeout_ms) != 1L || is.na(timeout_ms)) refuse("The timeout must be a number.")
  # 0 would be "as long as it takes".
  limit <- if (timeout_ms >= 0) settings(list(job_timeout_ms = max(1, timeout_ms)))
  send(response$handle, request_list("await", "GET", options = limit), progress, phases[["job"]])
}

crux_parallel <- function(client, requests, ..., on_error = c("stop", "return"), progress = NULL) {
  on_error <- match.arg(on_error)
  if (!is.character(requests) && !is.list(requests)) refuse("The requests must be paths, or a list of arguments each.")
  described <- lapply(requests, function(one) {
    arguments <- c(if (is.list(one)) one else list(path = one), list(...))
    if (inherits(arguments$body, "connection") || is.function(arguments$body)) {
      refuse("Requests at once cannot take their bodies from R.")
    }
    do.call(describe, arguments)
  })
  handle <- handle_of(client)
  answers <- with_progress(progress, function(hook) .Call(r_send_all, handle, described, hook))
  if (is.null(answers)) cancelled()
  names(answers) <- names(requests)
  lapply(answers, if (on_error == "stop") answer else function(x) tryCatch(answer(x), crux_error = identity))
}

# ---- a request as src/call.c reads it ----

request_list <- function(kind, method, path = NULL, fill = NULL, query = NULL, headers = NULL, options = NULL,
                         body = NULL, type = NULL, upload = NULL) {
  list(kind, method, path, fill, query, headers, options, body, type, upload)
}

describe <- function(method = "GET", path, query = NULL, json = NULL, body = NULL, type = NULL, headers = NULL,
                     fill = NULL, wait = FALSE, ...) {
  if (!isTRUE(wait) && !isFALSE(wait)) refuse("The argument wait must be TRUE or FALSE.")
  options <- if (...length() || wait) settings(list(..., await = if (wait) TRUE))
  if (!is.null(json)) {
    if (!is.null(body)) refuse("A request has a body or a JSON document, not both.")
    body <- .Call(r_json, json)
  } else if (!is.null(body)) {
    if (is.null(type) && is.raw(body)) type <- "application/octet-stream"
    body <- body_of(body)
  }
  request_list("new", method, path, pairs(fill, "fill"), pairs(query, "query"), pairs(headers, "headers"), options,
               body, type)
}

body_of <- function(body) {
  if (is.raw(body) || (is.character(body) && length(body) == 1L)) return(body)
  if (inherits(body, "connection")) return(function(n) readBin(body, "raw", n))
  if (is.function(body)) return(pieces(body))
  refuse("The body must be raw, one text, a connection or a function; lists go into json.")
}

# A function may return more bytes than it is asked for: the rest waits for the next time.
pieces <- function(body) {
  rest <- raw()
  function(n) {
    if (length(rest) == 0L) rest <<- body(n)
    if (is.null(rest)) rest <<- raw()
    if (is.character(rest)) rest <<- charToRaw(enc2utf8(paste(rest, collapse = "")))
    if (!is.raw(rest)) refuse("The function of a body must return raw bytes, text, or NULL at the end.")
    piece <- rest[seq_len(min(n, length(rest)))]
    rest <<- rest[-seq_along(piece)]
    piece
  }
}

# ---- on its way ----

send <- function(source, request, progress = NULL, phase = 0L) {
  if (is.null(progress)) return(answer(.Call(r_send, source, request, NULL, 0L)))
  with_progress(progress, function(hook) answer(.Call(r_send, source, request, hook, phase)))
}

# What progress tells of: the job if there is one, else the body that is sent, else the one that comes.
phase_of <- function(request, wait = FALSE) {
  phases[[if (wait) "job" else if (is.null(request[[8L]]) && is.null(request[[10L]])) "receive" else "send"]]
}

# Called while R waits: the event handlers of graphics windows and their like. A sleep of 0 would not run them.
serve_events <- function() Sys.sleep(0.001)

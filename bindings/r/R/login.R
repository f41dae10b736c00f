# Clients: an account at a service.

login <- function(user, password, service = "crunch", base_url = NULL, ..., log = NULL, log_level = "warning") {
  if (!is.character(user) || !is.character(password)) refuse("User and password must be character strings.")
  connect(list(service = service, base_url = base_url, user = user, secret = password, ...), log, log_level)
}

token <- function(token, service = "crunch", base_url = NULL, ..., log = NULL, log_level = "warning") {
  account <- list(service = service, base_url = base_url, ...)
  if (is.function(token)) return(connect(account, log, log_level, source = token_hook(token)))
  if (!is.character(token)) refuse("The token must be a character string, or a function that fetches one.")
  connect(c(account, token = token), log, log_level)
}

anonymous <- function(service = "crunch", base_url = NULL, ..., log = NULL, log_level = "warning") {
  connect(list(service = service, base_url = base_url, ...), log, log_level)
}

from_env <- function(account = NULL, service = NULL, base_url = NULL, ..., log = NULL, log_level = "warning") {
  if (is.null(account)) account <- ""
  connect(list(service = service, base_url = base_url, ...), log, log_level, account)
}

connect <- function(options, log, log_level, account = NULL, source = NULL) {
  load_library()
  level <- if (is.character(log_level)) log_levels[pmatch(log_level, names(log_levels))] else log_level
  if (!is.numeric(level) || length(level) != 1L || is.na(level)) {
    refuse(paste0("The log level must be one of: ", paste(names(log_levels), collapse = ", "), "."))
  }
  handle <- answer(.Call(r_login, settings(options), account, log_hook(log), as.integer(level), source))
  structure(list(handle = handle), class = "crux_client")
}

# An error of the hook hurts no call: it becomes a warning.
log_hook <- function(log) {
  if (is.null(log) || isFALSE(log)) return(NULL)
  if (isTRUE(log)) log <- function(level, line) message(level, ": ", line)
  if (!is.function(log)) refuse("The log must be a function of a level and a line, or TRUE.")
  function(level, line) {
    tryCatch(log(names(log_levels)[[level + 1L]], line), error = function(e) {
      warning("The log function failed: ", conditionMessage(e), call. = FALSE)
    })
  }
}

# The bytes of a token; none if there is none.
token_hook <- function(source) {
  function(refused, room) {
    token <- source(refused)
    if (is.null(token)) return(raw())
    if (!is.character(token) || length(token) != 1L || is.na(token)) refuse("The token must be one text, or NULL.")
    bytes <- charToRaw(enc2utf8(token))
    if (!validUTF8(token) || length(bytes) > room) refuse(paste("The token is no text, or longer than", room, "bytes."))
    bytes
  }
}

handle_of <- function(client) {
  if (!inherits(client, "crux_client")) refuse("This is no client; make one with login() or token().")
  client$handle
}

set_token <- function(client, token) {
  .Call(r_set_token, handle_of(client), token)
  invisible(client)
}

logout <- function(client) invisible(send(handle_of(client), request_list("logout", "GET")))

reset_password <- function(client, email) {
  invisible(send(handle_of(client), request_list("reset_password", "POST", email)))
}

facts <- function(client) parse_json(rawToChar(.Call(r_facts, handle_of(client))))

close.crux_client <- function(con, ...) invisible(.Call(r_close, con$handle))

print.crux_client <- function(x, ...) {
  about <- if (.Call(r_is_open, x$handle)) facts(x) else list(service = "closed")
  cat("<crux_client ", paste(c(about$service, about$base_url), collapse = " "), ">\n", sep = "")
  invisible(x)
}

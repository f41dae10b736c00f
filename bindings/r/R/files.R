# Files and streams.

crux_download <- function(client, path, file, progress = NULL, ...) {
  if (!is.character(file) || length(file) != 1L || is.na(file)) refuse("The file must be one path.")
  invisible(crux_request(client, "GET", path, progress = progress, save = path.expand(file), ...))
}

crux_upload <- function(client, path = NULL, file, field = NULL, filename = NULL, type = NULL, progress = NULL, ...) {
  upload <- list(field = field, type = type)
  if (inherits(file, "connection")) {
    if (is.null(filename)) filename <- basename(summary(file)$description)
    file <- read_all(file)
  }
  if (is.raw(file)) {
    if (is.null(filename)) refuse("Bytes are uploaded under a filename: give one.")
    upload <- c(upload, list(data = file, filename = filename))
    if (is.null(field)) upload$field <- "file"
  } else if (is.character(file) && length(file) == 1L && !is.na(file)) {
    if (!is.null(filename)) refuse("A file of the disk is uploaded under its own name.")
    upload$file <- path.expand(file)
  } else {
    refuse("What is uploaded must be a path, raw bytes or a connection.")
  }
  request <- describe("POST", path, ...)
  request[[1L]] <- "upload"
  request[[10L]] <- upload
  send(handle_of(client), request, progress, phase_of(request))
}

read_all <- function(connection) {
  if (!isOpen(connection)) {
    open(connection, "rb")
    on.exit(close(connection))
  }
  do.call(c, c(list(raw()), collect(function() {
    piece <- readBin(connection, "raw", 262144L)
    if (length(piece)) piece
  })))
}

crux_stream <- function(client, path, method = "GET", ...) {
  pair <- answer(.Call(r_stream, handle_of(client), describe(method, path, ...)))
  structure(pair[[1L]], response = pair[[2L]])
}

status.crux_stream <- function(x) attr(x, "response")$status

headers.crux_stream <- function(x) attr(x, "response")$headers

# Lists that come in pages.

crux_pages <- function(client, path, method = "GET", ...) {
  state <- new.env(parent = emptyenv())
  state$client <- handle_of(client)
  state$request <- describe(method, path, ...)
  state$page <- NULL
  state$over <- FALSE
  structure(state, class = "crux_pages")
}

next_page <- function(pages) {
  if (!inherits(pages, "crux_pages")) refuse("These are no pages; make some with crux_pages().")
  if (pages$over) return(NULL)
  request <- pages$request
  if (!is.null(pages$page)) {
    request <- request_list("next", request[[2L]], options = request[[7L]], upload = pages$page$handle)
  }
  # A page that fails may be asked for again.
  page <- if (is.null(pages$page) || !is.null(pages$page$handle)) send(pages$client, request)
  pages$page <- page
  pages$over <- is.null(page)
  page
}

as.list.crux_pages <- function(x, ...) collect(function() next_page(x))

crux_items <- function(client, path, method = "GET", member = NULL, ...) {
  state <- new.env(parent = emptyenv())
  state$pages <- crux_pages(client, path, method, ...)
  state$member <- member
  state$items <- list()
  state$at <- 0L
  structure(state, class = "crux_items")
}

next_item <- function(items) {
  if (!inherits(items, "crux_items")) refuse("These are no items; make some with crux_items().")
  while (items$at >= length(items$items)) {
    page <- next_page(items$pages)
    if (is.null(page)) return(NULL)
    items$items <- items_of(content(page), items$member)
    items$at <- 0L
  }
  items$at <- items$at + 1L
  items$items[[items$at]]
}

as.list.crux_items <- function(x, ...) {
  rest <- x$items[seq_along(x$items) > x$at]
  x$items <- list()
  x$at <- 0L
  c(rest, unlist(lapply(as.list(x$pages), function(page) items_of(content(page), x$member)), recursive = FALSE))
}

as.data.frame.crux_pages <- function(x, row.names = NULL, optional = FALSE, member = NULL, ...) {
  frames <- lapply(as.list(x), as.data.frame, member = member)
  if (length(frames)) rbind_pages(frames) else data.frame()
}

as.data.frame.crux_items <- function(x, row.names = NULL, optional = FALSE, ...) {
  as.data.frame(x$pages, member = x$member)
}

# Without these, R would count and pick the members of the environment.
unread <- function(x, ...) {
  refuse("What comes in pages has no length and no places before it is read: use as.list(), or take one at a time.")
}

length.crux_pages <- function(x) unread(x)

length.crux_items <- function(x) unread(x)

`[.crux_pages` <- function(x, ...) unread(x)

`[.crux_items` <- function(x, ...) unread(x)

`[[.crux_pages` <- function(x, ...) unread(x)

`[[.crux_items` <- function(x, ...) unread(x)

as.data.frame.crux_response <- function(x, row.names = NULL, optional = FALSE, member = NULL, ...) {
  items <- items_of(content(x, simplifyVector = TRUE, flatten = TRUE), member)
  if (is.data.frame(items)) items
  else if (length(items) == 0L) data.frame()
  else if (is.list(items)) rbind_pages(lapply(items, function(item) as.data.frame(item[lengths(item) == 1L])))
  else data.frame(value = items)
}

# The items of a page: the document if it is an array, or its member of that name; without a name its first array, or
# the tuples of a Crunch catalog.
items_of <- function(document, member = NULL) {
  if (!is.null(member)) return(document[[member]])
  is_array <- function(x) is.data.frame(x) || (is.list(x) && is.null(names(x))) || (is.atomic(x) && length(x) > 1L)
  if (is_array(document)) return(document)
  if (!is.list(document)) return(list())
  arrays <- Filter(is_array, document)
  if (length(arrays)) arrays[[1L]] else document$index
}

collect <- function(following) {
  all <- list()
  while (!is.null(one <- following())) all[[length(all) + 1L]] <- one
  all
}

str.crux_pages <- function(object, ...) print(object)

str.crux_items <- function(object, ...) print(object)

print.crux_pages <- function(x, ...) {
  cat("<crux_pages ", x$request[[3L]], ">\n", sep = "")
  invisible(x)
}

print.crux_items <- function(x, ...) {
  cat("<crux_items ", x$pages$request[[3L]], ">\n", sep = "")
  invisible(x)
}

# What only R has, and the programs of the page.

test_that("R CMD check finds no error and no warning", {
  log <- Sys.getenv("CRUX_R_CHECK")
  skip_if(log == "", "R CMD check was not run before")
  said <- readLines(log)
  expect_match(said, "^Status: (OK|[0-9]+ NOTEs?)$", all = FALSE)
  expect_length(grep("\\.\\.\\. (ERROR|WARNING)$", said), 0L)
})

run_file <- function(file) {
  system2(file.path(R.home("bin"), "Rscript"), shQuote(file), stdout = TRUE, stderr = TRUE)
}

test_that("the tour prints what the tours of all languages print", {
  skip_without_sandbox()
  tour <- Sys.getenv("CRUX_R_EXAMPLES")
  skip_if(tour == "", "the examples are not at hand")
  folder <- withr::local_tempdir()
  withr::local_dir(folder)
  said <- run_file(file.path(tour, "tour.R"))
  expect_identical(enc2utf8(said), readLines(file.path(tour, "..", "..", "tour.txt"), encoding = "UTF-8"))
})

test_that("the example logs in and reads", {
  skip_without_sandbox()
  examples <- Sys.getenv("CRUX_R_EXAMPLES")
  skip_if(examples == "", "the examples are not at hand")
  said <- run_file(file.path(examples, "login.R"))
  expect_null(attr(said, "status"))
  expect_match(said, "Bluse", all = FALSE)
})

test_that("login(user, password) is of Crunch, as its document shows", {
  skip_without_sandbox()
  crunch <- paste0(Sys.getenv("CRUX_SANDBOX_HTTP"), "/api/")
  client <- login("grace@example.com", "battery staple", base_url = crunch)
  expect_identical(facts(client)$service, "crunch")
  expect_gt(nrow(as.data.frame(crux_get(client, "datasets/all/"))), 0L)
  expect_identical(status(crux_get(client, "datasets/all/")), 200L)
})

test_that("lists, vectors and frames are the JSON that they look like", {
  json <- function(x) rawToChar(.Call(libcrux:::r_json, x))
  expect_identical(json(NULL), "null")
  expect_identical(json(list()), "[]")
  expect_identical(json(structure(list(), names = character())), "{}")
  expect_identical(json(list(a = NULL, b = list(NULL))), "{\"a\":null,\"b\":[null]}")
  several <- list(TRUE, NA, 1L, 1.5, "a", 1:2, I(1), character())
  expect_identical(json(several), "[true,null,1,1.5,\"a\",[1,2],[1],[]]")
  numbers <- c(0.1, 1 / 3, 9007199254740991, 1e300, -0.5)
  expect_identical(json(numbers), "[0.1,0.3333333333333333,9007199254740991,1e+300,-0.5]")
  expect_identical(json("\"\\\n\t\u0001/\u20ac"), "\"\\\"\\\\\\n\\t\\u0001/\u20ac\"")
  expect_identical(json(as.Date("2024-02-29")), "\"2024-02-29\"")
  times <- as.POSIXct(c(0, 0.25), origin = "1970-01-01")
  expect_identical(json(times), "[\"1970-01-01T00:00:00Z\",\"1970-01-01T00:00:00.25Z\"]")
  expect_identical(json(factor(c("x", NA))), "[\"x\",null]")
  expect_identical(json(matrix(1:4, 2)), "[[1,3],[2,4]]")
  frame <- data.frame(n = 1:2, f = factor(c("a", "b")))
  expect_identical(json(frame), "[{\"n\":1,\"f\":\"a\"},{\"n\":2,\"f\":\"b\"}]")
  expect_identical(json(list(x = structure("{\"a\":1}", class = "json"))), "{\"x\":{\"a\":1}}")
  expect_error(json(list(a = 1, 2)), class = "crux_argument_error")
  deep <- Reduce(function(inner, i) list(inner), 1:5000, NULL)
  expect_identical(nchar(json(deep)), 10004L)
})

test_that("in the locale C of cron and containers, texts are UTF-8", {
  skip_without_sandbox()
  said <- in_a_session(c(
    "client <- login(Sys.getenv('CRUX_USER'), Sys.getenv('CRUX_PASSWORD'), 'custom', Sys.getenv('CRUX_BASE'))",
    "stopifnot(identical(content(crux_get(client, 'things/1/'))$name, 'Bluse'))",
    "cat('end\\n')"
  ), "LC_ALL=C")
  expect_clean_end(said)
})

test_that("a number that was sent comes back as the same number", {
  skip_without_sandbox()
  set.seed(7)
  numbers <- c(.Machine$double.xmin, .Machine$double.xmax, 2^53 - 1, pi, runif(200) * 10^sample(-20:20, 200, TRUE))
  expect_identical(unlist(jsonlite::parse_json(content(crux_post(shop(), "echo/", json = numbers))$body)), numbers)
})

test_that("what jsonlite's parser reads is what jsonlite reads", {
  expect_match(deparse(body(libcrux:::read_json)), "parser", all = FALSE)
  read <- function(reader, text) tryCatch(reader(text), error = conditionMessage)
  texts <- c("null", "[]", "{}", "[{}]", "{\"a\":1,\"a\":2}", "-0", "1e400", "123456789012345678901234567890", "[1,]", "[",
             "\"\\ud800\"", "\"\\ud83d\\ude00\"", "{\"\":[null,true,1.0,2147483648]}", "\ufeff[1]", "// a\n[1]", "[1] 2")
  for (text in texts) {
    expect_identical(read(libcrux:::read_json, text), read(jsonlite::parse_json, text), info = text)
  }
})

test_that("what a response is asked for later is what it is asked for at once", {
  skip_without_sandbox()
  response <- crux_get(token("tok-7d1c", "custom", base), "things/1/")
  copy <- unserialize(serialize(response, NULL))
  expect_identical(unclass(response)[1:8], unclass(copy)[1:8])
  expect_identical(headers(copy)$`Content-Type`, "application/json")
  url <- crux_get(token("tok-7d1c", "custom", base), "things/1/")$url
  gc()
  expect_identical(url, response$url)
  values <- headers(crux_get(token("tok-7d1c", "custom", base), "things/1/"))
  gc()
  values[["x"]] <- "y"
  expect_identical(values$x, "y")
  expect_identical(names(values), c(names(response$headers), "x"))
})

test_that("a finalizer that holds a response still sees all of it", {
  skip_without_sandbox()
  client <- token("tok-7d1c", "custom", base)
  seen <- NULL
  local({
    holder <- new.env()
    reg.finalizer(holder, function(holder) {
      seen <<- c(holder$response$url, headers(holder$response)$`content-type`)
    })
    holder$response <- crux_get(client, "things/1/")
  })
  gc()
  expect_identical(seen, c(paste0(base, "things/1/"), "application/json"))
})

test_that("items become a data frame", {
  skip_without_sandbox()
  rows <- list(list(a = 1, b = list(c = "x")), list(a = 2))
  prepare(list(list(path = "/rows/", method = "*", status = 200, body = rows)))
  on.exit(prepare())
  things <- as.data.frame(crux_items(token("tok-7d1c", "custom", base), "things/", query = list(limit = 3)))
  expect_identical(names(things), c("id", "name", "url"))
  expect_gte(nrow(things), 7L)
  rows <- as.data.frame(crux_get(token("tok-7d1c", "custom", base), "rows/"))
  expect_identical(rows, data.frame(a = c(1L, 2L), b.c = c("x", NA)))
})

test_that("a stream is a connection: lines, pieces, status and headers", {
  skip_without_sandbox()
  prepare(list(list(path = "/lines/", method = "*", status = 200, body = "one\ntwo\n\u00fc\n",
                    headers = list("content-type" = "text/plain"))))
  on.exit(prepare())
  client <- shop()
  stream <- crux_stream(client, "lines/")
  expect_s3_class(stream, "connection")
  expect_identical(status(stream), 200L)
  expect_identical(headers(stream)$`content-type`, "text/plain")
  expect_identical(readLines(stream, 1L), "one")
  expect_identical(readBin(stream, "raw", 4L), charToRaw("two\n"))
  expect_identical(readLines(stream, encoding = "UTF-8"), "\u00fc")
  close(stream)
  expect_error(crux_stream(client, "things/999/"), class = "crux_http_error")
  stream <- crux_stream(client, "drip/100000000", timeout_total_ms = 200)
  expect_error(readBin(stream, "raw", 1e7), class = "crux_timeout_error")
  close(stream)
})

test_that("a session goes on and ends: set_token, logout, facts", {
  skip_without_sandbox()
  client <- token("nope", "custom", base)
  expect_error(crux_get(client, "things/1/"), class = "crux_auth_error")
  set_token(client, "tok-7d1c")
  expect_identical(content(crux_get(client, "things/1/"))$name, "Bluse")
  expect_gte(facts(client)$requests, 2)
  logout(client)
  expect_error(crux_get(client, "things/1/"), class = "crux_auth_error")
  crunch <- anonymous(base_url = paste0(Sys.getenv("CRUX_SANDBOX_HTTP"), "/api/"))
  expect_true(status(reset_password(crunch, "grace@example.com")) < 300L)
})

test_that("headers, progress and log of a client reach each call", {
  skip_without_sandbox()
  client <- shop(headers = c("X-Team" = "blue"), login_extra = list(realm = "r"))
  expect_identical(content(crux_get(client, "echo/"))$headers$`x-team`, "blue")
  expect_error(shop(headers = c("X-Team" = "a\r\nX-Evil: 1")), class = "crux_argument_error")
})

test_that("a client that was saved is closed when it is read again", {
  skip_without_sandbox()
  file <- withr::local_tempfile()
  client <- shop()
  saveRDS(list(client, crux_get(client, "things/1/")), file)
  again <- readRDS(file)
  expect_identical(content(again[[2L]])$name, "Bluse")
  expect_error(crux_get(again[[1L]], "things/"), "another session", class = "crux_argument_error")
})

test_that("gctorture finds no value that is not protected", {
  skip_without_sandbox()
  expect_clean_end(in_a_session(c(
    "base <- Sys.getenv('CRUX_BASE')",
    "client <- token('tok-7d1c', 'custom', base)",
    "n <- 0",
    "gctorture(TRUE)",
    "settings <- c(service = 'custom', base_url = base, token = 'tok-7d1c')",
    "l <- .Call(libcrux:::r_login, settings, NULL, function(level, line) n <<- n + 1, 5L, NULL)",
    "invisible(.Call(libcrux:::r_send, l, libcrux:::request_list('new', 'GET', 'bytes/1'), NULL, 0L))",
    "r <- crux_get(client, 'things/', query = list(limit = 3))",
    "page <- .Call(libcrux:::r_send, client$handle, libcrux:::request_list('next', 'GET', upload = r$handle), NULL, 0L)",
    "e <- tryCatch(crux_get(client, 'things/999/'), error = identity)",
    "f <- tryCatch(crux_get(client, 'bytes/9', progress = function(d, t) stop('x')), error = identity)",
    "j <- .Call(libcrux:::r_json, list(a = 1:2, b = 'x', d = as.Date('2024-01-01')))",
    "s <- crux_stream(client, 'bytes/100'); b <- readBin(s, 'raw', 1000); close(s)",
    "crux_parallel(token(function(refused) 'tok-7d1c', 'custom', base), rep('bytes/3', 3L)) -> q",
    "p <- .Call(libcrux:::r_send_all, client$handle, list(libcrux:::request_list('new', 'GET', 'bytes/7')), NULL)",
    "gctorture(FALSE)",
    "stopifnot(n > 0, content(r)$count >= 7, length(content(page)$results) == 3, e$status == 404, conditionMessage(f) == 'x')",
    "stopifnot(rawToChar(j) == '{\"a\":[1,2],\"b\":\"x\",\"d\":\"2024-01-01\"}', length(b) == 100, length(p[[1]]$body) == 7, status(q[[3L]]) == 200L)",
    "cat('end\\n')"
  )))
})

test_that("memory stays flat over many requests", {
  skip_without_sandbox()
  skip_if_not(file.exists("/proc/self/statm"), "there is no /proc")
  client <- token("tok-7d1c", "custom", base)
  resident_mb <- function() {
    gc()
    as.numeric(strsplit(readLines("/proc/self/statm"), " ")[[1L]][[2L]]) * 4 / 1024
  }
  many <- function(count) for (i in seq_len(count)) crux_get(client, "things/1/")
  many(1000)
  before <- resident_mb()
  many(if (Sys.getenv("CRUX_LONG") == "1") 100000 else 5000)
  expect_lt(resident_mb() - before, 8)
})

# Cases that are written by hand: calls, errors, files, streams.

case("from_env", {
  withr::local_envvar(CRUX_API = base, CRUX_TOKEN = "tok-7d1c")
  expect_identical(content(crux_get(from_env(service = "custom"), "things/1/"))$name, "Bluse")
  withr::local_envvar(CRUX_API_OTHER = base, CRUX_TOKEN_OTHER = "nope")
  expect_error(crux_get(from_env("other", service = "custom"), "things/1/"), class = "crux_auth_error")
})

case("error_tree", {
  for (word in libcrux:::outcomes) {
    error <- tryCatch(libcrux:::fail(word, "Words."), error = identity)
    expect_s3_class(error, c(paste0("crux_", word, "_error"), "crux_error", "error", "condition"), exact = TRUE)
  }
  error <- tryCatch(crux_get(shop(), "things/999/"), error = identity)
  members <- c("message", "code", "status", "server_message", "retryable", "maybe_sent", "retry_after", "response")
  expect_identical(setdiff(members, names(error)), character())
  expect_identical(error$code, match("http", libcrux:::outcomes))
  expect_identical(status(error), 404L)
  expect_identical(content(error)$detail, "No such thing.")
  expect_match(conditionMessage(error), "No such thing.", fixed = TRUE)
})

case("errors_hide_secrets", {
  lines <- character()
  client <- shop(log = function(level, line) lines <<- c(lines, line), log_level = "trace")
  crux_get(client, "things/")
  errors <- list(
    tryCatch(login(user, "geheim-77", service = "custom", base_url = base), error = identity),
    tryCatch(crux_get(token("geheim-77", "custom", base), "things/"), error = identity),
    tryCatch(token("geheim-77\n", "custom", base, no_such_option = 1), error = identity),
    tryCatch(crux_get(client, "things/999/"), error = identity)
  )
  shown <- c(lines, capture.output(print(errors), print(client), str(client), print(unclass(client))),
             vapply(errors, function(e) paste(conditionMessage(e), deparse(conditionCall(e))), ""))
  expect_gt(length(lines), 0L)
  for (secret in c("geheim-77", password, "tok-7d1c")) expect_length(grep(secret, shown, fixed = TRUE), 0L)
})

case("pages_left_early", {
  client <- shop()
  before <- facts(client)$requests
  pages <- crux_pages(client, "things/", query = list(limit = 3))
  expect_identical(status(next_page(pages)), 200L)
  rm(pages)
  gc()
  expect_equal(facts(client)$requests - before, 1)
  expect_equal(facts(client)$under_way, 0)
})

case("wait_later", {
  accepted <- crux_post(shop(), "jobs/", json = list(kind = "export"))
  expect_identical(status(accepted), 202L)
  percent <- NULL
  done <- crux_wait(accepted, progress = function(done, total) percent <<- c(percent, done))
  expect_equal(content(done)$value$progress, 100)
  expect_false(is.unsorted(percent[!is.na(percent)]))
  expect_identical(tail(percent, 1L), 100)
})

case("upload_file", {
  file <- file.path(tempdir(), "\u00fcbung.csv")
  on.exit(unlink(file))
  writeBin(as.raw(rep(65:74, 50000L)), file)
  told <- NULL
  sent <- crux_upload(shop(), "upload/", file, field = "file", progress = function(done, total) told <<- c(done, total))
  expect_identical(status(sent), 201L)
  expect_identical(content(sent)[c("name", "size")], list(name = "\u00fcbung.csv", size = 500000L))
  expect_gte(told[[1L]], 500000)
  expect_identical(content(crux_upload(shop(), "upload/", file(file), field = "file"))$size, 500000L)
})

case("upload_missing_file", {
  missing <- file.path(tempdir(), "not", "there.csv")
  expect_error(crux_upload(shop(), "upload/", missing, "file"), class = "crux_file_error")
})

case("download_into_no_folder", {
  nowhere <- file.path(tempdir(), "not", "there.bin")
  expect_error(crux_download(shop(), "files/out.bin", nowhere), class = "crux_file_error")
})

case("stream_left_early", {
  client <- shop()
  stream <- crux_stream(client, "drip/100000000")
  expect_length(readBin(stream, "raw", 10L), 10L)
  expect_equal(facts(client)$under_way, 1)
  close(stream)
  expect_equal(facts(client)$under_way, 0)
  crux_stream(client, "drip/100000000")
  gc()
  expect_equal(facts(client)$under_way, 0)
})

case("stream_up", {
  left <- 3L
  three <- function(n) if ((left <<- left - 1L) >= 0L) charToRaw("piece ")
  expect_identical(content(crux_post(shop(), "echo/", body = three))$body, "piece piece piece ")
  bytes <- as.raw(rep(0:255, 3000L))
  source <- rawConnection(bytes)
  sent <- content(crux_put(shop(), "echo/", body = source, type = "application/x-case"))
  close(source)
  expect_equal(sent$body_length, length(bytes))
  expect_identical(sent$headers$`transfer-encoding`, "chunked")
  expect_identical(sent$headers$`content-type`, "application/x-case")
  expect_error(crux_post(shop(), "echo/", body = function(n) stop("The source is dry.")), "^The source is dry.$")
})

case("nul_in_path", {
  # R itself refuses a NUL in a text, wherever it comes from.
  expect_error(crux_get(shop(), rawToChar(as.raw(c(0x61, 0, 0x62)))), "nul")
  expect_error(parse(text = "'a\\0b'"), "nul")
})

case("nul_in_header", {
  expect_error(crux_get(shop(), "echo/", headers = c("X-Case" = rawToChar(as.raw(c(0x61, 0, 0x62))))), "nul")
})

test_that("a NUL in an answer never makes a text shorter: bytes in JSON, else an error", {
  skip_without_sandbox()
  prepare(list(list(path = "/nul/", status = 200, body = list(a = "x")),
               list(path = "/escaped/", status = 200, body = "{\"a\":\"x\\u0000y\"}"),
               list(path = "/key/", status = 200, body = "{\"\\u0000\":1}"),
               list(path = "/innocent/", status = 200, body = "{\"a\":\"x\\\\u0000y\"}")))
  on.exit(prepare())
  client <- shop()
  expect_identical(content(crux_get(client, "escaped/")), list(a = as.raw(c(0x78, 0, 0x79))))
  expect_error(content(crux_get(client, "key/")), "NUL", class = "crux_protocol_error")
  expect_identical(content(crux_get(client, "innocent/"))$a, "x\\u0000y")
  expect_error(content(crux_get(client, "bytes/512"), "text"), class = "crux_protocol_error")
  expect_length(content(crux_get(client, "bytes/512"), "raw"), 512L)
})

case("closed", {
  client <- shop()
  close(client)
  close(client)
  for (call in list(quote(crux_get(client, "things/")), quote(crux_pages(client, "things/") |> next_page()),
                    quote(crux_stream(client, "things/")), quote(facts(client)), quote(set_token(client, "x")),
                    quote(crux_parallel(client, "things/")))) {
    expect_error(eval(call), "closed", class = "crux_argument_error")
  }
  expect_output(print(client), "closed")
})

case("answer_outlives_client", {
  client <- shop()
  things <- crux_get(client, "things/")
  close(client)
  rm(client)
  gc()
  expect_identical(content(things)$count > 0, TRUE)
  expect_identical(content(follow(things, "./1/"))$name, "Bluse")
})

case("wrong_types", {
  client <- shop()
  thing <- crux_get(client, "things/1/")
  wrong <- list(
    quote(login(1, 2)), quote(login(c("a", "b"), "x")), quote(login(NULL, "x")), quote(token(7)),
    quote(login("a", "b", 5, list())), quote(crux_get(client, 5)), quote(crux_get(client, c("a", "b"))),
    quote(crux_get(client, NA_character_)), quote(crux_get(5, "a")), quote(crux_request(client, 5, "a")),
    quote(crux_get(client, "a", query = list(1))), quote(crux_get(client, "a", query = list(q = sum))),
    quote(crux_get(client, "a", headers = c("x"))), quote(crux_get(client, "a", timeout_total_ms = list(1))),
    quote(crux_get(client, "a", timeout_total_ms = NA)), quote(crux_get(client, "a", progress = 5)),
    quote(crux_post(client, "a", json = list(f = sum))), quote(crux_post(client, "a", json = NaN)),
    quote(crux_post(client, "a", json = globalenv())), quote(crux_post(client, "a", body = list(1))),
    quote(crux_post(client, "a", body = "x", json = 1)), quote(crux_upload(client, "a", 5)),
    quote(crux_download(client, "a", NULL)), quote(follow("a", "b")), quote(crux_wait(5)), quote(next_page(5)),
    quote(crux_parallel(client, 5)), quote(set_token(client, 5)), quote(login(user, password, log = 5)),
    quote(crux_get(quote(stop("evaluated")), "a")), quote(crux_get(as.name("client"), "things/1/")),
    quote(content(thing, NA)), quote(content(thing, 1)), quote(content(thing, NULL)), quote(content(thing, "xml")),
    quote(crux_get(client, "a", wait = NA)), quote(crux_wait(thing, NA)), quote(crux_wait(thing, NULL)),
    quote(crux_parallel(client, "a", stream = TRUE)), quote(anonymous(stream = TRUE)),
    quote(anonymous(log_level = "loud")), quote(anonymous(log_level = NA))
  )
  for (call in wrong) expect_error(!!call, class = "crux_argument_error")
  expect_error(login("only-a-user"), "password")
  expect_error(crux_post(client, "echo/", body = function(n) 5), class = "crux_argument_error")
})

case("broken_text", {
  client <- shop()
  broken <- "a\xff"
  bytes <- `Encoding<-`("a\xe9", "bytes")
  half <- `Encoding<-`("\xed\xa0\x80", "UTF-8")
  for (text in list(broken, bytes, half)) {
    expect_error(crux_get(client, text), class = "crux_argument_error")
    expect_error(crux_get(client, "echo/", query = list(q = text)), class = "crux_argument_error")
    expect_error(crux_post(client, "echo/", json = list(text)), class = "crux_argument_error")
    expect_error(login(text, "x", "custom", base), class = "crux_argument_error")
  }
})

test_that("latin1 strings arrive as the same characters", {
  skip_without_sandbox()
  client <- shop()
  latin1 <- iconv("\u00e9t\u00e9", "UTF-8", "latin1")
  expect_identical(Encoding(latin1), "latin1")
  query <- setNames(list(latin1), latin1)
  expect_identical(content(crux_get(client, "echo/", query = query))$query, "%C3%A9t%C3%A9=%C3%A9t%C3%A9")
  expect_identical(content(crux_post(client, "echo/", json = latin1))$body, "\"\u00e9t\u00e9\"")
  expect_error(crux_get(client, "things/by-name/{name}/", fill = list(name = latin1)), "called \u00e9t\u00e9.")
})

test_that("64-bit integers go as their digits, with or without the package bit64", {
  skip_without_sandbox()
  client <- shop()
  sent <- function(json) content(crux_post(client, "echo/", json = json))$body
  # Their bits, as bit64 keeps them.
  whole <- function(...) structure(readBin(as.raw(c(...)), "double", endian = "little"), class = "integer64")
  large <- whole(1, 0, 0, 0, 0, 0, 0x20, 0) # 2^53 + 1
  least <- whole(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
  missing <- whole(0, 0, 0, 0, 0, 0, 0, 0x80)
  both <- structure(c(unclass(large), unclass(least), unclass(missing)), class = "integer64")
  expect_identical(sent(large), "9007199254740993")
  expect_identical(sent(list(id = large)), "{\"id\":9007199254740993}")
  expect_identical(sent(I(large)), "[9007199254740993]")
  expect_identical(sent(both), "[9007199254740993,-1,null]")
  frame <- structure(list(id = both, n = 1:3), class = "data.frame", row.names = 1:3)
  expect_identical(sent(frame), "[{\"id\":9007199254740993,\"n\":1},{\"id\":-1,\"n\":2},{\"id\":null,\"n\":3}]")
  query <- function(values) content(crux_get(client, "echo/", query = values))$query
  expect_identical(query(list(id = large)), "id=9007199254740993")
  expect_identical(query(structure(unclass(large), names = "id", class = "integer64")), "id=9007199254740993")
  expect_error(query(list(id = missing)), class = "crux_argument_error")
})

test_that("a named vector is an object, unless it is wrapped in I()", {
  skip_without_sandbox()
  client <- shop()
  sent <- function(json) content(crux_post(client, "echo/", json = json))$body
  expect_identical(sent(c(a = 1, b = 2)), "{\"a\":1,\"b\":2}")
  expect_identical(sent(list(c(a = "x"))), "[{\"a\":\"x\"}]")
  expect_identical(sent(I(c(a = 1, b = 2))), "[1,2]")
  expect_error(sent(c(a = 1, 2)), "names", class = "crux_argument_error")
})

test_that("pages become a data frame", {
  skip_without_sandbox()
  client <- shop()
  paged <- as.data.frame(crux_pages(client, "things/", query = list(limit = 3)))
  expect_identical(paged, as.data.frame(crux_items(client, "things/", query = list(limit = 3))))
  expect_gt(nrow(paged), 3L)
})

test_that("what comes in pages has no length and no places, and says so", {
  skip_without_sandbox()
  client <- shop()
  before <- facts(client)$requests
  for (one in list(crux_pages(client, "things/"), crux_items(client, "things/"))) {
    for (use in list(quote(length(one)), quote(one[[1]]), quote(one[1]), quote(seq_along(one)))) {
      expect_error(eval(use), "as.list", class = "crux_argument_error")
    }
    expect_output(str(one), "crux_")
  }
  expect_equal(facts(client)$requests - before, 0)
  expect_gt(length(as.list(crux_items(client, "things/"))), 0L)
})

# Cases that are written by hand: interrupts, hooks, many at once, processes, the library itself.

limit_s <- 0.3

case("cancel_request", expect_lt(interrupt_once_seen("/slow/", crux_get(shop(), "slow/")), limit_s))

case("cancel_login", {
  prepare(list(list(path = "/login", method = "*", status = 200, body = list(token = "x"), delay_ms = 20000)))
  on.exit(prepare())
  expect_lt(interrupt_once_seen("/login", shop()), limit_s)
})

case("cancel_job", {
  prepare(list(list(path = "/endless/", method = "*", status = 202, body = list(value = "/endless/progress/")),
               list(path = "/endless/progress/", method = "*", status = 200,
                    body = list(value = list(progress = 10, message = "working")))))
  on.exit(prepare())
  client <- shop()
  expect_lt(interrupt_once_seen("/endless/progress/", crux_post(client, "endless/", wait = TRUE)), limit_s)
  accepted <- crux_post(client, "endless/")
  expect_lt(interrupt_once_seen("/endless/progress/", crux_wait(accepted)), limit_s)
})

case("cancel_page", {
  prepare(list(list(path = "/list/", method = "*", status = 200, body = list(results = list(1, 2), `next` = "/slow/"))))
  on.exit(prepare())
  pages <- crux_pages(shop(), "list/")
  next_page(pages)
  expect_lt(interrupt_once_seen("/slow/", next_page(pages)), limit_s)
})

case("cancel_download", {
  file <- tempfile()
  expect_lt(interrupt_once_seen("/drip/100000000", crux_download(shop(), "drip/100000000", file)), limit_s)
  expect_false(file.exists(file))
})

test_that("an interrupt ends a stream, a body that R supplies, and requests at once", {
  skip_without_sandbox()
  client <- shop()
  stream <- crux_stream(client, "drip/100000000")
  expect_lt(interrupt_once_seen("/drip/1", { crux_stream(client, "drip/1"); readBin(stream, "raw", 1e7) }), limit_s)
  close(stream)
  expect_lt(interrupt_once_seen("/slow/", crux_parallel(client, rep("slow/", 20L))), limit_s)
  gc()
  expect_equal(facts(client)$under_way, 0)
  expect_identical(status(crux_get(client, "things/")), 200L)
})

test_that("an interrupt reaches calling handlers, and the call runs its exits", {
  skip_without_sandbox()
  heard <- left <- FALSE
  f <- function() {
    on.exit(left <<- TRUE)
    withCallingHandlers(crux_get(shop(), "slow/"), interrupt = function(i) heard <<- TRUE)
  }
  interrupt_once_seen("/slow/", f())
  expect_true(heard && left)
})

test_that("setTimeLimit ends a call with R's own error", {
  skip_without_sandbox()
  client <- shop()
  on.exit(setTimeLimit())
  took <- elapsed_s(expect_error({
    setTimeLimit(elapsed = 0.2, transient = TRUE)
    crux_get(client, "slow/")
  }, "elapsed time limit"))
  expect_lt(took, 0.6)
})

test_that("R serves its events while a call waits", {
  skip_without_sandbox()
  folder <- withr::local_tempdir()
  file.copy("events.c", folder)
  system2(file.path(R.home("bin"), "R"), c("CMD", "SHLIB", file.path(folder, "events.c")), stdout = FALSE)
  window <- dyn.load(file.path(folder, paste0("events", .Platform$dynlib.ext)))
  .Call(window$watch$address)
  .Call(window$poke$address)
  expect_error(crux_get(shop(), "slow/", timeout_total_ms = 400), class = "crux_timeout_error")
  expect_identical(.Call(window$count$address), 1L)
})

case("progress_throws", {
  client <- shop()
  mine <- structure(class = c("mine", "error", "condition"), list(message = "Enough.", call = NULL))
  file <- tempfile()
  throw <- function(done, total) stop(mine)
  end <- function(done, total) FALSE
  expect_error(crux_download(client, "files/out.bin", file, progress = throw), class = "mine")
  expect_false(file.exists(file))
  expect_error(crux_post(client, "jobs/", json = list(), wait = TRUE, progress = throw), class = "mine")
  expect_error(crux_upload(client, "upload/", raw(10), filename = "x", progress = throw), class = "mine")
  expect_error(crux_parallel(client, "things/", progress = throw), class = "mine")
  expect_error(crux_download(client, "files/out.bin", file, progress = end), class = "crux_cancelled_error")
  expect_error(crux_parallel(client, rep("things/", 3L), progress = end), class = "crux_cancelled_error")
  left <- callCC(function(k) crux_download(client, "files/out.bin", file, progress = function(...) k("left")))
  expect_identical(left, "left")
  expect_identical(status(crux_get(client, "things/")), 200L)
})

test_that("a progress function may call, also on the same client", {
  skip_without_sandbox()
  client <- shop()
  inner <- NULL
  crux_download(client, "files/out.bin", tempfile(), progress = function(done, total) {
    inner <<- status(crux_get(client, "things/"))
  })
  expect_identical(inner, 200L)
})

test_that("progress = TRUE draws a bar", {
  skip_without_sandbox()
  shown <- capture.output(type = "message", {
    crux_download(shop(), "files/out.bin", tempfile(), progress = TRUE)
    crux_get(shop(), "chunks/100000", progress = TRUE)
  })
  expect_match(paste(shown, collapse = " "), "100%", fixed = TRUE)
  expect_match(paste(shown, collapse = " "), "100,000", fixed = TRUE)
})

case("log", {
  levels <- lines <- character()
  hear <- function(level, line) {
    levels <<- c(levels, level)
    lines <<- c(lines, line)
  }
  client <- shop(log = hear, log_level = "info")
  crux_get(client, "things/")
  expect_gt(length(lines), 0L)
  expect_identical(setdiff(levels, c("error", "warning", "info")), character())
  expect_message(shop(log = TRUE, log_level = "debug"), "login") |> suppressMessages()
})

case("log_throws", {
  client <- suppressWarnings(shop(log = function(level, line) stop("The log is full."), log_level = "trace"))
  expect_warning(response <- crux_get(client, "things/"), "The log is full.") |> suppressWarnings()
  expect_identical(status(response), 200L)
})

case("finalizers", {
  expect_clean_end(in_a_session(c(
    "options(warn = -1) # of streams that were not closed",
    "base <- Sys.getenv('CRUX_BASE')",
    "for (i in 1:50) {",
    "  objects <- list(token('tok-7d1c', 'custom', base, log = function(...) NULL, log_level = 'trace'))",
    "  objects[[2]] <- crux_get(objects[[1]], 'things/')",
    "  objects[[3]] <- crux_pages(objects[[1]], 'things/')",
    "  objects[[4]] <- next_page(objects[[3]])",
    "  objects[[5]] <- crux_stream(objects[[1]], 'things/')",
    "  for (k in sample(5)) { objects[k] <- list(NULL); if (i %% 10 == 0) gc() }",
    "}",
    "client <- token('tok-7d1c', 'custom', base); r <- crux_get(client, 'things/')",
    "gc()",
    "stopifnot(facts(client)$under_way == 0)",
    "cat('end\\n')"
  )))
})

case("threads", skip("R runs on one thread"))

case("hundred_at_once", {
  client <- shop()
  told <- NULL
  answers <- crux_parallel(client, sprintf("bytes/%d", 1:100), progress = function(done, total) told <<- c(done, total))
  expect_identical(vapply(answers, function(one) length(one$body), 1L), 1:100)
  expect_identical(told, c(100, 100))
  slow <- function() crux_parallel(client, rep("slow/", 50L), timeout_total_ms = 300)
  took <- elapsed_s(expect_error(slow(), class = "crux_timeout_error"))
  expect_lt(took, 2)
  both <- list(a = list(method = "POST", path = "echo/", json = 1), b = "things/999/")
  mixed <- crux_parallel(client, both, on_error = "return")
  expect_identical(content(mixed$a)$body, "1")
  expect_s3_class(mixed$b, "crux_http_error")
})

case("fork", {
  client <- shop()
  things <- crux_get(client, "things/")
  answers <- parallel::mclapply(1:12, function(i) crux_get(client, sprintf("bytes/%d", i)), mc.cores = 4L)
  expect_identical(vapply(answers, function(one) length(one$body), 1L), 1:12)
  expect_identical(parallel::mclapply(1:2, function(i) content(crux_get(client, "things/1/"))$name, mc.cores = 2L),
                   list("Bluse", "Bluse"))
  expect_identical(status(crux_get(client, "things/")), 200L)
  # What came out of another process is a value, and no more.
  elsewhere <- parallel::mclapply(1:2, function(i) crux_get(client, "things/"), mc.cores = 2L)[[1L]]
  expect_identical(content(elsewhere), content(things))
  expect_error(follow(elsewhere, "./1/"), "another session", class = "crux_argument_error")
})

case("library_missing", {
  ask <- "tryCatch(login('a', 'b'), error = function(e) cat(class(e), conditionMessage(e), sep = '\\n'))"
  said <- in_a_session(ask, "CRUX_LIBRARY=/nowhere/libcrux.so")
  expect_identical(said[1:2], c("crux_library_error", "crux_error"))
  expect_match(paste(said, collapse = " "), "Tried:.*/nowhere/libcrux.so: .*CRUX_LIBRARY")
})

case("library_too_old", {
  folder <- withr::local_tempdir()
  writeLines("int crux_abi(void) { return 0; }", file.path(folder, "old.c"))
  writeLines("int nothing;", file.path(folder, "other.c"))
  for (name in c("old", "other")) {
    system2(file.path(R.home("bin"), "R"), c("CMD", "SHLIB", file.path(folder, paste0(name, ".c"))), stdout = FALSE)
  }
  ask <- "tryCatch(crux_version(), error = function(e) cat(conditionMessage(e)))"
  said <- paste(in_a_session(ask, paste0("CRUX_LIBRARY=", file.path(folder, "old.so"))), collapse = " ")
  expect_match(said, "old.so: it is of interface 0, and this package needs [1-9]+ or later")
  said <- paste(in_a_session(ask, paste0("CRUX_LIBRARY=", file.path(folder, "other.so"))), collapse = " ")
  expect_match(said, "other.so: it is no libcrux")
})

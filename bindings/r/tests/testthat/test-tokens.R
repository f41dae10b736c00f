# Tokens that a function of R supplies.

ways <- list(
  sent = function(client) crux_get(client, "things/1/"),
  at_once = function(client) crux_parallel(client, rep("things/1/", 20L))[[20L]],
  streamed = function(client) structure(list(status = { readLines(s <- crux_stream(client, "things/1/"), warn = FALSE); close(s); 200L }),
                                        class = "crux_response"),
  awaited = function(client) crux_wait(crux_post(client, "jobs/", json = list()))
)

with_source <- function(source) token(source, "custom", base)

case("token_source", {
  for (way in ways) {
    asked <- list()
    client <- with_source(function(refused) {
      asked <<- c(asked, list(refused))
      if (is.null(refused)) "stale" else "tok-7d1c"
    })
    expect_identical(status(way(client)), 200L)
    expect_identical(status(way(client)), 200L)
    expect_identical(asked, list(NULL, "stale"))
  }
})

case("token_source_throws", {
  mine <- structure(class = c("mine", "error", "condition"), list(message = "Locked.", call = NULL))
  for (way in ways) {
    for (source in list(function(refused) stop(mine), function(refused) if (is.null(refused)) "stale" else stop(mine))) {
      client <- with_source(source)
      expect_error(way(client), class = "mine")
      expect_error(way(client), class = "mine")
    }
    expect_identical(callCC(function(k) way(with_source(function(refused) k("left")))), "left")
    expect_error(way(with_source(function(refused) NULL)), class = "crux_auth_error")
    for (wrong in list(7, c("a", "b"), NA_character_, strrep("x", 1e6))) {
      expect_error(way(with_source(function(refused) wrong)), class = "crux_argument_error")
    }
  }
  expect_error(with_source(7), class = "crux_argument_error")
})

test_that("a source of tokens may call, and is interrupted", {
  skip_without_sandbox()
  other <- token("tok-7d1c", "custom", base)
  for (way in ways) {
    client <- with_source(function(refused) { crux_get(other, "things/0/"); "tok-7d1c" })
    expect_identical(status(way(client)), 200L)
    slow <- with_source(function(refused) { crux_get(other, "slow/"); "tok-7d1c" })
    expect_lt(interrupt_once_seen("/slow/", way(slow)), 0.3)
    expect_identical(status(crux_get(other, "things/0/")), 200L)
  }
})

test_that("a wait for a job has its own time, and is waited for again", {
  skip_without_sandbox()
  prepare(list(list(path = "/endless/", method = "*", status = 202, body = list(value = "/endless/progress/")),
               list(path = "/endless/progress/", method = "*", status = 200, body = list(value = list(progress = 10)))))
  on.exit(prepare())
  accepted <- crux_post(shop(), "endless/")
  for (timeout in c(100, 0)) expect_error(crux_wait(accepted, timeout), class = "crux_timeout_error")
})

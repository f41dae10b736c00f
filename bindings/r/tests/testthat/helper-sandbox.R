# The sandbox, and the cases that all languages share.

base <- Sys.getenv("CRUX_BASE")
user <- enc2utf8(Sys.getenv("CRUX_USER"))
password <- enc2utf8(Sys.getenv("CRUX_PASSWORD"))

skip_without_sandbox <- function() skip_if(base == "", "the sandbox does not run")

shop <- function(...) login(user, password, service = "custom", base_url = base, ...)

# ---- the controls of the sandbox ----

control <- function(name, ...) crux_post(anonymous("custom", base), paste0("_sandbox/", name), ...)

prepare <- function(answers = list()) {
  control("forget", json = structure(list(), names = character()))
  for (one in answers) control("answer", json = one)
}

seen_paths <- function(watcher = anonymous("custom", base)) {
  vapply(content(crux_get(watcher, "_sandbox/requests")), function(one) sub("\\?.*", "", one$target), "")
}

# ---- the cases ----

cases <- local({
  file <- Sys.getenv("CRUX_CASES")
  if (file == "") list() else jsonlite::parse_json(paste(readLines(file, encoding = "UTF-8"), collapse = "\n"))
})
names(cases) <- vapply(cases, function(case) case$name, "")

ran <- new.env()

# A test that is the case of that name.
case <- function(name, code) {
  promise <- cases[[name]]$promise
  assign(name, TRUE, envir = ran)
  code <- substitute(code)
  where <- parent.frame()
  eval(bquote(test_that(.(paste0(name, ": ", promise)), {
    skip_without_sandbox()
    .(quote(prepare)) ()
    .(code)
  })), where)
}

# ---- what tests share ----

elapsed_s <- function(code) {
  start <- proc.time()[["elapsed"]]
  force(code)
  proc.time()[["elapsed"]] - start
}

# Interrupts this session once the sandbox has got a request for `path`; how many seconds later `code` has ended.
interrupt_once_seen <- function(path, code) {
  control("clear")
  me <- Sys.getpid()
  watcher <- parallel::mcparallel({
    watching <- anonymous("custom", base)
    while (!path %in% seen_paths(watching)) Sys.sleep(0.01)
    tools::pskill(me, tools::SIGINT)
    as.numeric(Sys.time())
  })
  ended <- NULL
  outcome <- tryCatch(
    { force(code); "it went on to its end" },
    interrupt = function(i) { ended <<- as.numeric(Sys.time()); "interrupt" },
    error = function(e) paste("error:", conditionMessage(e))
  )
  struck <- parallel::mccollect(watcher)[[1L]]
  expect_identical(outcome, "interrupt")
  ended - struck
}

# Runs lines of R in a session of their own: what it prints, with the exit code as attribute "status".
in_a_session <- function(lines, env = character()) {
  file <- tempfile(fileext = ".R")
  on.exit(unlink(file))
  writeLines(c(sprintf(".libPaths(%s)", paste(deparse(.libPaths()), collapse = "")), "library(libcrux)", lines), file,
             useBytes = TRUE)
  suppressWarnings(system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", file), stdout = TRUE, stderr = TRUE,
                           env = env))
}

expect_clean_end <- function(output) {
  expect_null(attr(output, "status"))
  expect_identical(tail(output, 1L), "end")
  expect_length(grep("warning|error|segfault", output, ignore.case = TRUE), 0L)
}

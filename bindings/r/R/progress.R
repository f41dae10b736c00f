# Progress: a function of the caller, or a bar.

with_progress <- function(progress, run) {
  if (is.null(progress) || isFALSE(progress)) return(run(NULL))
  if (is.function(progress)) return(run(progress))
  if (!isTRUE(progress)) refuse("The progress must be a function of what is done and the total, or TRUE for a bar.")
  bar <- progress_bar()
  on.exit(bar$close())
  run(bar$tell)
}

# On stderr, once there is something to show. Without a known total it counts.
progress_bar <- function(to = stderr()) {
  bar <- NULL
  counted <- FALSE
  tell <- function(done, total) {
    if (is.na(done)) return(NULL)
    if (is.na(total) || total <= 0) {
      counted <<- TRUE
      cat("\r", format(done, big.mark = ",", scientific = FALSE), file = to)
    } else {
      if (is.null(bar)) bar <<- txtProgressBar(max = total, style = 3L, file = to)
      setTxtProgressBar(bar, done)
    }
    NULL
  }
  finish <- function() {
    if (!is.null(bar)) close(bar)
    else if (counted) cat("\n", file = to)
  }
  list(tell = tell, close = finish)
}

# Compares what a small GET costs through libcrux and through the packages curl and httr: a line a turn, for
# bindings/bench.sh. Each request can be interrupted, its body is read and its JSON decoded.
library(libcrux)

base <- Sys.getenv("CRUX_BASE")
path <- Sys.getenv("CRUX_PATH")
url <- paste0(base, path)
auth <- "Bearer tok-7d1c"
client <- token("tok-7d1c", "custom", base)

# Microseconds of CPU of one request.
cpu_us <- function(run, times, each) {
  before <- proc.time()
  for (i in seq_len(times)) run()
  sum((proc.time() - before)[1:2]) / (times * each) * 1e6
}

compare <- function(measure, ours, others, times, each = 1L) {
  for (turn in 0:7) {
    gc(FALSE)
    own <- cpu_us(ours, times, each)
    for (name in names(others)) {
      other <- cpu_us(others[[name]], max(1L, times %/% if (name == "httr") 10L else 1L), each)
      # The first turn warms up.
      if (turn > 0L) cat(sprintf("%s: %.1f against %.1f of %s\n", measure, own, other, name))
    }
  }
}

# MiB in memory once so many requests have been sent.
memory_after <- function(run, times) {
  for (i in seq_len(times)) run()
  as.numeric(strsplit(readLines("/proc/self/statm"), " ")[[1L]][[2L]]) * 4096 / 2^20
}

check <- function(document) if (!nzchar(document$name)) stop("The document has no name.")
one <- function() check(content(crux_get(client, path)))
hundred <- function() lapply(crux_parallel(client, rep(path, 100L)), function(response) check(content(response)))
if (nzchar(Sys.getenv("CRUX_LONG"))) {
  early <- memory_after(one, 10000L)
  cat(sprintf("memory: %.1f MiB after 10000 requests, %.1f after 100000\n", early, memory_after(one, 90000L)))
  quit()
}

one_by <- hundred_by <- list()
has <- function(package) {
  found <- requireNamespace(package, quietly = TRUE)
  if (!found) cat(package, ": skipped, it is not installed\n", sep = "")
  found
}
if (has("curl")) {
  handle <- curl::new_handle()
  curl::handle_setheaders(handle, Authorization = auth)
  parsed <- function(response) check(jsonlite::parse_json(rawToChar(response$content)))
  one_by$curl <- function() parsed(curl::curl_fetch_memory(url, handle))
  # One pool, so that its connections are kept.
  pool <- curl::new_pool(total_con = 64, host_con = 64)
  hundred_by$curl <- function() {
    for (i in 1:100) {
      each <- curl::new_handle(url = url)
      curl::handle_setheaders(each, Authorization = auth)
      curl::multi_add(each, done = parsed, pool = pool)
    }
    curl::multi_run(pool = pool)
  }
}
if (has("httr")) {
  one_by$httr <- function() check(httr::content(httr::GET(url, httr::add_headers(Authorization = auth)), "parsed"))
}
compare("one at a time", one, one_by, 1000L)
compare("100 at once", hundred, hundred_by, 10L, 100L)

# CPU of a small GET whose JSON is decoded, in microseconds, beside the packages curl and httr where they are installed;
# then a hundred at once: sandbox --shop Rscript bench.R [COUNT]
library(libcrux)

count <- as.integer(c(commandArgs(TRUE), 5000L)[[1L]])
base <- Sys.getenv("CRUX_BASE")
client <- token("tok-7d1c", "custom", base)
url <- paste0(base, "things/1/")
auth <- "Bearer tok-7d1c"

# The least of some rounds, in which all take turns: what else the machine does weighs less then.
cpu_us <- function(clients, count, each = 1L, rounds = 5L) {
  took <- replicate(rounds, vapply(clients, function(one) {
    for (i in seq_len(max(1L, count %/% 10L))) one()
    gc(FALSE)
    before <- proc.time()
    for (i in seq_len(count)) one()
    sum((proc.time() - before)[1:2]) / (count * each) * 1e6
  }, 0))
  apply(matrix(took, length(clients), dimnames = list(names(clients), NULL)), 1L, min)
}

show <- function(title, us) {
  cat(title, "\n", sep = "")
  cat(sprintf("  %-8s %8.1f us   libcrux / %-8s %5.2f\n", names(us), us, names(us), us[["libcrux"]] / us), sep = "")
}

has <- function(package) requireNamespace(package, quietly = TRUE)
one <- list(libcrux = function() content(crux_get(client, "things/1/")))
hundred <- list(libcrux = function() lapply(crux_parallel(client, rep("things/1/", 100L)), content))
if (has("curl")) {
  handle <- curl::new_handle()
  curl::handle_setheaders(handle, Authorization = auth)
  parsed <- function(response) jsonlite::parse_json(rawToChar(response$content))
  one$curl <- function() parsed(curl::curl_fetch_memory(url, handle))
  hundred$curl <- function() {
    pool <- curl::new_pool(total_con = 64, host_con = 64)
    for (i in 1:100) {
      each <- curl::new_handle(url = url)
      curl::handle_setheaders(each, Authorization = auth)
      curl::multi_add(each, done = parsed, pool = pool)
    }
    curl::multi_run(pool = pool)
  }
}
if (has("httr")) one$httr <- function() httr::content(httr::GET(url, httr::add_headers(Authorization = auth)), "parsed")

show("one after another", cpu_us(one, count %/% 5L))
show("a hundred at once", cpu_us(hundred, count %/% 500L, 100L))

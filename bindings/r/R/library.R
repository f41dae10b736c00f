# Finds the shared library when it is first needed, so that the package can be installed and read without it.

# The files to try, in order. Who names one means that one.
library_files <- function() {
  named <- Sys.getenv("CRUX_LIBRARY")
  if (nzchar(named)) return(named)
  soname <- .Call(r_soname)
  own <- system.file("lib", soname, package = "libcrux")
  c(if (nzchar(own)) own, soname)
}

load_library <- function() {
  files <- library_files()
  reasons <- .Call(r_load, files)
  if (!isTRUE(reasons)) {
    tried <- paste0("  ", files, ": ", reasons, collapse = "\n")
    fail("library", paste0("The shared library of libcrux cannot be used. Tried:\n", tried,
                           "\nInstall libcrux, or set the variable CRUX_LIBRARY to its file."))
  }
}

crux_version <- function() {
  load_library()
  .Call(r_version)
}

# frozen_string_literal: true

# The extension needs Ruby's headers and a C compiler, but no file of libcrux: it loads the library at run time.
require "mkmf"

have_library("dl", "dlopen")
append_cflags(["-fvisibility=hidden", "-Wall"])
create_makefile("libcrux/native")

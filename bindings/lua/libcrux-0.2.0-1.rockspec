rockspec_format = "3.0"
package = "libcrux"
version = "0.2.0-1"
source = {
  url = "git+https://libcrux.example/libcrux.git",
  tag = "v0.2.0",
  dir = "libcrux/bindings/lua",
}
description = {
  summary = "Log in once to a token-authenticated REST API, then call it",
  detailed = [[
Requests, pages, jobs, uploads, downloads and streams against services such as Crunch and Crux Connect, with one login
that is renewed by itself. A C module for Lua 5.1 to 5.4; LuaJIT needs no compiler.]],
  license = "MIT OR Apache-2.0",
}
dependencies = { "lua >= 5.1, < 5.5" }
build = {
  type = "make",
  build_variables = {
    CFLAGS = "$(CFLAGS)",
    LIBFLAG = "$(LIBFLAG)",
    LUA_INCDIR = "$(LUA_INCDIR)",
    BUILD = "build",
  },
  install_variables = {
    LUADIR = "$(LUADIR)",
    LIBDIR = "$(LIBDIR)",
    LUA_INCDIR = "$(LUA_INCDIR)",
    BUILD = "build",
  },
  copy_directories = { "examples" },
}

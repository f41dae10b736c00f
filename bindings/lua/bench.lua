-- CPU of this process for a small GET, in microseconds, against LuaSocket where it is installed.
local crux = require "crux"
local system = require "system"

local COUNT = 3000
local base = os.getenv "CRUX_BASE"
local options = { base_url = base }
local client = assert(crux.login("custom", os.getenv "CRUX_USER", os.getenv "CRUX_PASSWORD", options))

local function cost(run)
  for _ = 1, 200 do
    run()
  end
  collectgarbage()
  local before = system.cpu_us()
  for _ = 1, COUNT do
    run()
  end
  return (system.cpu_us() - before) / COUNT
end

local ours = cost(function()
  assert(client:get("things/0/"):json().id == 0)
end)

local at_once = 0
do
  options.waiter = crux.waiter
  local many = assert(crux.login("custom", os.getenv "CRUX_USER", os.getenv "CRUX_PASSWORD", options))
  local tasks = {}
  for place = 1, 100 do
    tasks[place] = function()
      for _ = 1, COUNT / 100 do
        assert(many:get("things/0/"):json().id == 0)
      end
    end
  end
  local before = system.cpu_us()
  crux.run((unpack or table.unpack)(tasks))
  at_once = (system.cpu_us() - before) / COUNT
end

local name = (rawget(_G, "jit") and jit.version or _VERSION) .. (package.loaded["crux.core"] and "" or ", ffi")
local line = ("%-28s one at a time %5.1f us, 100 at once %5.1f us"):format(name, ours, at_once)

local has_socket, socket = pcall(require, "socket")
local has_cjson, cjson = pcall(require, "cjson")
if has_socket and has_cjson then
  local http, ltn12 = require "socket.http", require "ltn12"
  local headers = { authorization = "Bearer tok-7d1c" }
  local theirs = cost(function()
    local pieces = {}
    http.request { url = base .. "things/0/", headers = headers, sink = ltn12.sink.table(pieces), create = socket.tcp }
    assert(cjson.decode(table.concat(pieces)).id == 0)
  end)
  line = line .. (", LuaSocket %5.1f us, ratio %.2f"):format(theirs, ours / theirs)
end
print(line)

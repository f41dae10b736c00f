-- Compares what a small GET costs through libcrux and through LuaSocket: a line a turn, for bench.sh. The body is read and
-- its JSON decoded, by cjson for LuaSocket.
local crux = require "crux"
local system = require "system"

local TURNS, COUNT = 7, 1000
local base, path = os.getenv "CRUX_BASE", os.getenv "CRUX_PATH"
local name = (rawget(_G, "jit") and "LuaJIT" or _VERSION) .. (package.loaded["crux.core"] and "" or " ffi")

local function connect(waiter)
  return assert(crux.token("custom", "tok-7d1c", { base_url = base, waiter = waiter }))
end

local client, many = connect(), connect(crux.waiter)

local function get(from)
  assert(from:get(path):json().name)
end

local function ours(count)
  for _ = 1, count do
    get(client)
  end
end

local function at_once(count)
  local tasks = {}
  for place = 1, 100 do
    tasks[place] = function()
      for _ = 1, count / 100 do
        get(many)
      end
    end
  end
  crux.run((unpack or table.unpack)(tasks))
end

local function memory_after(count)
  ours(count)
  local file = assert(io.open "/proc/self/statm")
  local pages = file:read "*a":match "%d+ (%d+)"
  file:close()
  return tonumber(pages) * 4096 / 2 ^ 20
end

if os.getenv "CRUX_LONG" then
  local early = memory_after(10000)
  print(("memory, %s: %.1f MiB after 10000 requests, %.1f after 100000"):format(name, early, memory_after(90000)))
  os.exit(0, true)
end

local has_socket, socket = pcall(require, "socket")
local has_cjson, cjson = pcall(require, "cjson")
if not (has_socket and has_cjson) then
  print(name .. ": skipped, LuaSocket or cjson is not installed")
  os.exit(0, true)
end
local http, ltn12 = require "socket.http", require "ltn12"

-- LuaSocket opens a connection for each.
local function theirs(count)
  local headers = { authorization = "Bearer tok-7d1c" }
  for _ = 1, count do
    local pieces = {}
    http.request { url = base .. path, headers = headers, sink = ltn12.sink.table(pieces), create = socket.tcp }
    assert(cjson.decode(table.concat(pieces)).name)
  end
end

local function cost(run, count)
  collectgarbage()
  local before = system.cpu_us()
  run(count)
  return (system.cpu_us() - before) / count
end

for turn = 0, TURNS do
  local one, hundred, other = cost(ours, COUNT), cost(at_once, COUNT), cost(theirs, COUNT / 5)
  if turn > 0 then -- the first warms up
    print(("one at a time, %s: %.1f against %.1f of LuaSocket"):format(name, one, other))
    print(("100 at once, %s: %.1f against %.1f of LuaSocket"):format(name, hundred, other))
  end
end

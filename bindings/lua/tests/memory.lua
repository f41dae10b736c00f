-- Everything that has a hook, once: what memory.c runs.
local crux = require "crux"

local options = { base_url = os.getenv "CRUX_BASE", log_level = 5 }
function options.log(_, line)
  return { line, line .. line }
end
function options.tick(phase)
  return { phase .. "x" } ~= nil
end
local client = assert(crux.login("custom", os.getenv "CRUX_USER", os.getenv "CRUX_PASSWORD", options))
local document = assert(client:get "things/"):json()
local pieces = { "a", "b" }
local function body()
  return table.remove(pieces)
end
assert(client:post("echo/", { body = body })):json()
assert(client:post("echo/", { json = document }))
local token = assert(crux.token("custom", function()
  return "tok-" .. "7d1c"
end, { base_url = options.base_url }))
assert(token:get("things/0/", {
  progress = function(done)
    return { done } ~= nil
  end,
}))
local _, err = client:get "things/999/"
assert(err.status == 404)
local pending = client:start("GET", "things/1/")
assert(pending:result())
assert(#(assert(client:stream "bytes/1000"):read "a") == 1000)

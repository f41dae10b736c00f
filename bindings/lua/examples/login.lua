-- Logs in and reads a list. Give it CRUX_BASE, CRUX_USER and CRUX_PASSWORD.
local crux = require "crux"

local user, password = os.getenv "CRUX_USER", os.getenv "CRUX_PASSWORD"
local client = assert(crux.login("custom", user, password, { base_url = os.getenv "CRUX_BASE" }))

for thing in client:items "things/" do
  print(thing.id, thing.name)
end

local response, err = client:get "things/999/"
if not response then print(err.code, err.status, err.message) end

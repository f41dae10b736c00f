-- Facts by name, as text or number.
local errors = require "crux.errors"
local interface = require "crux.interface"
local low = require "crux.low"

return function(handle, name)
  local fact = interface.facts[errors.check(name, "string", "name of a fact")]
  if not fact then errors.blame(("there is no fact %q"):format(name)) end
  if fact.kind == "text" then return low.info(handle, name) end
  local number = low.number(handle, name)
  return number >= 0 and number or nil
end

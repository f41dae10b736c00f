-- Errors as values: one table for each failure, its `code` the name of the outcome.
local interface = require "crux.interface"

local errors = {}

---@class crux.Error
---@field code string the outcome: "auth", "http", "timeout", ...; crux.codes has all
---@field number integer its number in crux.h
---@field message string a sentence for a person; holds no secret
---@field status integer the HTTP status; 0 if there was no response
---@field server_message? string the server's own words
---@field retryable boolean whether the same call may succeed later
---@field maybe_sent boolean whether the server may have acted on it
---@field retry_after? number seconds after which the server wants to be asked again
---@field response? crux.Response with status, headers and body
local Error = { __name = "crux.Error" }
Error.__index = Error

function Error:__tostring()
  return self.message
end

--- What each outcome means: `crux.codes.timeout` is a sentence. A name that is none raises.
errors.codes = setmetatable({}, {
  __index = function(_, name)
    error(("crux has no error code %q"):format(tostring(name)), 2)
  end,
})
local numbers = {}
for number, outcome in pairs(interface.errors) do
  if number > 0 then
    rawset(errors.codes, outcome.code, outcome.text)
    numbers[outcome.code] = number
  end
end

--- An error that this package found itself, before anything was sent.
function errors.new(code, message)
  local fields = { code = code, number = numbers[code], message = message, status = 0 }
  fields.retryable, fields.maybe_sent = false, false
  return setmetatable(fields, Error)
end

--- Whether a value is an error of this package.
---@return boolean
function errors.is_error(value)
  return getmetatable(value) == Error
end

--- The error that an object of libcrux carries.
function errors.of(low, object, response)
  local number = low.code(object)
  local wait_ms = low.number(object, "retry_after_ms")
  return setmetatable({
    code = (interface.errors[number] or interface.errors[interface.constants.ERR_INTERNAL]).code,
    number = number,
    message = low.message(object),
    status = low.status(object),
    server_message = low.info(object, "server_message"),
    retryable = low.number(object, "retryable") == 1,
    maybe_sent = low.number(object, "maybe_sent") == 1,
    retry_after = wait_ms >= 0 and wait_ms / 1000 or nil,
    response = response,
  }, Error)
end

-- ---- Misuse

local here = debug.getinfo(1, "S").source:match "^(.*)errors%.lua$"

--- Raises a mistake of the program, blamed on the line outside this package that made it.
function errors.blame(message)
  local level = 2
  while true do
    local info = debug.getinfo(level, "S")
    -- No tail calls: they would shift the levels.
    if not info then error(message, 0) end
    local is_ours = here and info.source:sub(1, #here) == here
    if info.what ~= "C" and info.what ~= "tail" and not is_ours then error(message, level) end
    level = level + 1
  end
end

--- Raises unless the value has one of the types, named with blanks between them.
function errors.check(value, types, what)
  local kind = type(value)
  for one in types:gmatch "%S+" do
    if kind == one then return value end
  end
  errors.blame(("bad %s (%s expected, got %s)"):format(what, types:gsub(" ", " or "), kind))
end

--- Raises unless the value is a whole number that every Lua tells exactly.
function errors.whole(value, what)
  errors.check(value, "number", what)
  if value % 1 == 0 and value > -2 ^ 53 and value < 2 ^ 53 then return value end
  errors.blame(("bad %s (whole number expected, got %s)"):format(what, tostring(value)))
end

--- A text without a NUL, which C would cut it at; the error is raised as a value and caught by build().
function errors.text(value, what)
  errors.check(value, "string", what)
  if value:find("\0", 1, true) then error(errors.new("argument", ("The %s holds a NUL."):format(what)), 0) end
  return value
end

return errors

-- JSON: marks for what Lua's tables cannot say, and the way of a value into the body of a call.
local errors = require "crux.errors"

local json = {}

--- JSON's null, in both directions; `nil` is "not there".
json.null = setmetatable({}, {
  __name = "crux.null",
  __tostring = function()
    return "null"
  end,
})

json.array_type = { __name = "crux.array" }
json.object_type = { __name = "crux.object" }

--- Marks a table as an array: `crux.array {}` is `[]`.
---@param values? table
function json.array(values)
  return setmetatable(errors.check(values or {}, "table", "array"), json.array_type)
end

--- Marks a table as an object: `crux.object {}` is `{}`, as a plain empty table is.
---@param members? table
function json.object(members)
  return setmetatable(errors.check(members or {}, "table", "object"), json.object_type)
end

local DEEPEST = 100

local function refuse(message, ...)
  error(errors.new("argument", message:format(...)), 0)
end

local function escaped(key)
  if key:find("\0", 1, true) then refuse("A name in the JSON body holds a NUL.") end
  return (key:gsub("~", "~0"):gsub("/", "~1"))
end

--- The keys of an object in alphabetical order, or the length of an array.
local function shape(value, pointer)
  local keys, count, length = {}, 0, 0
  for key in next, value do
    if type(key) == "string" then
      keys[#keys + 1] = key
    elseif type(key) == "number" and key >= 1 and key % 1 == 0 then
      count, length = count + 1, math.max(length, key)
    else
      refuse("A table in the JSON body at %q has a key that is a %s.", pointer, type(key))
    end
  end
  local mark = getmetatable(value)
  if #keys > 0 and count > 0 or mark == json.array_type and #keys > 0 or mark == json.object_type and count > 0 then
    refuse("A table in the JSON body at %q is neither an array nor an object.", pointer)
  end
  if length ~= count then refuse("The array in the JSON body at %q has holes: crux.null stands for null.", pointer) end
  if count > 0 or mark == json.array_type then return nil, count end
  table.sort(keys)
  return keys
end

-- A text with a NUL inside cannot go over as a text of C, but as JSON.
local function literal(text)
  local function code(character)
    return ("\\u%04x"):format(character:byte())
  end
  return '"' .. text:gsub('["\\]', "\\%0"):gsub("%c", code) .. '"'
end

local is_integer = math.type and function(value)
  return math.type(value) == "integer"
end or function(value)
  return value % 1 == 0 and value > -2 ^ 53 and value < 2 ^ 53
end

local put

local function put_table(low, call, pointer, value, depth)
  if depth > DEEPEST then refuse("The JSON body is nested too deep, or holds itself.") end
  local keys, count = shape(value, pointer)
  low.call_put_json(call, pointer, keys and "{}" or "[]")
  if keys then
    for _, key in ipairs(keys) do
      put(low, call, pointer .. "/" .. escaped(key), value[key], depth + 1)
    end
  else
    for place = 1, count do
      put(low, call, pointer .. "/" .. ("%d"):format(place - 1), value[place], depth + 1)
    end
  end
end

--- Puts a value into the JSON body of a call, at a pointer.
function put(low, call, pointer, value, depth)
  local kind = type(value)
  if value == json.null then
    low.call_put_json(call, pointer, "null")
  elseif kind == "table" then
    put_table(low, call, pointer, value, depth or 0)
  elseif kind == "string" then
    if value:find("\0", 1, true) then
      low.call_put_json(call, pointer, literal(value))
    else
      low.call_put_text(call, pointer, value)
    end
  elseif kind == "number" then
    if is_integer(value) then
      low.call_put_int(call, pointer, value)
    else
      low.call_put_double(call, pointer, value)
    end
  elseif kind == "boolean" then
    low.call_put_json(call, pointer, tostring(value))
  else
    errors.blame(("bad value in the JSON body at %q (a %s is no JSON)"):format(pointer, kind))
  end
end
json.put = put

--- Reads what stands at a pointer; nothing if nothing does.
function json.read(low, object, pointer)
  return low.json(object, pointer, json.null, json.array_type, json.object_type)
end

return json

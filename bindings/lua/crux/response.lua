-- What came of a request.
local errors = require "crux.errors"
local facts = require "crux.facts"
local json = require "crux.json"
local low = require "crux.low"

---@class crux.Response
---@field status integer such as 200
---@field body string the bytes
---@field text string the same bytes: a string of Lua has no encoding, and libcrux's services send UTF-8
---@field headers table<string, string> found in any case of letters; several of one name are joined by ", "
---@field url string where it came from, after redirects
---@field location? string the Location, as a whole URL
---@field result? string the address or id of what was made
---@field warning? string what the server warns of
---@field attempts integer how often it was sent
local Response = { __name = "crux.Response" }

local methods = {}

local any_case = {
  __index = function(headers, name)
    return type(name) == "string" and rawget(headers, name:lower()) or nil
  end,
}

local function headers_of(handle)
  local headers, index = {}, 0
  while true do
    local name, value = low.header_at(handle, index)
    if not name then break end
    headers[name] = headers[name] and headers[name] .. ", " .. value or value
    index = index + 1
  end
  return setmetatable(headers, any_case)
end

local function info(name)
  return function(handle)
    return low.info(handle, name)
  end
end

-- What is looked up when it is first asked for.
local later = {
  headers = headers_of,
  url = info "url",
  location = info "location",
  result = info "result",
  warning = info "warning",
  attempts = function(handle)
    local attempts = low.number(handle, "attempts")
    return attempts >= 0 and attempts or nil
  end,
}

function Response:__index(key)
  if methods[key] then return methods[key] end
  if later[key] and self.handle then
    local value = later[key](self.handle)
    rawset(self, key, value)
    return value
  end
end

function Response:__tostring()
  return ("crux.Response: %d %s"):format(self.status, self.url or "")
end

--- The handle; raises if the response was closed.
local function open(self)
  if getmetatable(self) ~= Response then errors.blame "a crux.Response was expected: response:method(...)" end
  if not self.handle then errors.blame "attempt to use a closed response" end
  return self.handle
end

--- A pointer as C takes it. A member whose name holds a NUL is in the table of its object.
local function place(pointer)
  pointer = errors.check(pointer or "", "string", "pointer")
  if pointer:find("\0", 1, true) then errors.blame "bad pointer (it holds a NUL; read what stands above it)" end
  return pointer
end

--- The document, or what stands at a pointer of it ("/results/0/name"). null is crux.null; whole numbers are integers
--- where Lua has them.
---@param pointer? string an RFC 6901 pointer
---@return any value nil if nothing stands there
---@return crux.Error? err code "protocol" if the body is no JSON
function methods:json(pointer)
  local handle = open(self)
  local value = json.read(low, handle, place(pointer))
  if value ~= nil then return value end
  local problem = low.info(handle, "json_error")
  if not problem and (pointer or "") ~= "" then return nil end
  return self.client:fail(errors.new("protocol", problem or "The response has no JSON."), self.options)
end

--- The names of the members of an object, each once, in the order of the document.
---@param pointer? string an RFC 6901 pointer
---@return string[]
function methods:keys(pointer)
  local keys, known = {}, {}
  for _, name in ipairs(low.json_keys(open(self), place(pointer))) do
    if not known[name] then
      known[name] = true
      keys[#keys + 1] = name
    end
  end
  return keys
end

--- Requests a link as it stands in this response, relative to where that came from.
---@param link string
---@param options? crux.CallOptions
---@return crux.Response?, crux.Error?
function methods:follow(link, options)
  local handle = open(self)
  return self.client:perform(options, function()
    return low.call_follow(handle, "GET", errors.text(link, "link"))
  end)
end

--- One of the facts that libcrux knows: "elapsed_ms", "verified", "job_url", ...
---@param name string
---@return string|number|nil
function methods:fact(name)
  return facts(open(self), name)
end

--- Lets go of the response; status, headers and body stay. Forgetting it is as good, later.
function methods:close()
  if self.handle then
    local _ = self.headers, self.url, self.location, self.result, self.warning, self.attempts
    low.free(self.handle)
    rawset(self, "handle", nil)
  end
end

Response.__close = methods.close

Response.handle_of = open

--- A response of a handle; the body is copied here.
function Response.new(handle, client, options)
  local body = low.body(handle)
  local fields = { handle = handle, client = client, options = options, body = body, text = body }
  fields.status = low.status(handle)
  return setmetatable(fields, Response)
end

return Response

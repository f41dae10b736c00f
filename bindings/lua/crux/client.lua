-- The client: an account at a service.
local call = require "crux.call"
local errors = require "crux.errors"
local facts = require "crux.facts"
local interface = require "crux.interface"
local low = require "crux.low"
local pages = require "crux.pages"
local Pending = require "crux.pending"
local Response = require "crux.response"
local Stream = require "crux.stream"

local check, text, whole = errors.check, errors.text, errors.whole

---@class crux.Client
local Client = { __name = "crux.Client" }
Client.__index = Client

function Client.new(handle, options)
  local client = { handle = handle, raises = options.raise, waiter = options.waiter }
  client.has_token_function = type(options.token) == "function"
  client.started = setmetatable({}, { __mode = "v" })
  return setmetatable(client, Client)
end

function Client:__tostring()
  if not self.handle then return "crux.Client (closed)" end
  return ("crux.Client: %s at %s"):format(low.info(self.handle, "service"), low.info(self.handle, "base_url"))
end

--- The handle; raises if the client was closed.
local function open(self)
  if getmetatable(self) ~= Client then errors.blame "a crux.Client was expected: client:method(...)" end
  if not self.handle then errors.blame "attempt to use a closed client" end
  return self.handle
end
Client.handle_of = open

-- ---- Outcomes

--- `nil, err`, or raises it, as the call's or the client's option `raise` says.
function Client:fail(err, options)
  local raises = options and options.raise
  if raises == nil then raises = self.raises end
  if raises then error(err, 0) end
  return nil, err
end

--- The response of a handle, or nil and the error.
function Client:conclude(handle, options)
  local response = Response.new(handle, self, options and { raise = options.raise })
  if low.code(handle) == interface.constants.OK then return response end
  return nil, errors.of(low, handle, response.status > 0 and response or nil)
end

-- ---- Requests

--- Sends what `make` makes, with the rest of the options, and waits.
---@param counts? table the phases that progress counts
function Client:perform(options, make, raising, counts)
  open(self)
  options = check(options or {}, "table", "options")
  local watch, tell_end
  local handle, refused = call.build(function()
    watch, tell_end = call.watch(options, counts or call.counts(options))
    return make(options)
  end)
  if not handle then return self:fail(refused, raising or options) end
  local finished
  if self.waiter then
    finished = Pending.start(self, handle, watch, options):take()
  else
    if watch then low.call_tick(handle, watch) end
    finished = low.call_send(handle)
    low.free(handle)
  end
  local response, err = self:conclude(finished, raising or options)
  if not response then return self:fail(err, raising or options) end
  if tell_end then tell_end(finished) end
  return response
end

--- Sends a request and waits for the whole response.
---@param method string such as "GET"
---@param path string below the base, from the root, or a whole URL out of a response
---@param options? crux.CallOptions and: query, fill, headers, json, body, file, type, wait, progress, tick, raise
---@return crux.Response?, crux.Error?
function Client:request(method, path, options, raising)
  local client = open(self)
  check(method, "string", "method")
  check(path, "string", "path")
  return self:perform(options, function(given)
    local handle = low.call_new(client, text(method, "method"), text(path, "path"))
    return call.apply(handle, given, self.waiter ~= nil)
  end, raising)
end

for _, method in ipairs { "get", "post", "put", "patch", "delete" } do
  Client[method] = function(self, path, options)
    return Client.request(self, method:upper(), path, options)
  end
end

--- Starts a request in the background and returns at once.
---@return crux.Pending?, crux.Error?
function Client:start(method, path, options)
  local client = open(self)
  check(method, "string", "method")
  check(path, "string", "path")
  options = check(options or {}, "table", "options")
  if self.has_token_function then
    local why = "A client whose token comes from a function cannot start requests: Lua has one thread only."
    return self:fail(errors.new("argument", why), options)
  end
  local watch
  local handle, refused = call.build(function()
    watch = call.watch(options, call.counts(options))
    local new = low.call_new(client, text(method, "method"), text(path, "path"))
    return call.apply(new, options, true)
  end)
  if not handle then return self:fail(refused, options) end
  if watch and not self.waiter then low.call_tick(handle, watch) end
  return Pending.start(self, handle, watch, options)
end

--- The next started request that has finished, in order of finishing, each once.
---@param timeout_ms? integer how long to wait; 0, the default, only looks; -1 waits as long as it takes
---@return crux.Pending? pending nil if none has finished in time, or nothing is under way
function Client:finished(timeout_ms)
  local client = open(self)
  timeout_ms = math.min(whole(timeout_ms or 0, "timeout_ms"), 2 ^ 31 - 1)
  while true do
    local key = low.next_finished(client, timeout_ms)
    if not key then return nil end
    local pending = self.started[key]
    if pending then return pending end
  end
end

--- A descriptor for poll, select or a loop of events: readable while finished() has one. Neither read nor close it.
---@return integer
function Client:descriptor()
  return low.event(open(self))
end

-- ---- Lists

--- An iterator over the pages of a list; a page that fails is raised.
---@return fun(): crux.Response?
function Client:pages(path, options)
  open(self)
  check(path, "string", "path")
  return pages.each(self, path, check(options or {}, "table", "options"))
end

--- An iterator over the members of all pages. The option `at` is a pointer to the list in the document, where its place
--- is no usual one.
---@return fun(): any
function Client:items(path, options)
  open(self)
  check(path, "string", "path")
  return pages.items(self, path, check(options or {}, "table", "options"))
end

-- ---- Files

--- Sends a file as a form: `file`, a path, or `data`, a string, under `filename`. `field` names the field, `fields` adds
--- texts, `type` is the file's.
---@param path? string where to; nil = where the service takes files
---@return crux.Response?, crux.Error?
function Client:upload(path, options)
  local client = open(self)
  check(path, "string nil", "path")
  options = check(options, "table", "options")
  check(options.file or options.data, "string", "option 'file' or 'data'")
  check(options.field, "string nil", "option 'field'")
  return self:perform(options, function()
    local place = path and text(path, "path")
    local field = options.field and text(options.field, "option 'field'")
    local handle
    if options.file and not options.fields then
      local kind = options.type and text(options.type, "option 'type'")
      handle = low.call_upload(client, place, field, text(options.file, "option 'file'"), kind)
    else
      handle = low.call_new(client, options.method or "POST", place or "")
      call.form(handle, options, field or "file")
    end
    return call.apply(handle, options, false, true)
  end, nil, { send = true, job = true })
end

--- Downloads a file; one that is incomplete never has the final name.
---@param url string a path or a whole URL
---@param file string where to
---@return crux.Response?, crux.Error?
function Client:download(url, file, options)
  local client = open(self)
  check(url, "string", "url")
  check(file, "string", "file")
  return self:perform(options, function(given)
    local handle = low.call_new(client, given.method or "GET", text(url, "url"))
    call.apply(handle, given, self.waiter ~= nil)
    low.call_set(handle, "save", text(file, "name of the file"))
    return handle
  end, nil, { receive = true, job = true })
end

--- Sends a request and waits for the head of the response; the body is read piece by piece.
---@return crux.Stream?, crux.Error?
function Client:stream(path, options)
  local client = open(self)
  check(path, "string", "path")
  options = check(options or {}, "table", "options")
  local watch
  local handle, refused = call.build(function()
    watch = call.watch(options, { receive = true })
    local new = low.call_new(client, text(options.method or "GET", "method"), text(path, "path"))
    return call.apply(new, options, self.waiter ~= nil)
  end)
  if not handle then return self:fail(refused, options) end
  local pending
  if self.waiter then
    low.call_set(handle, "stream", "1")
    pending = Pending.start(self, handle, watch, options)
    pending.is_stream = true
    pending:pause(function(started)
      return low.wait(started, 0) == 1
    end)
    handle = pending.handle
  else
    local sent = handle
    if watch then low.call_tick(sent, watch) end
    handle = low.call_stream(sent)
    low.free(sent)
  end
  local response, err = self:conclude(handle, options)
  if not response then return self:fail(err, options) end
  return Stream.new(self, handle, response, options, pending)
end

-- ---- Jobs

--- Waits until the job of an accepted response has ended.
---@param response crux.Response
---@param options? table `timeout_ms`, or what a call has
---@return crux.Response?, crux.Error?
function Client:wait(response, options)
  local client = open(self)
  options = check(options or {}, "table", "options")
  local accepted = Response.handle_of(response)
  local timeout_ms = whole(options.timeout_ms or -1, "option 'timeout_ms'")
  local own = { wait = true }
  for name, value in next, options do
    if name ~= "timeout_ms" then own[name] = value end
  end
  -- 0 would be "as long as it takes".
  if timeout_ms >= 0 then own.job_timeout_ms = math.max(1, timeout_ms) end
  return self:perform(own, function(given)
    return call.tune(low.call_await(client, accepted), given)
  end, nil, { job = true })
end

-- ---- The session

local function account_call(make)
  return function(self, options)
    local client = open(self)
    return self:perform(options, function(given)
      return call.tune(make(client), given)
    end)
  end
end

--- Logs in, now or again: says whether the credentials work.
Client.login = account_call(function(client)
  return low.call_login(client)
end)

--- Ends the session; password and token are forgotten whatever the server responds.
Client.logout = account_call(function(client)
  return low.call_logout(client)
end)

--- Asks the service to mail a link for a new password.
---@param email string
function Client:reset_password(email, options)
  local client = open(self)
  check(email, "string", "email")
  return self:perform(options, function(given)
    return call.tune(low.call_reset_password(client, text(email, "email")), given)
  end)
end

--- Takes a token from elsewhere.
---@param token string
---@return true?, crux.Error?
function Client:set_token(token)
  local client = open(self)
  check(token, "string", "token")
  local fine, refused = call.build(function()
    return low.set_token(client, text(token, "token")) == interface.constants.OK
  end)
  if fine then return true end
  return self:fail(refused or errors.new("argument", "The token cannot stand in a header."))
end

--- The token that requests carry now.
---@return string?
function Client:token()
  return low.copy(open(self), "token")
end

--- One of the facts that libcrux knows: "requests", "open_connections", "token_expires_in_s", ...
---@return string|number|nil
function Client:fact(name)
  return facts(open(self), name)
end

--- Ends everything that is under way; the client stays usable.
function Client:cancel()
  low.cancel(open(self))
end

--- Lets go of the client. Responses stay good. Twice is fine.
function Client:close()
  if self.handle then
    low.free(self.handle)
    self.handle = nil
  end
end

Client.__close = Client.close

return Client

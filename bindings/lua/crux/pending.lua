-- A request that runs in the background, and how a coroutine waits for one.
local errors = require "crux.errors"
local interface = require "crux.interface"
local low = require "crux.low"

local constants = interface.constants

---@class crux.Pending
local Pending = { __name = "crux.Pending" }
Pending.__index = Pending

-- How often a waiter should return where something looks on, in seconds.
local LOOK = 0.1

--- Starts a call; its handle is done with.
function Pending.start(client, call, watch, options)
  local handle = low.call_start(call)
  low.free(call)
  local pending = setmetatable({ handle = handle, client = client, watch = watch, options = options }, Pending)
  client.started[low.key(handle)] = pending
  return pending
end

local function open(self)
  if getmetatable(self) ~= Pending then errors.blame "a crux.Pending was expected: pending:method(...)" end
  if not self.handle then errors.blame "attempt to use a closed request" end
  return self.handle
end

--- Tells the functions of the call how far it is; they may end it.
local function look(self)
  local handle = self.handle
  local phase = low.number(handle, "phase")
  local done, total = -1, -1
  if phase == constants.PHASE_SEND then
    done, total = low.number(handle, "sent"), low.number(handle, "send_total")
  elseif phase == constants.PHASE_RECEIVE then
    done, total = low.number(handle, "received"), low.number(handle, "receive_total")
  elseif phase == constants.PHASE_JOB then
    done, total = low.number(handle, "percent"), 100
  end
  local fine, verdict = pcall(self.watch, phase, done, total)
  if not fine then
    self:close()
    error(verdict, 0)
  end
  if verdict == false then low.cancel(handle) end
end

--- Waits, by the client's waiter if it has one, until the request has finished; `is_ready` may say what else will do.
function Pending:pause(is_ready)
  local handle = open(self)
  local waiter = self.client.waiter
  if not waiter then return low.wait(handle, -1) end
  while not is_ready(handle) do
    local watched = self.client.handle or handle
    local descriptor = low.event(self.is_stream and handle or watched)
    if waiter(descriptor, self, self.watch and LOOK or nil) == false then low.wait(handle, self.watch and 100 or -1) end
    if not self.handle then errors.blame "the request was closed while something waited for it" end
    if self.watch then look(self) end
  end
end

local function is_finished(handle)
  return low.wait(handle, 0) == 1
end

--- Whether it has finished: result() will not wait.
---@return boolean
function Pending:done()
  return self.response ~= nil or self.failure ~= nil or is_finished(open(self))
end

--- Waits for this request or, if it has a client, for any of its: what crux.run does when there is nothing else to do.
function Pending:wait(client, timeout_ms)
  low.wait(not self.is_stream and client.handle or self.handle, timeout_ms)
end

--- Waits, and gives up the handle to what was waiting.
function Pending:take()
  self:pause(is_finished)
  local handle = self.handle
  self.client.started[low.key(handle)] = nil
  self.handle = nil
  return handle
end

--- Waits for the response.
---@return crux.Response?, crux.Error?
function Pending:result()
  if not (self.response or self.failure) then
    local client, options = self.client, self.options
    self.response, self.failure = client:conclude(self:take(), options)
  end
  if self.response then return self.response end
  return self.client:fail(self.failure, self.options)
end

--- Ends it; its result is then an error with the code "cancelled".
function Pending:cancel()
  if self.handle then low.cancel(self.handle) end
end

--- A descriptor that is readable once this request has finished; -1 if the system has none left. It costs a
--- descriptor: the client's own serves all of its requests.
---@return integer
function Pending:descriptor()
  return low.event(open(self))
end

--- Ends it and lets go of it.
function Pending:close()
  if self.handle then
    self.client.started[low.key(self.handle)] = nil
    low.free(self.handle)
    self.handle = nil
  end
end

Pending.__close = Pending.close

return Pending

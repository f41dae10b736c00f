-- A small scheduler for programs without a loop of their own: functions run as coroutines, and while one waits for its
-- request the others go on. It needs one thread and one descriptor a client.
local errors = require "crux.errors"

local loop = {}

local waiting = {} -- by pending request: the coroutine that waits for it

local ours = setmetatable({}, { __mode = "k" }) -- coroutines that run() has made

--- The option `waiter` of clients that are used inside crux.run. Outside of it, and in coroutines that the program made
--- there, calls block as they do without it.
function loop.waiter(_, pending)
  local running = coroutine.running()
  if not (running and ours[running]) then return false end
  coroutine.yield(loop, pending)
end

local function resume(thread)
  local fine, what, pending = coroutine.resume(thread)
  if not fine then
    -- What the others wait for goes with them.
    waiting = {}
    error(what, 0)
  end
  if coroutine.status(thread) == "dead" then return end
  if what ~= loop then errors.blame "a function in crux.run yielded to a loop that is not there" end
  waiting[pending] = thread
end

-- How long to wait for one client while others wait as well, in ms.
local SHARE = 10

--- The requests that may go on, after a wait if there are none yet.
local function ready()
  local found, clients, count, looked_on = {}, {}, 0, false
  for pending in pairs(waiting) do
    if pending.watch or pending.is_stream or not pending.client.handle then looked_on = true end
    if pending:done() then
      found[#found + 1] = pending
    elseif not clients[pending.client] then
      clients[pending.client] = pending
      count = count + 1
    end
  end
  if #found > 0 then return found end
  for client, pending in pairs(clients) do
    pending:wait(client, (looked_on or count > 1) and SHARE or -1)
  end
  for pending in pairs(waiting) do
    if pending.watch or pending:done() then found[#found + 1] = pending end
  end
  return found
end

--- Runs functions at once, as coroutines, until all have ended. What one raises ends them all.
---@param ... fun()
function loop.run(...)
  for place = 1, select("#", ...) do
    errors.check(select(place, ...), "function", ("argument #%d to run"):format(place))
  end
  for place = 1, select("#", ...) do
    local thread = coroutine.create((select(place, ...)))
    ours[thread] = true
    resume(thread)
  end
  while next(waiting) do
    for _, pending in ipairs(ready()) do
      local thread = waiting[pending]
      waiting[pending] = nil
      resume(thread)
    end
  end
end

return loop

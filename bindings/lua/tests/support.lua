-- What the tests share: the sandbox, values compared, other processes of the same Lua.
local crux = require "crux"
local system = require "system"

local support = {}

support.base = assert(os.getenv "CRUX_BASE", "run me by test.sh")
support.user, support.password = os.getenv "CRUX_USER", os.getenv "CRUX_PASSWORD"

--- A client of the shop, logged in.
function support.login(options)
  local given = { base_url = support.base }
  for name, value in pairs(options or {}) do
    given[name] = value
  end
  return assert(crux.login("custom", support.user, support.password, given))
end

local control = assert(crux.anonymous("custom", { base_url = support.base }))

--- Sets what the sandbox answers.
function support.answer(answer)
  assert(control:post("_sandbox/answer", { json = answer }))
end

function support.forget()
  assert(control:post("_sandbox/forget", { json = {} }))
end

--- A response whose document is this text, as it stands.
function support.document(text)
  support.answer {
    path = "/document/",
    method = "*",
    status = 200,
    times = 1,
    body = text,
    headers = { ["content-type"] = "application/json" },
  }
  return assert(control:get "document/")
end

function support.same(one, other)
  if type(one) ~= "table" or type(other) ~= "table" or rawequal(one, other) then return one == other end
  for key, value in pairs(one) do
    if not support.same(value, other[key]) then return false end
  end
  for key in pairs(other) do
    if one[key] == nil then return false end
  end
  return true
end

function support.equal(found, wanted, what)
  if support.same(found, wanted) then return end
  error(("%s: %s instead of %s"):format(what or "value", tostring(found), tostring(wanted)), 2)
end

--- Whether a text holds another; the text is shown if not.
function support.holds(text, part)
  if not tostring(text):find(part, 1, true) then
    error(("%q is not in: %s"):format(part, tostring(text)), 2)
  end
end

--- Calls a function that must raise, and returns what.
function support.raises(run, ...)
  local fine, raised = pcall(run, ...)
  if fine then error("nothing was raised", 2) end
  return raised
end

--- How long a function takes, in ms, and what it returns.
function support.timed(run)
  local begun = system.now_ms()
  local one, two = run()
  return system.now_ms() - begun, one, two
end

--- A tick that ends the call after `ms`; `ended.at` is when.
function support.ends_after(ms)
  local ended, begun = {}, system.now_ms()
  return function()
    if system.now_ms() - begun < ms then return true end
    ended.at = ended.at or system.now_ms()
    return false
  end, ended
end

function support.exists(file)
  local opened = io.open(file, "rb")
  if opened then opened:close() end
  return opened ~= nil
end

function support.write(file, text)
  local opened = assert(io.open(file, "wb"))
  opened:write(text)
  opened:close()
end

function support.read(file)
  local opened = assert(io.open(file, "rb"))
  local text = opened:read "*a"
  opened:close()
  return text
end

--- Runs a program of Lua in a process of its own: its output, errors included, and its exit status.
---@param settings? string of the environment, or a command before it
function support.run(program, settings)
  support.write("program.lua", program)
  local command = ("%s %s program.lua 2>&1; echo status $?"):format(settings or "", os.getenv "LUA_UNDER_TEST")
  local pipe = assert(io.popen(command))
  local output = pipe:read "*a"
  pipe:close()
  local text, status = output:match "^(.*)status (%d+)\n$"
  return text, tonumber(status)
end

return support

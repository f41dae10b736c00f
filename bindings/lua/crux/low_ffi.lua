-- The low layer for LuaJIT: what crux.core is in C, with the same functions. Nothing here may be compiled: what is
-- called may call a hook, and LuaJIT does not let compiled code be entered again.
--
-- No error of Lua may pass through libcrux. A hook keeps what it raised and ends the call; leave() raises it again when
-- libcrux has returned. There is one callback for each kind of hook, for callbacks are few; contexts are numbers.
jit.off(true, true)

local ffi = require "ffi"
local interface = require "crux.interface"

ffi.cdef(interface.cdef)
ffi.cdef "struct crux_handle { void *object; };"

local low, as = {}, {}
local lib

local handle_type = ffi.metatype("struct crux_handle", {
  __gc = function(handle)
    low.free(handle)
  end,
})

-- ---- Hooks, and what they raise

-- The interpreter answers Ctrl-C with a debug hook that raises in the next instruction, which must not be the first of
-- a callback. So the signal is held back while libcrux runs, and let through where errors are caught.
local hold, let_through
if ffi.os == "Windows" then
  hold, let_through = function() end, function() end
else
  ffi.cdef [[
    typedef struct { unsigned long bits[32]; } crux_signals;
    int sigemptyset(crux_signals *signals);
    int sigaddset(crux_signals *signals, int signal);
    int pthread_sigmask(int how, const crux_signals *signals, crux_signals *before);
  ]]
  local SIGINT = 2
  local BLOCK, UNBLOCK = 0, 1
  if ffi.os ~= "Linux" then
    BLOCK, UNBLOCK = 1, 2
  end
  local interrupt = ffi.new "crux_signals"
  ffi.C.sigemptyset(interrupt)
  ffi.C.sigaddset(interrupt, SIGINT)
  function hold()
    ffi.C.pthread_sigmask(BLOCK, interrupt, nil)
  end
  function let_through()
    ffi.C.pthread_sigmask(UNBLOCK, interrupt, nil)
  end
end

-- How deep hooks are in hooks; where one raised, and what; where the signal is held back.
local depth, raised_at, kept, held = 1, 0, nil, {}

--- Before a function that may call hooks. Nothing may raise between this and leave().
function as.enter()
  held[depth] = true
  hold()
end
local enter = as.enter

--- Passes on what a function of libcrux returned, or raises what a hook of it has raised.
function as.leave(...)
  if held[depth] then
    held[depth] = false
    let_through()
  end
  if raised_at ~= depth then return ... end
  local raised = kept
  raised_at, kept = 0, nil
  error(raised, 0)
end
local leave = as.leave

local hooks = {}
local last_hook = 0

local function run(hook, ...)
  let_through()
  local fine, result = pcall(hook, ...)
  hold()
  if not fine then error(result, 0) end
  return result
end

--- Calls the function of a hook; `failed` if it raised.
local function call(context, failed, keeps, ...)
  local hook = hooks[tonumber(ffi.cast("intptr_t", context))]
  local was_held = held[depth]
  depth = depth + 1
  local fine, result
  if was_held then
    fine, result = pcall(run, hook, ...)
  else
    fine, result = pcall(hook, ...)
  end
  depth = depth - 1
  if was_held then hold() end
  if fine then return result end
  -- An error in a log is no error of the call, but Ctrl-C there is not lost.
  local is_interrupt = type(result) == "string" and result:find "interrupted!$"
  if (keeps or is_interrupt) and raised_at == 0 then
    raised_at, kept = depth, result
  end
  return failed
end

-- ---- Values over and back

function as.handle(handle)
  if handle == nil then return nil end
  if not ffi.istype(handle_type, handle) then
    error(("bad argument (crux.handle expected, got %s)"):format(type(handle)), 3)
  end
  return handle.object
end

function as.text(text)
  if type(text) == "number" then text = tostring(text) end
  if type(text) ~= "string" then error(("bad argument (string expected, got %s)"):format(type(text)), 3) end
  if text:find("\0", 1, true) then error("bad argument (text holds a NUL)", 3) end
  return text
end

function as.optional(text)
  if text == nil then return nil end
  return as.text(text)
end

function as.number(number)
  if type(number) ~= "number" then error(("bad argument (number expected, got %s)"):format(type(number)), 3) end
  return number
end

function as.bytes(bytes)
  if bytes ~= nil and type(bytes) ~= "string" then
    error(("bad argument (string expected, got %s)"):format(type(bytes)), 3)
  end
  return bytes
end

function as.own(object)
  if object == nil then return nil end
  return handle_type(object)
end

function as.string(text, length)
  if text == nil then return nil end
  return length and ffi.string(text, length) or ffi.string(text)
end

as.integer = tonumber
as.new_text = ffi.typeof "const char *[1]"
as.new_size_t = ffi.typeof "size_t[1]"
as.new_int32_t = ffi.typeof "int32_t[1]"

-- ---- Handles

function low.free(handle)
  local object = as.handle(handle)
  handle.object = nil
  if object ~= nil then
    enter()
    lib.crux_free(object)
    leave()
  end
end

local function key(object)
  return tonumber(ffi.cast("uintptr_t", object))
end

--- What next_finished() returns for this handle.
function low.key(handle)
  return key(as.handle(handle))
end

function low.next_finished(client, timeout_ms)
  local object, limit = as.handle(client), as.number(timeout_ms)
  enter()
  local finished = leave(lib.crux_next_finished(object, limit))
  if finished ~= nil then return key(finished) end
end

-- ---- Hooks

-- Called where the signal comes through.
local function interrupted() end

local on_tick = ffi.cast("crux_tick_fn", function(context, phase, done, total)
  if raised_at ~= 0 then return 1 end
  return call(context, false, true, phase, tonumber(done), tonumber(total)) == false and 1 or 0
end)

local on_log = ffi.cast("crux_log_fn", function(context, level, line)
  call(context, nil, false, level, ffi.string(line))
end)

local function hand_over(text, buffer, capacity, what)
  if text == nil then return 0 end
  if type(text) ~= "string" then error(("%s must be a string or nil, not a %s"):format(what, type(text)), 0) end
  if #text > capacity then error(("%s is longer than %d bytes"):format(what, capacity), 0) end
  ffi.copy(buffer, text, #text)
  return #text
end

local on_token = ffi.cast("crux_token_fn", function(context, refused, buffer, capacity)
  return call(context, -1, true, as.string(refused), buffer, tonumber(capacity))
end)

local on_read = ffi.cast("crux_read_fn", function(context, buffer, capacity)
  return call(context, -1, true, buffer, tonumber(capacity))
end)

local release = ffi.cast("crux_release_fn", function(context)
  hooks[tonumber(ffi.cast("intptr_t", context))] = nil
end)

local function context_of(hook)
  if type(hook) ~= "function" then error(("bad argument (function expected, got %s)"):format(type(hook)), 3) end
  last_hook = last_hook + 1
  hooks[last_hook] = hook
  return ffi.cast("void *", last_hook)
end

--- Gives a setter of libcrux a hook; one that is refused is released at once.
local function set(setter, object, callback, hook, ...)
  local context = context_of(hook)
  enter()
  return leave(setter(object, callback, context, release, ...))
end

function low.options_tick(options, tick)
  return set(lib.crux_options_tick, as.handle(options), on_tick, tick or interrupted)
end

function low.call_tick(call_handle, tick)
  return set(lib.crux_call_tick, as.handle(call_handle), on_tick, tick or interrupted)
end

function low.options_log(options, level, log)
  local object, number, context = as.handle(options), as.number(level), context_of(log)
  enter()
  return leave(lib.crux_options_log(object, number, on_log, context, release))
end

function low.options_token(options, fetch)
  return set(lib.crux_options_token, as.handle(options), on_token, fetch and function(refused, buffer, capacity)
    return hand_over(fetch(refused), buffer, capacity, "a token")
  end)
end

function low.call_source(call_handle, read, length, type)
  local object, size, content_type = as.handle(call_handle), as.number(length), as.optional(type)
  return set(lib.crux_call_source, object, on_read, read and function(buffer, capacity)
    return hand_over(read(capacity), buffer, capacity, "a piece of the body")
  end, size, content_type)
end

-- ---- Bytes

local buffer_type = { __name = "crux.buffer" }

function low.buffer(size)
  return setmetatable({ bytes = ffi.new("char[?]", size), size = size }, buffer_type)
end

function low.read(response, buffer)
  local object = as.handle(response)
  if getmetatable(buffer) ~= buffer_type then error("bad argument (crux.buffer expected)", 2) end
  local bytes, size = buffer.bytes, buffer.size
  enter()
  local got = tonumber(leave(lib.crux_read(object, bytes, size)))
  return got > 0 and ffi.string(buffer.bytes, got) or got
end

function low.copy(object, what)
  local source, name = as.handle(object), as.text(what)
  local size = tonumber(lib.crux_copy(source, name, nil, 0))
  if size == 0 then return leave() end
  local buffer = ffi.new("char[?]", size)
  local copied = tonumber(lib.crux_copy(source, name, buffer, size))
  local text = ffi.string(buffer, math.min(copied, size))
  ffi.fill(buffer, size)
  return leave(text)
end

-- ---- JSON

local NULL, BOOL, NUMBER, STRING, ARRAY = 1, 2, 3, 4, 5
local walk -- what the visits of the walk at hand build

local function visit(depth_of_node, kind, name, name_length, text, length)
  local value
  if kind == STRING then
    value = ffi.string(text, length)
  elseif kind == NUMBER then
    value = tonumber(ffi.string(text, length))
  elseif kind == BOOL then
    value = length == 4
  elseif kind == NULL then
    value = walk.null
  else
    value = setmetatable({}, kind == ARRAY and walk.array or walk.object)
    walk.counts[depth_of_node], walk.tables[depth_of_node] = 0, value
  end
  if depth_of_node == 0 then
    walk.result = value
  elseif name ~= nil then
    walk.tables[depth_of_node - 1][ffi.string(name, name_length)] = value
  else
    local count = walk.counts[depth_of_node - 1] + 1
    walk.counts[depth_of_node - 1] = count
    walk.tables[depth_of_node - 1][count] = value
  end
end

local function visit_name(depth_of_node, _, name, name_length)
  if depth_of_node == 1 and name ~= nil then walk.names[#walk.names + 1] = ffi.string(name, name_length) end
end

local on_node = ffi.cast("crux_json_fn", function(_, ...)
  local fine, problem = pcall(walk.visit, ...)
  if fine then return 0 end
  walk.problem = problem
  return 1
end)

--- Walks with what `visit` of a table makes of the nodes, and returns the table.
local function walked(object, pointer, given)
  local source, place = as.handle(object), as.text(pointer)
  local before = walk
  walk = given
  enter()
  lib.crux_json_walk(source, place, on_node, nil)
  walk = before
  leave()
  if given.problem then error(given.problem, 0) end
  return given
end

function low.json(object, pointer, null, array, objects)
  if type(array) ~= "table" or type(objects) ~= "table" then error("bad argument (metatables expected)", 2) end
  local given = { visit = visit, null = null, array = array, object = objects, counts = {}, tables = {} }
  return walked(object, pointer, given).result
end

function low.json_keys(object, pointer)
  return walked(object, pointer, { visit = visit_name, names = {} }).names
end

-- ---- The library

function low.open(path)
  local found, library = pcall(ffi.load, path)
  if not found then return nil, library end
  local asked, abi = pcall(function()
    return library.crux_abi()
  end)
  if not asked then return nil, "it has no crux_abi" end
  if abi >= interface.abi then
    lib = library
    require "crux.ffi_functions"(lib, as, low)
  end
  return abi
end

return low

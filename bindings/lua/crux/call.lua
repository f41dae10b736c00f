-- A call in the making: what the options of get, post and their kin mean.
local errors = require "crux.errors"
local interface = require "crux.interface"
local json = require "crux.json"
local low = require "crux.low"

local check, text = errors.check, errors.text
local phases = {}
for name, number in pairs(interface.constants) do
  local phase = name:match "^PHASE_(%u+)$"
  if phase then phases[number] = phase:lower() end
end

local call = {}

-- Members of a table of options that are no options of libcrux.
local own = {
  query = true,
  fill = true,
  headers = true,
  json = true,
  body = true,
  length = true,
  file = true,
  type = true,
  wait = true,
  progress = true,
  tick = true,
  raise = true,
  waiter = true,
  log = true,
  data = true,
  field = true,
  filename = true,
  fields = true,
  method = true,
  at = true,
}

--- A number, text or boolean as the text that libcrux takes.
function call.plain(value, what)
  local kind = type(value)
  if kind == "boolean" then return value and "1" or "0" end
  if kind == "number" then
    if value - value ~= 0 then
      local why = "The number given as %s is %s; only finite ones can be sent."
      error(errors.new("argument", why:format(what, tostring(value))), 0)
    end
    -- An integer of Lua 5.3 and later may be larger than a float tells exactly.
    local whole = math.type and math.type(value) == "integer" and "%d" or value % 1 == 0 and "%.0f"
    return (whole or "%.17g"):format(value)
  end
  check(value, "string number boolean", what)
  return text(value, what)
end

--- Sets every option of libcrux in the table by `set(key, value)`; its own members are left to others.
function call.set_options(options, set)
  for name, value in next, options do
    check(name, "string", "name of an option")
    if not own[name] then
      local known = interface.options[name]
      set(known and known.key or text(name, "name of an option"), call.plain(value, ("option '%s'"):format(name)))
    end
  end
end

--- Pairs of a query or of headers: { name = value }, { name = { value, value } } or { { name, value }, ... }, which keeps
--- the order.
local function each_pair(pairs_given, what, add)
  check(pairs_given, "table", what)
  local function one(name, value)
    check(name, "string", "name in " .. what)
    if type(value) == "boolean" then value = tostring(value) end
    add(text(name, "name in " .. what), call.plain(value, ("'%s' in %s"):format(name, what)))
  end
  local count = 0
  for place, pair in ipairs(pairs_given) do
    check(pair, "table", "pair in " .. what)
    one(pair[1], pair[2])
    count = place
  end
  local names = {}
  for name in next, pairs_given do
    local is_pair = type(name) == "number" and name % 1 == 0 and name >= 1 and name <= count
    if not is_pair then names[#names + 1] = check(name, "string", "name in " .. what) end
  end
  table.sort(names)
  for _, name in ipairs(names) do
    local value = pairs_given[name]
    if type(value) == "table" then
      for _, single in ipairs(value) do
        one(name, single)
      end
    else
      one(name, value)
    end
  end
end

--- A function that libcrux can fill its buffer from: what is left of a piece waits for the next time.
local function source(read)
  local rest = ""
  return function(capacity)
    while rest == "" do
      local piece = read()
      if piece == nil then return nil end
      if type(piece) ~= "string" then error("a body's function must return strings, not a " .. type(piece), 0) end
      rest = piece
    end
    local piece = rest:sub(1, capacity)
    rest = rest:sub(capacity + 1)
    return piece
  end
end

local function reader_of(body)
  if type(body) == "function" then return body end
  if io.type(body) == "file" then
    return function()
      return body:read(65536)
    end
  end
end

--- The body of a call. In the background it is read up first, for libcrux sends it from a thread of its own.
local function set_body(handle, options, in_background)
  local kind = options.type and text(check(options.type, "string", "option 'type'"), "option 'type'")
  if options.json ~= nil then return json.put(low, handle, "", options.json) end
  if options.file ~= nil then
    return low.call_file(handle, text(check(options.file, "string", "option 'file'"), "name of the file"), kind)
  end
  local body = options.body
  if body == nil then return end
  local read = reader_of(body)
  if not read then
    check(body, "string", "option 'body', unless it is a function or an open file")
    return low.call_body(handle, body, kind or "application/octet-stream")
  end
  if not in_background then
    local length = errors.whole(options.length or -1, "option 'length'")
    return low.call_source(handle, source(read), length, kind)
  end
  local pieces = {}
  for piece in read do
    pieces[#pieces + 1] = piece
  end
  low.call_body(handle, table.concat(pieces), kind or "application/octet-stream")
end

--- The function that libcrux calls while a call waits, from `tick` and `progress`; nil if there is neither. Returning
--- false ends the call. The second function tells progress the end, of a response.
---@param counts table the phases that progress is told of
function call.watch(options, counts)
  local tick = options.tick and check(options.tick, "function", "option 'tick'")
  local progress = options.progress and check(options.progress, "function", "option 'progress'")
  if not (tick or progress) then return nil end
  local last = {}
  local function watch(number, done, total)
    local phase = phases[number] or "wait"
    if tick and tick(phase, done, total) == false then return false end
    if progress and counts[phase] and done >= 0 then
      last.phase, last.done = phase, done
      return progress(done, total >= 0 and total or nil, phase)
    end
  end
  local function tell_end(handle)
    local phase = options.wait and "job" or counts.receive and "receive" or "send"
    local done = low.number(handle, ({ job = "percent", receive = "received", send = "sent" })[phase])
    if done < 0 or last.phase == phase and last.done == done then return end
    progress(done, phase == "job" and 100 or done, phase)
  end
  return watch, progress and tell_end
end

--- What the progress of a call counts.
function call.counts(options)
  local sends = options.json ~= nil or options.body ~= nil or options.file ~= nil
  return { send = sends, receive = true, job = true }
end

--- Gives a handle of a call everything in the options.
---@param is_form boolean whether it has its body already
function call.apply(handle, options, in_background, is_form)
  if options.fill ~= nil then
    each_pair(options.fill, "option 'fill'", function(name, value)
      low.call_fill(handle, name, value)
    end)
  end
  if options.query ~= nil then
    each_pair(options.query, "option 'query'", function(name, value)
      low.call_query(handle, name, value)
    end)
  end
  if options.headers ~= nil then
    each_pair(options.headers, "option 'headers'", function(name, value)
      low.call_header(handle, name, value)
    end)
  end
  if not is_form then set_body(handle, options, in_background) end
  call.tune(handle, options)
  return handle
end

--- The part of the options that also holds for the pages that follow.
function call.tune(handle, options)
  call.set_options(options, function(key, value)
    low.call_set(handle, key, value)
  end)
  if options.wait then low.call_set(handle, "await", "1") end
  return handle
end

--- The parts of a form: `file`, or `data` under a `filename`, and the texts in `fields`.
function call.form(handle, options, field)
  if options.fields ~= nil then
    each_pair(options.fields, "option 'fields'", function(name, value)
      low.call_part(handle, name, value, nil, nil)
    end)
  end
  local kind = options.type and text(options.type, "option 'type'")
  if options.file ~= nil then
    low.call_part(handle, field, nil, text(options.file, "option 'file'"), kind)
  else
    check(options.data, "string", "option 'data'")
    local name = text(options.filename or "file", "option 'filename'")
    low.call_part_data(handle, field, name, options.data, kind)
  end
  return handle
end

--- Runs a function that makes a call. A refused text is nil and the error; a mistake of the program is raised.
function call.build(make)
  local fine, made, more = pcall(make)
  if fine then return made, more end
  if errors.is_error(made) then return nil, made end
  error(made, 0)
end

return call

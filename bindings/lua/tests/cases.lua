-- The cases of bindings/cases.json that are data: each goes through the public face of the package.
local crux = require "crux"
local support = require "support"
local system = require "system"

local equal = support.equal

local function filled(text)
  local values = { base = support.base, https = os.getenv "CRUX_SANDBOX_HTTPS", ca = os.getenv "CRUX_SANDBOX_CA" }
  return (text:gsub("{(%l+)}", values))
end

local function options_of(case, scope)
  local chosen = { client = { base_url = support.base }, call = {} }
  for name, value in pairs(case.options or {}) do
    local is_clients = case["do"] == "login" or name == "tls_ca_file" or name == "base_url"
    chosen[is_clients and "client" or "call"][name] = type(value) == "string" and filled(value) or value
  end
  return chosen[scope]
end

local function account(case)
  local options = options_of(case, "client")
  local kind = case.account or "password"
  if kind == "token" then return crux.token("custom", "tok-7d1c", options) end
  if kind == "bad_token" then return crux.token("custom", "nope", options) end
  if kind == "anonymous" then return crux.anonymous("custom", options) end
  return crux.login("custom", support.user, case.secret or support.password, options)
end

--- The pairs of the query in the order in which the case names them.
local function query(case, names)
  if not case.query then return nil end
  local pairs_in_order = {}
  for _, name in ipairs(names) do
    pairs_in_order[#pairs_in_order + 1] = { name, case.query[name] }
  end
  return pairs_in_order
end

local function bytes_of(hex)
  return (hex:gsub("%x%x", function(pair)
    return string.char(tonumber(pair, 16))
  end))
end

local run = {}

function run.call(client, case, options)
  return client:request(case.method or "GET", filled(case.path), options)
end

function run.follow(client, case, options)
  local page = assert(client:get(case.path))
  return page:follow(case.link, options)
end

function run.upload(client, case, options)
  options.data, options.field, options.filename = case.data, case.field, case.filename
  return client:upload(case.path, options)
end

function run.download(client, case, options)
  local seen = {}
  options.progress = function(received)
    seen.last = received
  end
  os.remove "target.bin"
  local response, err = client:download(case.path, "target.bin", options)
  return response, err, seen
end

function run.stream(client, case, options)
  local stream, err = client:stream(case.path, options)
  if not stream then return nil, err end
  local length = 0
  for piece in stream:pieces() do
    length = length + #piece
  end
  return { status = stream.status, body = ("x"):rep(length) }
end

--- A loop raises; here that is an error like any other.
local function looped(loop)
  local seen = {}
  local fine, err = pcall(loop, seen)
  if fine then return {}, nil, seen end
  if not crux.is_error(err) then error(err, 0) end
  return nil, err, seen
end

function run.pages(client, case, options)
  return looped(function(seen)
    for page in client:pages(case.path, options) do
      local sizes = case.expect.sizes
      seen[#seen + 1] = sizes and #page:json(sizes.pointer)
    end
  end)
end

function run.items(client, case, options)
  return looped(function(seen)
    for item in client:items(case.path, options) do
      seen[#seen + 1] = item[case.expect.items.pointer:sub(2)]
    end
  end)
end

local function sha256(text)
  support.write("hashed.bin", text)
  local pipe = assert(io.popen "sha256sum hashed.bin")
  local sum = pipe:read "*a"
  pipe:close()
  return sum:match "^%x+"
end

local check = {}

function check.text(expected, found)
  equal(found.text, expected, "text")
end

function check.length(expected, found)
  equal(#found.body, expected, "length")
end

function check.sha256(expected, found)
  equal(sha256(found.body), expected, "sha256")
end

for _, member in ipairs { "status", "url", "location", "attempts" } do
  check[member] = function(expected, found)
    equal(found[member], type(expected) == "string" and filled(expected) or expected, member)
  end
end

function check.json(expected, found)
  for pointer, value in pairs(expected) do
    equal(found:json(pointer), value, pointer)
  end
end

function check.absent(expected, found)
  for _, pointer in ipairs(expected) do
    assert(found:json() ~= nil and found:json(pointer) == nil, pointer .. " is there")
  end
end

function check.sent_json(_, found, _, case)
  equal(support.document(found:json "/body"):json(), case.json, "what was sent")
end

function check.json_fails(_, found)
  local value, err = found:json()
  assert(value == nil and crux.is_error(err), "the document could be read")
  equal(err.code, "protocol", "code")
end

function check.headers(expected, found)
  for name, value in pairs(expected) do
    equal(found.headers[name], value, name)
  end
end

for _, member in ipairs { "server_message", "retryable" } do
  check[member] = function(expected, _, err)
    equal(err[member], expected, member)
  end
end

function check.retry_after_s(expected, _, err)
  equal(err.retry_after, expected, "retry_after")
end

function check.error(expected, _, err)
  equal(err.code, expected, "code")
  assert(#err.message > 0 and tostring(err) == err.message)
end

function check.sizes(expected, _, _, _, seen)
  equal(seen, expected.are, "sizes")
end

function check.items(expected, _, _, _, seen)
  equal(seen, expected.are, "items")
end

function check.file_length(expected)
  equal(#support.read "target.bin", expected, "length of the file")
end

function check.progress_last(expected, _, _, _, seen)
  equal(seen.last, expected, "the last progress")
end

function check.no_file()
  assert(not support.exists "target.bin", "there is a file")
end

--- What happens when a case is run: response, error, and what a loop or progress has seen.
local function outcome(case, names)
  local client, err = account(case)
  if not client or case["do"] == "login" then return client, err end
  local options = options_of(case, "call")
  options.query, options.fill, options.headers = query(case, names), case.fill, case.headers
  options.json, options.wait, options.type = case.json, case.wait, case.type
  options.body = case.body_hex and bytes_of(case.body_hex)
  return run[case["do"] or "call"](client, case, options)
end

local function run_case(case, names)
  support.forget()
  for _, answer in ipairs(case.before or {}) do
    support.answer(answer)
  end
  local begun = system.now_ms()
  local response, err, seen = outcome(case, names)
  local took = system.now_ms() - begun
  support.forget()
  if err and not case.expect.error then error(tostring(err), 0) end
  if case.expect.error then
    assert(err, "it succeeded")
    -- An error without a response has its status all the same.
    response = err.response or { status = err.status, attempts = nil }
  end
  for what, expected in pairs(case.expect) do
    assert(check[what], "what is expected is not known: " .. what)(expected, response, err, case, seen)
  end
  assert(took <= (case.within_ms or 10000), ("it took %.0f ms"):format(took))
end

return function(test, file)
  local document = support.document(support.read(file))
  local names = {}
  for place, case in ipairs(document:json()) do
    names[#names + 1] = case.name
    if case["do"] ~= "own" then
      local query_names = document:keys(("/%d/query"):format(place - 1))
      test(case.name, function()
        run_case(case, query_names)
      end)
    end
  end
  return names
end

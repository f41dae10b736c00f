-- What this package promises of Lua itself.
local crux = require "crux"
local support = require "support"
local system = require "system"

local equal, holds, raises, timed = support.equal, support.holds, support.raises, support.timed

local function values(test)
  test("integers are integers where Lua has them, and floats stay floats", function()
    local text = '[1, -1, 9007199254740993, -9223372036854775808, 9223372036854775807, 9223372036854775808, 1.0, 1e2, -0.5, 1e400, -0]'
    local found = support.document(text):json()
    if math.type then
      local kinds = {}
      for place, value in ipairs(found) do
        kinds[place] = math.type(value):sub(1, 1)
      end
      equal(table.concat(kinds), "iiiiifffffi")
      equal(found[3], tonumber "9007199254740993")
      equal(found[4], math.mininteger)
      equal(found[5], math.maxinteger)
    end
    equal(found[2], -1)
    equal(found[6], 2 ^ 63)
    equal(found[8], 100)
    equal(found[9], -0.5)
    local sent = assert(support.login():post("echo/", { json = found[5] }))
    if math.type then equal(sent:json "/body", "9223372036854775807") end
    sent = assert(support.login():post("echo/", { json = { 2 ^ 53, 0.1, 3, 1e300 } }))
    equal(support.document(sent:json "/body"):json(), { 2 ^ 53, 0.1, 3, 1e300 })
  end)

  test("numbers are read whatever the locale", function()
    local output, status = support.run([[
      assert(os.setlocale "de_DE.UTF-8" or os.setlocale "C.UTF-8")
      local support = require "support"
      local found = support.document "[1.5, 2.25e2]":json()
      assert(found[1] == 1.5 and found[2] == 225)
      local sent = support.login():post("echo/", { json = { 1.5 } })
      assert(sent:json "/body" == "[1.5]")
    ]])
    equal(status, 0, output)
  end)

  test("a document read and sent again is the same document", function()
    local text = '{"a":[],"b":{},"c":[[],{},null,[null]],"d":{"e~f/g":{"":"x"}},"n":null,"s":"a\\u0000b\\"\\\\"}'
    local found = support.document(text):json()
    local sent = assert(support.login():post("echo/", { json = found })):json "/body"
    equal(support.document(sent):json(), found)
    equal(sent:gsub("%s", ""), (text:gsub("%s", "")))
    equal(found.s, 'a\0b"\\')
    equal(tostring(found.n), "null")
  end)

  test("tables become arrays or objects by their keys or their mark", function()
    local client = support.login()
    local function body(value)
      return assert(client:post("echo/", { json = value })):json "/body"
    end
    equal(body {}, "{}")
    equal(body(crux.array {}), "[]")
    equal(body(crux.array()), "[]")
    equal(body(crux.object { b = 1, a = { 1, { x = false } } }), '{"a":[1,{"x":false}],"b":1}')
    equal(body(crux.null), "null")
    equal(body(false), "false")
    equal(body "ü", '"ü"')
    local _, err = client:post("echo/", { json = crux.array { a = 1 } })
    equal(err.code, "argument")
    _, err = client:post("echo/", { json = crux.object { 1 } })
    equal(err.code, "argument")
  end)

  test("a deep document and a wide one can be read", function()
    local deep = support.document(("["):rep(100) .. ("]"):rep(100)):json()
    for _ = 1, 99 do
      deep = deep[1]
    end
    equal(#deep, 0)
    local wide = support.document("[" .. ("1234.5,"):rep(99999) .. "0]"):json()
    equal(#wide, 100000)
    local sent = assert(support.login():post("echo/", { json = wide }))
    equal(sent:json "/body_length", #("1234.5,"):rep(99999) + 3)
  end)

  test("a query keeps its order, repeats names and takes numbers and booleans", function()
    local client = support.login()
    local function query(given)
      return assert(client:get("echo/", { query = given })):json "/query"
    end
    equal(query { { "z", 1 }, { "a", true }, { "z", "ü" } }, "z=1&a=true&z=%C3%BC")
    equal(query { tag = { "b", "a" }, n = 2.5 }, "n=2.5&tag=b&tag=a")
    -- Where Lua has integers, a float does not tell them all.
    if math.type then equal(query { id = 9007199254740993 }, "id=9007199254740993") end
  end)

  test("a document of any depth is a value or an error", function()
    local client = support.login()
    support.answer { path = "/deep/", method = "*", status = 200, body = ("["):rep(80000) .. ("]"):rep(80000) }
    local response = assert(client:get "deep/")
    local ok, err = pcall(response.json, response)
    assert(ok or tostring(err):find("nested too deep", 1, true), err)
  end)

  test("members of an object are items with their names, in order", function()
    local client = support.login()
    local index = [[{"index": {"b": {"n": 1}, "a": {"n": 2}}}]]
    support.answer { path = "/o/", method = "*", status = 200, body = index }
    local seen = {}
    for item, name in client:items "o/" do
      seen[#seen + 1] = name .. item.n
    end
    equal(seen, { "b1", "a2" })
    seen = {}
    for item, name in client:items("o/", { at = "/index/a" }) do
      seen[#seen + 1] = name .. item
    end
    equal(seen, { "n2" })
    equal(raises(function()
      for _ in client:items("o/", { at = "/nothing" }) do
      end
    end).code, "protocol")
    support.forget()
  end)
end

local function waiting(test)
  test("a coroutine waits by a descriptor and a poll of the program", function()
    local waits = 0
    local client = support.login {
      waiter = function(descriptor, pending, seconds)
        waits = waits + 1
        assert(descriptor >= 0 and pending:done() ~= nil)
        system.poll(descriptor, seconds and seconds * 1000 or 5000)
      end,
    }
    equal(assert(client:get "things/0/"):json "/id", 0)
    assert(client:post("jobs/", { json = {}, wait = true }))
    local told
    local function progress(done)
      told = done
    end
    assert(client:download("files/out.bin", "waited.bin", { progress = progress }))
    equal(told, 1048576)
    equal(#assert(client:stream "files/out.bin"):read "a", 1048576)
    local sizes = {}
    for page in client:pages("things/", { query = { limit = 4 } }) do
      sizes[#sizes + 1] = #page:json "/results"
    end
    assert(sizes[1] == 4 and #sizes == 2)
    equal(assert(client:upload("upload/", { data = "x", field = "file", filename = "f" })).status, 201)
    equal(assert(client:wait(assert(client:post("jobs/", { json = {} })))):json "/value/progress", 100)
    local pieces = { "a", "b" }
    local sent = assert(client:post("echo/", { body = function()
      return table.remove(pieces, 1)
    end }))
    equal(sent:json "/body", "ab")
    local _, err = client:get("slow/", { tick = support.ends_after(100) })
    equal(err.code, "cancelled")
    _, err = crux.login("custom", support.user, "wrong", {
      base_url = support.base,
      waiter = function(descriptor)
        system.poll(descriptor, 1000)
      end,
    })
    assert(err.code == "auth" and err.status == 401)
    assert(waits > 10, waits)
  end)

  test("what a waiter raises comes out, and the request ends", function()
    local client
    client = support.login {
      waiter = function()
        if client then error("enough", 0) end
        return false
      end,
    }
    equal(raises(client.get, client, "slow/"), "enough")
    collectgarbage()
    collectgarbage()
    local gone = timed(function()
      while client:fact "under_way" > 0 do
        system.poll(0, 5)
      end
    end)
    assert(gone < 1000, gone)
  end)

  test("coroutines stream at once", function()
    local client = support.login { waiter = crux.waiter }
    local lengths = {}
    local function read()
      local length = 0
      -- A loop cannot yield in Lua 5.1; a call can.
      local stream = assert(client:stream "files/out.bin")
      local piece = stream:read(65536)
      while piece do
        length = length + #piece
        piece = stream:read(65536)
      end
      lengths[#lengths + 1] = length
    end
    crux.run(read, read, function()
      assert(client:get "things/0/")
      read()
    end)
    equal(lengths, { 1048576, 1048576, 1048576 })
    -- What one raises ends them all.
    holds(raises(crux.run, function()
      client:get "slow/"
    end, function()
      assert(client:get "things/0/")
      error "one fails"
    end), "one fails")
  end)

  test("the descriptor of a client is readable while something has finished", function()
    local client = support.login()
    local descriptor = client:descriptor()
    equal(system.poll(descriptor, 0), false)
    local pending = assert(client:start("GET", "things/0/"))
    assert(system.poll(descriptor, 5000), "nothing came")
    equal(client:finished(), pending)
    equal(system.poll(descriptor, 0), false)
    assert(pending:done())
    equal(assert(pending:result()):json "/id", 0)
    equal(pending:result(), pending:result())
    pending = assert(client:start("GET", "things/1/"))
    assert(system.poll(pending:descriptor(), 5000))
    pending:close()
    pending:close()
    equal(client:finished(), nil)
  end)

  local program = [[
    local support, system = require "support", require "system"
    local client = support.login()
    local begun = system.now_ms()
    %s
    io.stderr:write("not interrupted\n")
  ]]
  local waits = {
    request = 'client:get "slow/"',
    login = 'support.answer { path = "/login", status = 200, method = "*", delay_ms = 5000 } support.login()',
    download = 'client:download("drip/100000000", "interrupted.bin")',
    job = [[support.answer { path = "/endless/", method = "*", status = 202, body = { value = "/endless/progress/" } }
      support.answer { path = "/endless/progress/", method = "*", status = 200, body = { value = { progress = 1 } } }
      client:wait(client:post("endless/", { json = {} }))]],
    stream = 'client:stream("drip/100000000"):read "a"',
    background = 'client:start("GET", "slow/"):result()',
    hook = 'client:get("slow/", { tick = function() end })',
    ["log hook"] = [[client = support.login { log_level = 5, log = function()
        local begun = system.now_ms()
        repeat until system.now_ms() > begun + 20
      end }
      while true do client:get "things/0/" end]],
  }
  for what, code in pairs(waits) do
    test("Ctrl-C ends a " .. what .. " within 300 ms", function()
      local took, output = timed(function()
        return support.run(program:format(code), "timeout --foreground -s INT 0.6")
      end)
      support.forget()
      holds(output, "interrupted!")
      assert(not output:find "not interrupted", output)
      assert(took < 1000, ("it took %.0f ms"):format(took))
    end)
  end
end

local function tokens(test)
  test("a session can be ended, begun again, and given a token", function()
    local client = support.login()
    assert(client:login())
    client:logout()
    local _, err = client:get "things/0/"
    equal(err.code, "auth")
    assert(client:set_token "tok-7d1c")
    equal(assert(client:get "things/0/").status, 200)
    equal(client:fact "service", "custom")
    assert(client:fact "requests" >= 3)
  end)
end

local function hostile(test)
  test("a hook may close what is under way", function()
    local client = support.login()
    local response = client:get("things/0/", {
      tick = function()
        client:close()
      end,
    })
    assert(response == nil or response.status == 200)
    client = support.login()
    local stream
    stream = assert(client:stream("drip/100000000", {
      tick = function()
        if stream then stream:close() end
        return stream == nil
      end,
    }))
    local fine, piece = pcall(function()
      local piece
      repeat
        piece = stream:read()
      until not piece
      return "ended"
    end)
    assert(not fine or piece == "ended")
  end)

  test("a hook may collect garbage and call the client again", function()
    local client = support.login()
    local inner = 0
    local response = assert(client:download("files/out.bin", "gc.bin", {
      progress = function()
        collectgarbage()
        inner = inner + assert(client:get "things/0/"):json "/id" + 1
      end,
    }))
    equal(response.status, 200)
    assert(inner > 0)
    local function deep()
      assert(client:get "things/0/")
      local none = client:get "things/999/"
      return none.status
    end
    holds(raises(client.get, client, "slow/", { tick = deep }), "attempt to index")
  end)

  test("the low layer takes nothing for what it is not", function()
    local low = require "crux.low"
    local client = support.login()
    for _, bad in ipairs { 5, "x", {}, print, io.stdout } do
      raises(low.code, bad)
      raises(low.call_new, bad, "GET", "x")
    end
    raises(low.call_new, client.handle, "GET", "a\0b")
    raises(low.call_new, client.handle, nil, "a")
    raises(low.call_tick, client.handle, 5)
    raises(low.json, client.handle, "", nil)
    equal(low.code(nil), 1)
    equal(low.code(low.call_new(client.handle, "G T", "x")), 1)
    equal(low.status(low.call_send(client.handle)), 0)
    equal(low.call_tick(client.handle, function() end), 1)
    equal(low.constant("CRUX_ERR_AUTH", 0), 9)
    equal(low.option_info("secret", "secret"), "1")
    local handle = low.options_new()
    low.free(handle)
    low.free(handle)
    equal(low.options_set(handle, "user", "x"), 1)
  end)

  local memory = os.getenv "CRUX_TEST_MEMORY"
  if memory and not rawget(_G, "jit") then
    test("memory that ends anywhere raises an error, in hooks too, and crashes nothing", function()
      local rounds = os.getenv "CRUX_LONG" and 5000 or 300
      local pipe = assert(io.popen(("%s %s %d 2>&1; echo status $?"):format(memory, os.getenv "CRUX_TEST_MEMORY_LUA", rounds)))
      local output = pipe:read "*a"
      pipe:close()
      local ran_out = output:match "^(%d+) of %d+\nstatus 0\n$"
      assert(ran_out and tonumber(ran_out) > rounds * 0.9, output)
    end)
  end

  test("memory stays flat", function()
    local client = support.login()
    local count = os.getenv "CRUX_LONG" and 50000 or 1000
    local function resident()
      collectgarbage()
      collectgarbage()
      local pages = support.read("/proc/self/statm"):match "^%d+ (%d+)"
      return tonumber(pages) * 4
    end
    local function calls(times)
      for _ = 1, times do
        local response = assert(client:get("echo/", { tick = function() end }))
        response:json()
        client:get "things/999/"
      end
      for _ = 1, times / 100 do
        assert(#assert(client:get "bytes/1000000").body == 1000000)
      end
    end
    calls(1500)
    local before = resident()
    calls(count)
    local grown = resident() - before
    assert(grown < 8000, ("it has grown by %d KiB"):format(grown))
  end)

  test("garbage collection at every turn breaks nothing", function()
    local output, status = support.run [[
      local support, crux = require "support", require "crux"
      collectgarbage("setpause", 0)
      collectgarbage("setstepmul", 10000)
      local client = support.login { log = function() end, log_level = 5, waiter = crux.waiter }
      crux.run(function()
        for n = 1, 40 do assert(client:post("echo/", { json = { n, { "a" } }, tick = function() end })):json() end
      end, function()
        local next_page, next_item = client:pages("things/", { query = { limit = 1 } }), client:items "things/"
        for n = 1, 7 do next_page():json() assert(next_item().name) end
        assert(#(client:stream "files/out.bin"):read "a" == 1048576)
      end)
    ]]
    equal(status, 0, output)
  end)
end

local function tour(test)
  test("the tour prints what it shall", function()
    local output = support.run(support.read(os.getenv "CRUX_TEST_TOUR"))
    equal(output, support.read(os.getenv "CRUX_TEST_TOLD"), "output")
  end)

  test("the example logs in", function()
    local output, status = support.run(support.read(os.getenv "CRUX_TEST_LOGIN"))
    equal(status, 0, output)
    holds(output, "Bluse")
  end)
end

return function(test)
  values(test)
  waiting(test)
  tokens(test)
  hostile(test)
  tour(test)
end

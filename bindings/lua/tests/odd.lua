-- Odd uses: what no careful program does. Each ends in words or works; the client stays usable.
local crux = require "crux"
local support = require "support"
local system = require "system"

local equal, holds, raises = support.equal, support.holds, support.raises
local inf, nan = math.huge, 0 / 0

--- Lists what `client:items` yields, of a document.
local function items_of(text, options)
  support.answer { path = "/list/", method = "*", status = 200, body = text }
  local seen = {}
  for item, name in support.login():items("list/", options) do
    seen[#seen + 1] = tostring(name) .. "=" .. tostring(item)
  end
  return table.concat(seen, " ")
end

local function lists(test)
  test("a list of texts, numbers or truths has items as well", function()
    equal(items_of '["a", 5, true, false, null]', "1=a 2=5 3=true 4=false 5=null")
    equal(items_of '{"results": [false, "x"]}', "1=false 2=x")
    equal(items_of('{"a": {"b": [3]}}', { at = "/a/b" }), "1=3")
    equal(items_of "[]", "")
    equal(items_of '{"":1,"b":2}', "=1 b=2")
  end)

  test("a document that is no list is an error in words", function()
    for _, text in ipairs { "5", "true", "false", '"x"', '""' } do
      local err = raises(items_of, text)
      assert(crux.is_error(err), tostring(err))
      equal(err.code, "protocol", text)
      holds(err.message, "no list")
    end
    local err = raises(items_of, '{"a": 5}', { at = "/a" })
    equal(err.code, "protocol")
    raises(items_of, "[1]", { at = 5 })
  end)

  test("names with a NUL inside are whole", function()
    local response = support.document [[{"a\u0000b": 1, "c": {"\u0000": 2}, "": 3}]]
    equal(response:keys(), { "a\0b", "c", "" })
    equal(response:keys "/c", { "\0" })
    equal(response:keys "/a", {})
    equal(response:json()["a\0b"], 1)
    equal(items_of [[{"a\u0000b": 1, "c": 2}]], "a\0b=1 c=2")
    holds(raises(response.json, response, "/a\0b"), "NUL")
    holds(raises(response.keys, response, "/a\0b"), "NUL")
    local _, err = support.login():post("echo/", { json = { ["a\0b"] = 1 } })
    equal(err.code, "argument")
    holds(err.message, "NUL")
  end)

  test("names come once, and in order", function()
    equal(support.document('{"b":1,"a":2,"b":3}'):keys(), { "b", "a" })
    equal(support.document("[1,2]"):keys(), {})
    equal(support.document("null"):keys(), {})
    local nested = support.document '{"x":{"y":{"z":1},"w":[{"v":1}]},"u":0}'
    equal(nested:keys(), { "x", "u" })
    equal(nested:keys "/x", { "y", "w" })
  end)
end

local function numbers(test)
  test("a size that is none is refused in words", function()
    local stream = assert(support.login():stream "drip/20")
    for _, size in ipairs { 0, -1, 0.5, nan, -inf } do
      holds(raises(stream.pieces, stream, size), "bad size")
      holds(raises(stream.read, stream, size), "bad size")
    end
    for _, size in ipairs { "x", {}, true } do
      holds(raises(stream.pieces, stream, size), "bad size")
      holds(raises(stream.read, stream, size), "bad size")
    end
    equal(#stream:read "a", 20)
  end)

  test("a size beyond all memory reads what is there", function()
    local client = support.login()
    for _, size in ipairs { inf, 1e300, 2 ^ 62, 2 ^ 40, 1.5 } do
      local stream = assert(client:stream "drip/20")
      local length = 0
      for piece in stream:pieces(size) do
        length = length + #piece
      end
      equal(length, 20)
    end
  end)

  test("no number that JSON and URLs lack is sent", function()
    local client = support.login()
    for _, bad in ipairs { inf, -inf, nan } do
      for _, options in ipairs {
        { json = bad },
        { json = { a = { bad } } },
        { query = { a = bad } },
        { query = { { "a", bad } } },
        { fill = { a = bad } },
        { headers = { ["x-a"] = bad } },
        { timeout_total_ms = bad },
      } do
        local before = client:fact "requests"
        local response, err = client:post("echo/", options)
        assert(response == nil and err.code == "argument", tostring(err))
        holds(err.message, "number")
        equal(client:fact "requests", before)
      end
      local _, err = client:upload("upload/", { data = "x", fields = { a = bad } })
      equal(err.code, "argument")
      raises(crux.anonymous, 5, { base_url = support.base })
      _, err = crux.anonymous("custom", { base_url = support.base, timeout_total_ms = bad })
      equal(err.code, "argument")
    end
  end)

  test("times and lengths that are no whole numbers are blamed on the caller", function()
    local client = support.login()
    local response = assert(client:get "things/0/")
    for _, bad in ipairs { nan, inf, 0.5, "x" } do
      holds(raises(client.finished, client, bad), "bad timeout_ms")
      holds(raises(client.wait, client, response, { timeout_ms = bad }), "bad option 'timeout_ms'")
      local read = function() end
      holds(raises(client.post, client, "echo/", { body = read, length = bad }), "bad option 'length'")
    end
    equal(client:get("things/0/").status, 200)
  end)
end

local function hooks(test)
  test("what a hook raises comes out as it is: a table, nothing, a stack that ran over", function()
    local client = support.login()
    local thrown = {}
    local function throws(what)
      return function()
        error(what, 0)
      end
    end
    equal(raises(client.get, client, "slow/", { tick = throws(thrown) }), thrown)
    local fine, raised = pcall(client.get, client, "slow/", { tick = throws(nil) })
    assert(not fine)
    local function deep(...)
      return 1 + deep(...)
    end
    holds(raises(client.get, client, "slow/", { tick = deep }), "stack overflow")
    raised = raises(client.post, client, "echo/", { body = throws(thrown) })
    equal(raised, thrown)
    equal(client:get("things/0/").status, 200)
  end)

  test("a hook cannot yield, and says so", function()
    local client = support.login()
    local raised
    coroutine.wrap(function()
      raised = raises(client.get, client, "slow/", { tick = coroutine.yield })
    end)()
    holds(raised, "yield")
    equal(client:get("things/0/").status, 200)
  end)

  test("a hook may close its client, its own response, or all others", function()
    local client = support.login()
    local pending = assert(client:start("GET", "slow/"))
    local response, err = client:get("drip/20", {
      progress = function()
        pending:close()
        client:close()
      end,
    })
    assert(response and response.status == 200 or err.code == "cancelled", tostring(err))
    holds(raises(client.get, client, "things/0/"), "closed client")
    holds(raises(pending.result, pending), "closed request")
    local second
    second = support.login {
      log_level = "trace",
      log = function()
        if second then second:close() end
      end,
    }
    pcall(second.get, second, "things/0/")
    holds(tostring(second), "closed")
  end)

  test("a hook that calls its own client is served", function()
    local client = support.login { log_level = "trace", log = function() end }
    local seen = 0
    local response = assert(client:post("echo/", {
      body = function()
        seen = seen + 1
        if seen < 4 then return tostring(assert(client:get("things/" .. seen .. "/")):json "/id") end
      end,
    }))
    equal(response:json "/body", "123")
    local raised = raises(client.get, client, "slow/", {
      tick = function()
        crux.run(function()
          assert(client:get "things/0/")
          error("out of the loop", 0)
        end)
      end,
    })
    equal(raised, "out of the loop")
  end)

  test("a token that is none is an error, and the function's own words come out", function()
    for _, bad in ipairs { 5, {}, true, print } do
      local client = assert(crux.token("custom", function()
        return bad
      end, { base_url = support.base }))
      holds(raises(client.get, client, "things/0/"), "must be a string or nil")
    end
    for _, bad in ipairs { "", "a\0b", "a\nb", "\255", ("x"):rep(100000) } do
      local client = assert(crux.token("custom", function()
        return bad
      end, { base_url = support.base }))
      local fine, response, err = pcall(client.get, client, "things/0/")
      assert(not fine or response == nil and (err.code == "auth" or err.code == "argument"), tostring(err))
    end
  end)

  test("a waiter that returns at once, or wrong things, delays nothing for ever", function()
    for _, returned in ipairs { 0, "x", true } do
      local client = support.login {
        waiter = function()
          return returned
        end,
      }
      equal(client:get("things/0/").status, 200)
      equal(#client:stream("drip/20"):read "a", 20)
    end
    raises(support.login, { waiter = 5 })
  end)
end

local function coroutines(test)
  test("a call that cannot yield says so, and the other functions go on", function()
    local client = support.login { waiter = crux.waiter }
    local seen = {}
    crux.run(function()
      -- Lua 5.1 cannot yield out of a pcall.
      local fine, response = pcall(client.get, client, "things/1/")
      assert(fine and response.status == 200 or tostring(response):find "yield", response)
      seen[#seen + 1] = "one"
    end, function()
      for _ = 1, 3 do
        equal(client:get("things/0/").status, 200)
      end
      seen[#seen + 1] = "other"
    end)
    table.sort(seen)
    equal(seen, { "one", "other" })
  end)

  test("coroutines of the program's own wait inside crux.run, and outside of it", function()
    local client = support.login { waiter = crux.waiter }
    local function ids()
      for number = 0, 2 do
        coroutine.yield(assert(client:get("things/" .. number .. "/")):json "/id")
      end
    end
    local function all()
      local seen = {}
      for id in coroutine.wrap(ids) do
        seen[#seen + 1] = id
      end
      equal(seen, { 0, 1, 2 })
    end
    all()
    crux.run(all, all)
  end)

  test("what runs in a loop that failed is not run by the next one", function()
    local client = support.login { waiter = crux.waiter }
    local ran = false
    holds(raises(crux.run, function()
      client:get "slow/"
      ran = true
    end, function()
      assert(client:get "things/0/")
      error "enough"
    end), "enough")
    crux.run(function()
      assert(client:get "things/0/")
    end)
    equal(ran, false)
    holds(raises(crux.run, function()
      coroutine.yield "elsewhere"
    end), "yielded to a loop that is not there")
  end)
end

local function texts(test)
  test("a body may be empty in any way", function()
    local client = support.login()
    local function length(options)
      return assert(client:post("echo/", options)):json "/body_length"
    end
    equal(length { body = "" }, 0)
    equal(length { body = function() end }, 0)
    local pieces = { "", "a", "", "b" }
    equal(length { body = function()
      return table.remove(pieces, 1)
    end }, 2)
    support.write("empty.bin", "")
    equal(length { file = "empty.bin" }, 0)
    local opened = assert(io.open("empty.bin", "rb"))
    equal(length { body = opened }, 0)
    opened:close()
    holds(raises(client.post, client, "echo/", { body = opened }), "option 'body'")
    equal(assert(client:upload("upload/", { data = "", field = "file" })):json "/size", 0)
    equal(length { json = "" }, 2)
    equal(length { json = false }, 5)
  end)

  test("headers of any size and kind are sent or refused in words", function()
    local client = support.login()
    local long = ("x"):rep(5000)
    equal(assert(client:get("echo/", { headers = { ["x-long"] = long } })):json "/headers/x-long", long)
    for _, headers in ipairs {
      { ["x-a"] = "b\r\nx-c: d" },
      { ["x-a"] = "b\0c" },
      { ["x a"] = "b" },
      { [""] = "b" },
      { ["x-é"] = "b" },
      { authorization = "mine" },
    } do
      local response, err = client:get("echo/", { headers = headers })
      assert(response == nil and err.code == "argument", tostring(err))
    end
    local response, err = client:get("echo/", { headers = { ["x-huge"] = ("x"):rep(2 ^ 24) } })
    assert(response or crux.is_error(err))
    raises(client.get, client, "echo/", { headers = { [5] = { 6, {} } } })
    raises(client.get, client, "echo/", { headers = "x: y" })
    equal(client:get("things/0/").status, 200)
  end)

  test("text that is no UTF-8 is refused wherever it is no body", function()
    local client = support.login()
    local broken = "\255\254"
    for _, refused in ipairs {
      { client:get(broken) },
      { client:request(broken, "echo/") },
      { client:get("echo/", { query = { [broken] = "x" } }) },
      { client:get("echo/", { query = { x = broken } }) },
      { client:get("things/{x}/", { fill = { x = broken } }) },
      { client:post("echo/", { json = broken }) },
      { client:post("echo/", { json = { [broken] = 1 } }) },
      { client:post("echo/", { json = { "\237\160\128" } }) },
      { client:post("echo/", { json = { broken .. "\0" } }) },
      { client:post("echo/", { body = "x", type = broken }) },
      { client:upload("upload/", { data = "x", field = broken }) },
      { client:reset_password(broken) },
      { crux.anonymous("custom", { base_url = broken }) },
      { crux.login("custom", broken, "x", { base_url = support.base }) },
    } do
      assert(refused[1] == nil and refused[2].code == "argument", tostring(refused[2] or refused[1]))
    end
    equal(#client:post("echo/", { body = broken }).body > 0, true)
  end)

  test("wrong types are blamed on the line that gave them", function()
    local client = support.login()
    local response = assert(client:get "things/0/")
    for number, wrong in ipairs {
      function() client.get "things/0/" end,
      function() client:get(nil) end,
      function() client:get({}) end,
      function() client:get("x", "y") end,
      function() client:get("x", { timeout_total_ms = {} }) end,
      function() client:get("x", { tick = 5 }) end,
      function() client:post("x", { json = print }) end,
      function() client:post("x", { file = 5 }) end,
      function() client:upload() end,
      function() client:upload("x", {}) end,
      function() client:upload("x", { data = "y", field = 5 }) end,
      function() client:upload("x", { data = "y", filename = {} }) end,
      function() client:upload("x", { data = "y", type = {} }) end,
      function() client:download("x") end,
      function() client:wait(nil) end,
      function() client:wait(client) end,
      function() client:start(5, "x") end,
      function() client:stream(5) end,
      function() client:stream("x", { method = 5 }) end,
      function() client:request({}, "x") end,
      function() client:fact "no such" end,
      function() client:set_token(5) end,
      function() client:pages(5) end,
      function() client:finished "x" end,
      function() response:json(5) end,
      function() response:keys({}) end,
      function() response.json "x" end,
      function() response:follow(5) end,
      function() crux.login(nil, nil, nil) end,
      function() crux.login("custom", "x", "y", 5) end,
      function() crux.login("custom", "x", "y", { log = 5 }) end,
      function() crux.login("custom", "x", "y", { log = print, log_level = "loud" }) end,
      function() crux.token("custom", 5) end,
      function() crux.run(5) end,
    } do
      local fine, raised = pcall(wrong)
      assert(not fine, "nothing was raised by number " .. number)
      assert(type(raised) == "string" and raised:find "^[^\n]*odd%.lua:%d+: ", tostring(raised))
    end
  end)
end

local function lives(test)
  test("what is closed says so, whatever is asked of it", function()
    local client = support.login()
    local response = assert(client:get "things/")
    local job = assert(client:post("jobs/", { json = {} }))
    local stream = assert(client:stream "drip/20")
    local next_page = client:pages("things/", { query = { limit = 1 } })
    next_page()
    local requests = client:fact "requests"
    client:close()
    client:close()
    holds(raises(next_page), "closed client")
    holds(raises(response.follow, response, "/things/1/"), "closed client")
    holds(raises(client.wait, client, job), "closed client")
    holds(raises(client.cancel, client), "closed client")
    equal(#stream:read "a", 20)
    stream:close()
    equal(stream:read(), nil)
    response:close()
    response:close()
    holds(raises(response.json, response), "closed response")
    equal(response.status, 200)
    assert(requests >= 4)
  end)

  test("collections between any two steps free nothing too early", function()
    local client = support.login()
    local kept = {}
    for turn = 1, 20 do
      local response = assert(client:get("things/", { query = { limit = 1 }, tick = function() end }))
      kept[turn] = client:start("GET", "things/0/", { progress = collectgarbage })
      collectgarbage()
      client:start("GET", "slow/")
      client:stream "drip/1000000"
      collectgarbage()
      equal(#response:json "/results", 1)
      response = nil
      collectgarbage()
    end
    for _, pending in ipairs(kept) do
      equal(assert(pending:result()):json "/id", 0)
    end
    local begun = system.now_ms()
    while client:fact "under_way" > 0 do
      collectgarbage()
      assert(system.now_ms() - begun < 2000)
    end
  end)

  test("options with a mind of their own do not confuse", function()
    local client = support.login()
    local strange = setmetatable({}, {
      __index = function()
        error("asked", 0)
      end,
    })
    equal(raises(client.get, client, "things/0/", strange), "asked")
    equal(raises(crux.login, "custom", "a", "b", strange), "asked")
    equal(client:get("things/0/").status, 200)
  end)
end

return function(test)
  lists(test)
  numbers(test)
  hooks(test)
  coroutines(test)
  texts(test)
  lives(test)
end

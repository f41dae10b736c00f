-- The cases of bindings/cases.json that are written by hand in each language, under their names.
local crux = require "crux"
local interface = require "crux.interface"
local support = require "support"
local system = require "system"

local equal, holds, raises, timed = support.equal, support.holds, support.raises, support.timed
local endless = "drip/100000000"

local function session(test)
  test("from_env", function()
    system.setenv("CRUX_API", support.base)
    system.setenv("CRUX_TOKEN", "tok-7d1c")
    local client, err = crux.from_env(nil, { service = "custom" })
    system.setenv("CRUX_API", nil)
    system.setenv("CRUX_TOKEN", nil)
    assert(client, err)
    equal(assert(client:get "things/1/"):json "/name", "Bluse")
  end)

  test("error_tree", function()
    local count = 0
    for code, text in pairs(crux.codes) do
      count = count + 1
      assert(code:match "^%l[%l_]*$" and #text > 0, code)
    end
    equal(count, 14, "outcomes")
    holds(raises(function()
      return crux.codes.timout
    end), "timout")
    local _, err = support.login():get "things/999/"
    assert(crux.is_error(err) and not crux.is_error "text" and not crux.is_error {})
    equal(err.code, "http")
    equal(err.number, 10)
    assert(err.response.status == 404 and err.retryable == false and err.maybe_sent ~= nil)
    -- By choice of the client or of the call it is raised, as the same value.
    local raised = raises(function()
      return support.login({ raise = true }):get "things/999/"
    end)
    assert(crux.is_error(raised) and raised.status == 404)
    assert(crux.is_error(raises(crux.login, "custom", "a", "b", { base_url = support.base, raise = true })))
    local none, again = support.login({ raise = true }):get("things/999/", { raise = false })
    assert(none == nil and again.code == "http")
  end)

  test("errors_hide_secrets", function()
    local lines = {}
    local function log(_, line)
      lines[#lines + 1] = line
    end
    local options = { base_url = support.base, log = log, log_level = "trace", proxy = "" }
    local client = assert(crux.login("custom", support.user, support.password, options))
    local texts = { tostring(client), tostring(client:get "things/0/") }
    for _, path in ipairs { "things/999/", "slow/", "no where/" } do
      local _, err = client:get(path, { timeout_total_ms = 100 })
      texts[#texts + 1] = tostring(err) .. (err.server_message or "")
    end
    local _, refused = crux.login("custom", support.user, "geheim-1", { base_url = support.base, log = log, log_level = 5 })
    texts[#texts + 1] = tostring(refused) .. refused.response.body
    assert(#lines > 5)
    local all = table.concat(texts, "\n") .. table.concat(lines, "\n")
    for _, secret in ipairs { support.password, "tok-7d1c", "geheim-1" } do
      assert(not all:find(secret, 1, true), "a secret is shown")
    end
    equal(client:token(), "tok-7d1c")
  end)

  test("token_source", function()
    local asked = {}
    local client = assert(crux.token("custom", function(refused)
      asked[#asked + 1] = refused or "first"
      return refused and "tok-7d1c" or "stale"
    end, { base_url = support.base }))
    equal(assert(client:get "things/1/"):json "/name", "Bluse")
    equal(assert(client:wait(assert(client:post("jobs/", { json = {} })))).status, 200)
    equal(asked, { "first", "stale" })
    local pending, err = client:start("GET", "things/1/")
    assert(pending == nil and err.code == "argument")
    client = assert(crux.token("custom", function() end, { base_url = support.base }))
    local _, refused = client:get "things/1/"
    equal(refused.code, "auth")
  end)

  test("token_source_throws", function()
    local function late(refused)
      return refused and error("no keyring", 0) or "stale"
    end
    local function bad()
      return {}
    end
    local function long()
      return ("x"):rep(1000000)
    end
    for _, source in ipairs { late, bad, long } do
      local client = assert(crux.token("custom", source, { base_url = support.base }))
      assert(type(raises(client.get, client, "things/1/")) == "string")
    end
    local locked = {}
    local client = assert(crux.token("custom", function()
      error(locked)
    end, { base_url = support.base }))
    assert(raises(client.get, client, "things/1/") == locked)
  end)

  test("closed", function()
    local client = support.login()
    local stream = assert(client:stream "files/out.bin")
    local response = assert(client:get "things/0/")
    client:close()
    client:close()
    for _, method in ipairs { "get", "pages", "stream", "start", "logout", "fact", "cancel" } do
      holds(raises(client[method], client, "things/"), "closed client")
    end
    equal(tostring(client), "crux.Client (closed)")
    stream:close()
    stream:close()
    response:close()
    response:close()
    holds(raises(response.json, response), "closed response")
    equal(response.status, 200)
    assert(response.url == support.base .. "things/0/" and response.headers["content-type"])
  end)

  test("answer_outlives_client", function()
    local client = support.login()
    local response = assert(client:get "things/0/")
    client:close()
    client = nil
    collectgarbage()
    collectgarbage()
    equal(response:json "/name", 'Ärmel "0"')
    assert(response.headers["content-type"] and response.attempts == 1)
  end)
end

local function lists_and_jobs(test)
  test("pages_left_early", function()
    local client = support.login()
    local before, descriptors = client:fact "requests", system.descriptors()
    for page in client:pages("things/", { query = { limit = 3 } }) do
      equal(#page:json "/results", 3)
      break
    end
    collectgarbage()
    collectgarbage()
    equal(client:fact "requests", before + 1, "requests")
    equal(client:fact "under_way", 0, "under way")
    assert(system.descriptors() <= descriptors)
  end)

  test("wait_later", function()
    local client = support.login()
    local accepted = assert(client:post("jobs/", { json = {} }))
    equal(accepted.status, 202)
    local done = assert(client:wait(accepted))
    equal(done:json "/value/progress", 100)
    equal(done.location, support.base .. "files/out.bin")
    -- Watched, it tells how far it is.
    local seen = {}
    local function progress(percent, _, phase)
      seen[#seen + 1] = phase == "job" and percent or nil
    end
    done = assert(client:wait(assert(client:post("jobs/", { json = {} })), { progress = progress }))
    equal(done:json "/value/progress", 100)
    equal(done.location, support.base .. "files/out.bin")
    assert(#seen > 0, "progress was not told")
    local _, err = client:wait(assert(client:post("jobs/", { json = {} })), { timeout_ms = 0 })
    equal(err.code, "timeout")
  end)
end

local function files(test)
  test("upload_file", function()
    local client = support.login()
    support.write("h ü.csv", ("x"):rep(3000000))
    local sent = 0
    collectgarbage()
    local before = collectgarbage "count"
    local function progress(done)
      sent = done
      assert(collectgarbage "count" < before + 1000, "the file is in memory")
    end
    local response = assert(client:upload("upload/", { file = "h ü.csv", field = "file", progress = progress }))
    equal(response:json "/name", "h ü.csv")
    equal(response:json "/size", 3000000)
    assert(sent >= 3000000, "progress: " .. sent)
    -- With texts beside it.
    response = assert(client:upload("upload/", { file = "h ü.csv", field = "file", fields = { note = "ü" } }))
    equal(response:json "/size", 3000000)
    -- As the body of a request.
    response = assert(client:put("echo/", { file = "h ü.csv", type = "text/csv" }))
    equal(response:json "/body_length", 3000000)
    equal(response:json "/headers/content-type", "text/csv")
  end)

  test("upload_missing_file", function()
    local client = support.login()
    local _, err = client:upload("upload/", { file = "not-there.csv", field = "file" })
    equal(err.code, "file")
    _, err = client:put("echo/", { file = "not-there.csv" })
    equal(err.code, "file")
  end)

  test("download_into_no_folder", function()
    local _, err = support.login():download("files/out.bin", "no/such/folder/out.bin")
    equal(err.code, "file")
  end)

  test("stream_left_early", function()
    local client = support.login()
    local descriptors = system.descriptors()
    for _ = 1, 5 do
      local stream = assert(client:stream(endless))
      assert(#stream:read(1) == 1)
      stream:close()
      holds(tostring(stream:read() == nil), "true")
      for piece in assert(client:stream(endless)) do
        assert(#piece > 0)
        break
      end
    end
    collectgarbage()
    collectgarbage()
    equal(client:fact "under_way", 0, "under way")
    assert(system.descriptors() <= descriptors + 1, "descriptors leak")
  end)

  test("stream_up", function()
    local client = support.login()
    local pieces = { "abc", "", ("ü"):rep(200000), "\0end" }
    local place = 0
    local function body()
      place = place + 1
      return pieces[place]
    end
    local response = assert(client:post("echo/", { body = body, type = "text/x-case" }))
    equal(response:json "/body_length", 3 + 400000 + 4)
    equal(response:json "/headers/content-type", "text/x-case")
    assert(response:json "/headers/content-length" == nil, "the length was sent")
    -- An open file is a body too, and a length may be named.
    support.write("up.bin", ("y"):rep(70000))
    local file = assert(io.open("up.bin", "rb"))
    response = assert(client:post("echo/", { body = file, length = 70000 }))
    file:close()
    equal(response:json "/body_length", 70000)
    equal(response:json "/headers/content-length", "70000")
    -- What it raises ends the call and comes out.
    holds(raises(client.post, client, "echo/", { body = function()
      error "no more paper"
    end }), "no more paper")
    holds(raises(client.post, client, "echo/", { body = function()
      return 5
    end }), "number")
    equal(assert(client:get "things/0/").status, 200)
  end)
end

--- A function given a tick ends with `cancelled`, within 300 ms after the tick said so.
local function ends_soon(run)
  local tick, ended = support.ends_after(150)
  local response, err = run(tick)
  local now = system.now_ms()
  assert(not response, "it succeeded")
  equal(err.code, "cancelled", "code")
  assert(now - ended.at < 300, ("it took %.0f ms more"):format(now - ended.at))
end

local function cancels(test)
  test("cancel_request", function()
    local client = support.login()
    ends_soon(function(tick)
      return client:get("slow/", { tick = tick })
    end)
    equal(assert(client:get "things/0/").status, 200)
    -- In the background, from the program itself.
    local pending = assert(client:start("GET", "slow/"))
    local _, err = nil, nil
    local took = timed(function()
      pending:cancel()
      _, err = pending:result()
    end)
    equal(err.code, "cancelled")
    assert(took < 300, took)
    pending = assert(client:start("GET", "slow/"))
    client:cancel()
    took, _, err = timed(function()
      return pending:result()
    end)
    assert(took < 300 and err.code == "cancelled")
  end)

  test("cancel_login", function()
    support.answer { path = "/login", method = "*", status = 200, body = { token = "x" }, delay_ms = 5000 }
    ends_soon(function(tick)
      return crux.login("custom", support.user, support.password, { base_url = support.base, tick = tick })
    end)
    support.forget()
  end)

  test("cancel_job", function()
    local client = support.login()
    support.answer { path = "/endless/", method = "*", status = 202, body = { value = "/endless/progress/" } }
    local progress = { value = { progress = 10, message = "working" } }
    support.answer { path = "/endless/progress/", method = "*", status = 200, body = progress }
    ends_soon(function(tick)
      return client:post("endless/", { json = {}, wait = true, tick = tick })
    end)
    local accepted = assert(client:post("endless/", { json = {} }))
    ends_soon(function(tick)
      return client:wait(accepted, { tick = tick })
    end)
    local percent
    local _, late = client:wait(accepted, {
      timeout_ms = 50,
      progress = function(done)
        percent = done
      end,
    })
    assert(late.code == "timeout" and percent == 10)
    support.forget()
  end)

  test("cancel_page", function()
    local client = support.login()
    support.answer { path = "/list/", method = "*", status = 200, body = { results = crux.array { 1 }, next = "/slow/" } }
    local pages = 0
    ends_soon(function(tick)
      local fine, err = pcall(function()
        for _ in client:pages("list/", { tick = tick }) do
          pages = pages + 1
        end
      end)
      return fine or nil, err
    end)
    equal(pages, 1, "pages")
    support.forget()
  end)

  test("cancel_download", function()
    local client = support.login()
    os.remove "endless.bin"
    ends_soon(function(tick)
      return client:download(endless, "endless.bin", { tick = tick })
    end)
    assert(not support.exists "endless.bin")
    -- progress can say so too
    ends_soon(function(tick)
      return client:download(endless, "endless.bin", { progress = tick })
    end)
    assert(not support.exists "endless.bin")
  end)
end

local function hooks(test)
  test("progress_throws", function()
    local client = support.login()
    local mark = {}
    local function throw()
      error(mark)
    end
    equal(raises(client.download, client, "files/out.bin", "thrown.bin", { progress = throw }), mark)
    equal(raises(client.get, client, "slow/", { tick = throw }), mark)
    equal(raises(client.post, client, "jobs/", { json = {}, wait = true, progress = throw }), mark)
    equal(raises(support.login, { tick = throw }), mark)
    -- In a coroutine, and when it tries to leave by yielding.
    local thread = coroutine.create(function()
      return client:get("slow/", { tick = coroutine.yield })
    end)
    local fine, problem = coroutine.resume(thread)
    assert(not fine and tostring(problem):find "yield", tostring(problem))
    equal(assert(client:get "things/0/").status, 200)
  end)

  test("log", function()
    local lines = {}
    local client = support.login {
      log_level = "debug",
      log = function(level, line)
        lines[#lines + 1] = { level, line }
      end,
    }
    assert(client:get "things/0/")
    assert(#lines > 0)
    for _, line in ipairs(lines) do
      assert(line[1] >= 1 and line[1] <= 4 and not line[2]:find "\n", line[2])
    end
    -- A hook may call the client.
    local depth = 0
    client = support.login {
      log_level = 4,
      log = function()
        depth = depth + 1
        if client and depth < 5 then client:get "things/1/" end
      end,
    }
    equal(assert(client:get "things/0/"):json "/id", 0)
  end)

  test("log_throws", function()
    local calls = 0
    local client = support.login {
      log_level = "trace",
      log = function()
        calls = calls + 1
        error "a bad log"
      end,
    }
    equal(assert(client:get "things/0/").status, 200)
    assert(calls > 0)
  end)
end

local function misuse(test)
  test("wrong_types", function()
    local client = support.login()
    local wrong = {
      { "path", client.get, client, nil },
      { "path", client.get, client, {} },
      { "options", client.get, client, "things/", 5 },
      { "query", client.get, client, "things/", { query = "a=b" } },
      { "query", client.get, client, "things/", { query = { a = print } } },
      { "headers", client.get, client, "things/", { headers = { { {}, "x" } } } },
      { "body", client.post, client, "echo/", { body = 5 } },
      { "JSON", client.post, client, "echo/", { json = print } },
      { "progress", client.get, client, "things/", { progress = 5 } },
      { "tick", client.get, client, "things/", { tick = "x" } },
      { "timeout_total_ms", client.get, client, "things/", { timeout_total_ms = {} } },
      { "file", client.download, client, "files/out.bin", nil },
      { "options", client.upload, client, "upload/", nil },
      { "data", client.upload, client, "upload/", {} },
      { "response", client.wait, client, {} },
      { "fact", client.fact, client, "no_such_fact" },
      { "Client", client.get, "things/" },
      { "secret", crux.login, "custom", "a", nil },
      { "log", support.login, { log = "x" } },
      { "array", crux.array, 5 },
      { "run", crux.run, 5 },
    }
    for _, case in ipairs(wrong) do
      local raised = raises((unpack or table.unpack)(case, 2, 5))
      equal(type(raised), "string", case[1])
      holds(raised, case[1])
    end
    -- The line that is to blame is the caller's.
    holds(raises(function()
      client:get(5, {})
      return 1
    end), "own.lua")
  end)

  test("broken_text", function()
    local client = support.login()
    local bad = "things/\255\254/"
    for _, call in ipairs {
      { client.get, client, bad },
      { client.get, client, "echo/", { query = { q = "\237\160\128" } } },
      { client.get, client, "echo/", { headers = { ["x-case"] = "\0" } } },
      { client.post, client, "echo/", { json = { "\255" } } },
      { client.post, client, "echo/", { json = { ["\255"] = 1 } } },
      { client.post, client, "echo/", { json = { ["a\0"] = 1 } } },
      { client.post, client, "echo/", { json = { 0 / 0 } } },
      { client.post, client, "echo/", { json = { 1, nil, 3, x = 1 } } },
      { client.post, client, "echo/", { json = { [1] = 1, [9] = 1 } } },
      { client.download, client, "files/out.bin", "a\0b" },
      { crux.login, "custom", "a\0", "b", { base_url = support.base } },
      { crux.login, "custom", "a\255", "b", { base_url = support.base } },
      { client.set_token, client, "a\0b" },
      { client.set_token, client, "" },
    } do
      local value, err = call[1](call[2], call[3], call[4], call[5])
      assert(value == nil and crux.is_error(err), "it was sent")
      equal(err.code, "argument")
    end
    local holds_itself = {}
    holds_itself.again = holds_itself
    local _, err = client:post("echo/", { json = holds_itself })
    holds(err, "nested too deep")
  end)
end

local function at_once(test)
  test("threads", function()
    -- Lua has coroutines: two use one client, and waiting in one does not stop the other.
    local client = support.login { waiter = crux.waiter }
    local order = {}
    crux.run(function()
      local _, err = client:get("slow/", { timeout_total_ms = 1000 })
      order[#order + 1] = err.code
    end, function()
      for place = 0, 4 do
        order[#order + 1] = assert(client:get(("things/%d/"):format(place))):json "/id"
      end
    end)
    equal(order, { 0, 1, 2, 3, 4, "timeout" }, "order")
  end)

  test("hundred_at_once", function()
    local client = support.login { waiter = crux.waiter }
    local begun, descriptors, threads, done = system.now_ms(), system.descriptors(), 0, 0
    local tasks = {}
    for place = 1, 100 do
      tasks[place] = function()
        local response = assert(client:get("echo/", { query = { n = place } }))
        equal(response:json "/query", "n=" .. place)
        done = done + 1
        threads = math.max(threads, system.threads())
      end
    end
    crux.run((unpack or table.unpack)(tasks))
    equal(done, 100, "done")
    -- And without coroutines, in order of finishing.
    local left = {}
    for place = 1, 100 do
      left[assert(client:start("GET", "echo/", { query = { n = place } }))] = place
    end
    for _ = 1, 100 do
      local pending = assert(client:finished(5000))
      equal(assert(pending:result()):json "/query", "n=" .. left[pending])
      left[pending] = nil
    end
    assert(next(left) == nil and client:finished(0) == nil)
    client:close()
    collectgarbage()
    collectgarbage()
    local waited = timed(function()
      repeat
        system.poll(0, 5)
        local left_open = system.descriptors() - descriptors
      until left_open <= 2 or system.now_ms() > begun + 20000
    end)
    assert(waited < 2000, "descriptors leak")
  end)

  test("fork", function()
    local client = support.login()
    assert(client:get "things/0/")
    local child = system.fork()
    if child == 0 then
      local fine, status = pcall(function()
        return assert(client:get "things/1/"):json "/name" == "Bluse" and 0 or 1
      end)
      system.leave(fine and status or 2)
    end
    equal(assert(client:get "things/2/"):json "/name", "Čepice")
    equal(system.wait(child), 0, "the child's status")
  end)

  test("finalizers", function()
    local kept = {}
    for round = 1, 20 do
      local client = support.login()
      local response = assert(client:get "things/0/")
      local objects = { client, response, assert(client:stream(endless)), assert(client:start("GET", "slow/")) }
      for place = 1, #objects do
        kept[#kept + 1] = objects[(place + round) % #objects + 1]
      end
      client, response, objects = nil, nil, nil
      for _ = 1, 2 do
        table.remove(kept, (round * 7) % #kept + 1)
      end
      collectgarbage()
    end
    kept = nil
    local descriptors = system.descriptors()
    collectgarbage()
    collectgarbage()
    assert(system.descriptors() < descriptors, "nothing was let go of")
    local output, status = support.run [[
      local support = require "support"
      client = support.login { log = function() end, log_level = 5, tick = function() end }
      response = client:get "things/0/"
      stream = client:stream "drip/100000000"
      pending = client:start("GET", "slow/")
      thread = coroutine.wrap(function() client:get("things/0/", { tick = function() end }) coroutine.yield() end)
      thread()
      io.write "at the end"
    ]]
    equal(output, "at the end")
    equal(status, 0, "status")
    if _VERSION ~= "Lua 5.1" then
      output, status = support.run [[
        client = require "support".login { tick = function() end }
        pending = client:start("GET", "slow/")
        client:get("things/0/", { tick = function() os.exit(7, true) end })
      ]]
      equal(status, 7, "status after " .. output)
    end
  end)
end

local function library(test)
  test("library_missing", function()
    local output, status = support.run(
      [[print(pcall(require, "crux"))]],
      "CRUX_LIBRARY=/no/such/libcrux.so"
    )
    equal(status, 0, "status")
    holds(output, "/no/such/libcrux.so")
    holds(output, "CRUX_LIBRARY")
    assert(output:find "^false")
  end)

  test("library_too_old", function()
    local old = os.getenv "CRUX_TEST_OLD"
    local output = support.run([[print(pcall(require, "crux"))]], "CRUX_LIBRARY=" .. old)
    assert(output:find "^false")
    holds(output, "CRUX_ABI is 0")
    holds(output, "made for " .. interface.abi)
  end)
end

return function(test)
  session(test)
  lists_and_jobs(test)
  files(test)
  cancels(test)
  hooks(test)
  misuse(test)
  at_once(test)
  library(test)
end

-- run.lua CASES: every test in this Lua; the last line says how many passed, failed and were skipped.
local support = require "support"
local system = require "system"

local ran, passed, failed, skipped = {}, 0, 0, {}

local function test(name, run)
  ran[name] = true
  local begun = system.now_ms()
  local fine, problem = xpcall(run, function(problem)
    return type(problem) == "string" and debug.traceback(problem, 2) or problem
  end)
  if fine then
    passed = passed + 1
  else
    failed = failed + 1
    print(("FAILED %s: %s"):format(name, tostring(problem)))
  end
  if os.getenv "CRUX_TEST_TIMES" then print(("%6.0f ms %s"):format(system.now_ms() - begun, name)) end
  collectgarbage()
end

local function skip(name, why)
  ran[name] = true
  skipped[#skipped + 1] = ("%s: %s"):format(name, why)
end

local names = require "cases"(test, arg[1])
require "own"(test)
require "runtime"(test)
require "odd"(test)

test("every case is run or skipped with a reason", function()
  for _, name in ipairs(names) do
    if not ran[name] then error(name .. " was not run", 0) end
  end
  assert(#names > 70)
end)

for _, reason in ipairs(skipped) do
  print("skipped " .. reason)
end
print(("%d passed, %d failed, %d skipped"):format(passed, failed, #skipped))
support.forget()
os.exit(failed == 0 and 0 or 1)

-- The low layer with its library: in LuaJIT by ffi, else the C module. `require "crux.low"` has every function of crux.h
-- under its name without `crux_`.
local interface = require "crux.interface"

local has_ffi = rawget(_G, "jit") and pcall(require, "ffi")
local low = has_ffi and require "crux.low_ffi" or require "crux.core"

--- The library's copy in this package: crux/libcrux.so beside the C module, or beside this file.
local function own_copies()
  local copies = {}
  for _, templates in ipairs { package.cpath, package.path } do
    for template in templates:gmatch "[^;]+" do
      local place = template:match "^(.*)%?%.%a+$"
      if place then
        local copy = place .. "crux/" .. (package.config:sub(1, 1) == "\\" and "crux.dll" or "libcrux.so")
        local file = not copies[copy] and io.open(copy, "rb")
        copies[copy] = true
        if file then
          file:close()
          copies[#copies + 1] = copy
        end
      end
    end
  end
  return copies
end

local tried = {}

--- Opens the library at a path; true if it can be used.
local function open(path)
  local abi, problem = low.open(path)
  if abi and abi >= interface.abi then return true end
  if abi then
    local old = "%s is too old: its CRUX_ABI is %d, and this package was made for %d. Install libcrux %s or later."
    error(old:format(path, abi, interface.abi, interface.version), 0)
  end
  tried[#tried + 1] = ("  %s: %s"):format(path, problem)
  return false
end

local function find()
  local named = os.getenv "CRUX_LIBRARY"
  if named and named ~= "" then return open(named) end
  for _, copy in ipairs(own_copies()) do
    if open(copy) then return true end
  end
  return open(interface.soname)
end

if not find() then
  local hint = "Install libcrux %s, or name its file in the environment variable CRUX_LIBRARY. Tried:\n%s"
  error("The library libcrux cannot be loaded. " .. hint:format(interface.version, table.concat(tried, "\n")), 0)
end

return low

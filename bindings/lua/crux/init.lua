-- libcrux for Lua: log in once to a REST API, then call it.
--
--     local crux = require "crux"
--     local client = assert(crux.login("crunch", "ada@example.com", "password"))
--     print(assert(client:get("datasets/all/")):json("/index"))
--
-- What fails returns nil and an error (crux.Error); with the option `raise` it is raised instead. Loops over pages,
-- items and streams always raise. Mistakes of the program, such as wrong types, are raised as Lua does.
local call = require "crux.call"
local Client = require "crux.client"
local errors = require "crux.errors"
local interface = require "crux.interface"
local json = require "crux.json"
local loop = require "crux.loop"
local low = require "crux.low"
local Pending = require "crux.pending"
local Response = require "crux.response"

local crux = {
  _VERSION = interface.version,
  null = json.null,
  array = json.array,
  object = json.object,
  codes = errors.codes,
  is_error = errors.is_error,
  options = interface.options,
  run = loop.run,
  waiter = loop.waiter,
}

local check, text = errors.check, errors.text
local constants = interface.constants

local function level_of(level)
  local number = type(level) == "string" and constants["LOG_" .. level:upper()] or level
  if type(number) == "string" then errors.blame(("bad option 'log_level' (there is no level %q)"):format(level)) end
  return errors.whole(number or constants.LOG_WARNING, "option 'log_level'")
end

--- The options of a client as libcrux has them.
local function settings(given, options)
  local handle = low.options_new()
  local function set(key, value)
    low.options_set(handle, key, value)
  end
  if given.account ~= nil then low.options_env(handle, given.account ~= "" and text(given.account, "account") or nil) end
  for _, key in ipairs { "service", "user", "secret", "token" } do
    if given[key] then set(key, text(given[key], key)) end
  end
  local plain = {}
  for name, value in next, options do
    if name ~= "log_level" and not (name == "token" and type(value) == "function") then plain[name] = value end
  end
  call.set_options(plain, set)
  if options.waiter then
    check(options.waiter, "function", "option 'waiter'")
    if given.user and not options.login_when then set("login.when", "first_use") end
  end
  if options.log then low.options_log(handle, level_of(options.log_level), check(options.log, "function", "option 'log'")) end
  if type(options.token) == "function" then
    if options.waiter then
      local why = "A token function and a waiter do not go together: libcrux would ask on a thread of its own."
      error(errors.new("argument", why), 0)
    end
    low.options_token(handle, options.token)
  end
  low.options_tick(handle, call.watch({ tick = options.tick }, {}))
  return handle
end

local function fail(err, options)
  if options.raise then error(err, 0) end
  return nil, err
end

local function connect(given, options)
  options = check(options or {}, "table", "options")
  local handle, refused = call.build(function()
    return settings(given, options)
  end)
  if not handle then return fail(refused, options) end
  local account = low.login_with(handle)
  low.free(handle)
  local client = Client.new(account, options)
  if low.code(account) ~= constants.OK then
    local response = low.status(account) > 0 and Response.new(account, client, options) or nil
    return fail(errors.of(low, account, response), options)
  end
  if client.waiter and given.user and not options.login_when then
    local _, err = client:conclude(Pending.start(client, low.call_login(account), nil, options):take(), options)
    if err then
      client:close()
      return fail(err, options)
    end
  end
  return client
end

--- Logs in with a password.
---@param service string a built-in service such as "crunch", or "custom"
---@param user string
---@param secret string the password
---@param options? crux.ClientOptions and: raise, log, log_level, tick, waiter
---@return crux.Client?, crux.Error?
function crux.login(service, user, secret, options)
  check(service, "string", "service")
  check(user, "string", "user")
  check(secret, "string", "secret")
  return connect({ service = service, user = user, secret = secret }, options)
end

--- A client with a ready token or API key, or with a function that fetches one: function(refused) return token end.
---@param service string
---@param token string|fun(refused?: string): string?
---@return crux.Client?, crux.Error?
function crux.token(service, token, options)
  check(service, "string", "service")
  check(token, "string function", "token")
  if type(token) == "string" then return connect({ service = service, token = token }, options) end
  local own = { token = token }
  for name, value in next, check(options or {}, "table", "options") do
    own[name] = value
  end
  return connect({ service = service }, own)
end

--- A client without credentials.
---@param service string
---@return crux.Client?, crux.Error?
function crux.anonymous(service, options)
  check(service, "string", "service")
  return connect({ service = service }, options)
end

--- A client as the environment says: CRUX_API, CRUX_TOKEN, CRUX_USER and CRUX_PASSWORD, or the names that a service's
--- own tools use (docs/options.md lists them).
---@param account? string added to the names: "acme" reads CRUX_TOKEN_ACME
---@return crux.Client?, crux.Error?
function crux.from_env(account, options)
  check(account, "string nil", "account")
  return connect({ account = account or "" }, options)
end

--- The version of the library that is loaded.
---@return string
function crux.version()
  return low.version()
end

return crux

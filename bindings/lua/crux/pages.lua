-- Lists that come in pages. A loop has no place for `nil, err`: what fails in one is raised.
local call = require "crux.call"
local errors = require "crux.errors"
local low = require "crux.low"
local Response = require "crux.response"

local pages = {}

--- An iterator over the responses. The next page is asked for when the loop comes to it.
function pages.each(client, path, options)
  local raising = setmetatable({ raise = true }, { __index = options })
  local next_call, begun
  return function()
    local page
    if not begun then
      begun = true
      page = client:request(options.method or "GET", path, options, raising)
    elseif next_call then
      local handle = next_call
      next_call = nil
      page = client:perform(options, function()
        return call.tune(handle, options)
      end, raising)
    else
      return nil
    end
    -- Made now: the loop may close the page.
    next_call = low.call_next(client:handle_of(), Response.handle_of(page))
    return page
  end
end

-- Where services keep the members of a page.
local PLACES = { "/results", "/elements", "/items", "/data", "/index", "/objects" }

--- The members of a page: a list of pairs { member, its name or nothing }.
local function members(page, at)
  local document, err = page:json(at or "")
  if err then error(err, 0) end
  if document == nil then
    error(errors.new("protocol", ("The page has nothing at %q."):format(at or "")), 0)
  end
  local is_list = type(document) ~= "table" or #document > 0
  for _, place in ipairs(at == nil and not is_list and PLACES or {}) do
    local found = document[place:sub(2)]
    if type(found) == "table" then
      at, document = place, found
      break
    end
  end
  if type(document) ~= "table" then
    error(errors.new("protocol", ("The page has no list at %q."):format(at or "")), 0)
  end
  return document, page:keys(at or "")
end

--- An iterator over the members of all pages; of an object, the member and its name.
function pages.items(client, path, options)
  local next_page = pages.each(client, path, options)
  local list, keys, place = {}, {}, 0
  return function()
    while true do
      place = place + 1
      local key = #keys > 0 and keys[place] or place
      if list[key] ~= nil then return list[key], key end
      local page = next_page()
      if not page then return nil end
      list, keys = members(page, options.at)
      place = 0
    end
  end
end

return pages

-- A body that is read piece by piece.
local errors = require "crux.errors"
local low = require "crux.low"

-- Larger reads cost less for each byte.
local PIECE = 262144

---@class crux.Stream
---@field status integer
---@field response crux.Response its head; the body of that is empty
---@field headers table<string, string>
local Stream = { __name = "crux.Stream" }
Stream.__index = Stream

function Stream.new(client, handle, response, options, pending)
  local stream = { client = client, handle = handle, response = response, options = options, pending = pending }
  stream.status, stream.headers = response.status, response.headers
  stream.buffers = {}
  return setmetatable(stream, Stream)
end

--- How much is read at once: as asked for, but no more than is any use.
local function piece_size(size)
  size = errors.check(size or PIECE, "number", "size")
  if not (size >= 1) then errors.blame(("bad size (it must be above 0, and is %s)"):format(tostring(size))) end
  return math.floor(math.min(size, PIECE))
end

local function has_more(stream, size)
  if stream.ended then return nil end
  if not stream.handle then errors.blame "attempt to use a closed stream" end
  local buffer = stream.buffers[size] or low.buffer(size)
  stream.buffers = { [size] = buffer }
  while true do
    local got = low.read(stream.handle, buffer)
    if type(got) == "string" then return got end
    if got == 0 then
      stream.ended = true
      return nil
    end
    if got == -1 then return nil, errors.of(low, stream.handle, stream.response) end
    stream.pending:pause(function(handle)
      return low.wait(handle, 0) == 1
    end)
  end
end

--- Reads the next piece.
---@param size? integer|"a" at most so many bytes; "a" is all that is left
---@return string? piece nil at the end of a complete body
---@return crux.Error? err what was read before is not the whole
function Stream:read(size)
  if getmetatable(self) ~= Stream then errors.blame "a crux.Stream was expected: stream:read(...)" end
  if size ~= "a" and size ~= "*a" then
    local piece, err = has_more(self, piece_size(size))
    if err then return self.client:fail(err, self.options) end
    return piece
  end
  local pieces = {}
  while true do
    local piece, err = has_more(self, PIECE)
    if err then return self.client:fail(err, self.options) end
    if not piece then return table.concat(pieces) end
    pieces[#pieces + 1] = piece
  end
end

--- An iterator over the pieces, as the stream itself is. A body that breaks off raises.
---@param size? integer at most so many bytes each
---@return fun(): string?
function Stream:pieces(size)
  size = piece_size(size)
  return function()
    local piece, err = has_more(self, size)
    if err then error(err, 0) end
    if not piece then self:close() end
    return piece
  end
end

function Stream:__call()
  local piece, err = has_more(self, PIECE)
  if err then error(err, 0) end
  return piece
end

--- Ends the request; a stream that was read to its end keeps its connection for others.
function Stream:close()
  if self.handle then
    low.free(self.handle)
    self.handle, self.buffers = nil, {}
    self.ended = true
    self.response.handle = nil
  end
end

Stream.__close = Stream.close

return Stream

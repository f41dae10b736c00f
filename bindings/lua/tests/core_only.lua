-- luajit -l core_only: LuaJIT with the C module instead of ffi.
package.preload["crux.low_ffi"] = function()
  return require "crux.core"
end

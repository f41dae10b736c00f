-- Made from include/crux.json by "make bindings".

-- What is called may call hooks, and compiled code may not be re-entered.
if jit then jit.off(true, true) end

---@param lib table the library, by ffi.load
---@param as table how values go over and come back
---@param low table receives the functions
return function(lib, as, low)
  local handle, text, optional, own, leave = as.handle, as.text, as.optional, as.own, as.leave
  local string, integer = as.string, as.integer

  function low.login(service, base_url, user, secret)
    return leave(own(lib.crux_login(optional(service), optional(base_url), optional(user), optional(secret))))
  end

  function low.request(client, method, path, body)
    return leave(own(lib.crux_request(handle(client), text(method), text(path), body, body and #body or 0)))
  end

  function low.code(object)
    return leave(integer(lib.crux_code(handle(object))))
  end

  function low.message(object)
    return leave(string(lib.crux_message(handle(object))))
  end

  function low.status(object)
    return leave(integer(lib.crux_status(handle(object))))
  end

  function low.body(object)
    local length = as.new_size_t()
    local result = lib.crux_body(handle(object), length)
    return leave(string(result, length[0]))
  end

  function low.header(object, name, nth)
    return leave(string(lib.crux_header(handle(object), text(name), nth)))
  end

  function low.header_at(object, index)
    local name = as.new_text()
    local value = as.new_text()
    if lib.crux_header_at(handle(object), index, name, value) == 0 then return leave() end
    return leave(string(name[0]), string(value[0]))
  end

  function low.info(object, name)
    return leave(string(lib.crux_info(handle(object), text(name))))
  end

  function low.number(object, name)
    return leave(integer(lib.crux_number(handle(object), text(name))))
  end

  function low.json_type(object, pointer)
    return leave(integer(lib.crux_json_type(handle(object), text(pointer))))
  end

  function low.json_text(object, pointer)
    return leave(string(lib.crux_json_text(handle(object), text(pointer))))
  end

  function low.json_int(object, pointer, fallback)
    return leave(integer(lib.crux_json_int(handle(object), text(pointer), fallback)))
  end

  function low.json_double(object, pointer, fallback)
    return leave(lib.crux_json_double(handle(object), text(pointer), fallback))
  end

  function low.json_count(object, pointer)
    return leave(integer(lib.crux_json_count(handle(object), text(pointer))))
  end

  function low.json_key(object, pointer, index)
    return leave(string(lib.crux_json_key(handle(object), text(pointer), index)))
  end

  function low.options_new()
    return leave(own(lib.crux_options_new()))
  end

  function low.options_set(options, key, value)
    return leave(integer(lib.crux_options_set(handle(options), text(key), optional(value))))
  end

  function low.options_env(options, account)
    return leave(integer(lib.crux_options_env(handle(options), optional(account))))
  end

  function low.login_with(options)
    return leave(own(lib.crux_login_with(handle(options))))
  end

  function low.set_token(client, token)
    return leave(integer(lib.crux_set_token(handle(client), text(token))))
  end

  function low.call_login(client)
    return leave(own(lib.crux_call_login(handle(client))))
  end

  function low.logout(client)
    return leave(own(lib.crux_logout(handle(client))))
  end

  function low.call_logout(client)
    return leave(own(lib.crux_call_logout(handle(client))))
  end

  function low.reset_password(client, email)
    return leave(own(lib.crux_reset_password(handle(client), text(email))))
  end

  function low.call_reset_password(client, email)
    return leave(own(lib.crux_call_reset_password(handle(client), text(email))))
  end

  function low.call_new(client, method, path)
    return leave(own(lib.crux_call_new(handle(client), text(method), text(path))))
  end

  function low.call_fill(call, name, value)
    return leave(integer(lib.crux_call_fill(handle(call), text(name), optional(value))))
  end

  function low.call_query(call, name, value)
    return leave(integer(lib.crux_call_query(handle(call), text(name), optional(value))))
  end

  function low.call_header(call, name, value)
    return leave(integer(lib.crux_call_header(handle(call), text(name), optional(value))))
  end

  function low.call_set(call, key, value)
    return leave(integer(lib.crux_call_set(handle(call), text(key), optional(value))))
  end

  function low.call_body(call, data, type)
    return leave(integer(lib.crux_call_body(handle(call), data, data and #data or 0, optional(type))))
  end

  function low.call_put_text(call, pointer, value)
    return leave(integer(lib.crux_call_put_text(handle(call), text(pointer), optional(value))))
  end

  function low.call_put_int(call, pointer, value)
    return leave(integer(lib.crux_call_put_int(handle(call), text(pointer), value)))
  end

  function low.call_put_double(call, pointer, value)
    return leave(integer(lib.crux_call_put_double(handle(call), text(pointer), value)))
  end

  function low.call_put_json(call, pointer, json)
    return leave(integer(lib.crux_call_put_json(handle(call), text(pointer), text(json))))
  end

  function low.call_file(call, file, type)
    return leave(integer(lib.crux_call_file(handle(call), text(file), optional(type))))
  end

  function low.call_part(call, field, value, file, type)
    return leave(integer(lib.crux_call_part(handle(call), text(field), optional(value), optional(file), optional(type))))
  end

  function low.call_part_data(call, field, filename, data, type)
    return leave(integer(lib.crux_call_part_data(handle(call), text(field), text(filename), data, data and #data or 0, optional(type))))
  end

  function low.call_send(call)
    return leave(own(lib.crux_call_send(handle(call))))
  end

  function low.call_stream(call)
    return leave(own(lib.crux_call_stream(handle(call))))
  end

  function low.call_start(call)
    return leave(own(lib.crux_call_start(handle(call))))
  end

  function low.wait(object, timeout_ms)
    return leave(integer(lib.crux_wait(handle(object), timeout_ms)))
  end

  function low.event(object)
    return leave(integer(lib.crux_event(handle(object))))
  end

  function low.cancel(object)
    lib.crux_cancel(handle(object))
    leave()
  end

  function low.await(client, accepted, timeout_ms)
    return leave(own(lib.crux_await(handle(client), handle(accepted), timeout_ms)))
  end

  function low.next_page(client, page)
    return leave(own(lib.crux_next_page(handle(client), handle(page))))
  end

  function low.call_next(client, page)
    return leave(own(lib.crux_call_next(handle(client), handle(page))))
  end

  function low.call_follow(from, method, link)
    return leave(own(lib.crux_call_follow(handle(from), text(method), text(link))))
  end

  function low.download(client, url, file)
    return leave(own(lib.crux_download(handle(client), text(url), text(file))))
  end

  function low.upload(client, path, field, file, type)
    return leave(own(lib.crux_upload(handle(client), optional(path), optional(field), text(file), optional(type))))
  end

  function low.call_upload(client, path, field, file, type)
    return leave(own(lib.crux_call_upload(handle(client), optional(path), optional(field), text(file), optional(type))))
  end

  function low.version()
    return leave(string(lib.crux_version()))
  end

  function low.abi()
    return leave(integer(lib.crux_abi()))
  end

  function low.constant(name, fallback)
    return leave(integer(lib.crux_constant(text(name), fallback)))
  end

  function low.error_at(index)
    local code = as.new_int32_t()
    local name = as.new_text()
    local text = as.new_text()
    if lib.crux_error_at(index, code, name, text) == 0 then return leave() end
    return leave(integer(code[0]), string(name[0]), string(text[0]))
  end

  function low.error_name(code)
    return leave(string(lib.crux_error_name(code)))
  end

  function low.option_at(index)
    local key = as.new_text()
    local fallback = as.new_text()
    local help = as.new_text()
    if lib.crux_option_at(index, key, fallback, help) == 0 then return leave() end
    return leave(string(key[0]), string(fallback[0]), string(help[0]))
  end

  function low.option_info(key, what)
    return leave(string(lib.crux_option_info(text(key), text(what))))
  end

  function low.fact_at(index)
    local name = as.new_text()
    local help = as.new_text()
    if lib.crux_fact_at(index, name, help) == 0 then return leave() end
    return leave(string(name[0]), string(help[0]))
  end
end

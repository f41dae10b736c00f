-- Made from include/crux.json by "make bindings".

-- What is called may call hooks, and compiled code may not be re-entered.
if jit then jit.off(true, true) end

---@param lib table the library, by ffi.load
---@param as table how values go over and come back
---@param low table receives the functions
return function(lib, as, low)
  local handle, text, optional, own, leave = as.handle, as.text, as.optional, as.own, as.leave
  local string, integer, number, bytes = as.string, as.integer, as.number, as.bytes

  function low.login(service, base_url, user, secret)
    local service_c, base_url_c, user_c, secret_c = optional(service), optional(base_url), optional(user), optional(secret)
    as.enter()
    return leave(own(lib.crux_login(service_c, base_url_c, user_c, secret_c)))
  end

  function low.request(client, method, path, body)
    local client_c, method_c, path_c, body_c = handle(client), text(method), text(path), bytes(body)
    as.enter()
    return leave(own(lib.crux_request(client_c, method_c, path_c, body_c, body and #body or 0)))
  end

  function low.code(object)
    local object_c = handle(object)
    return leave(integer(lib.crux_code(object_c)))
  end

  function low.message(object)
    local object_c = handle(object)
    return leave(string(lib.crux_message(object_c)))
  end

  function low.status(object)
    local object_c = handle(object)
    return leave(integer(lib.crux_status(object_c)))
  end

  function low.body(object)
    local length = as.new_size_t()
    local object_c = handle(object)
    local result = lib.crux_body(object_c, length)
    return leave(string(result, length[0]))
  end

  function low.header(object, name, nth)
    local object_c, name_c, nth_c = handle(object), text(name), number(nth)
    return leave(string(lib.crux_header(object_c, name_c, nth_c)))
  end

  function low.header_at(object, index)
    local name = as.new_text()
    local value = as.new_text()
    local object_c, index_c = handle(object), number(index)
    if lib.crux_header_at(object_c, index_c, name, value) == 0 then return leave() end
    return leave(string(name[0]), string(value[0]))
  end

  function low.info(object, name)
    local object_c, name_c = handle(object), text(name)
    return leave(string(lib.crux_info(object_c, name_c)))
  end

  function low.number(object, name)
    local object_c, name_c = handle(object), text(name)
    return leave(integer(lib.crux_number(object_c, name_c)))
  end

  function low.json_type(object, pointer)
    local object_c, pointer_c = handle(object), text(pointer)
    return leave(integer(lib.crux_json_type(object_c, pointer_c)))
  end

  function low.json_text(object, pointer)
    local object_c, pointer_c = handle(object), text(pointer)
    return leave(string(lib.crux_json_text(object_c, pointer_c)))
  end

  function low.json_int(object, pointer, fallback)
    local object_c, pointer_c, fallback_c = handle(object), text(pointer), number(fallback)
    return leave(integer(lib.crux_json_int(object_c, pointer_c, fallback_c)))
  end

  function low.json_double(object, pointer, fallback)
    local object_c, pointer_c, fallback_c = handle(object), text(pointer), number(fallback)
    return leave(lib.crux_json_double(object_c, pointer_c, fallback_c))
  end

  function low.json_count(object, pointer)
    local object_c, pointer_c = handle(object), text(pointer)
    return leave(integer(lib.crux_json_count(object_c, pointer_c)))
  end

  function low.json_key(object, pointer, index)
    local object_c, pointer_c, index_c = handle(object), text(pointer), number(index)
    return leave(string(lib.crux_json_key(object_c, pointer_c, index_c)))
  end

  function low.options_new()
    return leave(own(lib.crux_options_new()))
  end

  function low.options_set(options, key, value)
    local options_c, key_c, value_c = handle(options), text(key), optional(value)
    return leave(integer(lib.crux_options_set(options_c, key_c, value_c)))
  end

  function low.options_env(options, account)
    local options_c, account_c = handle(options), optional(account)
    return leave(integer(lib.crux_options_env(options_c, account_c)))
  end

  function low.login_with(options)
    local options_c = handle(options)
    as.enter()
    return leave(own(lib.crux_login_with(options_c)))
  end

  function low.set_token(client, token)
    local client_c, token_c = handle(client), text(token)
    return leave(integer(lib.crux_set_token(client_c, token_c)))
  end

  function low.call_login(client)
    local client_c = handle(client)
    return leave(own(lib.crux_call_login(client_c)))
  end

  function low.logout(client)
    local client_c = handle(client)
    as.enter()
    return leave(own(lib.crux_logout(client_c)))
  end

  function low.call_logout(client)
    local client_c = handle(client)
    return leave(own(lib.crux_call_logout(client_c)))
  end

  function low.reset_password(client, email)
    local client_c, email_c = handle(client), text(email)
    as.enter()
    return leave(own(lib.crux_reset_password(client_c, email_c)))
  end

  function low.call_reset_password(client, email)
    local client_c, email_c = handle(client), text(email)
    return leave(own(lib.crux_call_reset_password(client_c, email_c)))
  end

  function low.call_new(client, method, path)
    local client_c, method_c, path_c = handle(client), text(method), text(path)
    return leave(own(lib.crux_call_new(client_c, method_c, path_c)))
  end

  function low.call_fill(call, name, value)
    local call_c, name_c, value_c = handle(call), text(name), optional(value)
    return leave(integer(lib.crux_call_fill(call_c, name_c, value_c)))
  end

  function low.call_query(call, name, value)
    local call_c, name_c, value_c = handle(call), text(name), optional(value)
    return leave(integer(lib.crux_call_query(call_c, name_c, value_c)))
  end

  function low.call_header(call, name, value)
    local call_c, name_c, value_c = handle(call), text(name), optional(value)
    return leave(integer(lib.crux_call_header(call_c, name_c, value_c)))
  end

  function low.call_set(call, key, value)
    local call_c, key_c, value_c = handle(call), text(key), optional(value)
    return leave(integer(lib.crux_call_set(call_c, key_c, value_c)))
  end

  function low.call_body(call, data, type)
    local call_c, data_c, type_c = handle(call), bytes(data), optional(type)
    return leave(integer(lib.crux_call_body(call_c, data_c, data and #data or 0, type_c)))
  end

  function low.call_put_text(call, pointer, value)
    local call_c, pointer_c, value_c = handle(call), text(pointer), optional(value)
    return leave(integer(lib.crux_call_put_text(call_c, pointer_c, value_c)))
  end

  function low.call_put_int(call, pointer, value)
    local call_c, pointer_c, value_c = handle(call), text(pointer), number(value)
    return leave(integer(lib.crux_call_put_int(call_c, pointer_c, value_c)))
  end

  function low.call_put_double(call, pointer, value)
    local call_c, pointer_c, value_c = handle(call), text(pointer), number(value)
    return leave(integer(lib.crux_call_put_double(call_c, pointer_c, value_c)))
  end

  function low.call_put_json(call, pointer, json)
    local call_c, pointer_c, json_c = handle(call), text(pointer), text(json)
    return leave(integer(lib.crux_call_put_json(call_c, pointer_c, json_c)))
  end

  function low.call_file(call, file, type)
    local call_c, file_c, type_c = handle(call), text(file), optional(type)
    return leave(integer(lib.crux_call_file(call_c, file_c, type_c)))
  end

  function low.call_part(call, field, value, file, type)
    local call_c, field_c, value_c, file_c, type_c = handle(call), text(field), optional(value), optional(file), optional(type)
    return leave(integer(lib.crux_call_part(call_c, field_c, value_c, file_c, type_c)))
  end

  function low.call_part_data(call, field, filename, data, type)
    local call_c, field_c, filename_c, data_c, type_c = handle(call), text(field), text(filename), bytes(data), optional(type)
    return leave(integer(lib.crux_call_part_data(call_c, field_c, filename_c, data_c, data and #data or 0, type_c)))
  end

  function low.call_send(call)
    local call_c = handle(call)
    as.enter()
    return leave(own(lib.crux_call_send(call_c)))
  end

  function low.call_stream(call)
    local call_c = handle(call)
    as.enter()
    return leave(own(lib.crux_call_stream(call_c)))
  end

  function low.call_start(call)
    local call_c = handle(call)
    return leave(own(lib.crux_call_start(call_c)))
  end

  function low.wait(object, timeout_ms)
    local object_c, timeout_ms_c = handle(object), number(timeout_ms)
    as.enter()
    return leave(integer(lib.crux_wait(object_c, timeout_ms_c)))
  end

  function low.event(object)
    local object_c = handle(object)
    return leave(integer(lib.crux_event(object_c)))
  end

  function low.cancel(object)
    local object_c = handle(object)
    lib.crux_cancel(object_c)
    leave()
  end

  function low.await(client, accepted, timeout_ms)
    local client_c, accepted_c, timeout_ms_c = handle(client), handle(accepted), number(timeout_ms)
    as.enter()
    return leave(own(lib.crux_await(client_c, accepted_c, timeout_ms_c)))
  end

  function low.call_await(client, accepted)
    local client_c, accepted_c = handle(client), handle(accepted)
    return leave(own(lib.crux_call_await(client_c, accepted_c)))
  end

  function low.next_page(client, page)
    local client_c, page_c = handle(client), handle(page)
    as.enter()
    return leave(own(lib.crux_next_page(client_c, page_c)))
  end

  function low.call_next(client, page)
    local client_c, page_c = handle(client), handle(page)
    return leave(own(lib.crux_call_next(client_c, page_c)))
  end

  function low.call_follow(from, method, link)
    local from_c, method_c, link_c = handle(from), text(method), text(link)
    return leave(own(lib.crux_call_follow(from_c, method_c, link_c)))
  end

  function low.download(client, url, file)
    local client_c, url_c, file_c = handle(client), text(url), text(file)
    as.enter()
    return leave(own(lib.crux_download(client_c, url_c, file_c)))
  end

  function low.upload(client, path, field, file, type)
    local client_c, path_c, field_c, file_c, type_c = handle(client), optional(path), optional(field), text(file), optional(type)
    as.enter()
    return leave(own(lib.crux_upload(client_c, path_c, field_c, file_c, type_c)))
  end

  function low.call_upload(client, path, field, file, type)
    local client_c, path_c, field_c, file_c, type_c = handle(client), optional(path), optional(field), text(file), optional(type)
    return leave(own(lib.crux_call_upload(client_c, path_c, field_c, file_c, type_c)))
  end

  function low.version()
    return leave(string(lib.crux_version()))
  end

  function low.abi()
    return leave(integer(lib.crux_abi()))
  end

  function low.shutdown(timeout_ms)
    local timeout_ms_c = number(timeout_ms)
    as.enter()
    return leave(integer(lib.crux_shutdown(timeout_ms_c)))
  end

  function low.constant(name, fallback)
    local name_c, fallback_c = text(name), number(fallback)
    return leave(integer(lib.crux_constant(name_c, fallback_c)))
  end

  function low.error_at(index)
    local code = as.new_int32_t()
    local name = as.new_text()
    local text = as.new_text()
    local index_c = number(index)
    if lib.crux_error_at(index_c, code, name, text) == 0 then return leave() end
    return leave(integer(code[0]), string(name[0]), string(text[0]))
  end

  function low.error_name(code)
    local code_c = number(code)
    return leave(string(lib.crux_error_name(code_c)))
  end

  function low.option_at(index)
    local key = as.new_text()
    local fallback = as.new_text()
    local help = as.new_text()
    local index_c = number(index)
    if lib.crux_option_at(index_c, key, fallback, help) == 0 then return leave() end
    return leave(string(key[0]), string(fallback[0]), string(help[0]))
  end

  function low.option_info(key, what)
    local key_c, what_c = text(key), text(what)
    return leave(string(lib.crux_option_info(key_c, what_c)))
  end

  function low.fact_at(index)
    local name = as.new_text()
    local help = as.new_text()
    local index_c = number(index)
    if lib.crux_fact_at(index_c, name, help) == 0 then return leave() end
    return leave(string(name[0]), string(help[0]))
  end
end

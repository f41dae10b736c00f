/* Values of JavaScript from those of C, and back. */

#include "addon.h"

void *unwrap(napi_env env, napi_value value)
{
    void *pointer = NULL;

    napi_get_value_external(env, value, &pointer);
    return pointer;
}

uint32_t number_of(napi_env env, napi_value value)
{
    uint32_t number = 0;

    napi_get_value_uint32(env, value, &number);
    return number;
}

napi_value number(napi_env env, double value)
{
    napi_value result;

    napi_create_double(env, value, &result);
    return result;
}

/* undefined for NULL. */
napi_value text(napi_env env, const char *value)
{
    napi_value result;

    if (value == NULL)
        napi_get_undefined(env, &result);
    else
        napi_create_string_utf8(env, value, NAPI_AUTO_LENGTH, &result);
    return result;
}

/* [code, message] of an object that failed. */
napi_value outcome(napi_env env, const void *object)
{
    napi_value pair;

    napi_create_array_with_length(env, 2, &pair);
    napi_set_element(env, pair, 0, number(env, crux.code(object)));
    napi_set_element(env, pair, 1, text(env, crux.message(object)));
    return pair;
}

/* All facts, as the text of a JSON object. */
napi_value json_facts(state *self, const void *object)
{
    napi_value result;
    size_t length = 2000;

    /* Again if it was too small; a number that grows may take a digit more meanwhile. */
    do {
        scratch(self, length + 48);
        length = crux.copy(object, "facts", self->scratch, self->scratch_size);
    } while (length >= self->scratch_size);
    napi_create_string_utf8(self->env, self->scratch, length, &result);
    return result;
}

/* The headers, as "name\nvalue\n" each: neither can hold a line end. The bytes stay as they came. */
napi_value head_of(state *self, const void *response)
{
    napi_value result;
    const char *name, *value;
    size_t used = 0;

    for (size_t index = 0; crux.header_at(response, index, &name, &value); index++) {
        size_t name_length = strlen(name), value_length = strlen(value);
        char *at = scratch(self, used + name_length + value_length + 2) + used;

        memcpy(at, name, name_length);
        at[name_length] = '\n';
        memcpy(at + name_length + 1, value, value_length);
        used += name_length + value_length + 2;
        self->scratch[used - 1] = '\n';
    }
    napi_create_string_latin1(self->env, used ? self->scratch : "", used, &result);
    return result;
}

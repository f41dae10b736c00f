/* Texts and bytes, in and out. No code of the program runs while they are converted, so pointers stay good. */
#include "native.h"

#include <ruby/encoding.h>
#include <string.h>

static void refuse(const char *why)
{
    rb_raise(rb_path2class("Crux::InvalidArgumentError"), "%s", why);
}

/* The text in UTF-8. Bytes without an encoding, and those of the C locale, must be UTF-8. */
static VALUE as_utf8(VALUE text)
{
    int index = rb_enc_get_index(text);
    int utf8 = rb_utf8_encindex();
    if (index != utf8 && rb_enc_str_coderange(text) != ENC_CODERANGE_7BIT) {
        if (index == rb_ascii8bit_encindex() || index == rb_usascii_encindex()) {
            text = rb_str_dup(text);
            rb_enc_associate_index(text, utf8);
        } else {
            text = rb_str_encode(text, rb_enc_from_encoding(rb_utf8_encoding()), 0, Qnil);
        }
    }
    if (!rb_enc_asciicompat(rb_enc_get(text)))
        text = rb_str_encode(text, rb_enc_from_encoding(rb_utf8_encoding()), 0, Qnil);
    if (rb_enc_str_coderange(text) == ENC_CODERANGE_BROKEN)
        refuse("A text is not valid UTF-8.");
    return text;
}

const char *text_in(VALUE *value)
{
    if (SYMBOL_P(*value))
        *value = rb_sym2str(*value);
    Check_Type(*value, T_STRING);
    *value = as_utf8(*value);
    if (memchr(RSTRING_PTR(*value), '\0', RSTRING_LEN(*value)))
        refuse("A text holds a NUL byte.");
    return StringValueCStr(*value);
}

const char *text_or_null(VALUE *value)
{
    return NIL_P(*value) ? NULL : text_in(value);
}

VALUE text_out(const char *text)
{
    if (!text)
        return Qnil;
    VALUE out = rb_utf8_str_new_cstr(text);
    /* Values of headers come as they are. */
    if (rb_enc_str_coderange(out) == ENC_CODERANGE_BROKEN)
        rb_enc_associate_index(out, rb_ascii8bit_encindex());
    return out;
}

void bytes_in(VALUE *value)
{
    if (!NIL_P(*value))
        Check_Type(*value, T_STRING);
}

const char *bytes_start(VALUE bytes)
{
    return NIL_P(bytes) ? NULL : RSTRING_PTR(bytes);
}

ptrdiff_t bytes_length(VALUE bytes)
{
    return NIL_P(bytes) ? 0 : RSTRING_LEN(bytes);
}

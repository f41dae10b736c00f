/* Loads the library. It is never unloaded: its code may still be on a thread's stack. */
#include "native.h"

#include <dlfcn.h>

struct library library;

static const char *missing;

/* Whether the loaded file is fit to be called; fills in `library` if so. */
static int find_functions(void *file)
{
#define CRUX_FIND(result, name, arguments) \
    if (!(*(void **)&library.name = dlsym(file, missing = #name))) \
        return 0;
    CRUX_FUNCTIONS(CRUX_FIND)
#undef CRUX_FIND
    return 1;
}

/* open(path): nil, or why the library cannot be loaded from there. One that is too old is a LoadError. */
static VALUE native_open(VALUE self, VALUE path)
{
    void *file = dlopen(text_in(&path), RTLD_NOW | RTLD_LOCAL);
    if (!file)
        return text_out(dlerror());
    int32_t (*abi)(void);
    const char *(*version)(void);
    *(void **)&abi = dlsym(file, "crux_abi");
    *(void **)&version = dlsym(file, "crux_version");
    int32_t number = abi ? abi() : 0;
    if (number < CRUX_ABI)
        rb_raise(rb_eLoadError,
                 "The libcrux at %" PRIsVALUE " is too old: it is version %s with ABI %d, and this gem needs ABI %d.",
                 path, version ? version() : "unknown", number, CRUX_ABI);
    if (!find_functions(file))
        return rb_sprintf("%" PRIsVALUE " has no function %s", path, missing);
    return Qnil;
}

void define_library(VALUE native)
{
    rb_define_singleton_method(native, "open", native_open, 1);
}

package org.libcrux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;

/** What {@link Low} and the rest need of the native side, by java.lang.foreign: from Java 22 on, without JNA. */
final class Ffi {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final MethodHandle MALLOC = standard("malloc", long.class, long.class);
    private static final MethodHandle FREE = standard("free", void.class, long.class);

    private static SymbolLookup library;

    private Ffi() {}

    /** Opens a library by its file or name, or says in an UnsatisfiedLinkError why not. */
    static void open(String file) {
        try {
            library = file.contains("/")
                ? SymbolLookup.libraryLookup(Path.of(file), Arena.global())
                : SymbolLookup.libraryLookup(file, Arena.global());
        } catch (IllegalArgumentException error) {
            throw new UnsatisfiedLinkError(error.getMessage());
        }
    }

    /** What the library says its CRUX_ABI is; 0 if it does not know. */
    static int abi() {
        try {
            return (int) function("crux_abi", int.class).invokeExact();
        } catch (UnsatisfiedLinkError error) {
            return 0;
        } catch (Throwable error) {
            throw never(error);
        }
    }

    /** The functions bind themselves when {@link Low} is first used. */
    static void bind() {}

    static MethodHandle function(String name, Class<?> result, Class<?>... arguments) {
        MemorySegment address = library.find(name)
            .orElseThrow(() -> new UnsatisfiedLinkError("The library has no function " + name + "."));
        return LINKER.downcallHandle(address, descriptor(result, arguments));
    }

    private static MethodHandle standard(String name, Class<?> result, Class<?>... arguments) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), descriptor(result, arguments));
    }

    private static FunctionDescriptor descriptor(Class<?> result, Class<?>... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int at = 0; at < layouts.length; at++) {
            layouts[at] = layout(arguments[at]);
        }
        return result == void.class ? FunctionDescriptor.ofVoid(layouts) : FunctionDescriptor.of(layout(result), layouts);
    }

    private static MemoryLayout layout(Class<?> type) {
        if (type == int.class) {
            return ValueLayout.JAVA_INT;
        }
        return type == double.class ? ValueLayout.JAVA_DOUBLE : ValueLayout.JAVA_LONG;
    }

    /** The address of a method of {@link Hooks} for C. */
    static long hook(String name, Class<?> result, Class<?>... arguments) {
        try {
            MethodHandle method =
                MethodHandles.lookup().findStatic(Hooks.class, name, MethodType.methodType(result, arguments));
            return LINKER.upcallStub(method, descriptor(result, arguments), Arena.global()).address();
        } catch (ReflectiveOperationException error) {
            throw never(error);
        }
    }

    static long lend(Arena arena, byte[] bytes) {
        return bytes == null ? 0 : arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes).address();
    }

    static long lend(Arena arena, long[] values) {
        return values == null ? 0 : arena.allocateFrom(ValueLayout.JAVA_LONG, values).address();
    }

    static long lend(Arena arena, int[] values) {
        return values == null ? 0 : arena.allocateFrom(ValueLayout.JAVA_INT, values).address();
    }

    static void take(long from, long[] to) {
        if (to != null) {
            MemorySegment.copy(ALL, ValueLayout.JAVA_LONG, from, to, 0, to.length);
        }
    }

    static void take(long from, int[] to) {
        if (to != null) {
            MemorySegment.copy(ALL, ValueLayout.JAVA_INT, from, to, 0, to.length);
        }
    }

    static long allocate(int size) {
        try {
            long address = (long) MALLOC.invokeExact((long) size);
            if (address == 0) {
                throw new OutOfMemoryError("No native memory is left for " + size + " bytes.");
            }
            return address;
        } catch (Throwable error) {
            throw never(error);
        }
    }

    static void free(long address) {
        try {
            FREE.invokeExact(address);
        } catch (Throwable error) {
            throw never(error);
        }
    }

    static void get(long from, byte[] to, int at, int length) {
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, from, to, at, length);
    }

    static void put(long to, byte[] from, int length) {
        MemorySegment.copy(from, 0, ALL, ValueLayout.JAVA_BYTE, to, length);
    }

    /** How many bytes stand before the NUL. */
    static int length(long text) {
        int length = 0;
        while (ALL.get(ValueLayout.JAVA_BYTE, text + length) != 0) {
            length++;
        }
        return length;
    }

    /** Functions of C throw nothing; what came is an Error of the runtime. */
    static RuntimeException never(Throwable error) {
        if (error instanceof Error) {
            throw (Error) error;
        }
        return error instanceof RuntimeException ? (RuntimeException) error : new IllegalStateException(error);
    }
}

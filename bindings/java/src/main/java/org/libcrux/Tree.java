package org.libcrux;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds classes of Java from the nodes of a document, in their order. */
final class Tree extends Visitor {
    /** The time to read a whole number grows with the square of its length. */
    private static final int DIGITS = 4300;

    /** The arrays and objects that are open, one a depth. */
    private final List<Object> open = new ArrayList<>();
    private Object root;

    Object root() {
        return root;
    }

    @Override
    boolean visit(int depth, int type, long key, long keyLength, long text, long length) {
        Object value = value(type, text, length);
        if (depth == 0) {
            root = value;
        } else {
            add(open.get(depth - 1), key == 0 ? null : Text.string(Text.bytes(key, keyLength)), value);
        }
        if (type == Constants.JSON_ARRAY || type == Constants.JSON_OBJECT) {
            while (open.size() > depth) {
                open.remove(open.size() - 1);
            }
            open.add(value);
        }
        return true;
    }

    @SuppressWarnings("unchecked")
    private static void add(Object parent, String key, Object value) {
        if (parent instanceof Map) {
            ((Map<String, Object>) parent).put(key, value);
        } else {
            ((List<Object>) parent).add(value);
        }
    }

    private static Object value(int type, long text, long length) {
        switch (type) {
            case Constants.JSON_OBJECT:
                return new LinkedHashMap<String, Object>();
            case Constants.JSON_ARRAY:
                return new ArrayList<Object>();
            case Constants.JSON_NULL:
                return null;
            default:
                String said = Text.string(Text.bytes(text, length));
                if (type == Constants.JSON_STRING) {
                    return said;
                }
                return type == Constants.JSON_BOOL ? (Object) Boolean.valueOf(said) : number(said);
        }
    }

    private static Object number(String digits) {
        if (digits.indexOf('.') >= 0 || digits.indexOf('e') >= 0 || digits.indexOf('E') >= 0) {
            return Double.valueOf(digits);
        }
        // Eighteen digits and a sign always fit a long.
        if (digits.length() < 19) {
            return Long.valueOf(digits);
        }
        if (digits.length() > DIGITS) {
            throw new NumberFormatException("A number in the document has " + digits.length() + " digits, more than the " + DIGITS
                + " that are read; asText() of its place has them all.");
        }
        BigInteger whole = new BigInteger(digits);
        return whole.bitLength() < 64 ? (Object) whole.longValue() : whole;
    }
}

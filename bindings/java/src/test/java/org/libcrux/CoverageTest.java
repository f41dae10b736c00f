package org.libcrux;

import static org.junit.Assert.assertTrue;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.Set;
import org.junit.Test;

/** No case of bindings/cases.json is forgotten. */
public class CoverageTest {
    @Test
    public void everyCaseIsRunOrSkippedWithAReason() throws Exception {
        Set<String> run = new HashSet<>();
        for (Object[] data : DataCases.cases()) {
            run.add((String) data[0]);
        }
        for (Class<?> tests : new Class<?>[] {OwnCases.class, CancelCases.class, RuntimeTest.class}) {
            for (Method method : tests.getMethods()) {
                if (method.isAnnotationPresent(Test.class)) {
                    run.add(method.getName());
                }
            }
        }
        for (Json one : Cases.all()) {
            String name = one.get("name").asText();
            assertTrue("The case " + name + " is missing.", run.contains(name));
        }
    }
}

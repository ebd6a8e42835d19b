package org.lodgevm.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives tests the machines that {@link Lodge} describes, as it describes them, and keeps the console of one in which a test failed. */
public final class LodgeExtension implements ParameterResolver, BeforeEachCallback, TestExecutionExceptionHandler, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(LodgeExtension.class);

    /** How many lines of the console are told with the failure; all of it is in the file. */
    private static final int LINES = 15;

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestMachine.class;
    }

    @Override
    public TestMachine resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Lodge description = description(context);
        ExtensionContext owner = owner(context, description);
        Store store = owner.getStore(NAMESPACE);
        // The store closes what is AutoCloseable, when its context ends. Tests that ask at the same time wait for the first one's.
        // The key is the owner's, because a method's store shows what is in its class's.
        TestMachine machine = store.getOrComputeIfAbsent(owner.getUniqueId(), key -> TestMachine.bootUnchecked(context.getDisplayName(), description), TestMachine.class);
        if (description.scope() == Lodge.Scope.RESET && context.getTestMethod().isPresent() && !machine.isKept()) {
            machine.keep();
        }
        return machine;
    }

    /** Before any {@code @BeforeEach} method. A machine that was booted in {@code @BeforeAll} is ready by now. */
    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Lodge description = annotation(context).orElse(null);
        if (description == null || description.scope() != Lodge.Scope.RESET) {
            return;
        }
        ExtensionContext owner = owner(context, description);
        TestMachine machine = owner.getStore(NAMESPACE).get(owner.getUniqueId(), TestMachine.class);
        if (machine != null && machine.isKept()) {
            machine.restore();
        } else if (machine != null) {
            machine.keep();
        }
    }

    private static Lodge description(ExtensionContext context) {
        return annotation(context).orElseThrow(() -> new IllegalStateException("a TestMachine needs @Lodge on its test class or method"));
    }

    private static Optional<Lodge> annotation(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getElement(), Lodge.class)
                .or(() -> context.getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, Lodge.class)));
    }

    /** Whose machine it is: the class's, unless the method has an annotation of its own or the class wants one for each. */
    private static ExtensionContext owner(ExtensionContext context, Lodge description) {
        boolean own = context.getTestMethod().isPresent()
                && (description.scope() == Lodge.Scope.METHOD || AnnotationSupport.isAnnotated(context.getTestMethod(), Lodge.class));
        ExtensionContext owner = context;
        while (!own && owner.getTestMethod().isPresent()) {
            owner = owner.getParent().orElseThrow();
        }
        return owner;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable problem) throws Throwable {
        TestMachine machine = machine(context);
        if (machine != null) {
            problem.addSuppressed(new ConsoleTail(tail(machine.console())));
        }
        throw problem;
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        TestMachine machine = machine(context);
        if (machine != null && context.getExecutionException().isPresent()) {
            context.publishFile("console.log", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, machine.console()));
        }
    }

    /** The one that was booted for this test or its class, or null. */
    private static TestMachine machine(ExtensionContext context) {
        TestMachine found = context.getStore(NAMESPACE).get(context.getUniqueId(), TestMachine.class);
        return found != null ? found : context.getParent().map(LodgeExtension::machine).orElse(null);
    }

    private static String tail(String console) {
        String[] lines = console.split("\\R");
        return String.join(System.lineSeparator(), Arrays.asList(lines).subList(Math.max(0, lines.length - LINES), lines.length));
    }

    /** What the guest said last; it stands under the failure's own stack trace. */
    private static final class ConsoleTail extends RuntimeException {
        private static final long serialVersionUID = 1;

        ConsoleTail(String lines) {
            super("the guest's console ended with:" + System.lineSeparator() + lines, null, false, false);
        }
    }
}

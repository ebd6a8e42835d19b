package org.lodgevm.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test class, or a method, whose {@link TestMachine} parameters are a machine: Debian's kernel and busybox. A method's own says more. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(LodgeExtension.class)
public @interface Lodge {
    /** Who shares a machine. */
    enum Scope {
        /** All tests of the class. */
        CLASS,
        /**
         * All tests of the class, one after the other, and each finds it as the first one did, whatever those before have done to it: memory, files,
         * processes. What was set up in {@code @BeforeAll} is there. Folders of the host are the host's, and stay as they are.
         */
        RESET,
        /** Each test has its own, and so has each repetition. */
        METHOD
    }

    /** Who shares the machine; of a method's own annotation, nobody. */
    Scope scope() default Scope.CLASS;

    /** MiB of RAM. */
    int memory() default 256;

    int cpus() default 1;

    /** The guest's ports that lead somewhere: {@link TestMachine#port} tells where. Such a machine has a network. */
    int[] publish() default {};

    /** Folders of the host that appear in the guest, each as {@code FOLDER:PATH} or, only to be read, {@code FOLDER:PATH:ro}. */
    String[] volumes() default {};

    /** Kernel modules that the guest loads when it boots, beside those for its devices. */
    String[] modules() default {};

    /** What is added to the kernel's command line. */
    String append() default "";

    /** How long it may take to boot, in seconds. */
    int bootTimeout() default 120;
}

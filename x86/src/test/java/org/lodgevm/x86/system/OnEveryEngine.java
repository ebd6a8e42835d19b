package org.lodgevm.x86.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The class's tests are run with each {@link Engine}, which its one parameter is. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Recordings.class)
@ParameterizedClass
@MethodSource("org.lodgevm.x86.system.Engine#available")
@interface OnEveryEngine {}

package org.lodgevm.cli.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docs/architecture.md, as far as a machine can check it. Every rule first says how many classes it must see at least. */
class ArchitectureTest {
    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = LodgeModules.classes();
    }

    /** Checks a rule that would also hold of nothing. */
    private static void check(ArchRule rule, int atLeast, String... packages) {
        DescribedPredicate<JavaClass> about = DescribedPredicate.or(
                Stream.of(packages).map(JavaClass.Predicates::resideInAPackage).toList());
        assertThat(classes.that(about)).hasSizeGreaterThanOrEqualTo(atLeast);
        rule.check(classes);
    }

    @Test
    void modulesUseOnlyThoseBelowThem() {
        ArchRule layers = Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("machine").definedBy("org.lodgevm.machine..")
                .layer("x86").definedBy("org.lodgevm.x86..")
                .layer("linux").definedBy("org.lodgevm.linux..")
                .layer("net").definedBy("org.lodgevm.net..")
                .layer("devices").definedBy("org.lodgevm.devices..")
                .layer("share").definedBy("org.lodgevm.share..")
                .layer("storage").definedBy("org.lodgevm.storage..")
                .layer("vm").definedBy("org.lodgevm.vm..")
                .layer("image").definedBy("org.lodgevm.image..")
                .layer("manage").definedBy("org.lodgevm.manage..")
                .layer("cli").definedBy("org.lodgevm.cli..")
                .whereLayer("machine").mayNotAccessAnyLayer()
                .whereLayer("x86").mayOnlyAccessLayers("machine")
                .whereLayer("linux").mayOnlyAccessLayers("machine", "net", "share", "storage")
                .whereLayer("net").mayNotAccessAnyLayer()
                .whereLayer("devices").mayOnlyAccessLayers("machine", "net", "share", "storage")
                .whereLayer("vm").mayOnlyAccessLayers("devices", "machine", "net", "share", "storage")
                .whereLayer("share").mayNotAccessAnyLayer()
                .whereLayer("storage").mayNotAccessAnyLayer()
                .whereLayer("image").mayOnlyAccessLayers("net", "storage", "vm")
                .whereLayer("manage").mayOnlyAccessLayers("vm")
                .whereLayer("cli").mayNotBeAccessedByAnyLayer();
        check(layers, 300, "org.lodgevm..");
    }

    @Test
    void packagesFormNoCycles() {
        check(slices().matching("org.lodgevm.(**)").should().beFreeOfCycles(), 300, "org.lodgevm..");
    }

    @Test
    void onlyTheCommandPrints() {
        ArchRule silent = noClasses()
                .that(not(resideInAPackage("org.lodgevm.cli..")))
                .should().accessField(System.class, "out")
                .orShould().accessField(System.class, "err")
                .orShould().callMethod(Throwable.class, "printStackTrace");
        check(silent, 300, "org.lodgevm..");
    }

    @Test
    void librariesNeverEndTheProcess() {
        ArchRule alive = noClasses()
                .that(not(resideInAPackage("org.lodgevm.cli..")))
                .should().callMethod(System.class, "exit", int.class)
                .orShould().callMethod(Runtime.class, "halt", int.class);
        check(alive, 300, "org.lodgevm..");
    }

    @Test
    void theClassPathHasTheServicesThatTheModulePathHas() {
        assertThat(LodgeModules.services()).hasSizeGreaterThan(5).allSatisfy(each -> assertThat(each.byFile()).as(each.service()).isEqualTo(each.byModule()));
    }

    @Test
    void aDevicesMutableFieldsAreItsState() {
        ArchRule state = fields()
                .that().areDeclaredInClassesThat(resideInAPackage("org.lodgevm.devices..").and(not(isState())))
                .should().beFinal();
        check(state, 30, "org.lodgevm.devices..");
    }

    /** A class called State, one nested in it, or one that a State has in a field. */
    private static DescribedPredicate<JavaClass> isState() {
        return DescribedPredicate.describe("part of a State", type -> isNamedState(type)
                || type.getFieldsWithTypeOfSelf().stream().anyMatch(field -> isNamedState(field.getOwner())));
    }

    private static boolean isNamedState(JavaClass type) {
        return type.getSimpleName().equals("State")
                || type.getEnclosingClass().filter(ArchitectureTest::isNamedState).isPresent();
    }
}

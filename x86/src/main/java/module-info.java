/** The x86-64 CPU in Java. */
module org.lodgevm.x86 {
    requires transitive org.lodgevm.machine;
    requires jdk.jfr;
    requires org.slf4j;

    exports org.lodgevm.x86.asm;
    exports org.lodgevm.x86.decode;
    exports org.lodgevm.x86.isa;

    provides org.lodgevm.machine.Accelerator with
            org.lodgevm.x86.interpret.JitAccelerator,
            org.lodgevm.x86.interpret.InterpreterAccelerator,
            org.lodgevm.x86.interpret.LockstepAccelerator;
    provides org.lodgevm.machine.CpuModel with
            org.lodgevm.x86.interpret.InterpretedModel;
}

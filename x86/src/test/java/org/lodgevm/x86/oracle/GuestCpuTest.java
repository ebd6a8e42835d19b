package org.lodgevm.x86.oracle;

import org.lodgevm.x86.interpret.InterpreterAccelerator;

class GuestCpuTest extends CaseRunnerContract {
    @Override
    CaseRunner open() {
        return new GuestCpu(new InterpreterAccelerator());
    }
}

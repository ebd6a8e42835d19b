package org.lodgevm.x86.oracle;

import org.lodgevm.x86.interpret.InterpreterAccelerator;

class HostedCpuTest extends CaseRunnerContract {
    @Override
    CaseRunner open() {
        return new HostedCpu(new InterpreterAccelerator());
    }
}

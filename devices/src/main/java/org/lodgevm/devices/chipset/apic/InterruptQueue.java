package org.lodgevm.devices.chipset.apic;

/** The vectored interrupts of one CPU by priority: requested, in service, and what the task allows. @sdm 11.8 */
final class InterruptQueue {
    static final class State {
        /** TPR. */
        int taskPriority;

        final VectorSet requested = new VectorSet();
        final VectorSet inService = new VectorSet();
        final VectorSet levelTriggered = new VectorSet();
    }

    private static final int CLASS = 0xf0;

    private final State state;

    InterruptQueue(State state) {
        this.state = state;
    }

    void reset() {
        state.taskPriority = 0;
        state.requested.clear();
        state.inService.clear();
        state.levelTriggered.clear();
    }

    int taskPriority() {
        return state.taskPriority;
    }

    void taskPriority(int tpr) {
        state.taskPriority = tpr & 0xff;
    }

    /** Into IRR; a second request for the same vector merges with the first. */
    void request(int vector, boolean level) {
        state.requested.add(vector);
        if (level) {
            state.levelTriggered.add(vector);
        } else {
            state.levelTriggered.remove(vector);
        }
    }

    /** PPR. @sdm 11.8.3.1 */
    int processorPriority() {
        int serving = Math.max(0, state.inService.highest());
        int tpr = state.taskPriority;
        return (tpr & CLASS) >= (serving & CLASS) ? tpr : serving & CLASS;
    }

    /** APR: what counts in lowest-priority arbitration. @sdm 11.6.2.4 */
    int arbitrationPriority() {
        int serving = Math.max(0, state.inService.highest()) & CLASS;
        int requested = Math.max(0, state.requested.highest()) & CLASS;
        int tpr = state.taskPriority;
        return (tpr & CLASS) >= requested && (tpr & CLASS) > serving
                ? tpr
                : Math.max(tpr & CLASS, Math.max(serving, requested));
    }

    boolean hasDeliverable() {
        int vector = state.requested.highest();
        return vector >= 0 && (vector & CLASS) > (processorPriority() & CLASS);
    }

    /** Moves the highest request into service. @return its vector, or -1 if none is deliverable */
    int take() {
        if (!hasDeliverable()) {
            return -1;
        }
        int vector = state.requested.highest();
        state.requested.remove(vector);
        state.inService.add(vector);
        return vector;
    }

    /** The CPU wrote EOI. @return the vector whose service ends, or -1 if none was in service */
    int finish() {
        int vector = state.inService.highest();
        if (vector >= 0) {
            state.inService.remove(vector);
        }
        return vector;
    }

    /** Into a page's registers. */
    void save(int[] registers) {
        registers[ApicRegister.TPR] = state.taskPriority;
        System.arraycopy(state.inService.words, 0, registers, ApicRegister.ISR, state.inService.words.length);
        System.arraycopy(state.levelTriggered.words, 0, registers, ApicRegister.TMR, state.levelTriggered.words.length);
        System.arraycopy(state.requested.words, 0, registers, ApicRegister.IRR, state.requested.words.length);
    }

    void restore(int[] registers) {
        taskPriority(registers[ApicRegister.TPR]);
        System.arraycopy(registers, ApicRegister.ISR, state.inService.words, 0, state.inService.words.length);
        System.arraycopy(registers, ApicRegister.TMR, state.levelTriggered.words, 0, state.levelTriggered.words.length);
        System.arraycopy(registers, ApicRegister.IRR, state.requested.words, 0, state.requested.words.length);
    }

    boolean isLevelTriggered(int vector) {
        return state.levelTriggered.contains(vector);
    }
}
